package faults

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// killedAt are the steps of the scenario's run that change something, and the program
// killed before and after each.
func (st *stage) killedAt(t *testing.T, try func(*testing.T, *attempt)) {
	t.Helper()
	c, n := casesOf(t), 0
	for _, at := range st.steps {
		for _, f := range faultsOf(at) {
			if !at.writes || f.name != "killed-before" && f.name != "killed-after" {
				continue
			}
			if n++; !all() && n%sample != 0 {
				continue
			}
			c.try(t, at.name+"-"+f.name, func(t *testing.T) {
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

// TestRestoreIsTakenUp: a restore is killed at each of its steps, and the next one brings
// it to its end, with the limit. What is left of it in the trash goes with the next run.
func TestRestoreIsTakenUp(t *testing.T) {
	st := undisturbed(t, readScenario(t, "testdata/to-the-trash.txtar"))
	limit := limits(st.dir, "gv0")["/gone"]
	// end is a restore that nobody kills, and then the file that has the share again.
	end := func(t *testing.T, a *attempt) []string {
		if err := a.restore(t, *st.after); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it is not restored: %v", err)
		}
		if now := limits(a.dir, "gv0")["/gone"]; now != limit {
			t.Errorf("the limit is %q, and was %q", now, limit)
		}
		a.again()
		if o := a.run(t, *st.before); !o.ok() {
			t.Errorf("the file that has it doesn't hold:\n%v", o)
		}
		return picture(t, a.dir)
	}
	want := end(t, st.removed(t))
	st.killedInTheTrash(t, (*attempt).restore, func(t *testing.T, a *attempt) {
		if d := unlike(want, end(t, a)); d != "" {
			t.Errorf("in the end (-undisturbed +killed and restored again):\n%s", d)
		}
	})
}

// TestPurgeIsTakenUp: a purge of an entry of the trash is killed at each of its steps.
// Nothing is lost but what lies in that entry, and the next purge leaves nothing of it.
func TestPurgeIsTakenUp(t *testing.T) {
	st := undisturbed(t, readScenario(t, "testdata/to-the-trash.txtar"))
	doomed := func(was data) map[string]bool {
		out := map[string]bool{}
		for text, at := range was {
			out[text] = strings.HasPrefix(entryID.ReplaceAllString(at.path, "trash/$1"), "/box/g1/gv0/brick/.glusterd-shares/trash/gone/")
		}
		return out
	}
	st.killedInTheTrash(t, (*attempt).purge, func(t *testing.T, a *attempt) {
		was := dataIn(t, a.dir)
		if err := a.purge(t, *st.after); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it is not purged: %v", err)
		}
		now := dataIn(t, a.dir)
		for _, l := range lost(was, now, doomed(was)) {
			t.Error(l)
		}
		for text, is := range doomed(now) {
			if is {
				t.Errorf("%q is left", text)
			}
		}
		a.again()
		if err := a.restore(t, *st.after); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it can be restored: %v", err)
		}
	})
}

// removed is the scenario when its run is done. The notes know directories by their
// inodes: no copy of it will do.
func (st *stage) removed(t *testing.T) *attempt {
	t.Helper()
	a := st.begin(t)
	if o := a.run(t, *st.after); !o.ok() {
		t.Fatal(o)
	}
	a.again()
	return a
}

// killedInTheTrash kills a command of the trash before and after each of its steps; a
// sample of it are its renames.
func (st *stage) killedInTheTrash(t *testing.T, command func(*attempt, *testing.T, state.Desired) error, try func(*testing.T, *attempt)) {
	t.Helper()
	rehearsed := st.removed(t)
	if err := command(rehearsed, t, *st.after); err != nil {
		t.Fatal(err)
	}
	c := casesOf(t)
	for _, at := range rehearsed.m.steps {
		for _, f := range faultsOf(at) {
			if !strings.HasPrefix(f.name, "killed-") || !all() && at.kind != "rename" {
				continue
			}
			c.try(t, at.name+"-"+f.name, func(t *testing.T) {
				defer count(t)
				a := st.removed(t)
				a.m.fault, a.m.at = &f, at.name
				if err := command(a, t, *st.after); !a.m.struck {
					t.Fatalf("it never came to this step: %v", err)
				}
				a.again()
				try(t, a)
			})
		}
	}
}

// restore is the command that restores /gone: the error is fs.ErrNotExist where the trash
// has no such entry.
func (a *attempt) restore(t *testing.T, d state.Desired) error {
	t.Helper()
	return a.inTrash(t, d.Volumes[0], func(ctx context.Context, e *gluster.Endpoint, entry gluster.Trashed, now state.Serving) error {
		_, err := e.Restore(ctx, entry, now)
		return err
	})
}

// purge is the command that purges it.
func (a *attempt) purge(t *testing.T, d state.Desired) error {
	t.Helper()
	return a.inTrash(t, d.Volumes[0], func(ctx context.Context, e *gluster.Endpoint, entry gluster.Trashed, _ state.Serving) error {
		return e.Purge(ctx, entry.ID, nil)
	})
}

// inTrash does something to the entry of /gone, as a command of the trash does.
func (a *attempt) inTrash(t *testing.T, v state.Volume, do func(context.Context, *gluster.Endpoint, gluster.Trashed, state.Serving) error) (err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		err = a.m.inTrash(t.Context(), v, do)
		time.Sleep(2 * forever)
	})
	t.Cleanup(a.m.close)
	return err
}

func (m *machine) inTrash(ctx context.Context, v state.Volume, do func(context.Context, *gluster.Endpoint, gluster.Trashed, state.Serving) error) error {
	e := gluster.NewEndpoint(m, &gluster.Client{Host: m}, v, gnfs.Server{})
	now, err := e.Look(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	lock, err := e.Lock(ctx, nil)
	if err != nil {
		return err
	}
	defer lock.Close()
	entries, err := e.Trash(ctx, true)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(entries, func(t gluster.Trashed) bool { return t.Note != nil && t.Note.Path == "/gone" })
	if i < 0 {
		return fs.ErrNotExist
	}
	return do(ctx, e, entries[i], now.Serving)
}
