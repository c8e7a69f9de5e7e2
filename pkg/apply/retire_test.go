package apply_test

import (
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

const (
	unexported = "serve export-dir=/.glusterd-shares/closed(0.0.0.0) rpc-auth-allow=0.0.0.0"
	another    = "its directory is not the one that the plan was made for, and stays"
)

// limited is what is served, with a limit on it.
const limited = served + "\nquota /a=1000"

// closed is what is left when only the rename is still to be done.
const closed = `
	gv0 disable=off export-volumes=off export-dir=/.glusterd-shares/closed(0.0.0.0) rpc-auth-allow=0.0.0.0
	gv1 disable=on export-volumes=off
	/a`

// What goes goes last: un-exported, its limit taken away, read, and then moved.
func TestRetire(t *testing.T) {
	play(t, []scene{
		{
			name: "to the trash", actual: limited, desired: "a absent=trash:", ok: true,
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				limits 1
				limit /a 0
				observe
				retire /a trash
				observe
				unlock`,
			steps: "done: " + unexported + "\ndone: limit /a 0\ndone: retire /a trash",
		},
		{
			name: "retained: only the export goes", actual: limited, desired: "a absent=retain:", ok: true,
			log: `
				lock
				observe
				` + unexported + `
				observe
				unlock`,
			steps: "done: " + unexported,
		},
		{
			name: "un-exported already", actual: closed, desired: "a absent=purge:", ok: true,
			log: `
				lock
				observe
				retire /a purge
				observe
				unlock`,
			steps: "done: retire /a purge",
		},
		{
			name: "each after a look of its own", allow: diff.Allow{MassRemove: true}, actual: closed + "\n/b", desired: "a absent=purge:\nb absent=purge:",
			faults: []*fault{meanwhile("retire", 1, set("export-dir=/a(10.0.0.1)", "rpc-auth-allow=10.0.0.1"))},
			log: `
				lock
				observe
				retire /b purge
				observe
				unlock`,
			steps: "done: retire /b purge\nnot started: retire /a purge\nnot started: " + unexported,
			held:  map[string]string{"a": "clients are still admitted to /a"},
		},
		{
			name: "without the lock nothing goes", actual: limited, desired: "a absent=purge:",
			faults: []*fault{fails("lock", 1).with(state.ErrNoLock)},
			log: `
				lock
				observe
				` + unexported + `
				observe`,
			steps: "done: " + unexported + "\nnot started: limit /a 0\nnot started: retire /a purge",
			err:   "no directory goes without the volume's lock: the volume can't be locked", is: state.ErrNoLock,
			remarks: []string{"went on without the volume's lock, since access is only taken away: the volume can't be locked"},
		},
		{
			name: "nor when it may be lost", actual: closed, desired: "a absent=purge:",
			faults: []*fault{fails("held", 1)},
			log:    "lock\nobserve\nnot held\nunlock",
			steps:  "not started: retire /a purge",
			err:    "it went wrong", is: errFault,
		},
		{
			name: "not un-exported: it stays", actual: served, desired: "a absent=trash:",
			faults: []*fault{fails("serve", 0)},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				unlock`,
			steps: "failed: " + unexported + "\nnot started: retire /a trash",
			err:   "it went wrong", is: errFault,
		},
		{
			name: "the limit can't be written down: it stays", actual: limited, desired: "a absent=trash:",
			faults: []*fault{fails("announce", 0)},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				announce /a
				observe
				unlock`,
			steps:   "done: " + unexported + "\nfailed: retire /a trash\nnot started: limit /a 0",
			held:    map[string]string{"a": "it went wrong"},
			remarks: []string{"that 10.0.0.1, 10.0.0.2 had access to /a could not be noted: it went wrong"},
		},
		{
			name: "who had access can't be written down: they go all the same, and of what stays it is said", actual: served, desired: "a absent=trash:",
			faults: []*fault{fails("announce", 0), fails("retire", 0)},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				retire /a trash
				observe
				unlock`,
			steps:   "done: " + unexported + "\nfailed: retire /a trash",
			held:    map[string]string{"a": "it went wrong"},
			remarks: []string{"that 10.0.0.1, 10.0.0.2 had access to /a could not be noted: it went wrong"},
		},
		{
			name: "who has to go doesn't wait for a mount that hangs", actual: crowded, desired: "a absent=trash:\nb absent=trash:\nc: 10.0.0.3", ok: true,
			allow:  diff.Allow{MassRemove: true, MassRevoke: true},
			faults: []*fault{hangs("announce", 1)},
			log: `
				lock
				observe
				announce /a
				announce /b
				observe
				serve export-dir=/c(10.0.0.3) rpc-auth-allow=10.0.0.3
				observe
				retire /b trash
				observe
				retire /a trash
				observe
				unlock`,
			steps: "done: serve export-dir=/c(10.0.0.3) rpc-auth-allow=10.0.0.3\ndone: retire /b trash\ndone: retire /a trash",
		},
		{
			name: "the limit can't be taken away: it stays", actual: limited, desired: "a absent=trash:",
			faults: []*fault{fails("limit", 0)},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				limits 1
				limit /a 0
				observe
				unlock`,
			steps: "done: " + unexported + "\nfailed: limit /a 0\nnot started: retire /a trash",
			held:  map[string]string{"a": "it went wrong"},
		},
		{
			name: "the limit is said to be taken away, and is not", actual: limited, desired: "a absent=trash:",
			faults: []*fault{ignored("limit", 0)},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				limits 1
				limit /a 0
				observe
				unlock`,
			steps: "done: " + unexported + "\nfailed: limit /a 0\nnot started: retire /a trash",
			held:  map[string]string{"a": "its limit reads back as 1000"},
		},
		{
			name: "it can't be moved", actual: closed, desired: "a absent=trash:",
			faults: []*fault{fails("retire", 0)},
			log: `
				lock
				observe
				retire /a trash
				observe
				unlock`,
			steps: "failed: retire /a trash",
			held:  map[string]string{"a": "it went wrong"},
		},
		{
			name: "nobody hears what became of it", actual: closed, desired: "a absent=trash:",
			faults: []*fault{unanswered("retire", 1)},
			log: `
				lock
				observe
				retire /a trash
				observe
				unlock`,
			steps: "unknown: retire /a trash",
			held:  map[string]string{"a": "it is not known whether the change was made"},
		},
		{
			name: "it is said to be moved, and is not", actual: closed, desired: "a absent=trash:",
			faults: []*fault{ignored("retire", 1)},
			log: `
				lock
				observe
				retire /a trash
				observe
				unlock`,
			steps: "failed: retire /a trash",
			held:  map[string]string{"a": "its directory is still there"},
		},
		{
			name: "another directory stands there since the plan", actual: closed, desired: "a absent=purge:",
			faults: []*fault{meanwhile("observe", 1, replace("/a"))},
			log: `
				lock
				observe
				unlock`,
			steps:   "not started: retire /a purge",
			held:    map[string]string{"a": another},
			remarks: []string{replanned},
		},
		{
			name: "another directory comes after the last look", actual: closed, desired: "a absent=purge:",
			faults: []*fault{meanwhile("retire", 1, replace("/a"))},
			log: `
				lock
				observe
				retire /a purge
				observe
				unlock`,
			steps: "failed: retire /a purge",
			held:  map[string]string{"a": "another directory: /a"},
		},
		{
			name: "somebody exports it again", actual: limited, desired: "a absent=trash:",
			faults: []*fault{meanwhile("limit", 1, set("export-dir=/a(10.0.0.1)", "rpc-auth-allow=10.0.0.1"))},
			log: `
				lock
				observe
				announce /a
				observe
				` + unexported + `
				observe
				limits 1
				limit /a 0
				observe
				limits 1
				limit /a 1000
				observe
				unlock`,
			steps: "done: " + unexported + "\nfailed: limit /a 0\nnot started: retire /a trash",
			held:  map[string]string{"a": "clients are still admitted to /a"},
		},
		{
			name: "it can't be moved: it gets its limit back", actual: closed + "\nquota /a=1000", desired: "a absent=trash:",
			faults: []*fault{fails("retire", 0)},
			log: `
				lock
				observe
				announce /a
				limits 1
				limit /a 0
				observe
				retire /a trash
				observe
				limits 1
				limit /a 1000
				observe
				unlock`,
			steps: "failed: limit /a 0\nfailed: retire /a trash",
			held:  map[string]string{"a": "it went wrong"},
		},
		{
			name: "and where that fails it is said", actual: closed + "\nquota /a=1000", desired: "a absent=trash:",
			faults: []*fault{fails("retire", 0), fails("limit /a 1000", 0)},
			log: `
				lock
				observe
				announce /a
				limits 1
				limit /a 0
				observe
				retire /a trash
				observe
				limits 1
				limit /a 1000
				observe
				unlock`,
			steps:   "done: limit /a 0\nfailed: retire /a trash",
			held:    map[string]string{"a": "it went wrong"},
			remarks: []string{"the limit of /a, 1000, was taken away; set it again if the directory stays: it went wrong"},
		},
		{
			name: "and where it can't be told whether it stays", actual: closed + "\nquota /a=1000", desired: "a absent=trash:",
			faults: []*fault{fails("retire", 0), fails("observe", 3), fails("observe", 3)},
			log: `
				lock
				observe
				announce /a
				limits 1
				limit /a 0
				observe
				retire /a trash
				observe
				observe
				unlock`,
			steps:   "done: limit /a 0\nfailed: retire /a trash",
			held:    map[string]string{"a": "it went wrong"},
			remarks: []string{"the limit of /a, 1000, was taken away; set it again if the directory stays: read the volume: it went wrong"},
			err:     "read the volume: it went wrong", is: errFault,
		},
		{
			name: "the one inside can't be moved: the outer one stays", allow: diff.Allow{MassRemove: true}, actual: closed + "\n/a/b", desired: "a absent=purge:\na/b absent=trash:",
			faults: []*fault{fails("retire /a/b", 0)},
			log: `
				lock
				observe
				retire /a/b trash
				observe
				unlock`,
			steps: "failed: retire /a/b trash\nnot started: retire /a purge",
			held:  map[string]string{"a/b": "it went wrong", "a": "/a/b stays: it went wrong"},
		},
		{
			name: "something comes to stand in the place of the inner one: of limits that are gone it is said", allow: diff.Allow{MassRemove: true},
			actual: closed + "\n/a/b\nquota /a=1000 /a/b=500", desired: "a absent=trash:\na/b absent=trash:",
			faults: []*fault{meanwhile("limit /a 0", 1, putSymlink("/a/b"))},
			log: `
				lock
				observe
				announce /a/b
				announce /a
				limits 2
				limit /a/b 0
				limit /a 0
				observe
				unlock`,
			steps: "done: limit /a/b 0\ndone: limit /a 0\nnot started: retire /a/b trash\nnot started: retire /a trash",
			held: map[string]string{
				"a":   "/a/b stays: a symlink is in the way at /a/b: move it aside, or write on_delete: retain",
				"a/b": "a symlink is in the way at /a/b: move it aside, or write on_delete: retain",
			},
			remarks: []string{
				"the limit of /a/b, 500, was taken away; set it again if the directory stays: a symlink is in the way at /a/b: move it aside, or write on_delete: retain",
				"the limit of /a, 1000, was taken away; set it again if the directory stays: /a/b stays: a symlink is in the way at /a/b: move it aside, or write on_delete: retain",
			},
		},
		{
			name: "broken off between rename and deletion", actual: closed, desired: "a absent=purge:",
			faults: []*fault{halfDone("retire", 1, errFault)},
			log: `
				lock
				observe
				retire /a purge
				observe
				unlock`,
			steps: "failed: retire /a purge",
			held:  map[string]string{"a": "it went wrong"},
		},
	})
}

// What was written down of directories that stay after all is cleared up by a run that
// changes something. Of a limit that the file says nothing of it is told then.
func TestForget(t *testing.T) {
	leave := func(f *fake) { f.unforgotten = []state.Limit{{Path: "/a", Bytes: 1000}} }
	const log = `
		lock
		observe
		serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
		observe
		forget
		unlock`
	const steps = "done: serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1"
	const told = "/a had the limit 1000 when a removal of it was begun; see whether it still has, or write its size"
	play(t, []scene{
		{name: "by whoever changes something", actual: served, before: leave, desired: "a: 10.0.0.1", ok: true, log: log, steps: steps, remarks: []string{told}},
		{name: "nobody has to be told of what the file says", actual: limited, before: leave, desired: "a size=1000: 10.0.0.1", ok: true, log: log, steps: steps},
		{name: "where nothing is done it stays", actual: served, before: leave, desired: "a: 10.0.0.1 10.0.0.2", ok: true},
		{
			name: "that it can't be is said, and is no failure", actual: served, before: leave, desired: "a: 10.0.0.1", ok: true, log: log, steps: steps,
			faults: []*fault{fails("forget", 1)}, remarks: []string{told, "it went wrong"},
		},
		{
			name: "without the lock it stays", actual: served, before: leave, desired: "a: 10.0.0.1", ok: true, steps: steps,
			faults:  []*fault{fails("lock", 1).with(state.ErrNoLock)},
			log:     "lock\nobserve\nserve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1\nobserve",
			remarks: []string{"went on without the volume's lock, since access is only taken away: the volume can't be locked"},
		},
	})
}

// In two parts: what goes waits, without the lock, and goes only if it still may.
func TestInTwoParts(t *testing.T) {
	const first = `
		lock
		observe
		announce /a
		observe
		` + unexported + `
		observe
		unlock`
	play(t, []scene{
		{
			name: "nothing comes in between", actual: limited, desired: "a absent=trash:", between: func(*fake) {}, ok: true,
			log:   first + "\nlock\nobserve\nannounce /a\nlimits 1\nlimit /a 0\nobserve\nretire /a trash\nobserve\nunlock",
			steps: "done: " + unexported + "\ndone: limit /a 0\ndone: retire /a trash",
		},
		{
			name: "nothing goes: there is no second part", actual: served, desired: "a: 10.0.0.1", between: func(*fake) {}, ok: true,
			log:   "lock\nobserve\nserve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1\nobserve\nunlock",
			steps: "done: serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1",
		},
		{
			name: "somebody exports it again", actual: served, desired: "a absent=purge:", between: set("export-dir=/a(10.0.0.1)", "rpc-auth-allow=10.0.0.1"),
			log: `
				lock
				observe
				` + unexported + `
				observe
				unlock
				lock
				observe
				unlock`,
			steps: "done: " + unexported + "\nnot started: retire /a purge",
			held:  map[string]string{"a": "clients are still admitted to /a"},
		},
		{
			name: "another directory stands there", actual: served, desired: "a absent=purge:", between: replace("/a"),
			log:   "lock\nobserve\n" + unexported + "\nobserve\nunlock\nlock\nobserve\nunlock",
			steps: "done: " + unexported + "\nnot started: retire /a purge",
			held:  map[string]string{"a": another},
		},
		{
			name: "the first part fails: there is no second", actual: served, desired: "a absent=trash:", between: func(*fake) {}, faults: []*fault{fails("serve", 0)},
			log:   "lock\nobserve\nannounce /a\nobserve\n" + unexported + "\nunlock",
			steps: "failed: " + unexported + "\nnot started: retire /a trash",
			err:   "it went wrong", is: errFault,
		},
		{
			name: "the lock can't be had a second time", actual: served, desired: "a absent=trash:", between: func(*fake) {}, faults: []*fault{fails("lock", 2)},
			log:   first + "\nlock",
			steps: "done: " + unexported + "\nnot started: retire /a trash",
			err:   "it went wrong", is: errFault,
		},
	})
}
