package watch

import (
	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
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

// Result is what one reconcile of a volume came to.
type Result struct {
	Volume state.Volume  // as desired
	New    bool          // the content was new; else only drift was looked for
	Plan   *diff.Plan    // as far as it may be carried out; nil where the volume can't be read
	Report *apply.Report // nil where nothing was carried out
	Condition
}
