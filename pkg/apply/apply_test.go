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
	o.Server = gnfs.Server{}
	r := apply.Apply(ctx, p, f, o)
	f.laws.afterRun(f, r.OK())
	if r.OK() && r.Count(apply.Unknown) > 0 {
		t.Errorf("said to be done, and not known of all steps:\n%s", stepsText(r))
	}
	for _, b := range f.laws.broken {
		t.Error(b)
	}
	return r
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
	f.faults = s.faults
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
