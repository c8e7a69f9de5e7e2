package faults

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// all reports whether all cases are asked for.
func all() bool { return os.Getenv("FAULTS") == "all" || onlyNames() }

// onlyNames reports whether the names of the cases are asked for, and none is to be tried.
func onlyNames() bool { return os.Getenv("FAULTS") == "list" }

// cases are those of one test.
type cases struct {
	mu      sync.Mutex
	met     int
	deepest int                 // how deep the run came that picks them by their names
	names   map[string]struct{} // those that it could pick there
}

// casesOf are those of the test, which fails where a run picks none of them: one whose
// name is mistyped is not tried, and that is no success.
func casesOf(t *testing.T) *cases {
	c := &cases{}
	t.Cleanup(func() {
		if c.met == 0 && !t.Failed() {
			t.Error(c.missed(flag.Lookup("test.run").Value.String()))
		}
	})
	return c
}

// group runs what has cases below it.
func (c *cases) group(t *testing.T, name string, do func(*testing.T)) {
	c.offer(t.Name(), name)
	t.Run(name, do)
}

// try runs a case, or tells its name.
func (c *cases) try(t *testing.T, name string, do func(*testing.T)) {
	c.offer(t.Name(), name)
	t.Run(name, func(t *testing.T) {
		c.mu.Lock()
		c.met++
		c.mu.Unlock()
		if onlyNames() {
			fmt.Println(t.Name())
			return
		}
		do(t)
	})
}

// offer notes a name that a run can pick below another one.
func (c *cases) offer(below, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	depth := strings.Count(below, "/")
	if c.names == nil || depth > c.deepest {
		c.deepest, c.names = depth, map[string]struct{}{}
	}
	if depth == c.deepest {
		c.names[name] = struct{}{}
	}
}

// missed says that no case was tried, and what there is to pick.
func (c *cases) missed(run string) string {
	if !all() {
		return fmt.Sprintf("no case was tried: -run %s picks none of the sample; FAULTS=all tries them all", run)
	}
	var names []string
	for name := range c.names {
		names = append(names, name)
	}
	slices.Sort(names)
	return fmt.Sprintf("no case was tried: -run %s picks none; there are %s; with FAULTS=list in place of FAULTS=all, and -v, go test lists the names that -run picks",
		run, strings.Join(names, ", "))
}

// TestMistypedCase: a name that is no case's is no success, and the answer tells those
// that are.
func TestMistypedCase(t *testing.T) {
	c := &cases{}
	c.offer("TestFaults", "grant")
	c.offer("TestFaults", "revoke")
	c.offer("TestFaults/grant", "set-1")
	c.offer("TestFaults/grant/set-1", "busy")
	c.offer("TestFaults/grant/set-1", "late")
	c.offer("TestFaults/grant", "set-2")
	t.Setenv("FAULTS", "all")
	if text := c.missed("^TestFaults$/^grant$/^set-1$/^later$"); !strings.Contains(text, "there are busy, late; ") {
		t.Error(text)
	}
	t.Setenv("FAULTS", "")
	if text := c.missed("^TestFaults$/^grant$/^set-1$/^busy$"); !strings.Contains(text, "FAULTS=all") {
		t.Error(text)
	}
}
