package main

import (
	"testing"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// What was begun is known until it has ended, each step once.
func TestInHand(t *testing.T) {
	var h inHand
	want := func(want string) {
		t.Helper()
		if got := h.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	limit := diff.SetLimit{Path: "/alpha", Old: 1 << 30, Retiring: true}
	retire := diff.Retire{Retirement: state.Retirement{Path: "/alpha", How: state.Trash}}
	h.begins(1, 2, limit)
	h.begins(1, 2, limit) // tried again
	h.begins(2, 2, retire)
	want("set-limit /alpha: 1GiB -> none; retire /alpha: trash")
	h.ended(apply.Step{Action: limit, Outcome: apply.Done}, "")
	want("retire /alpha: trash")
	h.over()
	want("")
}
