// Package planted breaks the laws of safety on purpose: each violation is a patch of the
// program. Tests that hold it to the laws have to fail on every one of them, in the
// sandbox (test/faults) and some of them on a real Gluster as well (test/e2e).
package planted

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Violation is a version of the program in which a law is broken. The first of the tests
// that Run picks, in the package In (empty: test/faults), which fails on it has to complain
// of Breach: that something else goes wrong, too, is not enough.
type Violation struct {
	Law    int
	Name   string
	Edits  []Edit
	In     string
	Run    string
	Breach string

	// Real is the case of TestFaultsOnGluster that has to catch it, too, and Says what
	// that complains of. Where it is empty the violation is left to the sandbox.
	Real, Says string
}

// Edit replaces a text that stands in the file exactly once.
type Edit struct{ File, Old, Now string }

// Overlay writes the files of the module as the violation changes them into dir, and
// gives the file that tells the compiler to take them instead (go build -overlay).
func (v Violation) Overlay(module, dir string) (path string, err error) {
	replace := map[string]string{}
	for i, e := range v.Edits {
		original, err := filepath.Abs(filepath.Join(module, e.File))
		if err != nil {
			return "", err
		}
		from := original
		if already, is := replace[original]; is {
			from = already
		}
		changed := filepath.Join(dir, fmt.Sprintf("%d-%s", i, filepath.Base(e.File)))
		if err := e.apply(from, changed); err != nil {
			return "", err
		}
		replace[original] = changed
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o600)
}

func (e Edit) apply(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.Old); n != 1 {
		return fmt.Errorf("%s holds the code that is to be broken %d times, and not once:\n%s", e.File, n, e.Old)
	}
	return os.WriteFile(to, []byte(strings.Replace(string(text), e.Old, e.Now, 1)), 0o600)
}
