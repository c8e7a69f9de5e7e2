package state

import "errors"

// What a step that failed may say of itself, for whoever has to go on.
var (
	// ErrUnknownOutcome: the change may or may not have been made. Only
	// reading tells.
	ErrUnknownOutcome = errors.New("it is not known whether the change was made")

	// ErrNoLock: the volume can't be locked by anybody, because it is full, or
	// because something stands in the place of the lock that is none.
	ErrNoLock = errors.New("the volume can't be locked")

	// ErrLockLost: the volume's lock is not had any more. Nothing was done without it.
	ErrLockLost = errors.New("the volume's lock was lost")
)
