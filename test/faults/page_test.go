package faults

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glusterd-shares/test/planted"
)

var (
	named    = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`(†?)")
	declared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
)

// TestPage holds docs/SAFETY.md against the code: the tests that it names are
// there, with a † where they need a real Gluster, and it lists the violations that are
// planted.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(module, "docs/SAFETY.md"))
	if err != nil {
		t.Fatal(err)
	}
	there := testsOf(t)
	names := named.FindAllStringSubmatch(string(text), -1)
	if len(names) == 0 {
		t.Error("the page names no tests")
	}
	for _, n := range names {
		if real, is := there[n[1]]; !is {
			t.Errorf("the page names %s, which is no test", n[1])
		} else if marked := n[2] != ""; marked != real {
			t.Errorf("that %s needs a real Gluster is %v, and the page's mark says %v", n[1], real, marked)
		}
	}
	for _, v := range planted.Violations {
		if row := fmt.Sprintf("| %d | %s |\n", v.Law, v.Name); !strings.Contains(string(text), row) {
			t.Errorf("the page lacks %s", row)
		}
		if row := fmt.Sprintf("| %d | %s | `%s` |\n", v.Law, v.Name, v.Real); v.Real != "" && !strings.Contains(string(text), row) {
			t.Errorf("the page lacks %s", row)
		}
	}
	if want := fmt.Sprintf("planted violations: %d, all caught\n", len(planted.Violations)); !strings.Contains(string(text), want) {
		t.Errorf("the page lacks %s", want)
	}
}

// testsOf are the names of all tests of the module, each with whether it needs root and
// a real Gluster.
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	err := filepath.WalkDir(module, func(p string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, "_test.go") {
			return err
		}
		text, err := os.ReadFile(p)
		for _, d := range declared.FindAllStringSubmatch(string(text), -1) {
			out[d[1]] = out[d[1]] || strings.HasPrefix(string(text), "//go:build e2e\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
