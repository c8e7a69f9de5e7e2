//go:build e2e

package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"glusterd-shares/test/planted"
)

// caught and uncaught count the versions of the program in which a law is broken.
var caught, uncaught atomic.Int64

// plantedOnGluster are the violations that a real Gluster is tried with, too.
func plantedOnGluster() []planted.Violation {
	return slices.DeleteFunc(slices.Clone(planted.Violations), func(v planted.Violation) bool { return v.Real == "" })
}

// isCaught builds a version of the program in which a law is broken, and sees that the
// case which has to notice does.
func isCaught(t *testing.T, bed string, v planted.Violation, undisturbed []string) {
	f, at := caseOf(t, v.Real)
	program := filepath.Join(t.TempDir(), "glusterd-shares")
	overlay, err := v.Overlay("../..", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("go", "build", "-overlay", overlay, "-o", program, "glusterd-shares/cmd/glusterd-shares").CombinedOutput(); err != nil {
		t.Fatalf("it can't be built: %v\n%s", err, said)
	}
	b := onBedNamed(t, bed)
	const attempts = 5
	for range attempts {
		b.emptyLog()
		a := &attempt{TB: t}
		a.run(func() {
			b := newBed(a, bed)
			b.program = program
			b.try(f, at, undisturbed)
		})
		a.cleanUp()
		if says := func(s string) bool { return strings.Contains(s, v.Says) }; slices.ContainsFunc(a.errors, says) {
			caught.Add(1)
			fmt.Printf("planted violation: law %d: %s: caught by %s\n", v.Law, v.Name, v.Real)
			return
		}
		if b.crashes() == 0 {
			uncaught.Add(1)
			t.Fatalf("it is not caught; what was complained of is %q, and nothing of %q", a.errors, v.Says)
		}
	}
	t.Fatalf("inconclusive: the NFS server has crashed in each of %d attempts", attempts)
}

// caseOf is the case of that name.
func caseOf(t *testing.T, name string) (fault, moment) {
	t.Helper()
	for _, f := range faults {
		for _, at := range f.at {
			if caseName(f, at) == name {
				return f, at
			}
		}
	}
	t.Fatalf("there is no case %s", name)
	panic("unreachable")
}
