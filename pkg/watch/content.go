package watch

import (
	"errors"
	"time"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch/files"
)

// errNothingDesired: nothing is ever taken for the wish to have nothing.
var errNothingDesired = errors.New("there is no volume in it")

// take takes a look at the state files. What can't be used is told and changes
// nothing.
func (l *Loop) take(look files.Look) {
	d, err := look.Desired, look.Err
	if err == nil && len(d.Volumes) == 0 {
		err = errNothingDesired
	}
	if err == nil {
		d, err = l.Cluster.Take(d)
	}
	if err != nil {
		l.Observer.Refused(err)
		return
	}
	l.Observer.Took(d)
	if look.Hash == l.taken { // it was bad or away meanwhile, and is as it was before
		return
	}
	l.taken = look.Hash
	l.desire(d)
}

// desire makes the content what is looked after. All of it is due at once, whatever
// went wrong with the one before.
func (l *Loop) desire(d state.Desired) {
	var next []*charge
	now := time.Now()
	for _, v := range d.Volumes {
		c := chargeOf(l.charges, v.Target)
		if c == nil {
			c = &charge{}
		}
		c.renew(v, now)
		next = append(next, c)
	}
	for _, c := range l.charges {
		gone := chargeOf(next, c.desired.Target) == nil
		if gone || d.Way() != l.way {
			l.close(c)
		}
		if gone {
			l.Observer.Dropped(c.desired.Target)
		}
	}
	l.charges, l.way = next, d.Way()
}
