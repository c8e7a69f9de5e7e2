package faults

import (
	"path/filepath"
	"slices"
	"testing"

	"glusterd-shares/pkg/state"
)

// killedAt are the steps of the scenario's run that change something, and the program
// killed before and after each.
func (st *stage) killedAt(t *testing.T, try func(*testing.T, *attempt)) {
	t.Helper()
	n := 0
	for _, at := range st.steps {
		for _, f := range faultsOf(at) {
			if !at.writes || f.name != "killed-before" && f.name != "killed-after" {
				continue
			}
			if n++; !all() && n%sample != 0 {
				continue
			}
			t.Run(at.name+"-"+f.name, func(t *testing.T) {
				defer count(t)
				a := st.begin(t)
				a.m.fault, a.m.at = &f, at.name
				a.run(t, *st.after)
				if !a.m.struck {
					t.Error("the run never came to this step")
				}
				a.again()
				try(t, a)
			})
		}
	}
}

// TestRemovalTakenBack: a removal was killed, and the file then says that all of it is to
// stay. The next run that changes anything leaves nothing of the removal in the trash but
// the directories that went there, and those that stay have their limits.
func TestRemovalTakenBack(t *testing.T) {
	st := undisturbed(t, readScenario(t, "testdata/to-the-trash.txtar"))
	kept := *st.before
	kept.Volumes = slices.Clone(kept.Volumes)
	kept.Volumes[0].Shares = append(slices.Clone(kept.Volumes[0].Shares), state.Share{Name: "new"})
	want := limits(st.dir, "gv0")
	st.killedAt(t, func(t *testing.T, a *attempt) {
		was := dataIn(t, a.dir)
		if o := a.run(t, kept); !o.ok() || o.empty() {
			t.Errorf("it doesn't stay:\n%v", o)
		}
		for _, l := range lost(was, dataIn(t, a.dir), nil) {
			t.Error(l)
		}
		for path, limit := range limits(a.dir, "gv0") {
			if want[path] != limit {
				t.Errorf("the limit of %s is %s, and was %s", path, limit, want[path])
			}
		}
		entries, err := filepath.Glob(filepath.Join(brick(a.dir, "gv0"), ".glusterd-shares/trash/*"))
		full, err2 := filepath.Glob(filepath.Join(brick(a.dir, "gv0"), ".glusterd-shares/trash/*/data"))
		if err != nil || err2 != nil || len(entries) != len(full) {
			t.Errorf("the trash holds %q, and directories only in %q", entries, full)
		}
	})
}
