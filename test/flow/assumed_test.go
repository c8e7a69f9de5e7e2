package flow

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/assumed"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

var world = assumed.World{
	Server: gnfs.Server{},
	Fresh: func(volume string) state.Serving {
		return gnfs.Server{}.Decode(map[string]map[string]string{volume: {"nfs.disable": "on"}}, nil)[0]
	},
	Number: sandbox.Number,
}

// told is what of a plan doesn't hang on how much is used, nor on the volume's id.
func told(p diff.Plan) render.VolumePlan {
	out := render.Document(p, nil)
	out.VolumeID = ""
	for i := range out.Actions {
		if l := out.Actions[i].Limit; l != nil {
			l.Used = nil
		}
		if r := out.Actions[i].Retirement; r != nil {
			r.Used = nil
		}
	}
	return out
}

// A plan from one state to another is the one that is made on a fresh cluster to which
// the first one was applied.
func TestPlanFromStateToState(t *testing.T) {
	pending := 0
	for seed := range uint64(60) {
		h := newHistory(t, seed)
		h.r = rand.New(rand.NewPCG(seed, 24))
		old, next := h.wish(), h.wish()
		for i := range next.Shares {
			if s := &next.Shares[i]; !s.Absent && h.r.IntN(2) == 0 {
				s.Mode = state.Mode{Bits: 0o700, Managed: true}
			}
		}
		mustConverge(t, h.line, old)
		_, live, _ := h.plan(t, next)
		p := world.Plan(&old, next)
		if d := cmp.Diff(told(live), told(p)); d != "" {
			t.Fatalf("seed %d: -live +assumed\n%s", seed, d)
		}
		if !p.Empty() {
			pending++
		}
		if again := world.Plan(&old, old); !again.Empty() || len(again.Problems) > 0 {
			t.Fatalf("seed %d: from a state to itself there is something to do: %+v", seed, again)
		}
	}
	if pending < 30 {
		t.Errorf("only %d plans had anything to do", pending)
	}
}

// A volume that no old state has was just made.
func TestPlanFromNothing(t *testing.T) {
	for seed := range uint64(20) {
		h := newHistory(t, seed)
		v := h.wish()
		_, live, _ := h.plan(t, v)
		if d := cmp.Diff(told(live), told(world.Plan(nil, v))); d != "" {
			t.Fatalf("seed %d: -live +assumed\n%s", seed, d)
		}
	}
}

// What the old state asks for and can't have is no ground for a plan.
func TestPlanFromAStateThatCannotBe(t *testing.T) {
	old := volume("gv0", share("a", "10.0.0.1"))
	old.Shares[0].Access[0].Level = state.ReadOnly
	p := world.Plan(&old, volume("gv0", share("a", "10.0.0.1")))
	if len(p.Problems) != 1 || !p.Unplanned || !p.Empty() {
		t.Errorf("%+v", p)
	}
}
