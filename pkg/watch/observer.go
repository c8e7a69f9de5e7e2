package watch

import (
	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// Observer is told what happens, one thing after the other. It must not keep the
// loop waiting.
type Observer interface {
	// Took: this content is desired from now on.
	Took(d state.Desired)

	// Refused: new content is bad. What was desired before still is.
	Refused(err error)

	// Dropped: the volume is no longer looked after, since the content says
	// nothing of it any more. It stays as it is.
	Dropped(t state.Target)

	// Looking: a volume is looked at from now on, and perhaps changed.
	Looking(t state.Target)

	// Looked: the look has come to its end, also where that of the daemon has cut
	// it short and nothing else is told of it.
	Looked(t state.Target)

	// Stepped: a step of the look in hand has ended, or what was told of it turns out
	// to be otherwise.
	Stepped(s Step)

	// Reconciled: a volume was looked at, and perhaps changed.
	Reconciled(r Result)

	// Turned: what there is to say of a volume is not what it was.
	Turned(t state.Target, old, now Condition)

	// Hastened: each volume is looked at from now on, since somebody has asked for
	// it, as soon as its turn comes.
	Hastened()

	// Unclosed: what was opened for the volume can't be put back as it was.
	Unclosed(t state.Target, err error)
}

// Cause is why a volume is changed.
type Cause string

const (
	ByContent Cause = "content" // the state files ask for something new
	ByDrift   Cause = "drift"   // somebody else has changed the volume
)

// Step is a step of an apply and what became of it.
type Step struct {
	Volume state.Volume
	Cause
	apply.Step
	Was      apply.Outcome // what was told of it before; empty where nothing was
	Vanished bool          // it makes a directory that was there at the last look
}

// Result is what one reconcile of a volume came to.
type Result struct {
	Volume   state.Volume  // as desired
	New      bool          // the content was new; else only drift was looked for
	Seen     status.Volume // how it was before anything was carried out, by all that is desired; of no use without Plan
	Plan     *diff.Plan    // as far as it may be carried out; nil where the volume can't be read
	Report   *apply.Report // nil where nothing was carried out; of a refused volume it is of another plan, which only took away what somebody else had granted
	Served   state.Serving // how the volume is served after the look; before it, where the report tells of an error
	Vanished []string      // shares whose directories were there at the last look, and were made anew
	Condition
}

// Cause is why anything was changed, if it was.
func (r Result) Cause() Cause {
	if r.New && !r.narrowed() {
		return ByContent
	}
	return ByDrift
}

// narrowed reports whether the volume was only kept closed.
func (r Result) narrowed() bool { return r.Kind == Refused && r.Report != nil }

// Drifted reports whether the volume was found to be something else than what it had
// been brought to.
func (r Result) Drifted() bool {
	return r.narrowed() || !r.New && r.Plan != nil && !r.Plan.Empty()
}
