package status_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

func addresses(words string) state.Set {
	var out []netip.Prefix
	for w := range strings.FieldsSeq(words) {
		out = append(out, netip.MustParsePrefix(w))
	}
	return state.SetOf(out...)
}

func pos(line int) state.Pos { return state.Pos{File: "state.yaml", Line: line} }

// declared is a volume of shares, each with a client of its own: 10.0.0.1/32 for
// the first.
func declared(names ...string) state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "g1", Volume: "gv0"}, Serve: gnfs.Name, Undeclared: state.Keep, Pos: pos(1), Path: "volumes[0]",
	}
	for i, n := range names {
		word := fmt.Sprintf("10.0.0.%d/32", i+1)
		v.Shares = append(v.Shares, state.Share{
			Name: n, Pos: pos(i + 2), Path: fmt.Sprintf("volumes[0].shares[%d]", i),
			Access: []state.Rule{{Word: word, To: addresses(word), Level: state.ReadWrite}},
		})
	}
	return v
}

// found is a cluster on which the volume is what is declared.
func found(v state.Volume) state.Actual {
	a := state.Actual{
		Volume: state.VolumeInfo{Name: "gv0", ID: "id-of-gv0", Started: true},
		Peers:  []state.Peer{{ID: "n1", Host: "g1", Connected: true}},
		Server: state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: "n1", Host: "g1", Online: true, PID: 1}}},
		Dirs:   map[string]state.Dir{},
	}
	var entries, gate []string
	for i, s := range v.Shares {
		a.Dirs[s.Dir()] = state.Dir{Kind: state.Directory, Mode: 0o755}
		entries = append(entries, fmt.Sprintf("%s(10.0.0.%d)", s.Dir(), i+1))
		gate = append(gate, fmt.Sprintf("10.0.0.%d", i+1))
	}
	serve(&a, strings.Join(entries, ","), strings.Join(gate, ","))
	return a
}

// serve sets what decides who may mount what.
func serve(a *state.Actual, entries, gate string) {
	a.Serving = gnfs.Server{}.Decode(map[string]map[string]string{"gv0": {
		"nfs.disable": "off", "nfs.export-volumes": "off", "nfs.export-dir": entries, "nfs.rpc-auth-allow": gate,
	}}, nil)[0]
}

func of(v state.Volume, a state.Actual) status.Volume {
	return status.Of(diff.Compute(v, a, gnfs.Server{}), a)
}

// TestStates has a row for each way in which a share is not what is declared.
func TestStates(t *testing.T) {
	tests := []struct {
		name string
		make func(s *state.Share, d *state.Dir, a *state.Actual)
		want status.State
		how  []status.Drift
	}{
		{"as declared", func(*state.Share, *state.Dir, *state.Actual) {}, status.InSync, nil},
		{"mode", func(s *state.Share, _ *state.Dir, _ *state.Actual) { s.Mode = state.Mode{Bits: 0o700, Managed: true} },
			status.Drifted, []status.Drift{status.Mode}},
		{"owner and group", func(s *state.Share, _ *state.Dir, a *state.Actual) {
			s.Owner, s.Group = "alice", "staff"
			a.Owners, a.Groups = map[string]uint32{"alice": 7}, map[string]uint32{"staff": 8}
		}, status.Drifted, []status.Drift{status.Owner, status.Group}},
		{"size", func(s *state.Share, _ *state.Dir, a *state.Actual) {
			s.Size = state.Size{Bytes: 1000, Managed: true}
			a.Quota = state.Quota{On: true, Usage: map[string]state.Usage{"/a": {Limit: 900}}}
		}, status.Drifted, []status.Drift{status.Size}},
		{"access, and mode", func(s *state.Share, d *state.Dir, a *state.Actual) {
			s.Mode, d.Mode = state.Mode{Bits: 0o755, Managed: true}, 0o777
			serve(a, "/a(10.0.0.9)", "10.0.0.9")
		}, status.Drifted, []status.Drift{status.Mode, status.Access}},
		{"missing", func(_ *state.Share, d *state.Dir, _ *state.Actual) { *d = state.Dir{} }, status.Missing, []status.Drift{status.Directory}},
		{"held", func(_ *state.Share, d *state.Dir, _ *state.Actual) { d.Held = "no space" }, status.Held, nil},
		{"in the way", func(_ *state.Share, d *state.Dir, _ *state.Actual) {
			*d = state.Dir{Kind: state.NotADirectory, What: "a symlink"}
		}, status.Held, nil},
		{"an unknown owner, and the mode", func(s *state.Share, _ *state.Dir, _ *state.Actual) {
			s.Owner, s.OwnerPos = "nobody-knows", pos(2)
			s.Mode = state.Mode{Bits: 0o700, Managed: true}
		}, status.Problem, []status.Drift{status.Mode}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := declared("a", "ab")
			a := found(v)
			d := a.Dirs["/a"]
			tt.make(&v.Shares[0], &d, &a)
			if a.Dirs["/a"] = d; a.Serving.Exports[0].Clients.Empty() {
				t.Fatal("the case has nobody")
			}
			got := of(v, a)
			if s := got.Shares[0]; s.State != tt.want || !slices.Equal(s.Drift, tt.how) {
				t.Errorf("%s %q, want %s %q", s.State, s.Drift, tt.want, tt.how)
			}
			if got.InSync != (tt.want == status.InSync || tt.want == status.Held) {
				t.Errorf("the volume is in sync: %v", got.InSync)
			}
		})
	}
}

