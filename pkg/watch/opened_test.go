package watch_test

import (
	"maps"
	"net/netip"
	"strings"
	"testing"
	"time"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// set sets options of the volume by hand; an empty value takes one away. Those of
// another volume, if one is named, are as given.
func (v *volume) set(options map[string]string, other string, others map[string]string) {
	all := maps.Clone(v.actual.Serving.Settings)
	for option, value := range options {
		if all[option] = value; value == "" {
			delete(all, option)
		}
	}
	settings := map[string]map[string]string{v.name: all}
	if other != "" {
		settings[other] = others
	}
	v.actual.Others = nil
	for _, s := range (gnfs.Server{}).Decode(settings, nil) {
		if s.Volume == v.name {
			v.actual.Serving = s
			v.actual.Server.Nodes = nil
			if s.On {
				v.actual.Server.Nodes = []state.ServerNode{{Peer: "p", Host: "n1", Online: true}}
			}
		} else {
			v.actual.Others = append(v.actual.Others, s)
		}
	}
}

// closed is the volume with nobody let in anywhere.
func closed(v state.Volume) state.Volume {
	v.Shares = append([]state.Share{}, v.Shares...)
	for i := range v.Shares {
		v.Shares[i].Access = nil
	}
	return v
}

const everywhere = "/alpha(0.0.0.0/1|128.0.0.0/1),/beta(10.0.0.0/8),/gamma(10.0.0.0/8)"

// What was opened by hand is closed again, however much it is: the guard is there for
// what new content takes away.
func TestOpenedByHandIsClosed(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		w.look(closed(desired("gv0", "alpha", "beta", "gamma")))
		w.after(time.Second)
		v.set(map[string]string{"nfs.disable": "off", "nfs.export-dir": everywhere, "nfs.rpc-auth-allow": "*"}, "", nil)
		w.log = nil
		w.after(5 * time.Minute).expect(`
			5m0s observe gv0
			5m0s apply gv0: serve, serve`)
		if !nobody(v.actual.Serving) {
			t.Errorf("somebody is let in: %+v", v.actual.Serving.Exports)
		}
	})
}

func nobody(s state.Serving) bool {
	for _, e := range s.Exports {
		if e.Open() {
			return false
		}
	}
	return true
}

// A volume that is served whole by hand, with all entries gone, is drift, and not as its
// clients have always had it; so is another one that is open by the same option.
func TestServedWholeByHandIsClosed(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		gv1 := map[string]string{"nfs.disable": "off", "nfs.export-volumes": "off", "nfs.export-dir": "/x(10.0.0.5)", "nfs.rpc-auth-allow": "10.0.0.5"}
		v.set(nil, "gv1", gv1)
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		gv1["nfs.export-volumes"] = "on"
		v.set(map[string]string{"nfs.export-volumes": "on", "nfs.export-dir": "", "nfs.rpc-auth-allow": ""}, "gv1", gv1)
		w.log = nil
		w.after(5 * time.Minute)
		if a, _ := v.actual.Serving.At("/"); !a.Empty() {
			t.Errorf("the volume can still be mounted whole, by %v: %q", a, w.log)
		}
		if a, _ := v.actual.Serving.At("/alpha"); a.RW.String() != "10.0.0.1" {
			t.Errorf("/alpha admits %v", a.RW)
		}
	})
}

