package apply_test

import (
	"errors"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
)

// fault is what goes wrong at the calls whose line in the log begins with on.
type fault struct {
	on  string
	nth int // which of those calls, from 1; 0: every one

	before   func(*fake)   // what somebody else does as it begins
	skip     bool          // it is not done
	half     bool          // it is done in part
	unstored bool          // glusterd does it in memory alone
	held     bool          // another run has the lock, and keeps it
	hangs    bool          // it gives no answer as long as anybody waits
	cut      bool          // the connection is lost with it, and the lock
	slow     time.Duration // how long the NFS server takes to come up
	err      error         // what it returns

	seen int  // how many of the calls there were
	hit  bool // it has struck
}

func (b *fault) hits(line string) bool {
	if !strings.HasPrefix(line, b.on) {
		return false
	}
	b.seen++
	now := b.nth == 0 || b.nth == b.seen
	b.hit = b.hit || now
	return now
}

var errFault = errors.New("it went wrong")

// meanwhile is somebody else who does something just before the call.
func meanwhile(on string, nth int, do func(*fake)) *fault {
	return &fault{on: on, nth: nth, before: do}
}

// fails is a call that does nothing and says so.
func fails(on string, nth int) *fault {
	return &fault{on: on, nth: nth, skip: true, err: errFault}
}

// ignored is a call that does nothing and doesn't say so.
func ignored(on string, nth int) *fault { return &fault{on: on, nth: nth, skip: true} }

// lost is a call of which nobody hears whether it was done; it was not.
func lost(on string, nth int) *fault {
	return &fault{on: on, nth: nth, skip: true, err: state.ErrUnknownOutcome}
}

// unanswered is a call of which nobody hears whether it was done; it was.
func unanswered(on string, nth int) *fault {
	return &fault{on: on, nth: nth, err: state.ErrUnknownOutcome}
}

// unstored is a commit that failed after glusterd had changed its memory.
func unstored(on string, nth int) *fault {
	return &fault{on: on, nth: nth, unstored: true, err: state.ErrUnknownOutcome}
}

// cut is the end of a connection in the middle of a call, which is done or not.
func cut(on string, nth int, done bool) *fault {
	return &fault{on: on, nth: nth, skip: !done, cut: true, err: state.ErrUnknownOutcome}
}

// hangs is a call that gives no answer as long as anybody waits for one.
func hangs(on string, nth int) *fault { return &fault{on: on, nth: nth, hangs: true} }

// halfDone is a call that broke off in the middle.
func halfDone(on string, nth int, err error) *fault {
	return &fault{on: on, nth: nth, half: true, err: err}
}

// What somebody else may do.

// set is an admin who sets options of gv0, global ones of all volumes.
func set(options ...string) func(*fake) { return setOn("gv0", options...) }

func setOn(volume string, options ...string) func(*fake) {
	return func(f *fake) {
		for _, o := range options {
			k, v, _ := strings.Cut(o, "=")
			names := []string{volume}
			if k == "export-volumes" || k == "export-dirs" {
				names = f.writtenTo("nfs."+k, false)
			}
			for _, name := range names {
				f.memory[name]["nfs."+k] = v
				f.stored[name]["nfs."+k] = v
			}
		}
	}
}

// newVolume is an admin who makes a volume, which carries no global option.
func newVolume(name string) func(*fake) {
	return func(f *fake) {
		f.memory[name] = map[string]string{"nfs.disable": "on"}
		f.stored[name] = map[string]string{"nfs.disable": "on"}
	}
}

func remove(dir string) func(*fake) { return func(f *fake) { delete(f.dirs, dir) } }

// chmod makes the directory where it is missing.
func chmod(dir string, mode uint32) func(*fake) {
	return func(f *fake) { f.dirs[dir] = state.Dir{Kind: state.Directory, Mode: mode} }
}

// putSymlink is a client who puts a symlink in the place of a directory.
func putSymlink(dir string) func(*fake) {
	return func(f *fake) { f.dirs[dir] = state.Dir{Kind: state.NotADirectory, What: "a symlink"} }
}

// replace puts another directory in the place of one.
func replace(dir string) func(*fake) {
	return func(f *fake) {
		f.dirs[dir] = state.Dir{Kind: state.Directory, Mode: 0o755}
		f.ids[dir] = 1000
	}
}

// limit is an admin who sets a limit.
func limit(dir string, bytes uint64) func(*fake) {
	return func(f *fake) { f.limits[dir] = bytes }
}

func stopVolume(f *fake) { f.stopped = true }

func killServer(f *fake) { f.servers["p1"].dead = true }

func restartServer(f *fake) { f.servers["p1"].pid++ }
