package diff_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// dice makes worlds in which few directories, addresses and spellings meet
// often.
type dice struct{ *rand.Rand }

func (d dice) pick(from ...string) string { return from[d.IntN(len(from))] }

// one reports true once in n.
func (d dice) one(n int) bool { return d.IntN(n) == 0 }

func (d dice) volume() state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "localhost", Volume: "gv0"}, Serve: gnfs.Name, Undeclared: state.Keep,
		Pos: state.Pos{File: "random"}, Path: "volumes[0]",
	}
	if d.one(3) {
		v.Undeclared = state.Revoke
	}
	for _, name := range []string{"beta", "alpha", "teams/alpha", "alpha/sub"} {
		if d.one(2) {
			v.Shares = append(v.Shares, d.share(name))
		}
	}
	d.retire(v.Shares)
	return v
}

// retire makes some of the shares absent, as a state file may: what lies in one
// that goes has to go as well.
func (d dice) retire(shares []state.Share) {
	for i, s := range shares {
		outer := slices.IndexFunc(shares, func(o state.Share) bool { return o.Absent && strings.HasPrefix(s.Name, o.Name+"/") })
		if !d.one(6) && outer < 0 {
			continue
		}
		s = state.Share{Name: s.Name, Absent: true, OnDelete: state.OnDelete(d.pick("trash", "retain", "purge"))}
		if outer >= 0 && s.OnDelete == state.Retain {
			s.OnDelete = state.Trash
		}
		shares[i] = s
	}
}

func (d dice) share(name string) state.Share {
	s := state.Share{Name: name}
	for range d.IntN(4) {
		s.Access = append(s.Access, d.rule())
	}
	if d.one(4) {
		s.Mode = state.Mode{Bits: 0o2770, Managed: true}
	}
	if d.one(3) {
		s.Size = state.Size{Bytes: uint64(d.IntN(3)) << 30, Managed: true}
	}
	return s
}

func (d dice) rule() state.Rule {
	word := d.pick("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5", "10.0.0.8", "10.0.0.0/30", "10.0.0.2/31", "10.0.0.4/30", "group")
	if d.one(12) {
		word = "any"
	}
	r := state.Rule{Word: word, Level: state.ReadWrite}
	if word != "group" {
		r.To = setOf(word)
	}
	return r
}

func (d dice) options(managed bool) settings {
	s := settings{"gv0": d.optionsOf()}
	for _, v := range []string{"gu", "gv1"} {
		if d.one(2) {
			s[v] = d.optionsOf()
		}
	}
	for _, options := range s {
		if !managed && d.one(8) {
			delete(options, "nfs.export-volumes")
		} else if managed || !d.one(8) {
			options["nfs.export-volumes"] = d.pick("off", "off", "OFF", "0")
		} else {
			options["nfs.export-volumes"] = d.pick("on", "1")
		}
	}
	return s
}

func (d dice) optionsOf() map[string]string {
	o := map[string]string{"nfs.disable": d.pick("off", "off", "on", "0")}
	if d.one(6) {
		delete(o, "nfs.disable")
	}
	if !d.one(4) {
		o["nfs.export-dir"] = d.exportDir()
	}
	if !d.one(3) {
		o["nfs.rpc-auth-allow"] = d.gate("*", "*", "10.0.0.*", "10.0.0.[1-5]", "0.0.0.0/1,128.0.0.0/1", "10.*.*.[35]")
	}
	if d.one(10) {
		o["nfs.rpc-auth-reject"] = d.gate("10.0.0.[35]", "10.0.0.1/32", "all", "10.0.0.8")
	}
	if d.one(12) {
		o["nfs.export-dirs"] = d.pick("off", "on")
	}
	if d.one(20) {
		o["nfs.addr-namelookup"] = d.pick("off", "on", "on")
	}
	return o
}

