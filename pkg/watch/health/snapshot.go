package health

import (
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/watch"
)

// Snapshot is how the daemon and its volumes are at one moment. Who has one must not
// change the lists in it.
type Snapshot struct {
	Started, Now time.Time
	Stuck        string // why the loop is taken for dead; empty where it is alive
	Ready        bool   // each volume was looked at with success, once since the start
	Content      Content
	Volumes      []Volume // in the order of the files
	Changes      []Change // the last one first
}

// Content is what was read of the state files.
type Content struct {
	Taken time.Time // zero: nothing was yet
	Files []string

	Bad      []string  // what is wrong with what was read after that, each with its position
	BadSince time.Time // zero where Bad is empty
}

// Valid reports whether what was read last was taken.
func (c Content) Valid() bool { return !c.Taken.IsZero() && len(c.Bad) == 0 }

// Change is a step of a plan that was begun.
type Change struct {
	At     time.Time // the end of its plan
	Volume string
	Cause  watch.Cause
	watch.Account
	Outcome apply.Outcome
	Error   string
}
