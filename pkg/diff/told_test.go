package diff_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"glusterd-shares/pkg/state"
)

// glusterd sees of every write of a plan that the server's volfile changes, and
// so tells the server.
func TestWritesAreNoticed(t *testing.T) {
	checked := 0
	for seed := range uint64(500) {
		d := dice{rand.New(rand.NewPCG(seed, 7))}
		w := d.world(true)
		for range 4 {
			p := compute(w)
			if len(p.Problems) > 0 {
				break
			}
			server, now := judge(settingsOf(w.actual)), settingsOf(w.actual)
			for _, s := range p.Serves() {
				now = now.after(s.ServingChange)
				if err := server.Reload(now.config()); err != nil {
					t.Fatalf("seed %d: %v: %s", seed, err, tell(w))
				}
				if got, want := toldOf(told(server)), toldOf(now); !maps.Equal(got, want) {
					t.Fatalf("seed %d: after the write %s the server was told %v, not %v: %s", seed, s.Stage, got, want, tell(w))
				}
				checked++
			}
			w = w.after(p)
			w.volume = d.volume()
		}
	}
	if checked < 1000 {
		t.Errorf("only %d writes were judged", checked)
	}
}

// after are the settings after a change.
func (s settings) after(c state.ServingChange) settings {
	out := maps.Clone(s)
	for _, setting := range c.Settings() {
		out = out.with(append(setting.Others, c.New.Volume), map[string]string{setting.Key: setting.New})
	}
	return out
}

// Where the server goes by other exports or another gate than those that are
// set, the plan starts from what it goes by: it tells the server what is
// declared, and lets nobody in on the way whom neither that nor the declared
// state lets in.
func TestUntold(t *testing.T) {
	checked := 0
	for seed := range uint64(1000) {
		d := dice{rand.New(rand.NewPCG(seed, 8))}
		w, before := d.untold()
		p := compute(w)
		if len(p.Problems) > 0 || !w.actual.Serving.On {
			continue
		}
		checked++
		next := w.after(p)
		if again := compute(next); !again.Empty() || len(next.actual.Serving.Untold) > 0 {
			t.Fatalf("seed %d: there is still something to do: %s", seed, tell(next))
		}
		after := settingsOf(next.actual)
		probes := probesOf(before, settingsOf(w.actual), after)
		server, now := judge(before), settingsOf(w.actual)
		for _, s := range p.Serves() {
			now = now.after(s.ServingChange)
			if err := server.Reload(now.config()); err != nil {
				t.Fatal(err)
			}
			if more := reachBy(server, probes).beyond(reachOf(before, probes), reachOf(after, probes)); more != "" {
				t.Fatalf("seed %d: after %s %s may mount who could not before and can't afterwards: %s", seed, s.Stage, more, tell(w))
			}
		}
		if len(p.Serves()) == 0 { // it goes by the same in other words
			got, want := reachBy(server, probes), reachOf(after, probes)
			if more, less := got.beyond(want), want.beyond(got); more != "" || less != "" {
				t.Fatalf("seed %d: the server lets in %s, and not %s: %s", seed, more, less, tell(w))
			}
		} else if got, want := toldOf(told(server)), toldOf(after); !maps.Equal(got, want) {
			t.Fatalf("seed %d: the server was told %v, not %v: %s", seed, got, want, tell(w))
		}
	}
	if checked < 300 {
		t.Errorf("only %d plans had no problem: the worlds are too odd to prove anything", checked)
	}
}

// untold makes a world whose server goes by other exports of gv0, another gate,
// or both, and gives what it goes by.
func (d dice) untold() (world, settings) {
	w := d.world(true)
	set := settingsOf(w.actual)
	instead := map[string]string{}
	if d.one(2) {
		instead["nfs.export-dir"] = d.exportDir()
	}
	if len(instead) == 0 || d.one(2) {
		instead["nfs.rpc-auth-allow"] = d.gate("*", "10.0.0.*")
	}
	by := set.with([]string{"gv0"}, instead)
	w.actual.Serving, w.actual.Others, w.actual.Server.Nodes = state.Serving{}, nil, nil
	w.actual = observed(w.actual, set, toldOf(by), true)
	return w, by
}