func (d dice) gate(more ...string) string {
	var items []string
	for range 1 + d.IntN(3) {
		items = append(items, d.pick(append(more, "10.0.0.1", "10.0.0.2", "10.0.0.0/29", "10.0.0.4/30", "10.0.0.3/32", "c1", "10.0.0.6/", "0.0.0.0")...))
	}
	return strings.Join(items, ",")
}

func (d dice) exportDir() string {
	var entries []string
	for range 1 + d.IntN(4) {
		entries = append(entries, d.entry())
	}
	return strings.Join(entries, ",")
}

func (d dice) entry() string {
	path := d.pick("/alpha", "/alpha", "/beta", "/alpha/sub", "/teams/alpha", "/legacy", "/legacy", "/other")
	if d.one(10) {
		path = d.pick("/alpha/", "/legacy/", "/alpha/.", "/legacy/..", "/alpha/sub/..", "/", "/.glusterd-shares/closed")
	}
	clients := d.pick("(10.0.0.1)", "(10.0.0.1|10.0.0.2)", "(10.0.0.0/29)", "(10.0.0.5)", "(10.0.0.4/30", "(10.0.0.2|10.0.0.8)x")
	if d.one(5) {
		clients = d.pick("", "()", "(c1)", "(10.1|c2)", "(|)", "(0.0.0.0)", "(10.0.0.3/32)", "(10.0.0.0/0)", "(0.0.0.0/1|128.0.0.0/1)")
	}
	if d.one(40) {
		clients = d.pick("(bad_host)", "(10.0.0.*|10.0.0.1)", "(/)")
	}
	return path + clients
}

func (d dice) world(managed bool) world {
	w := world{volume: d.volume()}
	w.actual = state.Actual{
		Volume: state.VolumeInfo{Name: "gv0", ID: "id", Started: true},
		Peers:  []state.Peer{{ID: "id-of-n1", Host: "n1", Connected: true}},
		Server: state.ServerStatus{Built: true},
	}
	w.actual = observed(w.actual, d.options(managed), nil, true)
	return d.look(w)
}

// look adds what is read of the shares of the world as they are now.
func (d dice) look(w world) world {
	w.actual.Dirs = d.dirs()
	w.actual.Quota = d.quota(w.volume)
	left := map[string][]string{}
	if d.one(4) {
		left["/alpha"] = []string{"20261125T162030Z-alpha-abcdefgh"}
	}
	for _, s := range w.volume.Shares {
		if s.OnDelete != state.Purge {
			delete(left, s.Dir())
		}
	}
	w.actual.Leaving = leaving(w.volume, w.actual.Dirs, left)
	return w
}

// quota is what is read of limits for the volume.
func (d dice) quota(v state.Volume) state.Quota {
	q := state.Quota{On: d.one(2)}
	for _, s := range v.Shares {
		if q.On && (s.Size.Managed || s.Leaves()) {
			q.Usage = map[string]state.Usage{}
		}
	}
	for _, s := range v.Shares {
		if q.On && (s.Size.Managed || s.Leaves()) && !d.one(5) {
			q.Usage[s.Dir()] = state.Usage{Limit: uint64(d.IntN(3)) << 30, Used: uint64(d.IntN(3)) << 29}
			q.Limited = append(q.Limited, s.Dir())
		}
	}
	return q
}

func (d dice) dirs() map[string]state.Dir {
	out := map[string]state.Dir{}
	for _, dir := range dirs[1:] {
		s := state.Dir{Kind: state.Directory, Mode: 0o755}
		if d.one(5) {
			s = state.Dir{}
		}
		if d.one(15) {
			s.Held = "held"
		}
		if d.one(15) {
			s.Kind, s.What = state.NotADirectory, "a symlink"
		}
		out[dir] = s
	}
	return out
}

// lawful checks the laws where the plan can be carried out, and tells whether
// it can.
func lawful(t *testing.T, w world) bool {
	if len(compute(w).Problems) > 0 {
		return false
	}
	checkLaws(t, w)
	return true
}