// While content waits for a person nobody is let in whom neither it nor the one before
// lets in, and nothing else is done.
func TestRefusedContentStaysClosed(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		w.look(desired("gv0", "alpha", "beta", "gamma"))
		w.after(time.Second)
		w.log = nil
		v.drift("/beta")
		w.look(closed(desired("gv0", "alpha", "beta", "gamma")))
		w.expect(`
			1s took 1
			1s observe gv0
			1s gv0 is refused: n1:/gv0: 3 of 3 exports would lose every client that they have now: /alpha, /beta, /gamma; if that is meant, run apply with --allow-mass-revoke`)
		v.set(map[string]string{"nfs.export-dir": everywhere, "nfs.rpc-auth-allow": "*"}, "", nil)
		w.after(5 * time.Minute).expect(`
			5m1s observe gv0
			5m1s apply gv0: serve`)
		if got := w.steps[len(w.steps)-1]; got != "drift: serve " {
			t.Errorf("it is told as %q", got)
		}
		for _, dir := range []string{"/alpha", "/beta", "/gamma"} {
			if a, _ := v.actual.Serving.At(dir); a.RW.String() != "10.0.0.1" {
				t.Errorf("%s admits %v", dir, a.RW)
			}
		}
		if v.dirs["/beta"].Mode != 0o700 {
			t.Error("a directory was changed")
		}

		// Who has to go by hand stays away: the content before would let him in.
		v.set(map[string]string{"nfs.export-dir": "/beta(10.0.0.1),/gamma(10.0.0.1)"}, "", nil)
		w.after(5 * time.Minute).expect("10m1s observe gv0\n10m1s gv0 is refused: n1:/gv0: 2 of 2 exports would lose every client that they have now: /beta, /gamma; if that is meant, run apply with --allow-mass-revoke")
	})
}

// refusedAndOpened is a volume whose content is refused, and that was opened by hand.
func refusedAndOpened(w *world) *volume {
	v := w.volume("gv0")
	w.look(desired("gv0", "alpha", "beta", "gamma"))
	w.after(time.Second)
	w.look(closed(desired("gv0", "alpha", "beta", "gamma")))
	w.after(time.Second)
	v.set(map[string]string{"nfs.export-dir": everywhere, "nfs.rpc-auth-allow": "*"}, "", nil)
	w.log = nil
	return v
}

// A person may do what is waited for while the daemon waits for the lock. It doesn't
// let in again whom it saw before that.
func TestWhoWasShutOutMeanwhileStaysOut(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := refusedAndOpened(w)
		v.meanwhile = func() {
			v.set(map[string]string{"nfs.export-dir": "/.glusterd-shares/closed(0.0.0.0)", "nfs.rpc-auth-allow": "0.0.0.0"}, "", nil)
		}
		w.after(5*time.Minute + 10*time.Second)
		if !nobody(v.actual.Serving) {
			t.Errorf("somebody was let in: %+v\n%q", v.actual.Serving.Exports, w.log)
		}
		if last := w.log[len(w.log)-1]; !strings.HasSuffix(last, "gv0 is in sync") {
			t.Errorf("%q", w.log)
		}
	})
}

// That somebody can't be shut out is told, and tried again soon.
func TestClosingThatFailsIsTold(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := refusedAndOpened(w)
		v.unsure = errDown
		w.after(5 * time.Minute)
		if last := w.log[len(w.log)-1]; !strings.Contains(last, "gv0 is refused: ") || !strings.HasSuffix(last, errDown.Error()) {
			t.Errorf("%q", w.log)
		}
		v.unsure, w.log = nil, nil
		w.after(6 * time.Second)
		if a, _ := v.actual.Serving.At("/beta"); a.RW.String() != "10.0.0.1" {
			t.Errorf("/beta admits %v: %q", a.RW, w.log)
		}
	})
}

// Where something is in the way of that, it is told that it stays open.
func TestWhatCantBeClosedIsTold(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := refusedAndOpened(w)
		v.set(map[string]string{"nfs.exports-auth-enable": "on"}, "", nil)
		w.after(6 * time.Minute)
		if last := w.log[len(w.log)-1]; !strings.Contains(last, "gv0 is refused: ") || !strings.Contains(last, "; what was opened by hand stays open: f:1: volumes[0].target: nfs.exports-auth-enable is on in gv0") {
			t.Errorf("%q", w.log)
		}
	})
}

