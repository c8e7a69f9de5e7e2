package watch

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch/files"
)

// OnDrift says what is done about a volume that is not what it should be, when the
// content is not new.
type OnDrift string

const (
	Repair OnDrift = "repair"
	Report OnDrift = "report"
)

// Options say how the loop goes about it. All are needed but Jitter.
type Options struct {
	Cluster  Cluster
	Server   diff.Server
	Observer Observer
	Interval time.Duration // from one look at a volume to the next, about
	OnDrift  OnDrift
	Grace    time.Duration // what is under way at the end may take

	// Jitter gives a number from 0 to below 1, which spreads the looks of several
	// daemons; nil: a random one.
	Jitter func() float64
}

// Loop looks after the volumes.
type Loop struct {
	Options
	taken   files.Hash // of the content that is desired
	way     state.Way  // by which it is reached
	charges []*charge  // in the order of the files
}

// New returns a loop that looks after nothing yet.
func New(o Options) *Loop {
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &Loop{Options: o}
}

// ErrAbandoned: a step was still under way when the grace was over. What became of
// it only reading tells.
var ErrAbandoned = errors.New("a step was not finished in time, and was left behind: what became of it shows the next look at the volume")

// Run looks after what the looks say until ctx ends, and looks at all volumes at
// once at each word of now. When ctx ends the step in hand is finished, and all
// volumes are let go of; the error is nil, or ErrAbandoned where that took longer
// than the grace.
func (l *Loop) Run(ctx context.Context, looks <-chan files.Look, now <-chan struct{}) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.tend(ctx, looks, now)
		l.closeAll()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	grace := time.NewTimer(l.Grace)
	defer grace.Stop()
	select {
	case <-done:
		return nil
	case <-grace.C:
		return ErrAbandoned
	}
}

// tend does one thing after the other. What there is to hear comes before the next
// reconcile: the newest content is the one that is carried out.
func (l *Loop) tend(ctx context.Context, looks <-chan files.Look, now <-chan struct{}) {
	for ctx.Err() == nil {
		select {
		case look := <-looks:
			l.take(look)
		case <-now:
			l.hasten()
		default:
			if c := first(l.charges); c != nil && !time.Now().Before(c.due) {
				l.reconcile(ctx, c)
			} else {
				l.wait(ctx, c, looks, now)
			}
		}
	}
}

// wait waits for a word from outside, or until the volume, which may be nil, is
// due.
func (l *Loop) wait(ctx context.Context, next *charge, looks <-chan files.Look, now <-chan struct{}) {
	var due <-chan time.Time
	if next != nil {
		timer := time.NewTimer(time.Until(next.due))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-due:
	case look := <-looks:
		l.take(look)
	case <-now:
		l.hasten()
	}
}

// hasten makes all volumes due.
func (l *Loop) hasten() {
	now := time.Now()
	for _, c := range l.charges {
		c.due = now
	}
	l.Observer.Hastened()
}

// close lets go of the volume until it is needed again.
func (l *Loop) close(c *charge) {
	if c.volume == nil {
		return
	}
	if err := c.volume.Close(); err != nil {
		l.Observer.Unclosed(c.desired.Target, err)
	}
	c.volume = nil
}

// closeAll lets go of the last volume first: what was made for the first of them
// may hold what was made for the others.
func (l *Loop) closeAll() {
	for _, c := range slices.Backward(l.charges) {
		l.close(c)
	}
}
