package files

import (
	"errors"
	"io/fs"
	"log/slog"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxTries is how often the ways may change while they are set out to be watched.
// Each time it is told of as well, so that another look follows.
const maxTries = 3

// watches hears of what happens on the ways to the state files.
type watches struct {
	stirred chan struct{} // holds one value after something has happened
	open    func() (notifier, error)
	poll    time.Duration // what is relied on otherwise
	log     *slog.Logger
	told    map[syscall.Errno]bool // what has been logged

	current *watch // nil: there is none
}

func newWatches(o Options) *watches {
	return &watches{
		stirred: make(chan struct{}, 1), open: openNotifier,
		poll: o.Poll, log: o.Log, told: map[syscall.Errno]bool{},
	}
}

// cover sees to it that whatever happens from now on, to what the paths lead to, is
// heard of. A symlink may be swapped after it was followed and before it is
// watched, so that the ways are found again until they are those that are watched.
func (w *watches) cover(paths []string) {
	for try := range maxTries {
		found := waysTo(paths)
		mend := try == 0 && w.current != nil && w.current.lacks
		if w.current.covers(found) && !mend {
			return
		}
		w.renew(found)
	}
}

// renew watches these ways instead of the present ones. Watches are never taken back one by
// one: after directories have changed places, fsnotify no longer knows which is whose.
func (w *watches) renew(found ways) {
	w.end()
	w.current = &watch{ways: found, heard: w.stirred}
	n, err := w.open()
	if err != nil {
		w.complain("", err)
		w.current.lacks = true
		return
	}
	w.current.listen(n)
	for _, way := range found {
		if err := n.Add(way.path); err != nil {
			w.current.lacks = true
			w.complain(way.path, err)
		}
	}
}

// end ends all watches.
func (w *watches) end() {
	if w.current != nil {
		w.current.end()
		w.current = nil
	}
}

// raise are the limits that are reached where watching fails with these errors.
var raise = map[syscall.Errno]string{
	syscall.ENOSPC: "fs.inotify.max_user_watches",
	syscall.EMFILE: "fs.inotify.max_user_instances",
}

// complain logs why a directory, or any where none is named, can't be watched: each
// reason once. That it has gone is no reason, since this is seen where it was.
func (w *watches) complain(dir string, err error) {
	var reason syscall.Errno
	errors.As(err, &reason)
	if errors.Is(err, fs.ErrNotExist) || w.told[reason] {
		return
	}
	w.told[reason] = true
	attrs := []any{"poll", w.poll, "error", err}
	if dir != "" {
		attrs = append(attrs, "dir", dir)
	}
	if limit, ok := raise[reason]; ok {
		attrs = append(attrs, "raise", limit)
	}
	w.log.Warn("changes of the state files can't all be watched for; the poll sees them later", attrs...)
}

// notifier is the part of fsnotify.Watcher that is used.
type notifier struct {
	events    <-chan fsnotify.Event
	errors    <-chan error
	Add       func(dir string) error
	WatchList func() []string
	Close     func() error
}

func openNotifier() (notifier, error) {
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return notifier{}, err
	}
	return notifier{n.Events, n.Errors, n.Add, n.WatchList, n.Close}, nil
}
