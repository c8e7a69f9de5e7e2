package files

import (
	"errors"
	"path/filepath"
	"sync/atomic"

	"github.com/fsnotify/fsnotify"
)

// watch is a watch on each directory of some ways. It is made as a whole and ended
// as a whole.
type watch struct {
	ways  ways
	heard chan<- struct{} // gets a value after something has happened, and has room for one
	lacks bool            // a directory can't be watched

	notifier notifier
	names    map[string]map[string]bool // that count, by the path of the directory
	broken   atomic.Bool                // it may have lost a watch
	done     chan struct{}              // closed once nothing is listened to; nil: it never was
}

// covers reports whether these are the ways that are watched, as far as they can
// be. A directory that was moved is not watched any more, wherever it is now.
func (w *watch) covers(found ways) bool {
	if w == nil || w.broken.Load() || !w.ways.equal(found) {
		return false
	}
	return w.lacks || len(w.notifier.WatchList()) == len(found)
}

// listen hears what the notifier says until that is closed.
func (w *watch) listen(n notifier) {
	w.notifier, w.names, w.done = n, map[string]map[string]bool{}, make(chan struct{})
	for _, way := range w.ways {
		w.names[way.path] = way.names
	}
	go func() {
		defer close(w.done)
		for open := true; open; {
			open = w.hear()
		}
	}()
}

// hear waits for one event. Errors count as one: something may have been missed.
func (w *watch) hear() (open bool) {
	select {
	case e, open := <-w.notifier.events:
		if open && w.concerns(e) {
			w.tell()
		}
		return open
	case err, open := <-w.notifier.errors:
		if open {
			lost := !errors.Is(err, fsnotify.ErrEventOverflow)
			w.broken.Store(w.broken.Load() || lost)
			w.tell()
		}
		return open
	}
}

// concerns reports whether an event can be of something on the ways. What else
// happens in the directories on them, such as /tmp, does not put off a look.
func (w *watch) concerns(e fsnotify.Event) bool {
	_, itself := w.names[e.Name]
	names, known := w.names[filepath.Dir(e.Name)]
	return itself || !known || names[anyName] || names[filepath.Base(e.Name)]
}

func (w *watch) tell() {
	select {
	case w.heard <- struct{}{}:
	default:
	}
}

func (w *watch) end() {
	if w.done == nil {
		return
	}
	w.notifier.Close()
	<-w.done
}
