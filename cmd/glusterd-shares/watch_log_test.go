package main

import (
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/watch"
)

// An action is called the same in the log as in the JSON documents.
func TestActionsHaveOneName(t *testing.T) {
	for _, a := range []diff.Action{diff.MakeDir{}, diff.SetPerm{}, diff.EnableQuota{}, diff.SetLimit{}, diff.Serve{}, diff.Retire{}} {
		if got, want := watch.ChangeOf(a).Action, render.ActionDocument(a, nil).Kind; got != want {
			t.Errorf("%T is %q in the log and %q in a document", a, got, want)
		}
	}
}
