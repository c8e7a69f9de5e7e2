package apply_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
)

// apply computes the plan and carries it out as a user does who saw it.
func (f *fake) apply(ctx context.Context, t *testing.T, o apply.Options) apply.Report {
	t.Helper()
	p := f.plan()
	if len(p.Problems) > 0 || len(diff.Guard([]diff.Plan{p}, o.Allow)) > 0 {
		t.Fatalf("the plan can't be carried out to begin with: %v", p.Problems)
	}
	f.log, f.calls, f.laws = nil, nil, laws{}
	f.laws.allow(f)
	if o.Confirm == nil {
		f.laws.shown = []diff.Plan{p}
		o.Changed = func(p diff.Plan) error { f.laws.shown = append(f.laws.shown, p); return nil }
	}
	o.Server = gnfs.Server{}
	told := listen(t, &o)
	r := f.carryOut(ctx, p, o)
	told.hold(t, f, r)
	f.laws.afterRun(f, r.OK())
	if r.OK() && r.Count(apply.Unknown) > 0 {
		t.Errorf("said to be done, and not known of all steps:\n%s", stepsText(r))
	}
	for _, b := range f.laws.broken {
		t.Error(b)
	}
	return r
}

// carryOut does it in two parts where something is to happen in between.
func (f *fake) carryOut(ctx context.Context, p diff.Plan, o apply.Options) apply.Report {
	if f.between == nil {
		return apply.Apply(ctx, p, f, o)
	}
	started := apply.Start(ctx, p, f, o)
	f.between(f)
	f.laws.allow(f)
	return started.Finish(ctx)
}

// told is what became of each step as it was told last, and how often it was told.
type told struct {
	last  map[string]apply.Outcome
	times map[string]int
}

// listen holds that each change is told as one of what was told before.
func listen(t *testing.T, o *apply.Options) told {
	all, also := told{map[string]apply.Outcome{}, map[string]int{}}, o.Ended
	o.Ended = func(s apply.Step, was apply.Outcome) {
		line := stepLine(s.Action)
		if all.last[line] != was || s.Outcome == apply.NotStarted {
			t.Errorf("%s is told as %q, was %q, and was told as %q", line, s.Outcome, was, all.last[line])
		}
		all.last[line] = s.Outcome
		all.times[actionLine(s.Action)]++
		if also != nil {
			also(s, was)
		}
	}
	return all
}

// stepLine tells steps apart: the same may be written at two stages.
func stepLine(a diff.Action) string {
	if s, is := a.(diff.Serve); is {
		return string(s.Stage) + " " + actionLine(a)
	}
	return actionLine(a)
}

// hold holds that what was told comes to what the report says, and that each try was
// told.
func (all told) hold(t *testing.T, f *fake, r apply.Report) {
	t.Helper()
	want := map[string]apply.Outcome{}
	for _, s := range r.Steps {
		if s.Outcome != apply.NotStarted {
			want[stepLine(s.Action)] = s.Outcome
		}
	}
	if d := cmp.Diff(want, all.last); d != "" {
		t.Errorf("what the report says and what was told (-want +got):\n%s", d)
	}
	tries := map[string]int{}
	for _, c := range f.calls {
		if tries[c.line]++; isChange(c.line) && tries[c.line] > all.times[c.line] {
			t.Errorf("tried %d times, and told %d times: %s", tries[c.line], all.times[c.line], c.line)
		}
	}
}

func wantText(t *testing.T, what, want, got string) {
	t.Helper()
	if d := cmp.Diff(flat(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// scene is one run: what is desired, what is, what goes wrong; and what is to
// be asked of the volume, in order, and what to be said of it.
type scene struct {
	name    string
	desired string
	actual  string
	before  func(*fake) // what somebody did before the plan was made
	between func(*fake) // what somebody does between the two parts of the run; nil: there is one
	faults  []*fault
	allow   diff.Allow

	log     string
	steps   string
	held    map[string]string
	remarks []string
	err     string // the text of the report's error; empty: none
	is      error  // what the error wraps
	ok      bool
}

func (s scene) play(t *testing.T) {
	f := newFake(s.desired, s.actual)
	f.faults, f.between = s.faults, s.between
	if s.before != nil {
		s.before(f)
	}
	r := f.apply(t.Context(), t, apply.Options{Allow: s.allow})
	wantText(t, "log", s.log, f.logged())
	wantText(t, "steps", s.steps, stepsText(r))
	wantReport(t, s, r)
}

func play(t *testing.T, scenes []scene) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) { synctest.Test(t, s.play) })
	}
}
