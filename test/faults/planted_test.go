package faults

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// violation is a version of the program in which a law is broken. The tests that run
// picks have to fail on it, in the package in (empty: this one).
type violation struct {
	law   int
	name  string
	edits []edit
	in    string
	run   string
}

// edit replaces a text that stands in the file exactly once.
type edit struct{ file, old, now string }

// planted are the violations that were built, in their order, with the test that caught
// each; empty where none did.
var planted struct {
	mu       sync.Mutex
	caughtBy map[string]string
}

// tellOfPlanted lists them.
func tellOfPlanted() {
	survived := 0
	for _, v := range plantedViolations {
		by, was := planted.caughtBy[v.name]
		switch {
		case !was:
			continue
		case by == "":
			survived++
			by = "nothing"
		}
		fmt.Printf("planted violation: law %d: %s: caught by %s\n", v.law, v.name, by)
	}
	how := "all caught"
	if survived > 0 {
		how = fmt.Sprintf("%d not caught", survived)
	}
	fmt.Printf("planted violations: %d, %s\n", len(planted.caughtBy), how)
}

const module = "../.."

// TestPlanted builds each of the planted violations and sees that it is caught. Where
// not all cases are asked for it only sees that each can be planted: that the code
// which it breaks is still there.
func TestPlanted(t *testing.T) {
	slots := make(chan struct{}, 2)
	for _, v := range plantedViolations {
		t.Run(fmt.Sprintf("law-%d/%s", v.law, strings.ReplaceAll(v.name, " ", "-")), func(t *testing.T) {
			t.Parallel()
			overlay := v.plant(t)
			if !all() {
				return
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			by := v.caughtBy(t, overlay)
			planted.mu.Lock()
			defer planted.mu.Unlock()
			planted.caughtBy[v.name] = by
		})
	}
}

// plant writes the changed files, and what tells the compiler to take them instead.
func (v violation) plant(t *testing.T) (overlay string) {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for i, e := range v.edits {
		original, err := filepath.Abs(filepath.Join(module, e.file))
		if err != nil {
			t.Fatal(err)
		}
		from := original
		if already, is := replace[original]; is {
			from = already
		}
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), e.old); n != 1 {
			t.Fatalf("%s holds the code that is to be broken %d times, and not once:\n%s", e.file, n, e.old)
		}
		changed := filepath.Join(dir, fmt.Sprintf("%d-%s", i, filepath.Base(e.file)))
		write(t, changed, strings.Replace(string(text), e.old, e.now, 1))
		replace[original] = changed
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(dir, "overlay.json")
	write(t, overlay, string(text))
	return overlay
}

// caughtBy builds the tests with the violation, runs them, and gives the one that
// failed. That they don't compile, or that it is not a test that fails, is a mistake
// here.
func (v violation) caughtBy(t *testing.T, overlay string) string {
	t.Helper()
	in := cmp.Or(v.in, "./test/faults")
	binary := filepath.Join(t.TempDir(), "planted.test")
	build := goTool("test", "-c", "-overlay", overlay, "-o", binary, in)
	build.Dir = module
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("it can't be built: %v\n%s", err, out)
		return ""
	}
	cmd := exec.Command(binary, "-test.run", v.run, "-test.failfast", "-test.v")
	cmd.Dir = filepath.Join(module, in)
	cmd.Env = append(os.Environ(), "FAULTS=all", "GOFLAGS=-overlay="+overlay) // for what the tests build, too
	out, err := cmd.CombinedOutput()
	failed := failures.FindAllSubmatch(out, -1)
	if err == nil || len(failed) == 0 {
		t.Errorf("it is not caught by %s in %s: %v\n%s", v.run, in, err, tail(out))
		return ""
	}
	t.Logf("%s", firstError(string(out)))
	return string(failed[len(failed)-1][1]) // the innermost
}

var failures = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// firstError is the first thing that a test complains of.
func firstError(out string) string {
	i := strings.Index(out, "_test.go:")
	if i < 0 {
		return ""
	}
	line, _, _ := strings.Cut(out[i:], "\n")
	return line
}

// tail is the end of what a test has said.
func tail(out []byte) string {
	const most = 3000
	return string(out[max(len(out)-most, 0):])
}
