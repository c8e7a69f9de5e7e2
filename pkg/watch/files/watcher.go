package files

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// Options are how patient a Watcher is. The zero value is right for most.
type Options struct {
	Quiet    time.Duration // how long nothing may happen before it looks; 0: 500ms
	MaxQuiet time.Duration // when it looks although things go on happening; 0: 10s
	Poll     time.Duration // how often it looks although nothing happens; 0: 30s
	Log      *slog.Logger  // nil: none

	// Answered is called when a look that was asked for has ended, and what it
	// gave, if that was anything new, was received. It must not wait; nil: nobody
	// is told. Wishes that come before a look begins have one answer.
	Answered func()
}

func (o Options) withDefaults() Options {
	o.Quiet = cmp.Or(o.Quiet, 500*time.Millisecond)
	o.MaxQuiet = cmp.Or(o.MaxQuiet, 10*time.Second)
	o.Poll = cmp.Or(o.Poll, 30*time.Second)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.Answered == nil {
		o.Answered = func() {}
	}
	return o
}

// Watcher watches state files, and directories of them.
type Watcher struct {
	options Options
	sight   sight
}

// New returns a Watcher of what the paths name, as statefile.Load takes them. They
// need not be there yet, and nothing is read or watched before Run. Standard input
// is refused: it can be read only once.
func New(paths []string, o Options) (*Watcher, error) {
	switch {
	case len(paths) == 0:
		return nil, errors.New("there is nothing to watch; name a state file or a directory of them")
	case slices.Contains(paths, "-"):
		return nil, errors.New("standard input can't be watched; name a state file or a directory of them")
	case min(o.Quiet, o.MaxQuiet, o.Poll) < 0:
		return nil, errors.New("a time to wait is negative; leave it out for the usual one")
	}
	o = o.withDefaults()
	return &Watcher{o, &disk{paths: slices.Clone(paths), watches: newWatches(o)}}, nil
}

// Run sends a Look for the first content of the files and for each that differs
// from the one that was sent last, until ctx ends; it then returns the cause. It
// may be called once.
//
// A value on now, which may be nil, is a wish to look at once. Who is slow to
// receive gets the newest content next, not all that there were: looks should
// have no buffer, since what lies in one can't be replaced.
//
// When Run returns, nothing of it is left behind. Only where the file system hangs
// is what waits for it left to end by itself.
func (w *Watcher) Run(ctx context.Context, now <-chan struct{}, looks chan<- Look) error {
	r := &run{Watcher: w, schedule: schedule{quiet: w.options.Quiet, maxQuiet: w.options.MaxQuiet, poll: w.options.Poll}}
	defer r.end()
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for {
		alarm.Reset(time.Until(r.tend(ctx, time.Now())))
		next, out := r.next(looks)
		if out == nil {
			r.answer()
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-alarm.C:
		case <-w.sight.stirred():
			r.event()
		case _, open := <-now:
			if !open {
				now = nil
				continue
			}
			r.ask(time.Now())
		case look := <-r.looking:
			r.ended(look)
		case out <- next:
			r.sent, r.unsent = r.unsent, nil
		}
	}
}
