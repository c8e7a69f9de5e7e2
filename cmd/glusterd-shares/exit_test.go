package main

import (
	"errors"
	"testing"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// TestExitCode has a row for each reason and for each two of them that can meet.
func TestExitCode(t *testing.T) {
	var (
		wrong   = errors.New("wrong")
		nothing = volumeResult{plan: &diff.Plan{}}
		pending = volumeResult{plan: &diff.Plan{Actions: []diff.Action{diff.MakeDir{}}}}
		problem = volumeResult{plan: &diff.Plan{Problems: []state.Problem{{}}}}
		unread  = volumeResult{err: wrong}
		applied = volumeResult{plan: pending.plan, report: &apply.Report{Converged: true}}
		inPart  = volumeResult{plan: pending.plan, report: &apply.Report{}}
		glance  = volumeResult{status: &status.Volume{Problems: problem.plan.Problems, Shares: []status.Share{{State: status.Problem}}}}
		stopped = volumeResult{status: &status.Volume{NotRead: true}}
		partly  = volumeResult{status: &status.Volume{Unread: []state.Unread{{}}}}
		blank   = volumeResult{status: &status.Volume{LimitsUnknown: "blank", More: []string{"/"}}}
		moved   = []savedplan.Difference{{}}
		begun   = volumeResult{plan: pending.plan, report: &apply.Report{Converged: true, Steps: []apply.Step{{Action: diff.MakeDir{}, Outcome: apply.Done}}}}
		ended   = volumeResult{plan: pending.plan, report: &apply.Report{Converged: true, Err: wrong}}

		notBegun = volumeResult{plan: pending.plan, report: &apply.Report{Err: wrong, Steps: []apply.Step{{Action: diff.MakeDir{}, Outcome: apply.NotStarted}}}}
	)
	volumes := func(v ...volumeResult) []volumeResult { return v }
	tests := []struct {
		name string
		r    result
		want int
	}{
		{"nothing at all", result{}, exitDone},
		{"nothing to do", result{volumes: volumes(nothing), detailed: true}, exitDone},
		{"pending", result{volumes: volumes(nothing, pending)}, exitDone},
		{"pending, detailed", result{volumes: volumes(nothing, pending), detailed: true}, exitPending},
		{"applied", result{volumes: volumes(applied)}, exitDone},
		{"applied in part", result{volumes: volumes(applied, inPart)}, exitFailed},
		{"ended early, though it holds", result{volumes: volumes(ended)}, exitFailed},
		{"unread", result{volumes: volumes(nothing, unread)}, exitFailed},
		{"failed besides", result{volumes: volumes(applied), failure: wrong}, exitFailed},
		{"unread before pending", result{volumes: volumes(pending, unread), detailed: true}, exitFailed},
		{"problem", result{volumes: volumes(nothing, problem)}, exitRefused},
		{"guard", result{volumes: volumes(pending), refusals: []diff.Refusal{{}}}, exitRefused},
		{"problem before unread", result{volumes: volumes(unread, problem)}, exitRefused},
		{"guard before failed", result{failure: wrong, refusals: []diff.Refusal{{}}}, exitRefused},
		{"problem before pending", result{volumes: volumes(pending, problem), detailed: true}, exitRefused},
		{"not the saved plan", result{volumes: volumes(pending), differences: moved}, exitRefused},
		{"not the saved plan under the lock", result{volumes: volumes(notBegun, pending), differences: moved}, exitRefused},
		{"not the saved plan, and unread", result{volumes: volumes(unread, pending), differences: moved, failure: wrong}, exitRefused},
		{"no more the saved plan, with one volume done", result{volumes: volumes(begun, notBegun), differences: moved}, exitFailed},
		{"a status of drift and problems", result{volumes: volumes(glance, blank)}, exitDone},
		{"a status of what was not read", result{volumes: volumes(glance, stopped)}, exitFailed},
		{"a status that was read in part", result{volumes: volumes(glance, partly)}, exitFailed},
		{"command line", result{usage: wrong}, exitInvalid},
		{"state file", result{invalid: []state.Problem{{}}}, exitInvalid},
		{"command line before problem", result{usage: wrong, volumes: volumes(problem)}, exitInvalid},
		{"state file before unread", result{invalid: []state.Problem{{}}, volumes: volumes(unread)}, exitInvalid},
	}
	for _, test := range tests {
		if got := test.r.exitCode(); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
		if got := newDocument(test.r).ExitCode; got != test.want {
			t.Errorf("%s: the document says %d, want %d", test.name, got, test.want)
		}
	}
}