// A problem is of the share at its own place in its own file.
func TestProblemsOfShares(t *testing.T) {
	v := declared("a", "b")
	v.Shares[1].Path, v.Shares[1].Pos.File = v.Shares[0].Path, "other.yaml"
	v.Shares[1].Owner, v.Shares[1].OwnerPos = "nobody-knows", state.Pos{File: "other.yaml", Line: 1}
	a := found(v)
	got := of(v, a)
	if got.Shares[0].State != status.InSync || got.Shares[1].State != status.Problem {
		t.Errorf("a %s, b %s", got.Shares[0].State, got.Shares[1].State)
	}
}

// What is not known is never 0 bytes.
func TestUse(t *testing.T) {
	v := declared("a", "gone")
	usage := map[string]state.Usage{"/a": {Used: 5, Limit: 7}}
	for _, tt := range []struct {
		name    string
		quota   state.Quota
		a, gone status.Use
	}{
		{"off", state.Quota{}, status.Use{Measure: status.NotCounted}, status.Use{Measure: status.Nothing}},
		{"on", state.Quota{On: true, Usage: usage}, status.Use{Measure: status.Counted, Used: 5, Limit: 7}, status.Use{Measure: status.Nothing}},
		{"unread", state.Quota{On: true, UsageUnread: "quotad is gone"}, status.Use{Measure: status.Unmeasured}, status.Use{Measure: status.Nothing}},
		{"not listed", state.Quota{On: true, Usage: map[string]state.Usage{}}, status.Use{Measure: status.Unmeasured}, status.Use{Measure: status.Nothing}},
	} {
		a := found(v)
		a.Dirs["/gone"], a.Quota = state.Dir{}, tt.quota
		got := of(v, a)
		if got.Shares[0].Use != tt.a || got.Shares[1].Use != tt.gone {
			t.Errorf("%s: %+v, %+v", tt.name, got.Shares[0].Use, got.Shares[1].Use)
		}
		if got.Whole() != (tt.quota.UsageUnread == "") {
			t.Errorf("%s: whole is %v", tt.name, got.Whole())
		}
	}
}

// Clients are those who may mount a share now, also where others are declared.
func TestClients(t *testing.T) {
	v := declared("a")
	a := found(v)
	serve(&a, "/a(10.0.0.9)", "10.0.0.9")
	if got := of(v, a).Shares[0]; !got.Clients.RW.Equal(addresses("10.0.0.9/32")) || got.State != status.Drifted {
		t.Errorf("%+v", got)
	}
}

// Whoever may mount the volume whole may use each of its shares, which is as much
// drift of the share as an entry of its own.
func TestServedWhole(t *testing.T) {
	v := declared("a", "b")
	a := found(v)
	a.Serving = gnfs.Server{}.Decode(map[string]map[string]string{"gv0": {
		"nfs.disable": "off", "nfs.export-volumes": "on", "nfs.export-dir": "/a(10.0.0.1),/b(10.0.0.2)", "nfs.rpc-auth-allow": "10.0.0.1,10.0.0.2,10.0.0.3",
	}}, nil)[0]
	for _, s := range of(v, a).Shares {
		if want := addresses("10.0.0.1/32 10.0.0.2/31"); !s.Clients.RW.Equal(want) || !slices.Equal(s.Drift, []status.Drift{status.Access}) {
			t.Errorf("%s: %v may mount it, want %v; it drifts by %q", s.Name, s.Clients.RW, want, s.Drift)
		}
	}
	whole := status.Exported(v, a.Serving)
	if len(whole) != 1 || !whole[0].Whole || whole[0].Path != "/" || !whole[0].Clients.RW.Equal(addresses("10.0.0.1/32 10.0.0.2/31")) {
		t.Errorf("undeclared is %+v", whole)
	}
}

// Where the server is dead nobody can mount a share, whatever is set for it.
func TestDeadServer(t *testing.T) {
	v := declared("a")
	dead, unbuilt := found(v), found(v)
	dead.Server.Nodes[0].Online = false
	unbuilt.Server = state.ServerStatus{}
	for name, a := range map[string]state.Actual{"dead": dead, "not built": unbuilt} {
		if s := of(v, a).Shares[0]; s.State != status.Problem {
			t.Errorf("%s: the share is %s", name, s.State)
		}
	}
}

