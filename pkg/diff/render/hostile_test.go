package render_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
)

// hostile is what a state file or a cluster may hold to fool a reader.
var hostile = []string{
	"\x1b[2J\x1b[1;1H",    // clears the screen
	"\x1b]0;title\x07",    // names the window
	"\u009b31m",           // a colour, in one character
	"\n  + evil",          // a line of its own
	"\r- safe",            // over the line
	"\x00\x08\x7f\t\v",    // other control characters
	"\u202egnp.exe\u2066", // turns the direction
	"\u200b\ufeff\u00ad",  // invisible
	"\u2028\u2029\u0085",  // line ends to some
	"\xff\xc3\x28\xed\xa0\x80",
	"a b\" \\ <&>",
}

func TestTextIsOnlyText(t *testing.T) {
	for _, s := range hostile {
		checkOnlyText(t, s)
	}
}

func FuzzTextIsOnlyText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(checkOnlyText)
}

// checkOnlyText puts s behind every string of every golden plan.
func checkOnlyText(t *testing.T, s string) {
	for _, c := range golden {
		o := render.Options{Commands: func(diff.Action) []string { return []string{"gluster " + s} }}
		plans, refusals := poisoned(c.plans, s), poisoned(c.refusals, s)
		for form, got := range map[string]string{"text": text(t, plans, refusals, o), "JSON": document(t, plans, refusals, o)} {
			if !utf8.ValidString(got) {
				t.Errorf("%s as %s with %q: no UTF-8", c.name, form, s)
			}
			for _, r := range got {
				if r != '\n' && steers(r) {
					t.Fatalf("%s as %s with %q: %q reaches the terminal", c.name, form, s, r)
				}
			}
		}
	}
}

// steers reports whether a terminal may do something else with r than show it.
func steers(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

// A newline in a name makes no line.
func TestNoLineOfItsOwn(t *testing.T) {
	for _, c := range golden {
		got := text(t, poisoned(c.plans, "\n  + evil"), poisoned(c.refusals, "\n  + evil"), c.options)
		if strings.Contains(got, "\n  + evil") {
			t.Errorf("%s: a name forges a line:\n%s", c.name, got)
		}
	}
}

// JSON holds strings as they are.
func TestDocumentIsFaithful(t *testing.T) {
	const s = "\x1b[31m\u202e\u009b\x7f\U000e0001\U0001f600\n<&>\\\""
	var back struct{ Volumes []render.VolumePlan }
	out := document(t, poisoned([]diff.Plan{everyday()}, s), nil, render.Options{Commands: commands})
	if err := json.Unmarshal([]byte(out), &back); err != nil {
		t.Fatal(err)
	}
	if got, want := back.Volumes[0].Actions[0].Path, "/alpha"+s; got != want {
		t.Errorf("a path came back as %q, want %q", got, want)
	}
	if !strings.Contains(out, "<&>") {
		t.Error("<&> is escaped as for HTML")
	}
}

// No list is null, also in the plan of nothing.
func TestNoNullLists(t *testing.T) {
	check := func(name, out string) {
		out = strings.ReplaceAll(out, `"old": null`, "")
		out = strings.ReplaceAll(out, `"position": null`, "")
		if strings.Contains(out, "null") {
			t.Errorf("%s: a null that is no position or option:\n%s", name, out)
		}
	}
	check("the zero plan", document(t, []diff.Plan{{}}, []diff.Refusal{{}}, render.Options{}))
	for _, c := range golden {
		check(c.name, document(t, c.plans, c.refusals, c.options))
	}
}

// poisoned returns a copy of v in which every string ends in s. What belongs
// together by name still does.
func poisoned[T any](v T, s string) T {
	return poison(reflect.ValueOf(&v).Elem(), s).Interface().(T)
}

func poison(v reflect.Value, s string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(v.String() + s)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(poison(v.Field(i), s))
			}
		}
	case reflect.Slice:
		out.SetZero()
		for i := range v.Len() {
			out.Set(reflect.Append(out, poison(v.Index(i), s)))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for _, k := range v.MapKeys() {
			out.SetMapIndex(poison(k, s), poison(v.MapIndex(k), s))
		}
	case reflect.Interface:
		out.Set(poison(v.Elem(), s))
	}
	return out
}
