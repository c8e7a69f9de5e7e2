package diff_test

import (
	"math/rand/v2"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// What the writes of a plan give and take, one after the other, comes to what the
// plan gives and takes.
func TestWritesComeToThePlan(t *testing.T) {
	changes := 0
	for seed := range uint64(400) {
		d := dice{rand.New(rand.NewPCG(seed, 10))}
		w := d.world(d.one(2))
		p := compute(w)
		for _, c := range p.Access() {
			clients := c.Before.All()
			for _, s := range p.Serves() {
				for _, one := range s.Access() {
					if one.Volume == c.Volume && one.Path == c.Path && one.Whole == c.Whole {
						clients = state.Union(clients.Minus(one.Lost().All()), one.Gained().All())
						changes++
					}
				}
			}
			if !clients.Equal(c.After.All()) {
				t.Fatalf("seed %d: the writes let %v mount %s, and the plan %v: %s", seed, clients, c.Path, c.After.All(), tell(w))
			}
		}
	}
	if changes < 500 {
		t.Errorf("only %d changes: the worlds are too odd to prove anything", changes)
	}
}

// A write that changes nobody's access tells of nobody.
func TestWriteOfNobody(t *testing.T) {
	same := state.Serving{Volume: "gv0", Exports: []state.Export{{Path: "/alpha", Clients: state.Access{RW: setOf("10.0.0.1")}}}}
	other := state.ServingPair{Old: state.Serving{Volume: "gv1"}, New: state.Serving{Volume: "gv1"}}
	s := diff.Serve{ServingChange: state.ServingChange{Old: same, New: same, Others: []state.ServingPair{other}}}
	if got := s.Access(); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}