// An undeclared export that lies in a share's directory, or the other way round, is
// told with the share.
func TestNear(t *testing.T) {
	v := declared("a/b", "ab", "c")
	a := found(v)
	serve(&a, "/a/b(10.0.0.1),/ab(10.0.0.2),/c(10.0.0.3),/c/x/y(10.0.0.3),/a(10.0.0.1),/cx(10.0.0.1)", "10.0.0.1,10.0.0.2,10.0.0.3")
	got := map[string][]string{}
	for _, e := range status.Exported(v, a.Serving) {
		got[e.Path] = e.Near
	}
	equal(t, "near", map[string][]string{"/c/x/y": {"c"}, "/a": {"a/b"}, "/cx": nil}, got)
}

// What is undeclared is told whole where it is asked for, and what of it a run
// would change always.
func TestUndeclared(t *testing.T) {
	v := declared("a")
	a := found(v)
	serve(&a, "/a(10.0.0.1),/old(10.0.0.5),/bare(10.0.0.1)", "10.0.0.1,10.0.0.5")
	strays := &state.Strays{
		Dirs:   []string{"/old", "/tmp"},
		Limits: map[string]state.Usage{"/old": {Used: 3, Limit: 4}, "/deep/er": {Limit: 9}},
		More:   []string{"/"}, LimitsUnknown: "no", Unread: []state.Unread{{What: "/x", Why: "y"}},
	}
	asked, old, bare := status.Use{Measure: status.NotAsked}, addresses("10.0.0.5/32"), addresses("10.0.0.1/32")
	clients := func(s state.Set) status.Clients { return status.Clients{Access: state.Access{RW: s}} }
	all := []status.Entry{
		{Path: "/bare", Export: true, Use: asked, Clients: clients(bare), Fate: status.Stays},
		{Path: "/deep/er", Use: status.Use{Measure: status.Counted, Limit: 9}, Fate: status.Stays},
		{Path: "/old", Directory: true, Export: true, Use: status.Use{Measure: status.Counted, Used: 3, Limit: 4}, Clients: clients(old), Fate: status.Stays},
		{Path: "/tmp", Directory: true, Use: asked, Fate: status.Stays},
	}
	a.Quota = state.Quota{On: true, Usage: map[string]state.Usage{"/a": {}}}
	equal(t, "not asked for", []status.Entry(nil), of(v, a).Undeclared)
	a.Strays = strays
	got := of(v, a)
	equal(t, "all", all, got.Undeclared)
	if !got.All || got.Whole() || !got.InSync || got.LimitsUnknown != "no" || len(got.More) != 1 {
		t.Errorf("%+v", got)
	}

	v.Undeclared = state.Revoke
	for i := range all {
		if all[i].Export {
			all[i].Fate = status.Goes
		}
	}
	got = of(v, a)
	equal(t, "all, revoked", all, got.Undeclared)
	if got.InSync || !slices.Contains(got.Options, "nfs.export-dir") {
		t.Errorf("in sync: %v, options %q", got.InSync, got.Options)
	}
	a.Strays = nil
	drifted := []status.Entry{all[0], all[2]}
	drifted[1].Directory, drifted[1].Use = false, asked
	equal(t, "only what drifts", drifted, of(v, a).Undeclared)
}

func equal(t *testing.T, name string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// A volume that can't be read, or of which nothing could be planned, still has
// all of its shares.
func TestNotRead(t *testing.T) {
	v := declared("a", "b")
	stopped := found(v)
	stopped.Volume.Started = false
	for name, got := range map[string]status.Volume{
		"stopped": of(v, stopped), "unread": status.NotRead(v, errors.New("no answer")),
	} {
		if got.Whole() || got.InSync || len(got.Shares) != 2 || got.Shares[1].State != status.Unknown || got.Shares[1].Path != "/b" {
			t.Errorf("%s: %+v", name, got)
		}
		if (got.Error == "") == (len(got.Problems) == 0) {
			t.Errorf("%s: error %q and problems %v", name, got.Error, got.Problems)
		}
	}
}

// Of another volume only that is told which a run would change.
func TestOtherVolumes(t *testing.T) {
	admits := func(path, who string) state.Export {
		return state.Export{Path: path, Entry: path + "(...)", Clients: state.Access{RW: addresses(who)}}
	}
	gv0, whole := state.Serving{Volume: "gv0"}, admits("/", "10.5.0.0/16")
	stays := admits("/home", "10.0.0.1/32")
	gv1 := state.ServingPair{
		Old: state.Serving{Volume: "gv1", Exports: []state.Export{whole, stays}},
		New: state.Serving{Volume: "gv1", Exports: []state.Export{stays}},
	}
	p := diff.Plan{
		Volume: declared(), Before: gv0, After: gv0,
		Actions: []diff.Action{diff.Serve{Stage: diff.Global, ServingChange: state.ServingChange{Old: gv0, New: gv0, Others: []state.ServingPair{gv1}}}},
	}
	got := status.Of(p, state.Actual{Strays: &state.Strays{}})
	equal(t, "undeclared", []status.Entry{{
		Volume: "gv1", Path: "/", Export: true, Fate: status.Goes,
		Use: status.Use{Measure: status.NotAsked}, Clients: status.Clients{Access: whole.Clients},
	}}, got.Undeclared)
}
