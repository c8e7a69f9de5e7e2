package apply

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Outcome is what became of an action.
type Outcome string

const (
	Done       Outcome = "done"
	Failed     Outcome = "failed"
	NotStarted Outcome = "not started"
	Unknown    Outcome = "unknown" // it may have been made; only reading tells
)

// Step is an action and what became of it.
type Step struct {
	Action  diff.Action
	Outcome Outcome
	Err     error // why it is not done; nil for Done and NotStarted
}

// Report is what a run did to one volume.
type Report struct {
	Target state.Target

	// Steps are the actions in the order in which they were first tried,
	// then those that were not started.
	Steps []Step

	// Converged reports whether the last read, after the last write, showed
	// nothing left to do, no write is in doubt, and no share is held.
	Converged bool

	// Err is why the run ended early; nil where only single steps failed.
	Err error

	// Held are the shares whose directories or limits could not be made what
	// they should be, with the reason. Their access may only have narrowed.
	Held map[string]string

	// Remarks are what the user should know beside the steps, such as an NFS
	// server that died and was started again.
	Remarks []string
}

// OK reports whether the volume is now what the state file says.
func (r Report) OK() bool { return r.Converged && r.Err == nil }

// Count returns how many steps had the outcome.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, s := range r.Steps {
		if s.Outcome == o {
			n++
		}
	}
	return n
}
