package watch_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// A volume that can't be read is tried again soon, and then less and less often; it
// is opened anew each time. The others go on, and so does this one when it can be
// read again.
func TestErrorsBackOff(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		bad := w.volume("gv0")
		bad.unread = errDown
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.expect(`
			0s took 2
			0s open gv0
			0s observe gv0
			0s close gv0
			0s gv0 is failed: glusterd is down
			0s open gv1
			0s observe gv1
			0s apply gv1: serve, make-dir /alpha, serve
			0s gv1 is in sync`)
		var tries []time.Duration
		for at := 5 * time.Second; len(tries) < 9; at += min(5*time.Second<<len(tries), 5*time.Minute) {
			tries = append(tries, at)
		}
		for _, at := range tries {
			w.after(at - time.Since(w.start) - time.Millisecond)
			w.log = nil
			if w.after(time.Millisecond); len(w.log) == 0 || w.log[0] != at.String()+" open gv0" {
				t.Errorf("at %v: %v", at, w.log)
			}
		}
		bad.unread = nil
		w.now <- struct{}{}
		w.after(time.Second)
		bad.unread, w.log = errDown, nil
		w.after(5*time.Minute + 3*time.Second)
		again := tries[8] + 5*time.Minute
		if !slices.Contains(w.log, again.String()+" gv0 is failed: glusterd is down") {
			t.Errorf("want an error at %v: %v", again, w.log)
		}
		w.log = nil
		w.after(time.Second)
		if want := (again + 5*time.Second).String() + " open gv0"; !slices.Contains(w.log, want) {
			t.Errorf("the success before did not make the wait short again: %v", w.log)
		}
	})
}

// A guard's no is told once, and the volume waits; the others go on. When it was done
// by hand, the volume is well again.
func TestRefusalIsToldOnce(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		two := desired("gv0", "alpha", "beta")
		w.look(two, desired("gv1", "alpha"))
		w.after(time.Second)
		w.log = nil
		closed := desired("gv0", "alpha", "beta")
		closed.Shares[0].Access, closed.Shares[1].Access = nil, nil
		w.look(closed, desired("gv1", "alpha", "beta"))
		w.expect(`
			1s took 2
			1s observe gv0
			1s gv0 is refused: n1:/gv0: 2 of 2 exports would lose every client that they have now: /alpha, /beta; if that is meant, run apply with --allow-mass-revoke
			1s observe gv1
			1s apply gv1: make-dir /beta, serve`)
		w.after(10 * time.Minute).expect(`
			5m1s observe gv0
			5m1s observe gv1
			10m1s observe gv0
			10m1s observe gv1`)
		w.volume("gv0").actual.Serving = w.volume("gv2").actual.Serving
		w.volume("gv0").actual.Serving.Volume = "gv0"
		w.look(closed)
		w.after(time.Second)
		if last := w.log[len(w.log)-1]; last != "10m1s gv0 is in sync" {
			t.Errorf("got %q", w.log)
		}
	})
}

// A problem is a refusal of its own.
func TestProblemIsToldOnce(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").actual.Volume.Started = false
		w.look(desired("gv0", "alpha"))
		w.after(6 * time.Minute).expect(`
			0s took 1
			0s open gv0
			0s observe gv0
			0s gv0 is refused: f:1: volumes[0].target: the volume gv0 is not started; start it: gluster volume start gv0
			5m0s observe gv0`)
		w.volume("gv0").actual.Volume.Started = true
		w.after(5 * time.Minute).expect(`
			10m0s observe gv0
			10m0s apply gv0: serve, make-dir /alpha, serve
			10m0s gv0 is in sync`)
	})
}

// What is in the way of a share holds it back; to try again soon helps nothing.
func TestHeldShareWaits(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").dirs["/alpha"] = state.Dir{Kind: state.NotADirectory, What: "a file"}
		w.look(desired("gv0", "alpha", "beta"))
		w.after(6 * time.Minute).expect(`
			0s took 1
			0s open gv0
			0s observe gv0
			0s apply gv0: serve, make-dir /beta, serve
			0s gv0 is held: the share alpha is held: a file is in the way at /alpha: move it aside, or give the share another name
			5m0s observe gv0`)
	})
}

// The step in hand is finished when the end comes, and everything is let go of.
func TestEndDuringAnApply(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		v.takes = 5 * time.Second
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.after(time.Second)
		w.stop(nil)
		if err := <-w.ended; err != nil || !v.finished || time.Since(w.start) != 5*time.Second {
			t.Errorf("after %v: %v, finished %v", time.Since(w.start), err, v.finished)
		}
		w.expect(`
			0s took 2
			0s open gv0
			0s observe gv0
			0s apply gv0: serve, make-dir /alpha, serve
			5s close gv0`)
	})
}

// A step that takes longer than the grace is left behind, and that is said.
func TestEndDoesNotWaitForever(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").takes = time.Hour
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.stop(nil)
		if err := <-w.ended; !errors.Is(err, watch.ErrAbandoned) || time.Since(w.start) != 9*time.Second {
			t.Errorf("after %v: %v", time.Since(w.start), err)
		}
		w.after(2 * time.Hour)
	})
}

// Where there is nothing under way, the end comes at once.
func TestEndAtRest(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.stop(nil)
		if err := <-w.ended; err != nil || time.Since(w.start) != 0 {
			t.Errorf("after %v: %v", time.Since(w.start), err)
		}
	})
}
