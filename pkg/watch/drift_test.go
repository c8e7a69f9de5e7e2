package watch_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
)

// Every interval each volume is looked at, and drift is mended. Where there is
// none, nothing is written and nothing said.
func TestDriftIsRepaired(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.after(10 * time.Minute).expect("5m0s observe gv0\n10m0s observe gv0")
		w.volume("gv0").drift("/alpha")
		w.after(10 * time.Minute).expect(`
			15m0s observe gv0
			15m0s apply gv0: set-perm /alpha
			20m0s observe gv0`)
	})
}

// Each step says whether the files or somebody else has asked for it, and whether a
// directory is made that had been there.
func TestWhatIsMendedSaysSo(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.steps = nil
		v := w.volume("gv0")
		told := func(want ...string) {
			t.Helper()
			synctest.Wait()
			if !slices.Equal(w.steps, want) {
				t.Errorf("got %q, want %q", w.steps, want)
			}
			w.steps = nil
		}
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		told("content: serve ", "content: make-dir alpha", "content: serve ")
		v.drift("/alpha")
		w.after(5 * time.Minute)
		told("drift: set-perm alpha")
		v.dirs["/alpha"] = state.Dir{}
		w.after(5 * time.Minute)
		told("drift: make-dir alpha, made anew")

		v.dirs["/alpha"] = state.Dir{}
		w.look(desired("gv0", "alpha", "beta"))
		w.after(time.Second)
		told("content: make-dir alpha, made anew", "content: make-dir beta", "content: serve ")

		// The daemon itself has taken it.
		w.look(absent(desired("gv0", "alpha", "beta"), "beta", state.Trash))
		w.after(time.Second)
		told("content: serve ", "content: retire beta")
		w.look(desired("gv0", "alpha", "beta"))
		w.after(time.Second)
		told("content: make-dir beta", "content: serve ")

		// What could not be looked at is not gone.
		v.unread = errDown
		w.after(5 * time.Minute)
		v.unread = nil
		v.dirs["/beta"] = state.Dir{}
		w.after(5 * time.Minute)
		told("drift: make-dir beta, made anew")
	})
}

// Drift that is only reported is told once, until it is another one or gone. New
// content is carried out all the same.
func TestDriftIsReported(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Report}, func(w *world) {
		w.look(desired("gv0", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.volume("gv0").drift("/alpha")
		w.after(10 * time.Minute).expect(`
			5m0s observe gv0
			5m0s gv0 is drifted: set-perm /alpha "mode 0700" -> "mode 0755"
			10m0s observe gv0`)
		w.volume("gv0").dirs["/alpha"] = state.Dir{}
		w.after(5 * time.Minute).expect(`
			15m0s observe gv0
			15m0s gv0 is drifted: make-dir /alpha "" -> "mode 0755"`)
		w.look(desired("gv0", "alpha"))
		w.expect(`
			15m1s took 1
			15m1s observe gv0
			15m1s apply gv0: make-dir /alpha
			15m1s gv0 is in sync`)
	})
}

// A word to look now makes every volume due, whatever it waits for.
func TestLookNow(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.look(desired("gv0", "alpha"), desired("gv1", "alpha"))
		w.after(time.Second)
		w.log = nil
		w.volume("gv0").drift("/alpha")
		w.now <- struct{}{}
		w.expect(`
			1s hastened
			1s observe gv0
			1s apply gv0: set-perm /alpha
			1s observe gv1`)
	})
}

// A directory goes when the content says so anew, to the trash also where it is to
// be deleted for good. One that is there again later is only told of.
func TestDirectoriesGoAfterNewContent(t *testing.T) {
	for _, how := range []state.OnDelete{state.Trash, state.Purge} {
		run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
			v := w.volume("gv0")
			all := desired("gv0", "alpha", "beta", "gamma")
			w.look(all)
			w.after(time.Second)
			w.log = nil
			w.look(absent(all, "alpha", how))
			w.expect("1s took 1\n1s observe gv0\n1s apply gv0: serve, retire /alpha by trash")

			v.dirs["/alpha"] = state.Dir{Kind: state.Directory}
			w.after(5 * time.Minute).expect(`
				5m1s observe gv0
				5m1s gv0 is withheld: f:2: /alpha should be absent, and is there; it goes when the state files change, or by apply, run by hand`)
			v.drift("/beta")
			w.after(5 * time.Minute).expect("10m1s observe gv0\n10m1s apply gv0: set-perm /beta")
			w.look(absent(all, "alpha", how))
			w.expect(`
				10m1s took 1
				10m1s observe gv0
				10m1s apply gv0: retire /alpha by trash
				10m1s gv0 is in sync`)
		})
	}
}

// A removal that fails stays due until it gets through.
func TestRemovalStaysDue(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Report}, func(w *world) {
		v := w.volume("gv0")
		all := desired("gv0", "alpha", "beta", "gamma")
		w.look(all)
		w.after(time.Second)
		w.log = nil
		v.unsure = errDown
		w.look(absent(all, "alpha", state.Trash))
		w.expect(`
			1s took 1
			1s observe gv0
			1s apply gv0: serve, retire /alpha by trash
			1s close gv0
			1s gv0 is failed: glusterd is down`)
		v.unsure = nil
		w.after(5 * time.Second).expect(`
			6s open gv0
			6s observe gv0
			6s apply gv0: serve, retire /alpha by trash
			6s gv0 is in sync`)
	})
}

