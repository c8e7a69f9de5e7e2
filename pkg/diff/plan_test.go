package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

func share(name string, clients ...string) state.Share {
	s := state.Share{Name: name}
	for _, c := range clients {
		s.Access = append(s.Access, state.Rule{Word: c, To: setOf(c), Level: state.ReadWrite})
	}
	return s
}

// managed is a cluster on which the shares are as they should be.
func managed(shares ...state.Share) world {
	w := world{
		volume: state.Volume{Target: state.Target{Host: "h", Volume: "gv0"}, Undeclared: state.Keep, Shares: shares},
		actual: state.Actual{
			Volume: state.VolumeInfo{Name: "gv0", ID: "id", Started: true},
			Server: state.ServerStatus{Built: true},
			Peers:  []state.Peer{{ID: "id-of-n1", Host: "n1", Connected: true}},
		},
	}
	w.actual = observed(w.actual, settings{"gv0": {"nfs.disable": "on"}}, nil, true)
	return w.after(compute(w))
}

// wanting is the world with other wishes.
func (w world) wanting(shares ...state.Share) world {
	w.volume.Shares = shares
	return w
}

func TestOnlyNarrows(t *testing.T) {
	w := managed(share("alpha", "10.0.0.1", "10.0.0.2"), share("beta", "10.0.0.3"))
	tests := []struct {
		name   string
		shares []state.Share
		want   bool
	}{
		{"nothing to do", w.volume.Shares, true},
		{"a client goes", []state.Share{share("alpha", "10.0.0.1"), share("beta", "10.0.0.3")}, true},
		{"all go", []state.Share{share("alpha"), share("beta")}, true},
		{"a client comes", []state.Share{share("alpha", "10.0.0.1", "10.0.0.2"), share("beta", "10.0.0.3", "10.0.0.4")}, false},
		{"one goes, one comes", []state.Share{share("alpha", "10.0.0.1"), share("beta", "10.0.0.3", "10.0.0.4")}, false},
		{"one moves", []state.Share{share("alpha", "10.0.0.1"), share("beta", "10.0.0.3", "10.0.0.2")}, false},
		{"one goes, a directory is made", []state.Share{share("alpha", "10.0.0.1"), share("beta", "10.0.0.3"), share("new")}, true},
		{"one goes, a directory is made for one who comes", []state.Share{share("alpha", "10.0.0.1"), share("beta", "10.0.0.3"), share("new", "10.0.0.3")}, false},
	}
	for _, test := range tests {
		if got := compute(w.wanting(test.shares...)).OnlyNarrows(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// The mark of a closed volume is nothing that anybody mounts.
func TestAccessLeavesOutTheOwnMark(t *testing.T) {
	w := managed(share("alpha", "10.0.0.1"))
	p := compute(w.wanting(share("alpha")))
	if e := p.After.Exports; len(e) != 1 || !e[0].Own {
		t.Fatalf("afterwards %v is exported", e)
	}
	if c := p.Access(); len(c) != 1 || c[0].Share != "alpha" {
		t.Errorf("the plan tells of %v", c)
	}
}

// The same input gives the same plan, and no input is written to.
func TestComputeIsPure(t *testing.T) {
	w := managed(share("alpha", "10.0.0.1"), share("teams/beta", "10.0.0.2"))
	w = w.wanting(share("teams/beta", "10.0.0.3"), share("alpha"), share("new", "any"))
	before := tell(w)
	p := compute(w)
	diff.Simulate(w.actual, p)
	if after := tell(w); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	for range 20 {
		if again := compute(w); describe(again) != describe(p) {
			t.Fatalf("first\n%s\nthen\n%s", describe(p), describe(again))
		}
	}
}

// Simulate makes of the directories what apply would.
func TestSimulateDirectories(t *testing.T) {
	a := state.Actual{Dirs: map[string]state.Dir{"/old": {Kind: state.Directory, Mode: 0o700, UID: 7, GID: 7}}}
	perm := state.Perm{Owner: state.ID{Number: 1, Managed: true}, Mode: state.Mode{Bits: 0o2770, Managed: true}}
	got := diff.Simulate(a, diff.Plan{Actions: []diff.Action{
		diff.MakeDir{Path: "/parent", Parent: true},
		diff.MakeDir{Path: "/parent/new", Perm: perm},
		diff.SetPerm{Path: "/old", New: state.Perm{Group: state.ID{Number: 2, Managed: true}}},
	}})
	want := map[string]state.Dir{
		"/parent":     {Kind: state.Directory, Mode: state.NewDirMode},
		"/parent/new": {Kind: state.Directory, Mode: 0o2770, UID: 1},
		"/old":        {Kind: state.Directory, Mode: 0o700, UID: 7, GID: 2},
	}
	for path, d := range want {
		if got.Dirs[path] != d {
			t.Errorf("%s is %+v, want %+v", path, got.Dirs[path], d)
		}
	}
	if len(a.Dirs) != 1 {
		t.Errorf("the input was written to: %v", a.Dirs)
	}
	if empty := diff.Simulate(state.Actual{}, diff.Plan{Actions: []diff.Action{diff.MakeDir{Path: "/a"}}}); len(empty.Dirs) != 1 {
		t.Errorf("from nothing: %v", empty.Dirs)
	}
}

// A volume that is served for the first time has a server afterwards, on every
// node that can be reached.
func TestSimulateStartsTheServer(t *testing.T) {
	w := managed()
	w.actual.Peers = append(w.actual.Peers, state.Peer{ID: "id-of-n2", Host: "n2"})
	w.volume.Shares = []state.Share{share("alpha", "10.0.0.1")}
	if n := w.actual.Server.Nodes; n != nil {
		t.Fatalf("before: %v", n)
	}
	after := w.after(diff.Compute(w.volume, w.actual, gnfs.Server{}))
	if n := after.actual.Server.Nodes; len(n) != 1 || n[0].Peer != "id-of-n1" || !n[0].Online {
		t.Errorf("after: %v", n)
	}
}

// A host name that comes in is somebody as well.
func TestOnlyNarrowsKnowsNames(t *testing.T) {
	for after, want := range map[string]bool{"-": true, "name": false} {
		p := planFor([]string{"-"}, []string{after})
		if got := p.OnlyNarrows(); got != want {
			t.Errorf("to %q: %v", after, got)
		}
	}
}

// The laws judge a plan after each of its writes, also where that is on one
// volume alone.
func TestMomentsAfterEachWrite(t *testing.T) {
	w := managed(share("alpha", "10.0.0.1", "10.0.0.2"))
	w = w.wanting(share("alpha", "10.0.0.1"), share("new", "10.0.0.3"))
	p := compute(w)
	var seen []string
	for _, m := range moments(settingsOf(w.actual), p) {
		seen = append(seen, m.what+": "+m.settings["gv0"]["nfs.export-dir"])
	}
	want := []string{
		"before: /alpha(10.0.0.1|10.0.0.2)",
		"write 1 (narrow) done: /alpha(10.0.0.1)",
		"write 2 (grant) done: /alpha(10.0.0.1),/new(10.0.0.3)",
	}
	if d := cmp.Diff(want, seen); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}
