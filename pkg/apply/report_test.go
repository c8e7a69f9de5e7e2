package apply_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
)

func wantReport(t *testing.T, s scene, r apply.Report) {
	t.Helper()
	if r.OK() != s.ok || r.Converged != s.ok {
		t.Errorf("ok %v, converged %v, want both %v", r.OK(), r.Converged, s.ok)
	}
	var text string
	if r.Err != nil {
		text = r.Err.Error()
	}
	if d := cmp.Diff(s.err, text); d != "" {
		t.Errorf("error (-want +got):\n%s", d)
	}
	if s.is != nil && !wraps(r.Err, s.is) {
		t.Errorf("the error does not wrap a %T", s.is)
	}
	if d := cmp.Diff(s.held, r.Held); d != "" {
		t.Errorf("held (-want +got):\n%s", d)
	}
	if d := cmp.Diff(s.remarks, r.Remarks); d != "" {
		t.Errorf("remarks (-want +got):\n%s", d)
	}
	for _, step := range r.Steps {
		if tells := step.Outcome == apply.Failed || step.Outcome == apply.Unknown; tells != (step.Err != nil) {
			t.Errorf("%s is %s, with the error: %v", actionLine(step.Action), step.Outcome, step.Err)
		}
	}
}

// wraps is errors.Is, and errors.As for the errors that hold a plan's.
func wraps(err, want error) bool {
	switch want := want.(type) {
	case apply.ProblemsError:
		return errors.As(err, &want)
	case apply.RefusedError:
		return errors.As(err, &want)
	}
	return errors.Is(err, want)
}

func TestReportCount(t *testing.T) {
	r := apply.Report{Steps: []apply.Step{
		{Action: diff.MakeDir{}, Outcome: apply.Done},
		{Action: diff.MakeDir{}, Outcome: apply.Failed},
		{Action: diff.MakeDir{}, Outcome: apply.Done},
	}}
	for outcome, want := range map[apply.Outcome]int{apply.Done: 2, apply.Failed: 1, apply.Unknown: 0} {
		if got := r.Count(outcome); got != want {
			t.Errorf("Count(%s) = %d, want %d", outcome, got, want)
		}
	}
}