// A directory that was gone once, and is there again, does not go with the one that
// it lies in either.
func TestOuterDirectoryWaits(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		all := desired("gv0", "teams", "teams/alpha", "beta", "gamma")
		w.look(all)
		w.after(time.Second)
		delete(v.dirs, "/teams/alpha")
		w.log = nil
		v.unsure = errDown
		w.look(absent(absent(all, "teams", state.Trash), "teams/alpha", state.Trash))
		w.after(time.Second)
		v.unsure = nil
		v.dirs["/teams/alpha"] = state.Dir{Kind: state.Directory}
		w.log = nil
		w.after(time.Minute)
		if got := strings.Join(w.log, "\n"); strings.Contains(got, "retire") || !strings.Contains(got, "/teams should be absent, and is there") {
			t.Errorf("got\n%s", got)
		}
	})
}

// What a share retains is not told of.
func TestRetainedDirectoryStays(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		all := desired("gv0", "alpha", "beta", "gamma")
		w.look(all)
		w.after(time.Second)
		w.log = nil
		w.look(absent(all, "alpha", state.Retain))
		w.expect("1s took 1\n1s observe gv0\n1s apply gv0: serve")
		w.after(5 * time.Minute).expect("5m1s observe gv0")
	})
}

// A purge that was broken off is gone on with by nobody but a person.
func TestPurgeIsLeftToAPerson(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		w.volume("gv0").left = []string{"id"}
		w.look(absent(desired("gv0", "alpha"), "alpha", state.Purge))
		w.after(6 * time.Minute).expect(`
			0s took 1
			0s open gv0
			0s observe gv0
			0s gv0 is withheld: f:2: /alpha was purged, and part of it is still in the trash; apply, run by hand, goes on with that
			5m0s observe gv0`)
	})
}

// A directory is taken once for each content, also while something else keeps that
// from getting through.
func TestDirectoryIsTakenOnce(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		all := absent(absent(desired("gv0", "alpha", "beta", "gamma", "delta"), "alpha", state.Trash), "delta", state.Trash)
		v.dirs["/alpha"] = state.Dir{Kind: state.Directory}
		v.dirs["/beta"] = state.Dir{Kind: state.NotADirectory, What: "a file"}
		w.look(all)
		w.after(time.Second)
		w.log = nil
		v.dirs["/alpha"] = state.Dir{Kind: state.Directory}
		v.dirs["/delta"] = state.Dir{Kind: state.Directory}
		w.after(5 * time.Minute).expect(`
			5m0s observe gv0
			5m0s gv0 is held: the share beta is held: a file is in the way at /beta: move it aside, or give the share another name; f:5: /delta should be absent, and is there; it goes when the state files change, or by apply, run by hand; f:2: /alpha should be absent, and is there; it goes when the state files change, or by apply, run by hand`)
		w.look(all)
		w.expect(`
			5m1s took 1
			5m1s observe gv0
			5m1s apply gv0: retire /delta by trash, retire /alpha by trash
			5m1s gv0 is held: the share beta is held: a file is in the way at /beta: move it aside, or give the share another name`)
	})
}

// A volume that was not looked into yet has no directories that were seen to be gone.
func TestDirectoryGoesAfterAProblem(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Repair}, func(w *world) {
		v := w.volume("gv0")
		v.dirs["/alpha"] = state.Dir{Kind: state.Directory}
		v.actual.Volume.Started = false
		w.look(absent(desired("gv0", "alpha", "beta"), "alpha", state.Trash))
		w.after(time.Second)
		w.log, v.actual.Volume.Started = nil, true
		w.after(5 * time.Minute).expect(`
			5m0s observe gv0
			5m0s apply gv0: serve, make-dir /beta, serve, retire /alpha by trash
			5m0s gv0 is in sync`)
	})
}

// What is in the way of a share does not make the content new for ever: drift is
// still only reported.
func TestDriftBesideAHeldShareIsReported(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Report}, func(w *world) {
		v := w.volume("gv0")
		v.dirs["/beta"] = state.Dir{Kind: state.NotADirectory, What: "a file"}
		w.look(desired("gv0", "alpha", "beta"))
		w.after(time.Second)
		w.log = nil
		v.drift("/alpha")
		w.after(5 * time.Minute).expect(`
			5m0s observe gv0
			5m0s gv0 is drifted: the share beta is held: a file is in the way at /beta: move it aside, or give the share another name; set-perm /alpha "mode 0700" -> "mode 0755"`)
	})
}

// Content that was away for a while, or bad, is not new when it is as it was before:
// an orchestrator that takes the file away and brings it back has asked for nothing.
func TestContentThatComesBackIsNotNew(t *testing.T) {
	run(t, watch.Options{OnDrift: watch.Report}, func(w *world) {
		w.look(absent(desired("gv0", "alpha", "beta"), "alpha", state.Trash))
		w.after(time.Second)
		w.log = nil
		w.volume("gv0").dirs["/alpha"] = state.Dir{Kind: state.Directory}
		w.volume("gv0").drift("/beta")
		w.looks <- files.Look{Err: errors.New("no such file")}
		w.looks <- w.last
		w.expect("1s refused: no such file\n1s took 1")
		w.after(5 * time.Minute).expect(`
			5m0s observe gv0
			5m0s gv0 is drifted: f:2: /alpha should be absent, and is there; it goes when the state files change, or by apply, run by hand; set-perm /beta "mode 0700" -> "mode 0755"`)
	})
}
