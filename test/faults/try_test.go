package faults

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// try is one case: the fault strikes the step of a run, and everything that is
// promised of it is checked.
func (st *stage) try(t *testing.T, at step, f fault) {
	defer count(t)
	a := st.begin(t)
	j := st.judge(a.box, a.dir)
	if f.harmful {
		j.shares = nil // their directories may be somebody else's
	}
	was := dataIn(t, a.dir)
	first := st.strike(t, a, j, at, f)
	if !a.m.struck {
		t.Error("the run never came to this step")
	}
	if f.harmful && at.kind == "rename" {
		notTaken(t, a, at, f)
	}
	st.whole(t, a, was, "after it")
	if f.harmful {
		for _, v := range st.after.Volumes {
			if err := mend(a.dir, v.Target.Volume, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	st.endsWell(t, a, j, was, &f, first)
}

// tryTwo is one fault in a run, and another one in the next.
func (st *stage) tryTwo(t *testing.T, at [2]step, f [2]fault) {
	defer count(t)
	a := st.begin(t)
	j := st.judge(a.box, a.dir)
	was := dataIn(t, a.dir)
	first := st.strike(t, a, j, at[0], f[0])
	a.again()
	second := st.strike(t, a, j, at[1], f[1])
	st.whole(t, a, was, "after them")
	st.revive(t, a)
	st.endsWell(t, a, j, was, &f[1], first, second)
}

// revive does what a plan asks of a person where the NFS server is dead. One fault
// alone doesn't come to that: the run that mends what it died of starts it again.
func (st *stage) revive(t *testing.T, a *attempt) {
	t.Helper()
	a.again()
	for _, p := range a.look(t, *st.after).problems {
		if p.Mend == "revive it: gluster volume start gv0 force" {
			if err := byHand(a.box, "volume", "start", "gv0", "force"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// strike is a run in which something goes wrong, and a report that says so. glusterd,
// where it died, is started again.
func (st *stage) strike(t *testing.T, a *attempt, j *judge, at step, f fault) outcome {
	t.Helper()
	a.m.fault, a.m.at, a.m.watch, a.m.breach, a.m.others = &f, at.name, j.look, j.breach, j.allow
	behind := a.m.later.waits() // what the run before has left behind is not this one's
	had := st.leaving(a.dir)
	o := a.run(t, *st.after)
	o.unheard = a.m.dead
	if !a.m.dead && !behind {
		st.isTrue(t, a, o, at, &f)
		if !f.harmful && !a.m.later.was() {
			st.stillLimited(t, a, o, had)
		}
	}
	if f.restart && a.m.struck {
		if err := a.box.Restart(host); err != nil {
			t.Fatal(err)
		}
	}
	j.look("after it")
	return o
}

// story begins what is told of a case that failed.
const story = "the runs that were broken"

// endsWell: the next runs bring it to its end, with no law broken on the way.
func (st *stage) endsWell(t *testing.T, a *attempt, j *judge, was data, f *fault, before ...outcome) {
	t.Helper()
	next := st.converges(t, a, f, before)
	st.whole(t, a, was, "in the end")
	st.judged(t, j, f)
	if t.Failed() {
		t.Logf("%s:\n%v\nthe next one:\n%v", story, before, next)
	}
}

// isTrue: what the report says is so. A run that says it is done has come to where
// nothing is left to do, now and after a restart of glusterd.
func (st *stage) isTrue(t *testing.T, a *attempt, o outcome, at step, f *fault) {
	t.Helper()
	for _, lie := range lies(a.dir, o, at, f) {
		t.Error(lie)
	}
	if strings.ContainsAny(o.String(), "\x1b\x00\u202e") {
		t.Errorf("a terminal would obey it: %q", o.String())
	}
	if !o.ok() || o.empty() || o.warns() || a.m.later.waits() {
		return
	}
	for _, when := range []string{"", " after a restart of glusterd"} {
		fresh := &attempt{a.dir, a.box, newMachine(a.box, a.dir)}
		if left := fresh.look(t, *st.after); !left.empty() || !left.ok() {
			t.Errorf("it says that it is done, and%s there is left to do:\n%+v\n%v", when, left.plans, left)
		}
		if err := a.box.Restart(host); err != nil {
			t.Fatal(err)
		}
	}
}

// leaving are the limits of the directories that are there and are to go, by
// VOLUME/PATH.
func (st *stage) leaving(dir string) map[string]string {
	out := map[string]string{}
	for _, v := range st.after.Volumes {
		volume := v.Target.Volume
		limited := limits(dir, volume)
		for _, s := range v.Shares {
			if _, err := os.Lstat(share{Share: s, volume: volume}.at(dir)); s.Absent && err == nil {
				out[volume+s.Dir()] = limited[s.Dir()]
			}
		}
	}
	return out
}

// stillLimited: a directory that was to go and stays has the limit that it had, or the
// report says that it hasn't. What glusterd has done behind the run's back is not asked for.
func (st *stage) stillLimited(t *testing.T, a *attempt, o outcome, had map[string]string) {
	t.Helper()
	for at, now := range st.leaving(a.dir) {
		if _, path, _ := strings.Cut(at, "/"); now != had[at] && !o.misses("/"+path) {
			t.Errorf("%s stays, and its limit is %q and was %q", at, now, had[at])
		}
	}
}

// whole: no data is lost, and nothing outside of the volumes has changed.
func (st *stage) whole(t *testing.T, a *attempt, was data, when string) {
	t.Helper()
	for _, l := range lost(was, dataIn(t, a.dir), st.doomed) {
		t.Errorf("%s: %s", when, l)
	}
	if info, err := os.Stat(outside(a.dir)); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%s: outside of the volume: %v %v", when, info, err)
	}
}

// notTaken: what somebody has put in a directory's place, when all was decided, is not
// taken for it.
func notTaken(t *testing.T, a *attempt, at step, f fault) {
	t.Helper()
	_, err := os.Lstat(filepath.Join(brick(a.dir, at.volume), at.path))
	if f.name != "becomes-nothing" && err != nil {
		t.Errorf("what was put in the place of %s was moved instead: %v", at.path, err)
	}
}

// converges: the next run brings it to its end with nothing done by hand, a third
// writes nothing, and nothing is left behind. What is done late, in that run or after it,
// can take one more. Who had access is noted in the trash, but where one of the runs
// before has said that it can't be.
func (st *stage) converges(t *testing.T, a *attempt, f *fault, before []outcome) outcome {
	t.Helper()
	late := a.m.later.waits()
	a.again()
	o := a.run(t, *st.after)
	if f.foreign && len(o.problems) > 0 {
		return o // and says so: a person has to decide
	}
	if !o.ok() && !late {
		t.Errorf("the next run doesn't converge:\n%v", o)
	}
	if late && !o.ok() || a.m.later.waits() {
		a.m.goOn()
		a.again()
		if o = a.run(t, *st.after); !o.ok() {
			t.Errorf("the one after that doesn't converge:\n%v", o)
		}
	}
	a.again()
	if third := a.run(t, *st.after); !third.empty() || !third.ok() {
		t.Errorf("one more run has something to do:\n%v", third)
	}
	if i := slices.IndexFunc(a.m.steps, func(s step) bool { return s.writes }); i >= 0 {
		t.Errorf("one more run writes: %s", a.m.steps[i].name)
	}
	final, now := st.final, picture(t, a.dir)
	if slices.ContainsFunc(before, outcome.unnoted) {
		final, now = withoutClients(final), withoutClients(now)
	}
	if d := unlike(final, now); d != "" && !f.harmful && !f.foreign {
		t.Errorf("in the end (-undisturbed +broken and run again):\n%s", d)
	}
	return o
}

// judged: nobody was let in who should not be, and nobody shut out who should not be.
func (st *stage) judged(t *testing.T, j *judge, f *fault) {
	t.Helper()
	for _, b := range j.breaches {
		t.Error(b)
	}
	if st.stay && !f.harmful && !f.foreign {
		for _, c := range j.cuts {
			t.Error(c)
		}
	}
	if now := st.admits(t, j.box); !f.harmful && !f.foreign && cmp.Diff(st.new, now) != "" {
		t.Errorf("who is admitted in the end (-undisturbed +broken and run again):\n%s", cmp.Diff(st.new, now))
	}
}
