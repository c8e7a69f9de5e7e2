package state

import "errors"

// What a step that failed may say of itself, for whoever has to go on.
var (
	// ErrUnknownOutcome: the change may or may not have been made. Only
	// reading tells.
	ErrUnknownOutcome = errors.New("it is not known whether the change was made")

	// ErrNoSpace: the volume's lock can't be made, because the volume is
	// full or a quota used up.
	ErrNoSpace = errors.New("no space for the lock")
)