// TestLaws checks every law of a plan over random worlds: first as they come,
// then over what a first plan has left behind, with other wishes.
func TestLaws(t *testing.T) {
	checked := 0
	for seed := range uint64(500) {
		d := dice{rand.New(rand.NewPCG(seed, 5))}
		w := d.world(d.one(2))
		for range 3 {
			if !lawful(t, w) {
				break
			}
			checked++
			if t.Failed() {
				t.Fatalf("seed %d: %s", seed, tell(w))
			}
			w = w.after(compute(w))
			w.volume = d.volume()
			w = d.look(w)
		}
	}
	t.Logf("%d plans checked", checked)
	if checked < 800 {
		t.Errorf("only %d plans had no problem: the worlds are too odd to prove anything", checked)
	}
}

// tell shows a world, to find out why a law doesn't hold in it.
func tell(w world) string {
	var b strings.Builder
	fmt.Fprintf(&b, "undeclared %s\n", w.volume.Undeclared)
	for _, s := range w.volume.Shares {
		fmt.Fprintf(&b, "share %s %v, held %q\n", s.Name, s.Clients().RW, w.actual.Dirs[s.Dir()].Held)
	}
	all := settingsOf(w.actual)
	for _, volume := range slices.Sorted(maps.Keys(all)) {
		for _, key := range slices.Sorted(maps.Keys(all[volume])) {
			fmt.Fprintf(&b, "%s %s %s\n", volume, key, all[volume][key])
		}
	}
	return b.String() + describe(compute(w))
}

// Taking clients away, by a rule or by all of a share's, lets nobody in
// anywhere.
func TestTakingAwayLetsNobodyIn(t *testing.T) {
	checked := 0
	for seed := range uint64(500) {
		d := dice{rand.New(rand.NewPCG(seed, 6))}
		w := d.world(d.one(2)).withoutHeld()
		p := compute(w)
		if len(p.Problems) > 0 || len(w.volume.Shares) == 0 {
			continue
		}
		w = w.after(p)
		before := settingsOf(w.actual)
		w.volume = d.takeAway(w.volume)
		p = compute(w)
		if len(p.Problems) > 0 && looksUp(before) {
			continue // a gate of addresses is refused there
		}
		if len(p.Problems) > 0 {
			t.Fatalf("seed %d: taking away is refused: %s", seed, tell(w))
		}
		after := settingsOf(w.after(p).actual)
		probes := probesOf(before, after)
		if more := reachOf(after, probes).beyond(reachOf(before, probes)); more != "" {
			t.Fatalf("seed %d: lets in %s: %s", seed, more, tell(w))
		}
		if !p.OnlyNarrows() && !makesDirs(p) {
			t.Fatalf("seed %d: OnlyNarrows doesn't say so: %s", seed, tell(w))
		}
		checked++
	}
	if checked < 300 {
		t.Errorf("only %d plans had no problem: the worlds are too odd to prove anything", checked)
	}
}

// withoutHeld is the world at the beginning of a run that nothing stands in the
// way of: a share is held in the run that failed with its directory, and no
// longer.
func (w world) withoutHeld() world {
	for path, d := range w.actual.Dirs {
		if d.Held = ""; d.Kind == state.NotADirectory {
			d = state.Dir{}
		}
		w.actual.Dirs[path] = d
	}
	return w
}

func makesDirs(p diff.Plan) bool { return len(p.Serves()) < len(p.Actions) }

// takeAway removes a rule, a share's rules, or a share.
func (d dice) takeAway(v state.Volume) state.Volume {
	shares := append([]state.Share(nil), v.Shares...)
	i := d.IntN(len(shares))
	rules := shares[i].Access
	switch {
	case d.one(4):
		shares = append(shares[:i], shares[i+1:]...)
	case d.one(3) || len(rules) == 0:
		shares[i].Access = nil
	default:
		j := d.IntN(len(rules))
		shares[i].Access = append(append([]state.Rule(nil), rules[:j]...), rules[j+1:]...)
	}
	v.Shares = shares
	return v
}
