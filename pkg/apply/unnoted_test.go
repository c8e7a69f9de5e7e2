package apply_test

import (
	"testing"

	"glusterd-shares/pkg/state"
)

// Who loses access to what has to go is noted, or the report says who it was: also where
// nothing is written down since there is no lock, or what goes is not what was shown.
func TestUnnotedIsTold(t *testing.T) {
	const had = "that 10.0.0.1, 10.0.0.2 had access to /a could not be noted: "
	play(t, []scene{
		{
			name: "no lock", actual: served, desired: "a absent=trash:",
			faults: []*fault{fails("lock", 1).with(state.ErrNoLock)},
			log:    "lock\nobserve\n" + unexported + "\nobserve",
			steps:  "done: " + unexported + "\nnot started: retire /a trash",
			err:    "no directory goes without the volume's lock: the volume can't be locked", is: state.ErrNoLock,
			remarks: []string{"went on without the volume's lock, since access is only taken away: the volume can't be locked", had + "the volume can't be locked"},
		},
		{
			name: "the lock's file is replaced", actual: served, desired: "a absent=trash:",
			faults: []*fault{fails("held", 0).with(state.ErrNoLock)},
			log:    "lock\nobserve\nnot held\nnot held\n" + unexported + "\nobserve\nunlock",
			steps:  "done: " + unexported + "\nnot started: retire /a trash",
			err:    "no directory goes without the volume's lock: the volume can't be locked", is: state.ErrNoLock,
			remarks: []string{"went on without the volume's lock, since access is only taken away: the volume can't be locked", had + "the volume can't be locked"},
		},
		{
			name: "another directory", actual: served, desired: "a absent=trash:",
			faults:  []*fault{meanwhile("lock", 1, replace("/a"))},
			log:     "lock\nobserve\n" + unexported + "\nobserve\nunlock",
			steps:   "done: " + unexported + "\nnot started: retire /a trash",
			held:    map[string]string{"a": another},
			remarks: []string{replanned, had + another},
		},
		{
			name: "something in its place", actual: served, desired: "a absent=trash:",
			faults:  []*fault{meanwhile("lock", 1, putSymlink("/a"))},
			log:     "lock\nobserve\n" + unexported + "\nobserve\nunlock",
			steps:   "done: " + unexported,
			held:    map[string]string{"a": "a symlink is in the way at /a: move it aside, or write on_delete: retain"},
			remarks: []string{had + another},
		},
		{
			name: "not where it is deleted for good", actual: served, desired: "a absent=purge:",
			faults: []*fault{meanwhile("lock", 1, putSymlink("/a"))},
			log:    "lock\nobserve\n" + unexported + "\nobserve\nunlock",
			steps:  "done: " + unexported,
			held:   map[string]string{"a": "a symlink is in the way at /a: move it aside, or write on_delete: retain"},
		},
	})
}
