package watch

import (
	"time"

	"glusterd-shares/pkg/state"
)

// charge is a volume that the loop looks after.
type charge struct {
	desired state.Volume
	fresh   bool            // what is desired of it is new, and did not get through yet
	settled map[string]bool // absent shares whose directories were gone once since it was new
	volume  Volume          // nil until it is needed, and after an error

	due       time.Time // when it is looked at next
	failures  int       // in a row
	condition Condition
}

// renew makes v what is desired of the volume.
func (c *charge) renew(v state.Volume, now time.Time) {
	c.desired, c.fresh, c.settled = v, true, map[string]bool{}
	c.due, c.failures = now, 0
}

// first is the one that is due first; of those the one that stands first. It is
// nil where there is none.
func first(charges []*charge) *charge {
	var out *charge
	for _, c := range charges {
		if out == nil || c.due.Before(out.due) {
			out = c
		}
	}
	return out
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
