package statefile

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every key of the table has what the schema and the reference need, and says
// either why it is required or what it means to leave it out.
func TestTableIsComplete(t *testing.T) {
	for _, s := range sections() {
		if s.title == "" || s.where == "" || s.doc == "" {
			t.Errorf("a section lacks its title, place or text: %+v", s)
		}
		for _, f := range s.fields {
			if f.doc == "" || f.shape.what == "" || f.shape.forms == otherForm || !strings.HasPrefix(f.example, f.name+":") {
				t.Errorf("%s.%s lacks its text, shape or example", s.title, f.name)
			}
			if (f.required == "") == (f.absent == "") {
				t.Errorf("%s.%s has to be either required or to say what it means to leave it out", s.title, f.name)
			}
			if f.once != "" && f.required == "" {
				t.Errorf("%s.%s is required in one place, but not at all", s.title, f.name)
			}
			if (f.only == "") != (f.wrongKind == "") || f.only != "" && s.kinds.key == "" {
				t.Errorf("%s.%s has to say what to do where it stands in another kind", s.title, f.name)
			}
			if p := f.shape.pattern; p != "" && (p[0] != '^' || regexp.MustCompile(p) == nil) {
				t.Errorf("%s.%s: the pattern %s is not anchored", s.title, f.name, p)
			}
		}
	}
}

// The schema has the keys of the table and no others, and requires the same,
// but for what another file may have.
func TestSchemaHasTheTablesKeys(t *testing.T) {
	type object struct {
		Properties map[string]any
		Required   []string
	}
	var schema struct {
		object
		Definitions map[string]object
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, s := range sections() {
		got := schema.Definitions[s.title]
		if s.title == "file" {
			got = schema.object
		}
		var keys, required []string
		for _, f := range s.fields {
			keys = append(keys, f.name)
			if f.required != "" && f.once == "" && f.only == "" {
				required = append(required, f.name)
			}
		}
		if !slices.Equal(slices.Sorted(maps.Keys(got.Properties)), slices.Sorted(slices.Values(keys))) {
			t.Errorf("%s: the schema has %v, the table %v", s.title, slices.Sorted(maps.Keys(got.Properties)), keys)
		}
		if !slices.Equal(got.Required, required) {
			t.Errorf("%s: the schema requires %v, the table %v", s.title, got.Required, required)
		}
	}
	if n := len(schema.Definitions); n != len(sections())-1 {
		t.Errorf("the schema has %d definitions", n)
	}
}

// Each example of the reference loads, in a file made of the examples of the
// required keys around it.
func TestExamplesLoad(t *testing.T) {
	for _, s := range sections() {
		for _, f := range s.fields {
			t.Run(s.title+"."+f.name, func(t *testing.T) {
				text := fileWith(s.title, f)
				if _, err := Parse(File{"example", []byte(text)}); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
			})
		}
	}
}

// fileWith is a file in which the section has the field's example.
func fileWith(title string, f field) string {
	lines := func(s *description) []string {
		var out []string
		for _, g := range s.fields {
			switch {
			case s.title == title && g.name == f.name && title == "share":
				out = append(out, strings.ReplaceAll(g.example, "\n", ", "))
			case s.title == title && g.name == f.name:
				out = append(out, g.example)
			case g.only != "" && strings.Contains(f.example, s.kinds.key+": ") && !strings.Contains(f.example, g.only): // of another kind
			case g.required != "":
				out = append(out, g.example)
			}
		}
		return out
	}
	flow := func(s *description) string { return "{" + strings.Join(lines(s), ", ") + "}" }
	ssh, volume, share, client := flow(sshSection.describe()), lines(volumeSection.describe()), lines(shareSection.describe()), flow(clientSection.describe())
	if title == "client" {
		share = replaceKey(share, "access", "access: ["+client+"]")
	}
	if title == "share" || title == "client" {
		volume = replaceKey(volume, "shares", "shares: [{"+strings.Join(share, ", ")+"}]")
	}
	file := lines(fileSection.describe())
	if title != "file" {
		file = replaceKey(file, "volumes", "volumes: [{"+strings.Join(volume, ", ")+"}]")
	}
	if title == "ssh" {
		file = append(file, "ssh: "+ssh)
	}
	return strings.Join(file, "\n") + "\n"
}

func replaceKey(lines []string, key, line string) []string {
	for i := range lines {
		if strings.HasPrefix(lines[i], key+":") {
			lines[i] = line
		}
	}
	return lines
}

func TestNearest(t *testing.T) {
	known := []string{"access", "group", "mode", "name", "owner"}
	for _, c := range []struct{ word, want string }{
		{"acess", "access"},
		{"acecss", "access"}, // two letters swapped are one slip
		{"Mode", "mode"},
		{"nmae", "name"},
		{"onwers", "owner"},
		{"size", ""},
		{"m", ""},
		{"", ""},
		{strings.Repeat("access", 100), ""},
	} {
		if got := nearest(c.word, known); got != c.want {
			t.Errorf("nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"abc", "abd", 1}, {"abc", "ab", 1}, {"abc", "acb", 1}, {"abcd", "badc", 2}, {"über", "uber", 1}, {"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// What a file is full of is not compared with everything that exists.
func TestGuessingEnds(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nhost_groups: {accounting: []}\nvolumes: [{target: 'h:/v', shares: [{name: a, access: [\n")
	for i := range 300 {
		fmt.Fprintf(&b, "accounting%d,\n", i)
	}
	b.WriteString("]}]}]\n")
	_, err := Parse(File{"f", []byte(b.String())})
	problems := Problems(err)
	if len(problems) != 300 {
		t.Fatalf("%d problems", len(problems))
	}
	if first, last := problems[0].Mend, problems[299].Mend; !strings.Contains(first, `"accounting"`) || strings.Contains(last, "did you mean") {
		t.Errorf("the first mend is %q, the last %q", first, last)
	}
}

// The reference shows every key with its text and its example.
func TestReferenceNamesEveryKey(t *testing.T) {
	text := Reference()
	for _, s := range sections() {
		for _, f := range s.fields {
			if !strings.Contains(text, "### `"+f.name+"`\n\n"+f.doc) || !strings.Contains(text, "```yaml\n"+f.example+"\n```") {
				t.Errorf("the reference lacks %s.%s or its example", s.title, f.name)
			}
		}
	}
}
