package mountd

import (
	"slices"
	"strings"
	"testing"
)

func TestReadCases(t *testing.T) {
	cases, err := ReadCases(strings.NewReader(`
# a comment
case one thing
breaks
set gvt nfs.export-dir /s1 nfs.disable off
mount /gvt/s1  c1 OK  c3 ACCES

case another
restart
mount /gvt  all NOENT
`))
	if err != nil || len(cases) != 2 {
		t.Fatalf("ReadCases = %v, %v; want two cases", cases, err)
	}
	one, other := cases[0], cases[1]
	if one.Name != "one thing" || one.Line != 3 || !one.Breaks || other.Breaks {
		t.Errorf("the cases are %+v", cases)
	}
	set, mount := one.Steps[0], one.Steps[1]
	if set.Verb != Set || set.Volume != "gvt" || len(set.Args) != 4 || set.Line != 5 {
		t.Errorf("set is %+v", set)
	}
	if want := []Wanted{{"c1", OK}, {"c3", Denied}}; mount.Path != "/gvt/s1" || !slices.Equal(mount.Want, want) {
		t.Errorf("mount is %+v", mount)
	}
	if want := []Wanted{{"c1", NotExported}, {"c2", NotExported}, {"c3", NotExported}}; !slices.Equal(other.Steps[1].Want, want) {
		t.Errorf("all is %+v", other.Steps[1].Want)
	}
}

func TestReadCasesRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"mount /gvt c1 OK":              "line 1: mount before the first case",
		"case a\nmuont /gvt c1 OK":      `line 2: unknown step "muont"`,
		"case a\nmount /gvt c1":         "line 2: mount takes at least 3 words",
		"case a\n\nmount /gvt c1 OK c2": "line 3: a client without a verdict",
		"case a\nmount /gvt c4 OK":      `line 2: unknown client "c4"`,
	} {
		if _, err := ReadCases(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("ReadCases(%q): %v; want %s", text, err, want)
		}
	}
}
