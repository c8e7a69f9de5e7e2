package watch

import (
	"cmp"
	"slices"
	"time"

	"glusterd-shares/pkg/state"
)

// charge is a volume that the loop looks after.
type charge struct {
	desired state.Volume
	fresh   bool            // what is desired of it is new, and did not get through yet
	settled map[string]bool // absent shares whose directories were gone once since it was new
	through *state.Volume   // what was desired when all of it got through last; nil: nothing did, or part of other content since
	seen    *state.Actual   // the volume and its cluster as they were then, or at a look since then that found nothing to do
	there   map[string]bool // shares whose directory was there when the last look came to its end
	volume  Volume          // nil until it is needed, and after an error

	due       time.Time // when it is looked at next
	failures  int       // in a row
	condition Condition
}

// renew makes v what is desired of the volume. What is in the way of it is told
// again: silence would look like success.
func (c *charge) renew(v state.Volume, now time.Time) {
	c.desired, c.fresh, c.settled = v, true, map[string]bool{}
	c.due, c.failures = now, 0
	c.condition = Condition{Kind: c.condition.Kind}
}

// recognise forgets what was seen where this is not the volume that it was seen of: one
// of the same name that was made anew. Nothing of that got through either.
func (c *charge) recognise(a state.Actual) {
	if c.seen != nil && a.Volume.ID != "" && a.Volume.ID != c.seen.Volume.ID {
		c.seen, c.through = nil, nil
	}
}

// first is the one that is due first; of those the one that was not failed when it
// was looked at last, since to see that of one that still is can take minutes; of
// those the one that stands first. It is nil where there is none.
func first(charges []*charge) *charge {
	if len(charges) == 0 {
		return nil
	}
	return slices.MinFunc(charges, func(a, b *charge) int {
		return cmp.Or(a.due.Compare(b.due), a.ailing()-b.ailing())
	})
}

// ailing is 1 for a volume that was failed last time, else 0.
func (c *charge) ailing() int {
	if c.condition.Kind == Failed {
		return 1
	}
	return 0
}

// chargeOf is the one with the target, or nil.
func chargeOf(charges []*charge, t state.Target) *charge {
	for _, c := range charges {
		if c.desired.Target == t {
			return c
		}
	}
	return nil
}