// Content that got through in part has let clients in. That the next one is refused,
// which takes them all away, is no reason to take them away as opened by hand.
func TestWhatGotThroughInPartStays(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		none := closed(desired("gv0", "alpha", "beta", "gamma"))
		w.look(none)
		w.after(time.Second)
		v.unverified = errDown
		w.look(desired("gv0", "alpha", "beta", "gamma"))
		w.after(time.Second)
		v.unverified, w.log = nil, nil
		w.look(none)
		w.after(6 * time.Minute)
		if a, _ := v.actual.Serving.At("/alpha"); a.RW.String() != "10.0.0.1" || !strings.Contains(w.log[len(w.log)-1], "observe gv0") {
			t.Errorf("/alpha admits %v: %q", a.RW, w.log)
		}
	})
}

// Whom the content before has kept, since it did not declare the directory, is no more
// opened by hand than whom it lets in: new content that declares it is what waits.
func TestKeptExportStaysWhileContentIsRefused(t *testing.T) {
	for undeclared, want := range map[state.Undeclared]string{state.Keep: "10.0.0.1", state.Revoke: "nobody"} {
		run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
			v := w.volume("gv0")
			v.dirs["/delta"] = state.Dir{Kind: state.Directory, Mode: 0o755}
			before := desired("gv0", "alpha", "beta", "gamma")
			before.Undeclared = undeclared
			w.look(before)
			w.after(time.Second)
			v.set(map[string]string{"nfs.export-dir": "/alpha(10.0.0.1),/beta(10.0.0.1),/gamma(10.0.0.1),/delta(10.0.0.1)"}, "", nil)
			w.look(closed(desired("gv0", "alpha", "beta", "gamma", "delta")))
			w.after(6 * time.Minute)
			if a, _ := v.actual.Serving.At("/delta"); a.RW.String() != want {
				t.Errorf("%s: /delta admits %v: %q", undeclared, a.RW, w.log)
			}
		})
	}
}

// Whom the new content lets in, and somebody has let in by hand already, stays as well as
// whom the content before lets in.
func TestWhomRefusedContentLetsInStays(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		w.look(desired("gv0", "alpha", "beta", "gamma", "delta"))
		w.after(time.Second)
		next := closed(desired("gv0", "alpha", "beta", "gamma", "delta"))
		next.Shares[0].Access = []state.Rule{{Word: "10.0.0.2", To: state.SetOf(netip.MustParsePrefix("10.0.0.2/32")), Level: state.ReadWrite}}
		w.look(next)
		w.after(time.Second)
		v.set(map[string]string{"nfs.export-dir": everywhere + ",/delta(10.0.0.0/8)", "nfs.rpc-auth-allow": "*"}, "", nil)
		w.after(6 * time.Minute)
		if a, _ := v.actual.Serving.At("/alpha"); a.RW.String() != "10.0.0.1, 10.0.0.2" || !strings.Contains(w.log[len(w.log)-1], "is refused") {
			t.Errorf("/alpha admits %v: %q", a.RW, w.log)
		}
	})
}

// What no share of either content declares is closed where both would revoke it, as it
// would be were nothing refused, and stays where one of both keeps it.
func TestUndeclaredOpenedWhileContentIsRefused(t *testing.T) {
	for _, test := range []struct{ before, next state.Undeclared }{
		{state.Revoke, state.Revoke}, {state.Revoke, state.Keep}, {state.Keep, state.Revoke}, {state.Keep, state.Keep},
	} {
		run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
			v := w.volume("gv0")
			before, next := desired("gv0", "alpha", "beta", "gamma"), closed(desired("gv0", "alpha", "beta", "gamma"))
			before.Undeclared, next.Undeclared = test.before, test.next
			w.look(before)
			w.after(time.Second)
			w.look(next)
			w.after(time.Second)
			v.set(map[string]string{"nfs.export-dir": "/alpha(10.0.0.1),/beta(10.0.0.1),/gamma(10.0.0.1),/x(10.0.0.1),/y,/beta/..(10.0.0.1)"}, "", nil)
			w.after(6 * time.Minute)
			revoked := test.before == state.Revoke && test.next == state.Revoke
			for _, dir := range []string{"/x", "/y", "/"} { // the last one by way of /beta/..
				if a, _ := v.actual.Serving.At(dir); a.Empty() != revoked {
					t.Errorf("%s, then %s: %s admits %v: %q", test.before, test.next, dir, a.RW, w.log)
				}
			}
			if a, _ := v.actual.Serving.At("/beta"); a.RW.String() != "10.0.0.1" {
				t.Errorf("%s, then %s: /beta admits %v", test.before, test.next, a.RW)
			}
			if last := w.log[len(w.log)-1]; revoked && strings.Contains(last, "/x") {
				t.Errorf("%s, then %s: what is left to a person is told as %q", test.before, test.next, last)
			}
		})
	}
}

