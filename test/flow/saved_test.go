package flow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

// save is a plan that went into a file and came out of it again.
func save(t *testing.T, p diff.Plan, a state.Actual) diff.Plan {
	t.Helper()
	d, err := savedplan.New(time.Unix(0, 0), "test", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Add(p, a)
	text, err := strictjson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	d, problems := savedplan.Read("plan.json", text)
	if len(problems) > 0 {
		t.Fatalf("%v in\n%s", problems, text)
	}
	plans, problems := d.Plans("plan.json", state.Desired{Volumes: []state.Volume{p.Volume}}, gnfs.Server{})
	if len(problems) > 0 {
		t.Fatalf("%v in\n%s", problems, text)
	}
	return plans[0]
}

// samePlan passes by what moves by itself, or is only told.
var samePlan = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{}),
	cmpopts.IgnoreFields(diff.SetLimit{}, "Used"), cmpopts.IgnoreFields(diff.Retire{}, "Used"),
	cmpopts.IgnoreFields(state.FileID{}, "Device"), cmpopts.IgnoreFields(state.VolumeInfo{}, "Bricks"),
	cmpopts.IgnoreFields(diff.Plan{}, "Warnings", "Notes"),
}

// A saved plan is what was planned; as long as nothing changes the plan of now is the
// same, and afterwards it is not, unless there was nothing to do. Whatever somebody else
// does meanwhile: where no difference is told, the same is done.
func TestSavedPlan(t *testing.T) {
	same, other := 0, 0
	for seed := range uint64(60) {
		h := newHistory(t, seed)
		h.r = rand.New(rand.NewPCG(seed, 23))
		for range 4 {
			v := h.wish()
			a, p, _ := h.plan(t, v)
			if len(p.Problems) > 0 {
				h.disturb(t)
				continue
			}
			saved := save(t, p, a)
			if d := cmp.Diff(p, saved, samePlan); d != "" {
				t.Fatalf("seed %d: -planned +saved\n%s", seed, d)
			}
			h.disturb(t)
			_, now, _ := h.plan(t, v)
			differences := savedplan.Compare(saved, now)
			if len(differences) > 0 {
				other++
			} else if same++; !cmp.Equal(saved.Actions, now.Actions, samePlan) {
				t.Fatalf("seed %d: no difference is told:\n%s", seed, cmp.Diff(saved.Actions, now.Actions, samePlan))
			}
			if len(now.Problems) > 0 || len(now.Held) > 0 || now.Empty() {
				continue
			}
			mustConverge(t, h.line, v)
			if _, after, _ := h.plan(t, v); len(savedplan.Compare(saved, after)) == 0 {
				t.Fatalf("seed %d: it can be applied a second time", seed)
			}
		}
	}
	t.Logf("%d plans were the same, %d were not", same, other)
	if same < 50 || other < 20 {
		t.Errorf("%d plans were the same, and %d not: it proves too little", same, other)
	}
}

// What a plan does to other volumes of the cluster is what their own plans find.
func TestBeside(t *testing.T) {
	touched := 0
	eachScenario(t, 30, func(t *testing.T, s scenario) {
		l := newScenario(t, s)
		other := volume("gv1", share("x", "10.0.0.1"))
		before, _, _ := l.plan(t, other)
		_, p, _ := l.plan(t, s.volume)
		mustConverge(t, l, s.volume)
		after, _, _ := l.plan(t, other)
		want := diff.Beside(before, p)
		opts := cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{})}
		if d := cmp.Diff([]any{want.Serving, want.Others}, []any{after.Serving, after.Others}, opts); d != "" {
			t.Errorf("-told +found\n%s", d)
		}
		if !cmp.Equal(before.Serving, after.Serving, opts) {
			touched++
		}
	})
	if touched == 0 {
		t.Error("no plan ever touched the other volume")
	}
}

// The plan of a volume that another one's goes before is, under the lock, what is left
// of it.
func TestSavedPlansOfOneCluster(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil, "gv1": nil})
	first, second := volume("gv0", share("a", "10.0.0.1")), volume("gv1", share("b", "10.0.0.2"))
	_, p, _ := l.plan(t, first)
	a, q, _ := l.plan(t, second)
	saved := save(t, q, a)
	mustConverge(t, l, first)
	now, err := l.endpoint(t, second).Observe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	plan := diff.Compute(second, now, gnfs.Server{})
	if len(savedplan.Compare(saved, plan)) == 0 {
		t.Error("the global option is no difference, so that this proves nothing")
	}
	left := diff.Compute(second, diff.Beside(a, p), gnfs.Server{})
	if d := savedplan.Compare(left, plan); len(d) > 0 {
		t.Error(fmt.Sprint(d))
	}
}
