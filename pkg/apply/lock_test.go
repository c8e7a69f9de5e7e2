package apply_test

import (
	"testing"

	"glusterd-shares/pkg/state"
)

// A lock can be lost without a word: nothing is written after that.
func TestLockIsLost(t *testing.T) {
	play(t, []scene{
		{
			name: "before the first write", desired: "a: 10.0.0.2", actual: served, faults: []*fault{fails("held", 1)},
			log: "lock\nobserve\nnot held\nunlock", steps: "not started: " + narrowed, err: "it went wrong", is: errFault,
		},
		{
			name: "between two writes", desired: "a: 10.0.0.1", actual: fresh, faults: []*fault{fails("held", 2)},
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				mkdir /a
				observe
				not held
				unlock`,
			steps: `
				done: serve export-volumes=off
				done: mkdir /a
				not started: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1`,
			err: "it went wrong", is: errFault,
		},
		{
			name: "its file is replaced, and access is only taken away", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults:  []*fault{fails("held", 1).with(state.ErrNoLock)},
			log:     "lock\nobserve\nnot held\n" + narrowed + "\nobserve\nunlock",
			steps:   "done: " + narrowed,
			remarks: []string{"went on without the volume's lock, since access is only taken away: the volume can't be locked"},
		},
		{
			name: "its file is replaced, and somebody is let in", desired: "a: 10.0.0.2 10.0.0.3", actual: served,
			faults: []*fault{fails("held", 1).with(state.ErrNoLock)},
			log:    "lock\nobserve\nnot held\nunlock",
			steps:  "not started: serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31",
			err:    "the volume can't be locked", is: state.ErrNoLock,
		},
	})
}

// with gives the fault another error.
func (b *fault) with(err error) *fault {
	b.err = err
	return b
}

// inPart is a call of which a part alone is done.
func (b *fault) inPart() *fault {
	b.half = true
	return b
}

const (
	wentOn   = "went on under another lock from what was found: the volume's lock was lost"
	grantedB = "serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.1)"
)

// Where the lock goes with the connection, the run takes another one and goes on, as
// long as nobody else has changed anything.
func TestGoesOnUnderAnotherLock(t *testing.T) {
	play(t, []scene{
		{
			name: "nothing was in hand", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults:  []*fault{fails("held", 1).with(state.ErrLockLost)},
			log:     "lock\nobserve\nnot held\nunlock\nlock\nobserve\n" + narrowed + "\nobserve\nunlock",
			steps:   "done: " + narrowed,
			remarks: []string{wentOn},
		},
		{
			name: "a write that was made", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults:  []*fault{cut("serve", 1, true)},
			log:     "lock\nobserve\n" + narrowed + "\nobserve\nnot held\nunlock\nlock\nobserve\n" + narrowed + "\nobserve\nunlock",
			steps:   "done: " + narrowed,
			remarks: []string{wentOn},
		},
		{
			name: "a write that was not made", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults:  []*fault{cut("serve", 1, false)},
			log:     "lock\nobserve\n" + narrowed + "\nobserve\nnot held\nunlock\nlock\nobserve\n" + narrowed + "\nobserve\nunlock",
			steps:   "done: " + narrowed,
			remarks: []string{wentOn},
		},
		{
			name: "a directory that was made", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", actual: served, ok: true,
			faults:  []*fault{cut("mkdir /b", 1, true)},
			log:     "lock\nobserve\nmkdir /b\nnot held\nunlock\nlock\nobserve\n" + grantedB + "\nobserve\nunlock",
			steps:   "done: mkdir /b\ndone: " + grantedB,
			remarks: []string{wentOn},
		},
		{
			name: "a directory that was made and has no mode yet", desired: "a: 10.0.0.1 10.0.0.2\nb mode=0700: 10.0.0.1", actual: served, ok: true,
			faults:  []*fault{cut("mkdir /b", 1, true).inPart()},
			log:     "lock\nobserve\nmkdir /b 0700\nnot held\nunlock\nlock\nobserve\nsetperm /b 0700\nobserve\n" + grantedB + "\nobserve\nunlock",
			steps:   "done: mkdir /b 0700\ndone: setperm /b 0700\ndone: " + grantedB,
			remarks: []string{wentOn},
		},
		{
			name: "a directory that was not made", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", actual: served, ok: true,
			faults:  []*fault{cut("mkdir /b", 1, false)},
			log:     "lock\nobserve\nmkdir /b\nnot held\nunlock\nlock\nobserve\nmkdir /b\nobserve\n" + grantedB + "\nobserve\nunlock",
			steps:   "done: mkdir /b\ndone: " + grantedB,
			remarks: []string{wentOn},
		},
		{
			name: "another run has changed something meanwhile", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", actual: served,
			faults: []*fault{cut("mkdir /b", 1, true), meanwhile("lock", 2, set("export-dir=/a(10.0.0.7)"))},
			log:    "lock\nobserve\nmkdir /b\nnot held\nunlock\nlock\nobserve\nunlock",
			steps:  "done: mkdir /b\nnot started: serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.1)",
			err:    "the volume was changed while this run had no lock; before that: the volume's lock was lost",
		},
		{
			name: "there is no other lock to be had", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{cut("serve", 1, true), fails("lock", 2)},
			log:    "lock\nobserve\n" + narrowed + "\nobserve\nnot held\nunlock\nlock",
			steps:  "unknown: " + narrowed,
			err:    "it went wrong; before that: the volume's lock was lost", is: errFault,
		},
		{
			name: "the lock is lost again and again", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{fails("held", 0).with(state.ErrLockLost)},
			log: `
				lock
				observe
				not held
				unlock
				lock
				observe
				not held
				unlock
				lock
				observe
				not held
				unlock
				lock
				observe
				not held
				unlock`,
			steps:   "not started: " + narrowed,
			remarks: []string{wentOn},
			err:     "the volume's lock was lost", is: state.ErrLockLost,
		},
		{
			name: "what goes is left to the next run", desired: "a absent=purge:", actual: closed,
			faults: []*fault{cut("retire", 1, false)},
			log:    "lock\nobserve\nretire /a purge\nobserve\nnot held\nunlock",
			steps:  "unknown: retire /a purge",
			held:   map[string]string{"a": "it is not known whether the change was made"},
		},
	})
}
