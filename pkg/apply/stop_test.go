package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
)

// wantEnd checks why a run ended early: by an error that wraps the wanted one.
func wantEnd(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want one that wraps %v", got, want)
	}
}

const wholePlan = `
	not started: ` + narrowed + `
	not started: mkdir /b
	not started: mkdir /c
	not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`

// A run that is asked to stop finishes the step in hand, reads what became of
// it, and says what it did not start.
func TestStop(t *testing.T) {
	for _, c := range []struct {
		at    string // the call during which it is asked to
		nth   int
		fault fault
		log   string
		steps string
		err   error
	}{
		{at: "lock", nth: 1, log: "lock", steps: wholePlan, err: apply.ErrStopped},
		{at: "observe", nth: 1, log: "lock observe unlock", steps: wholePlan, err: apply.ErrStopped},
		{
			at: "serve", nth: 1, log: "lock observe serve observe unlock", err: apply.ErrStopped, steps: `
				done: ` + narrowed + `
				not started: mkdir /b
				not started: mkdir /c
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
		{
			at: "serve", nth: 1, fault: fault{err: state.ErrUnknownOutcome},
			log: "lock observe serve observe unlock", err: apply.ErrStopped, steps: `
				unknown: ` + narrowed + `
				not started: mkdir /b
				not started: mkdir /c
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
		{
			at: "mkdir", nth: 1, log: "lock observe serve observe mkdir unlock", err: apply.ErrStopped, steps: `
				done: ` + narrowed + `
				done: mkdir /b
				not started: mkdir /c
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
		{
			at: "mkdir", nth: 2, log: "lock observe serve observe mkdir mkdir observe unlock", err: apply.ErrStopped, steps: `
				done: ` + narrowed + `
				done: mkdir /b
				done: mkdir /c
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
		{
			at: "serve", nth: 2, log: "lock observe serve observe mkdir mkdir observe serve observe unlock", steps: `
				done: ` + narrowed + `
				done: mkdir /b
				done: mkdir /c
				done: serve export-dir=/a(10.0.0.2),/b(10.0.0.3),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
	} {
		t.Run(fmt.Sprintf("%s %d %v", c.at, c.nth, c.fault.err), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				f := newFake("a: 10.0.0.2\nb: 10.0.0.3\nc: 10.0.0.3", served)
				c.fault.on, c.fault.nth = c.at, c.nth
				c.fault.before = func(*fake) { cancel() }
				f.faults = []*fault{&c.fault}
				r := f.apply(ctx, t, apply.Options{})
				wantText(t, "log", c.log, words(f.log))
				wantText(t, "steps", c.steps, stepsText(r))
				wantEnd(t, r.Err, c.err)
				if r.OK() != (c.err == nil) {
					t.Errorf("ok: %v", r.OK())
				}
			})
		})
	}
}

func TestStopWhileWaitingForTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := newFake("a: 10.0.0.2\nb: 10.0.0.3\nc: 10.0.0.3", served)
		f.faults = []*fault{{on: "lock", held: true}}
		r := f.apply(ctx, t, apply.Options{LockTimeout: time.Minute, Waiting: func(string) { cancel() }})
		wantText(t, "log", "lock", f.logged())
		wantText(t, "steps", wholePlan, stepsText(r))
		wantEnd(t, r.Err, apply.ErrStopped)
	})
}

// The lock is waited for no longer than asked, and the user told for whom.
func TestLockTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake("a: 10.0.0.2", served)
		f.faults = []*fault{{on: "lock", held: true}}
		var holders []string
		start := time.Now()
		r := f.apply(t.Context(), t, apply.Options{
			LockTimeout: time.Minute,
			Waiting:     func(holder string) { holders = append(holders, holder) },
		})
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("waited for %v, want 1m", waited)
		}
		if !slices.Equal(holders, []string{"the other run"}) {
			t.Errorf("told of %q", holders)
		}
		wantText(t, "log", "lock", f.logged())
		wantText(t, "steps", "not started: "+narrowed, stepsText(r))
		wantEnd(t, r.Err, context.DeadlineExceeded)
		if errors.Is(r.Err, apply.ErrStopped) {
			t.Errorf("nobody asked it to stop: %v", r.Err)
		}
	})
}

// On a full volume, and where a client has put something in the lock's place,
// nobody can be let in, but access can still be taken away: also beside a
// directory, which such a client could have changed as well.
func TestNoSpaceForTheLock(t *testing.T) {
	full := func() *fault { return fails("lock", 1).with(state.ErrNoLock) }
	const remark = "went on without the volume's lock, since access is only taken away: the volume can't be locked"
	play(t, []scene{
		{
			name: "access is taken away", desired: "a: 10.0.0.2", actual: served, faults: []*fault{full()}, ok: true,
			log: `
				lock
				observe
				` + narrowed + `
				observe`,
			steps: "done: " + narrowed, remarks: []string{remark},
		},
		{
			name: "somebody is let in", desired: "a: 10.0.0.2 10.0.0.3", actual: served, faults: []*fault{full()},
			log: "lock", steps: "not started: serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31",
			err: "the volume can't be locked; until then only a plan that lets nobody in is carried out", is: state.ErrNoLock,
		},
		{
			name: "a directory is changed", desired: "a mode=0700: 10.0.0.2", actual: served, faults: []*fault{full()}, ok: true,
			log: `
				lock
				observe
				setperm /a 0700
				observe
				` + narrowed + `
				observe`,
			steps: "done: setperm /a 0700\ndone: " + narrowed, remarks: []string{remark},
		},
		{
			name: "a directory can't be made", desired: "a: 10.0.0.2\nb:", actual: served, faults: []*fault{full(), fails("mkdir", 1)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				mkdir /b
				observe`,
			steps: "done: " + narrowed + "\nfailed: mkdir /b", held: map[string]string{"b": "it went wrong"}, remarks: []string{remark},
		},
		{
			name: "it would let somebody in by now", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{full(), meanwhile("observe", 1, set("rpc-auth-allow=10.0.0.1"))},
			log:    "lock\nobserve", steps: "not started: " + narrowed, remarks: []string{remark},
			err: "access is no longer only taken away, which needs the volume's lock: the volume can't be locked", is: state.ErrNoLock,
		},
	})
}

// A lock that can't be let go of is worth a word, no more.
func TestLockNotClosed(t *testing.T) {
	play(t, []scene{{
		name: "unlock", desired: "a: 10.0.0.2", actual: served, faults: []*fault{fails("unlock", 1)}, ok: true,
		log: `
			lock
			observe
			` + narrowed + `
			observe
			unlock`,
		steps: "done: " + narrowed, remarks: []string{"the volume's lock: it went wrong"},
	}})
}
