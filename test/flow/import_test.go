package flow

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/takeover"
)

// imported is the state file of what exists on the volume, as the command import
// makes it, and what it declares.
func (l *line) imported(t *testing.T, name string) (takeover.File, state.Volume, error) {
	t.Helper()
	target := state.Target{Host: hostName, Volume: name}
	l.took()
	a, err := l.endpoint(t, state.Volume{Target: target}).Inventory(t.Context(), func(a state.Actual) []state.Share { return takeover.Candidates(target, a) })
	if err != nil {
		t.Fatal(err)
	}
	ran := l.took()
	if l.asked = len(ran); len(writes(ran)) > 0 {
		t.Errorf("import wrote %q", writes(ran))
	}
	f, err := takeover.FileOf(target, a, gnfs.Server{}, takeover.Site{Way: state.Way{MountPointBase: statefile.DefaultMountPointBase}})
	if err != nil {
		return f, state.Volume{}, err
	}
	d, err := statefile.Parse(statefile.File{Name: "imported", Text: f.Text})
	if err != nil {
		t.Fatalf("%v\n%s", err, f.Text)
	}
	return f, d.Volumes[0], nil
}

// After this tool has applied a state, and nothing else stands there, what is
// imported is what was applied, and its plan is empty.
func TestImportOfWhatWasApplied(t *testing.T) {
	eachScenario(t, 60, func(t *testing.T, s scenario) {
		s.volume.Undeclared = state.Revoke
		for _, options := range s.options {
			delete(options, "nfs.rpc-auth-reject")
		}
		l := newScenario(t, s)
		if _, p, _ := l.plan(t, s.volume); len(p.Problems) > 0 {
			return
		}
		mustConverge(t, l, s.volume)
		f, v, err := l.imported(t, "gv0")
		if errors.Is(err, takeover.ErrNothing) && !slices.ContainsFunc(s.volume.Shares, func(s state.Share) bool { return !s.Absent }) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, p, _ := l.plan(t, v); !p.Empty() || len(p.Problems) > 0 || len(f.Changes) > 0 {
			t.Errorf("the plan is not empty: %v %v\n%s", f.Changes, p.Problems, f.Text)
		}
	})
}

// However the options were set by hand: the file says whether a run has something
// to do; the run lets nobody in, takes no share from anybody, and closes nothing
// but what the file says.
func TestImportOfWhatWasSetByHand(t *testing.T) {
	empty, applied := 0, 0
	for seed := range uint64(250) {
		s := randomScenario(rand.New(rand.NewPCG(seed, 11)))
		l := newScenario(t, s)
		f, v, err := l.imported(t, "gv0")
		if errors.Is(err, takeover.ErrNothing) {
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		_, p, _ := l.plan(t, v)
		said := len(f.Changes) > 0
		if does := !p.Empty() || len(p.Problems) > 0; does != said {
			t.Fatalf("seed %d: it says %q\n%s", seed, f.Changes, f.Text)
		}
		if p.Empty() && len(p.Problems) == 0 {
			empty++
		}
		if p.Empty() || len(p.Problems) > 0 {
			continue
		}
		before := l.served(t)
		mustConverge(t, l, v)
		applied++
		if bad := changedFor(v, before, l.served(t), f); bad != "" {
			t.Fatalf("seed %d: %s\n%s\n%v", seed, bad, f.Text, s.options)
		}
	}
	t.Logf("%d plans were empty, %d were applied", empty, applied)
	if empty < 20 || applied < 40 {
		t.Errorf("only %d plans were empty and %d applied: the options are too odd to prove anything", empty, applied)
	}
}

// changedFor finds a mount that is possible after a run and was not before, or
// the other way round where a share declares it, or where the file doesn't tell.
func changedFor(v state.Volume, before, after map[string]bool, f takeover.File) string {
	for _, who := range slices.Sorted(maps.Keys(after)) {
		if !before[who] {
			return who + " is let in"
		}
	}
	told := strings.Contains(strings.Join(f.Changes, "\n"), " as a whole.")
	for _, who := range slices.Sorted(maps.Keys(before)) {
		_, path, _ := strings.Cut(who, " ")
		declared := slices.ContainsFunc(v.Shares, func(s state.Share) bool { return "/gv0"+s.Dir() == path && len(s.Access) > 0 })
		if !after[who] && (declared || !told) {
			return who + " is shut out"
		}
	}
	return ""
}

// A second import of the same volume gives the same bytes.
func TestImportIsDeterministic(t *testing.T) {
	for seed := range uint64(20) {
		l := newScenario(t, randomScenario(rand.New(rand.NewPCG(seed, 12))))
		one, _, err1 := l.imported(t, "gv0")
		two, _, err2 := l.imported(t, "gv0")
		if string(one.Text) != string(two.Text) || fmt.Sprint(err1) != fmt.Sprint(err2) {
			t.Errorf("seed %d:\n%s\n%s", seed, one.Text, two.Text)
		}
	}
}

// TestCostOfAnImport: two looks at the cluster, and a list of limits where quota
// is on, whatever there is on the volume.
func TestCostOfAnImport(t *testing.T) {
	for _, n := range []int{1, 60} {
		l := newLine(t, map[string]map[string]string{"gv0": nil, "gv1": nil})
		mustConverge(t, l, volume("gv0", shares(n)...))
		if _, _, err := l.imported(t, "gv0"); err != nil {
			t.Fatal(err)
		}
		if got, want := l.asked, len(first)+len(look); got != want {
			t.Errorf("%d shares: an import took %d commands, want %d", n, got, want)
		}
	}
}

// What changes while it is read is no state of the volume at all.
func TestImportWhileOptionsChange(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	mustConverge(t, l, volume("gv0", share("a", "10.0.0.1")))
	target := state.Target{Host: hostName, Volume: "gv0"}
	_, err := l.endpoint(t, state.Volume{Target: target}).Inventory(t.Context(), func(a state.Actual) []state.Share {
		setByHand(t, l.dir, "gv0", map[string]string{"nfs.disable": "off", "nfs.export-volumes": "off", "nfs.export-dir": "/a(10.0.0.2)"})
		return takeover.Candidates(target, a)
	})
	if err == nil || !strings.Contains(err.Error(), "changed while they were read") {
		t.Error(err)
	}
}
