package main

import (
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Two targets with one volume behind them are told, but not on top of what is
// wrong with one of them anyway: that it is not of this machine, for one.
func TestRefuseSameVolume(t *testing.T) {
	of := func(host, id string, unplanned bool) *job {
		v := state.Volume{Target: state.Target{Host: host, Volume: "gv0"}}
		return &job{volume: v, plan: diff.Plan{Volume: v, Found: state.VolumeInfo{ID: id}, Unplanned: unplanned}}
	}
	for _, test := range []struct {
		name   string
		second *job
		told   bool
	}{
		{"the same", of("g2", "one", false), true},
		{"another", of("g2", "two", false), false},
		{"the same, seen from elsewhere", of("g2", "one", true), false},
		{"missing", of("g2", "", true), false},
	} {
		s := &session{jobs: []*job{of("g1", "one", false), test.second}}
		s.refuseSameVolume(t.Context())
		p := test.second.plan.Problems
		if told := len(p) == 1 && strings.Contains(p[0].Text, "g2:/gv0 is the same volume as g1:/gv0"); told != test.told {
			t.Errorf("%s: %v", test.name, p)
		}
		if first := s.jobs[0].plan.Problems; len(first) > 0 {
			t.Errorf("%s: of the first: %v", test.name, first)
		}
	}
}
