package main

import (
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// What was begun is known until the apply is over, each step once.
func TestBegun(t *testing.T) {
	var b begun
	limit := diff.SetLimit{Path: "/alpha", Old: 1 << 30, Retiring: true}
	retire := diff.Retire{Retirement: state.Retirement{Path: "/alpha", How: state.Trash}}
	b.step(1, 2, limit)
	b.step(1, 2, limit) // tried again
	b.step(2, 2, retire)
	if got, want := b.String(), "set-limit /alpha: 1GiB -> none; retire /alpha: trash"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.over()
	if got := b.String(); got != "" {
		t.Errorf("after the end: %q", got)
	}
}
