package faults

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

// stage is a scenario as it is before the run, and what becomes of it undisturbed.
type stage struct {
	scenario
	dir      string // of the sandbox before
	steps    []step // of the run
	paths    []string
	old, new admission
	kept     map[string][]string
	keeps    map[string]bool
	shares   []share
	stay     bool            // who is admitted before and after is admitted all the time
	doomed   map[string]bool // what is to be deleted, by what was written
	final    []string        // what it comes to
	seen     verdicts
}

// undisturbed carries the scenario out with nothing going wrong: once to see what it
// comes to, and once more to judge the way there.
func undisturbed(t *testing.T, s scenario) *stage {
	t.Helper()
	st := &stage{scenario: s, dir: filepath.Join(t.TempDir(), "box"), kept: map[string][]string{}, keeps: map[string]bool{}, doomed: map[string]bool{}}
	st.seen.given = map[string][]admission{}
	s.make(t, st.dir)
	st.rehearse(t)
	a := st.begin(t)
	j := st.judge(a.box, a.dir)
	j.strict = len(s.after.Volumes) == 1 // they are carried out one after the other
	a.m.watch, a.m.breach = j.look, j.breach
	a.run(t, *s.after)
	st.stay = len(j.cuts) == 0
	for _, b := range j.breaches {
		t.Errorf("nothing goes wrong, and %s", b)
	}
	return st
}

// rehearse finds out what the run is made of and what it comes to, and holds that
// against what the state file asks for.
func (st *stage) rehearse(t *testing.T) {
	t.Helper()
	first := st.begin(t)
	was := dataIn(t, first.dir)
	out := first.run(t, *st.after)
	if !out.ok() || out.empty() {
		t.Fatalf("nothing goes wrong, and it ends with\n%v", out)
	}
	st.doom(was)
	st.whole(t, first, was, "nothing goes wrong")
	for _, p := range out.plans {
		for _, e := range p.Kept {
			st.kept[p.Volume.Target.Volume] = append(st.kept[p.Volume.Target.Volume], e.Entry)
		}
	}
	st.steps, st.paths, st.final = first.m.steps, pathsOf(t, st.dir, first.dir), picture(t, first.dir)
	st.old = st.admits(t, st.begin(t).box)
	st.want(out)
	if d := cmp.Diff(st.new, st.admits(t, first.box)); d != "" {
		t.Errorf("nothing goes wrong, and in the end there may mount (-wanted +found):\n%s", d)
	}
}

// doom fills in what the state file asks to delete.
func (st *stage) doom(was data) {
	for _, v := range st.after.Volumes {
		for _, s := range v.Shares {
			for text, at := range was {
				if s.OnDelete == state.Purge && strings.HasPrefix(at.path, share{Share: s, volume: v.Target.Volume}.at("/box")+"/") {
					st.doomed[text] = true
				}
			}
		}
	}
}

// want fills in what the state file asks for, however the program gets there: its
// shares' clients and nobody else, but for exports of others that are kept.
func (st *stage) want(o outcome) {
	st.new = admission{}
	for i, v := range st.after.Volumes {
		name := v.Target.Volume
		for _, s := range v.Shares {
			if s.Absent {
				continue
			}
			here := share{Share: s, volume: name, perm: permOf(o.plans[i], s), fresh: true, before: 0o700}
			if info, err := os.Lstat(here.at(st.dir)); err == nil {
				here.fresh, here.before = false, uint32(info.Mode().Perm())
			}
			st.shares = append(st.shares, here)
			for i, c := range clients {
				if s.Clients().RW.Contains(c) {
					st.new[here.path()] |= 1 << i
				}
			}
		}
		if v.Undeclared == state.Keep {
			st.keeps[name] = true
			for _, e := range st.kept[name] {
				dir, _, _ := strings.Cut(e, "(")
				st.new["/"+name+dir] = st.old["/"+name+dir]
			}
		}
	}
}

// permOf are the permissions that a plan gives a share, where it changes them.
func permOf(p diff.Plan, s state.Share) state.Perm {
	for _, a := range p.Actions {
		switch a := a.(type) {
		case diff.MakeDir:
			if a.Path == s.Dir() {
				return a.Perm
			}
		case diff.SetPerm:
			if a.Path == s.Dir() {
				return a.New
			}
		}
	}
	return state.Perm{Mode: s.Mode}
}

func (st *stage) admits(t *testing.T, box *sandbox.Sandbox) admission {
	t.Helper()
	s, err := box.Served(host)
	if err != nil {
		t.Fatal(err)
	}
	return admitted(s, st.paths)
}

func (st *stage) judge(box *sandbox.Sandbox, dir string) *judge {
	return &judge{box: box, dir: dir, paths: st.paths, old: st.old, new: st.new, kept: st.kept, keeps: st.keeps, shares: st.shares, seen: &st.seen}
}

// attempt is a sandbox as the scenario begins, and the machine of a run on it.
type attempt struct {
	dir string
	box *sandbox.Sandbox
	m   *machine
}

func (st *stage) begin(t *testing.T) *attempt {
	t.Helper()
	dir := copyOf(t, st.dir)
	box := open(t, dir)
	return &attempt{dir, box, newMachine(box, dir)}
}

// run makes a run to its end, and to that of all that it has left behind.
func (a *attempt) run(t *testing.T, d state.Desired) (o outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		a.m.stop = cancel
		o = a.m.run(ctx, d)
		time.Sleep(2 * forever)
	})
	t.Cleanup(a.m.close)
	return o
}

// again is the machine of another run on the same sandbox, on which nothing goes
// wrong; but what the one before has begun may be done by and by.
func (a *attempt) again() {
	next := newMachine(a.box, a.dir)
	next.later, next.watch, next.breach = a.m.later, a.m.watch, a.m.breach
	a.m = next
}

// look is a run that only plans.
func (a *attempt) look(t *testing.T, d state.Desired) (o outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var endpoints []*gluster.Endpoint
		o, endpoints = a.m.plan(t.Context(), d)
		for _, e := range endpoints {
			_ = e.Close()
		}
		time.Sleep(2 * forever)
	})
	t.Cleanup(a.m.close)
	return o
}
