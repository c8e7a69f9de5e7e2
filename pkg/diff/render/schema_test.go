package render_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/test/planschema"
)

// Every golden document is what the schema says, and no more.
func TestDocumentsAreAsTheSchemaSays(t *testing.T) {
	for _, c := range golden {
		if err := planschema.Check(wholeDocument(t, c)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// wholeDocument is what plan prints of a case.
func wholeDocument(t *testing.T, c goldenCase) []byte {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal([]byte(document(t, c.plans, c.refusals, c.options)), &d); err != nil {
		t.Fatal(err)
	}
	for i, plan := range d["volumes"].([]any) {
		d["volumes"].([]any)[i] = map[string]any{"target": "t", "error": "", "plan": plan, "report": nil}
	}
	d["format_version"], d["command"], d["sandbox"], d["exit_code"], d["errors"] = "1.1", "plan", nil, 0, []any{}
	out, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The check sees what is undocumented, missing, or of another kind, anywhere.
func TestSchemaIsStrict(t *testing.T) {
	everyday := string(wholeDocument(t, golden[0]))
	if err := planschema.Check([]byte(everyday)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"errors":[]`, `"errors":[],"more":1`},
		{`"errors":[],`, ``},
		{`"report":null`, `"report":null,"more":1`},
		{`"report":null`, `"report":{"ok":true}`},
		{`"kind":"make-dir"`, `"kind":"make-dir","stage":"grant"`},
		{`"kind":"make-dir"`, `"kind":"make"`},
		{`"path":"/alpha","position"`, `"position"`},
		{`"mode":"2770"`, `"mode":2770`},
		{`"wide":false`, `"wide":false,"more":1`},
		{`,"wide":false`, ``},
		{`"held":[]`, `"held":[{"share":"a"}]`},
		{`"held":[]`, `"held":null`},
		{`"everybody":false`, `"everybody":"no"`},
		{`"line":12`, `"line":"12"`},
		{`"stage":"grant"`, `"stage":"Grant"`},
		{`"purge":0`, `"purge":-1`},
		{`"format_version":"1.1"`, `"format_version":"2.0"`},
	} {
		bad := strings.Replace(everyday, change[0], change[1], 1)
		if bad == everyday {
			t.Fatalf("%s is not in the document", change[0])
		}
		if planschema.Check([]byte(bad)) == nil {
			t.Errorf("%s in the place of %s passes", change[1], change[0])
		}
	}
}

// around are the parts that the program puts around the plans; the documents of its
// scripts have them.
var around = []string{"against", "saved", "difference", "detail"}

// Whatever the schema names is in some golden document, but for what plan always
// leaves empty.
func TestSchemaNamesNothingElse(t *testing.T) {
	var root schemaPart
	if err := json.Unmarshal(render.PlanSchema(), &root); err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, c := range golden {
		for _, key := range regexp.MustCompile(`"[a-z_]+":`).FindAllString(string(wholeDocument(t, c)), -1) {
			met[key] = true
		}
	}
	for _, name := range around {
		delete(root.Defs, name)
	}
	for name, part := range root.Defs {
		for field := range part.Properties {
			if !met[`"`+field+`":`] {
				t.Errorf("%s has a field %s that no document has", name, field)
			}
		}
	}
}

// schemaPart is a part of the schema with a name.
type schemaPart struct {
	Description string
	Required    []string
	Properties  map[string]schemaField
	Defs        map[string]schemaPart `json:"$defs"`
}

// schemaField is what a property holds.
type schemaField struct {
	Description string
	Type        any
	Ref         string `json:"$ref"`
	AnyOf       []schemaField
	Items       *schemaField
	Const       any
	Examples    []string
}

// holds says so in a word or two.
func (f schemaField) holds() string {
	words := map[any]string{"string": "text", "integer": "number", "boolean": "true or false"}
	part := strings.TrimPrefix(f.Ref, "#/$defs/")
	switch types, several := f.Type.([]any); {
	case f.Ref != "":
		return fmt.Sprintf("[%s](#%s)", part, part)
	case f.Items != nil:
		return "list of " + f.Items.holds()
	case f.AnyOf != nil:
		return f.AnyOf[1].holds() + ", or null"
	case f.Const != nil:
		return fmt.Sprint(f.Const)
	case several:
		return schemaField{Type: types[0]}.holds() + ", or null"
	case words[f.Type] != "":
		return words[f.Type]
	}
	return fmt.Sprint(f.Type)
}

const formatDoc = "../../../docs/plan-format.md"

// docs/plan-format.md has a table of every part of the schema, made of it.
func TestPlanFormatIsDocumented(t *testing.T) {
	var root schemaPart
	if err := json.Unmarshal(render.PlanSchema(), &root); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(formatDoc)
	if err != nil {
		t.Fatal(err)
	}
	root.Defs["document"] = root
	got := string(page)
	for _, name := range slices.Sorted(maps.Keys(root.Defs)) {
		begin, end := fmt.Sprintf("<!-- made of the schema: %s -->\n", name), "<!-- until here -->\n"
		before, rest, found := strings.Cut(got, begin)
		_, after, ended := strings.Cut(rest, end)
		if !found || !ended {
			t.Errorf("%s has no place for %s", formatDoc, name)
			continue
		}
		got = before + begin + partTable(root.Defs[name]) + end + after
	}
	if n := strings.Count(got, "<!-- made of the schema"); n != len(root.Defs) {
		t.Errorf("%s has places for %d parts, and the schema has %d", formatDoc, n, len(root.Defs))
	}
	compare(t, formatDoc, []byte(got))
}

// partTable describes a part. Its properties stand in the order of the alphabet, but that
// of the required ones is the schema's.
func partTable(p schemaPart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n| field | holds | |\n| --- | --- | --- |\n", p.Description)
	optional := slices.DeleteFunc(slices.Sorted(maps.Keys(p.Properties)), func(n string) bool { return slices.Contains(p.Required, n) })
	for _, field := range slices.Concat(p.Required, optional) {
		f := p.Properties[field]
		what := f.holds()
		if !slices.Contains(p.Required, field) {
			what += "; may be left out"
		}
		if len(f.Examples) > 0 {
			f.Description += " So far: `" + strings.Join(f.Examples, "`, `") + "`."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", field, what, f.Description)
	}
	b.WriteString("\n")
	return b.String()
}
