package faults

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"glusterd-shares/test/planted"
)

// builds are the violations that were built, with the test that caught each; empty where
// none did.
var builds struct {
	mu       sync.Mutex
	caughtBy map[string]string
}

// tellOfPlanted lists them.
func tellOfPlanted() {
	survived := 0
	for _, v := range planted.Violations {
		by, was := builds.caughtBy[v.Name]
		switch {
		case !was:
			continue
		case by == "":
			survived++
			by = "nothing"
		}
		fmt.Printf("planted violation: law %d: %s: caught by %s\n", v.Law, v.Name, by)
	}
	how := "all caught"
	if survived > 0 {
		how = fmt.Sprintf("%d not caught", survived)
	}
	fmt.Printf("planted violations: %d, %s\n", len(builds.caughtBy), how)
}

const module = "../.."

// TestPlanted builds each of the planted violations and sees that it is caught. Where
// not all cases are asked for it only sees that each can be planted: that the code
// which it breaks is still there.
func TestPlanted(t *testing.T) {
	c, slots := casesOf(t), make(chan struct{}, 2)
	for _, v := range planted.Violations {
		c.try(t, fmt.Sprintf("law-%d/%s", v.Law, strings.ReplaceAll(v.Name, " ", "-")), func(t *testing.T) {
			t.Parallel()
			overlay, err := v.Overlay(module, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if !all() {
				return
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			by := caughtBy(t, v, overlay)
			builds.mu.Lock()
			defer builds.mu.Unlock()
			builds.caughtBy[v.Name] = by
		})
	}
}

// caughtBy builds the tests with the violation, runs them, and gives the one that
// failed for it. That they don't compile, that it is not a test that fails, or that it
// complains of something else, is a mistake here.
func caughtBy(t *testing.T, v planted.Violation, overlay string) string {
	t.Helper()
	in := cmp.Or(v.In, "./test/faults")
	binary := filepath.Join(t.TempDir(), "planted.test")
	build := goTool("test", "-c", "-overlay", overlay, "-o", binary, in)
	build.Dir = module
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("it can't be built: %v\n%s", err, out)
		return ""
	}
	cmd := exec.Command(binary, "-test.run", v.Run, "-test.failfast", "-test.v")
	cmd.Dir = filepath.Join(module, in)
	cmd.Env = append(os.Environ(), "FAULTS=all", "GOFLAGS=-overlay="+overlay) // for what the tests build, too
	out, err := cmd.CombinedOutput()
	failed := failures.FindAllSubmatch(out, -1)
	if err == nil || len(failed) == 0 {
		t.Errorf("it is not caught by %s in %s: %v\n%s", v.Run, in, err, tail(out))
		return ""
	}
	all := complaints(string(out))
	i := slices.IndexFunc(all, func(c string) bool { return strings.Contains(c, v.Breach) })
	if i < 0 || v.Breach == "" {
		t.Errorf("nothing complains of %q, but of\n%s", v.Breach, strings.Join(all, "\n"))
		return ""
	}
	t.Logf("%s", all[i])
	return string(failed[len(failed)-1][1]) // the innermost
}

var failures = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// complaint is what a test complains of, with the lines that are further in, or what a
// script does.
var complaint = regexp.MustCompile(`(?m)^ *(?:\S+_test\.go:\d+: .*(?:\n {8,}.*|\n$)*|FAIL: testdata/.*)`)

// complaints are all that a test's output complains of, but for what is only told beside.
func complaints(out string) []string {
	var all []string
	for _, c := range complaint.FindAllString(out, -1) {
		if c = strings.TrimSpace(c); !strings.Contains(c, story) {
			all = append(all, c)
		}
	}
	return all
}

// tail is the end of what a test has said.
func tail(out []byte) string {
	const most = 3000
	return string(out[max(len(out)-most, 0):])
}
