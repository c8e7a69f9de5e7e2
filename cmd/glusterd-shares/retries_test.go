package main

import (
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// That a transaction is in progress is only one of the reasons for which gluster is
// asked again: where a brick is down, glusterd can't make the mount by which it lists
// limits, and no other transaction is there to be looked for.
func TestRetriesSayWhatMayBe(t *testing.T) {
	var said strings.Builder
	a := &app{std: stdio{err: &said}}
	tell := a.retries(state.Target{Host: "g1", Volume: "gv0"})
	busy := gluster.Command{Verb: "volume quota list", Result: gluster.Busy}
	if tell(busy); said.Len() > 0 {
		t.Errorf("the first try says %q", &said)
	}
	busy.Again = true
	tell(busy)
	tell(busy)
	const want = "g1:/gv0: glusterd is busy, or can't mount the volume now: asking again\n"
	if said.String() != want {
		t.Errorf("it says %q, and not once %q", &said, want)
	}
}
