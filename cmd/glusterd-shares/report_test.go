package main

import (
	"errors"
	"strings"
	"testing"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// What is told of a share that is held is what could not be done for it.
func TestHeld(t *testing.T) {
	no := errors.New("no")
	limit := func(o apply.Outcome, err error) apply.Step {
		return apply.Step{Action: diff.SetLimit{Share: "a", Path: "/a", New: 1000}, Outcome: o, Err: err}
	}
	perm := func(o apply.Outcome, err error) apply.Step {
		return apply.Step{Action: diff.SetPerm{Share: "a", Path: "/a"}, Outcome: o, Err: err}
	}
	const directory, itsLimit = "its directory is not as declared", "its limit could not be set"
	for name, c := range map[string]struct {
		steps []apply.Step
		want  string
	}{
		"the limit":                           {[]apply.Step{perm(apply.Done, nil), limit(apply.Failed, no)}, itsLimit},
		"a limit of which nobody has heard":   {[]apply.Step{limit(apply.Unknown, no)}, itsLimit},
		"the quota of the volume":             {[]apply.Step{{Action: diff.EnableQuota{}, Outcome: apply.Failed, Err: no}, limit(apply.NotStarted, nil)}, itsLimit},
		"the directory, and then no limit":    {[]apply.Step{perm(apply.Failed, no), limit(apply.NotStarted, nil)}, directory},
		"something in the way":                {nil, directory},
		"somebody else, after the limit":      {[]apply.Step{limit(apply.Done, nil)}, directory},
		"the limit of another share, as well": {[]apply.Step{{Action: diff.SetLimit{Share: "b"}, Outcome: apply.Failed, Err: no}}, directory},
	} {
		var b strings.Builder
		writeReport(&b, nil, apply.Report{Target: state.Target{Host: "g1", Volume: "gv0"}, Steps: c.steps, Held: map[string]string{"a": "no"}}, "")
		if want := "\n  held: a: its access was not widened, because " + c.want + ": no\n"; !strings.Contains(b.String(), want) {
			t.Errorf("%s: %q is not in:\n%s", name, want, b.String())
		}
	}
	absent := &diff.Plan{Volume: state.Volume{Shares: []state.Share{{Name: "a", Absent: true}}}}
	var b strings.Builder
	writeReport(&b, absent, apply.Report{Held: map[string]string{"a": "no"}}, "")
	if want := "\n  held: a: its directory did not go: no\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%q is not in:\n%s", want, b.String())
	}
}
