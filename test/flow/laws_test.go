package flow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

var errKilled = errors.New("killed")

// eachScenario runs the law on so many random scenarios that can be carried out.
func eachScenario(t *testing.T, scenarios int, law func(t *testing.T, s scenario)) {
	tried := 0
	for seed := range uint64(50 * scenarios) {
		s := randomScenario(rand.New(rand.NewPCG(seed, 7)))
		a, err := newScenario(t, s).endpoint(t, s.volume).Observe(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		p := diff.Compute(s.volume, a, gnfs.Server{})
		if p.Empty() || len(p.Problems) > 0 {
			continue
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { law(t, s) })
		if tried++; tried == scenarios {
			return
		}
	}
	t.Fatalf("only %d scenarios could be carried out", tried)
}

// TestApplyDoesWhatSimulateSays: after apply the cluster is what the plan said
// it would be, and a second run has nothing to do.
func TestApplyDoesWhatSimulateSays(t *testing.T) {
	eachScenario(t, 100, func(t *testing.T, s scenario) {
		l := newScenario(t, s)
		before, p, _ := l.plan(t, s.volume)
		mustConverge(t, l, s.volume)
		after, again, _ := l.plan(t, s.volume)
		want := diff.Simulate(before, p)
		d := cmp.Diff(want, after, cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{}),
			cmpopts.IgnoreFields(state.ServerNode{}, "PID", "Host"),
			cmpopts.IgnoreFields(state.Dir{}, "UID", "GID"),
			cmpopts.IgnoreFields(state.Quota{}, "Limited")) // listed where a share leaves, before and after it does
		if d != "" {
			t.Errorf("after apply (-simulated +observed):\n%s", d)
		}
		if !again.Empty() {
			t.Errorf("a second run would do: %+v", again.Actions)
		}
	})
}

// TestNoWiderMoment: at no step of a run, and nowhere where it or glusterd dies
// and glusterd starts again, is anybody let in whom neither the state before
// nor the state after admits; and the next run converges from there.
func TestNoWiderMoment(t *testing.T) {
	eachScenario(t, 25, func(t *testing.T, s scenario) {
		whole := newScenario(t, s)
		before := whole.served(t)
		steps := 0
		whole.box.Steps = func(string) error { steps++; return nil }
		mustConverge(t, whole, s.volume)
		after := whole.served(t)

		for k := range steps {
			l := newScenario(t, s)
			step, n := "", 0
			l.box.Steps = func(name string) error {
				within(t, l.served(t), before, after, "before "+name)
				if n++; n > k {
					step = name
					return errKilled
				}
				return nil
			}
			synctest.Test(t, func(t *testing.T) { l.try(t, s.volume) }) // waits for glusterd in vain
			l.box.Steps = nil
			within(t, l.served(t), before, after, "killed before "+step)
			if err := l.box.Restart(hostName); err != nil {
				t.Fatal(err)
			}
			within(t, l.served(t), before, after, "restarted after "+step)
			mustConverge(t, l, s.volume)
			if d := cmp.Diff(after, l.served(t)); d != "" {
				t.Errorf("killed before %s, then run again (-undisturbed +recovered):\n%s", step, d)
			}
		}
	})
}

func (l *line) served(t *testing.T) map[string]bool {
	t.Helper()
	s, err := l.box.Served(hostName)
	if err != nil {
		t.Fatal(err)
	}
	return everyIP.admitted(t, s)
}

// try applies as far as it goes.
func (l *line) try(t *testing.T, v state.Volume) {
	t.Helper()
	_, p, e := l.plan(t, v)
	apply.Apply(context.Background(), p, e, apply.Options{Server: gnfs.Server{}, Allow: diff.Allow{MassRevoke: true, MassRemove: true, OtherVolumes: true}})
}

// within fails where somebody is admitted whom neither state admits.
func within(t *testing.T, now, before, after map[string]bool, when string) {
	t.Helper()
	for who := range now {
		if !before[who] && !after[who] {
			t.Errorf("%s: %s is let in, whom neither the old nor the new state admits", when, who)
		}
	}
}