// A share whose block is gone in the new content is still whose the content before says,
// unless the new one keeps what it does not declare.
func TestDeletedBlockStaysAsItWasWhileContentIsRefused(t *testing.T) {
	for undeclared, want := range map[state.Undeclared]string{state.Keep: "10.0.0.0/8", state.Revoke: "10.0.0.1"} {
		run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
			v := w.volume("gv0")
			w.look(absent(desired("gv0", "alpha", "beta", "gamma", "delta"), "delta", state.Retain))
			w.after(time.Second)
			next := closed(desired("gv0", "alpha"))
			next.Undeclared = undeclared
			w.look(next)
			w.after(time.Second)
			v.set(map[string]string{"nfs.export-dir": everywhere + ",/delta(10.0.0.1)", "nfs.rpc-auth-allow": "10.0.0.0/8"}, "", nil)
			v.dirs["/gamma"] = state.Dir{}
			w.after(6 * time.Minute)
			for _, dir := range []string{"/beta", "/gamma"} {
				if a, _ := v.actual.Serving.At(dir); a.RW.String() != want {
					t.Errorf("%s: %s admits %v: %q", undeclared, dir, a.RW, w.log)
				}
			}
			if a, _ := v.actual.Serving.At("/delta"); a.Empty() != (undeclared == state.Revoke) {
				t.Errorf("%s: /delta admits %v: %q", undeclared, a.RW, w.log)
			}
			if v.dirs["/gamma"].Kind == state.Directory {
				t.Error("a directory was made")
			}
		})
	}
}

// A volume that was made anew is another one, whatever its name: what it serves was
// never seen before, and its clients are not shut out by the way.
func TestVolumeMadeAnewIsNotTakenOver(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		v.actual.Volume.ID, v.dirs, w.log = "another", map[string]state.Dir{}, nil
		v.set(map[string]string{"nfs.disable": "off", "nfs.export-volumes": "on", "nfs.export-dir": "", "nfs.rpc-auth-allow": ""}, "", nil)
		w.after(5 * time.Minute)
		if a, _ := v.actual.Serving.At("/"); a.Empty() {
			t.Errorf("its clients were shut out: %q", w.log)
		}
		if len(w.log) != 2 || !strings.Contains(w.log[1], "gv0 is refused: ") || !strings.Contains(w.log[1], "served whole") {
			t.Errorf("%q", w.log)
		}
	})
}

// Where drift is only reported nothing is closed either.
func TestRefusedContentIsOnlyReported(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Report}, func(w *world) {
		v := w.volume("gv0")
		w.look(desired("gv0", "alpha", "beta", "gamma"))
		w.after(time.Second)
		w.look(closed(desired("gv0", "alpha", "beta", "gamma")))
		w.after(time.Second)
		v.set(map[string]string{"nfs.export-dir": everywhere, "nfs.rpc-auth-allow": "*"}, "", nil)
		w.log = nil
		w.after(5 * time.Minute).expect("5m1s observe gv0")
	})
}

// An option that shuts a client out is in the way of a plan, and is no reason to take
// the client's entry away as well.
func TestRejectedClientsKeepTheirEntry(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil
		v.set(map[string]string{"nfs.rpc-auth-reject": "10.0.0.1"}, "", nil)
		w.after(5 * time.Minute)
		if len(w.log) != 2 || !strings.Contains(w.log[1], "gv0 is refused") {
			t.Errorf("%q", w.log)
		}
	})
}
