package watch_test

import (
	"errors"
	"testing"
	"time"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
)

// New content is carried out at once. Where it says the same as before, the volume
// is only looked at. What is open stays open.
func TestContentIsCarriedOut(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.look(desired("gv0", "alpha"))
		w.expect(`
			0s took 1
			0s open gv0
			0s observe gv0
			0s apply gv0: serve, make-dir /alpha, serve
			0s gv0 is in sync`)
		w.after(time.Second).look(desired("gv0", "alpha"))
		w.expect("1s took 1\n1s observe gv0")
		w.after(time.Second).look(desired("gv0", "alpha", "beta"))
		w.expect("2s took 1\n2s observe gv0\n2s apply gv0: make-dir /beta, serve")
	})
}

// Bad content changes nothing, also where it says nothing at all: what was desired
// before still is.
func TestBadContentKeepsTheState(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.looks <- files.Look{Err: errors.New("f:1: not a state")}
		w.expect("0s refused: f:1: not a state")
		w.after(time.Hour).expect("")
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil

		w.looks <- files.Look{Err: errors.New("f:1: worse")}
		w.looks <- files.Look{}
		w.taken = errors.New("no such target")
		w.look(desired("gv0"))
		w.expect(`
			1h0m1s refused: f:1: worse
			1h0m1s refused: there is no volume in it
			1h0m1s refused: no such target`)
		w.volume("gv0").drift("/alpha")
		w.after(5 * time.Minute).expect("1h5m0s observe gv0\n1h5m0s apply gv0: set-perm /alpha")
		w.taken = nil
		w.look(desired("gv0", "beta"))
		w.expect("1h5m1s took 1\n1h5m1s observe gv0\n1h5m1s apply gv0: make-dir /beta, serve")
	})
}

// A volume of which the content says nothing any more stays as it is.
func TestVolumeIsDropped(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.look(desired("gv1", "alpha"))
		w.expect("1s took 1\n1s close gv0\n1s dropped gv0\n1s observe gv1")
		w.after(5 * time.Minute).expect("5m1s observe gv1")
	})
}

// Where volumes are mounted is part of how they are opened.
func TestMountPointBaseOpensAnew(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.looks <- files.Look{Desired: state.Desired{MountPointBase: "/mnt", Volumes: []state.Volume{desired("gv0", "alpha")}}}
		w.expect("1s took 1\n1s close gv0\n1s open gv0\n1s observe gv0")
	})
}

// An apply that is under way is finished; of what came meanwhile the newest is
// carried out, and nothing else.
func TestNewestContentWins(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").takes = 10 * time.Second
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.after(time.Second)
		go w.look(desired("gv0", "beta"), desired("gv1", "beta"))
		w.after(time.Second)
		go w.look(desired("gv0", "gamma"), desired("gv1", "gamma"))
		w.after(7 * time.Second).expect(`
			0s took 2
			0s open gv0
			0s observe gv0
			0s apply gv0: serve, make-dir /alpha, serve`)
		w.after(time.Minute).expect(`
			10s gv0 is in sync
			10s took 2
			10s took 2
			10s observe gv0
			10s apply gv0: make-dir /gamma, serve
			20s open gv1
			20s observe gv1
			20s apply gv1: serve, make-dir /gamma, serve
			20s gv1 is in sync`)
	})
}

// What stands in the way is told again of new content: else who has changed the
// file, and not mended it, would take the silence for success.
func TestNewContentIsAnswered(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").actual.Volume.Started = false
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.look(desired("gv0", "alpha", "beta"))
		w.expect(`
			1s took 1
			1s observe gv0
			1s gv0 is refused: f:1: volumes[0].target: the volume gv0 is not started; start it: gluster volume start gv0`)
	})
}

// Of the volumes that are due together, those that could not be read last time come
// last: it may take minutes to see that they still can't.
func TestTheHealthyComeFirst(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").unread = errDown
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha", "beta"))
		w.after(time.Second)
		w.expect(`
			1s took 2
			1s observe gv1
			1s apply gv1: make-dir /beta, serve
			1s open gv0
			1s observe gv0
			1s close gv0
			1s gv0 is failed: glusterd is down`)
		w.now <- struct{}{}
		w.expect(`
			2s hastened
			2s observe gv1
			2s open gv0
			2s observe gv0
			2s close gv0`)
	})
}
