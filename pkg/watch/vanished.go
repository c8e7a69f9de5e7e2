package watch

import (
	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/status"
)

// Vanished is what there is to say where a share's directory was made that had been
// there before: whatever it held is not there any more.
const Vanished = "it was there at the last look, and is gone; it was made anew, empty"

// remakes reports whether the action makes a share's directory that was there when the
// last look came to its end.
func (c *charge) remakes(a diff.Action) bool {
	dir, makes := a.(diff.MakeDir)
	return makes && !dir.Parent && c.there[dir.Share]
}

// remember takes in which shares' directories are there after the reconcile. One that
// could not look says nothing of that.
func (c *charge) remember(r Result) {
	if r.Plan == nil || r.Plan.Unplanned {
		return
	}
	c.there = map[string]bool{}
	for _, s := range r.Seen.Shares {
		c.there[s.Name] = s.Use.Measure != status.Nothing
	}
	if r.Report == nil {
		return
	}
	for _, s := range r.Report.Steps {
		switch a := s.Action.(type) {
		case diff.MakeDir:
			if !a.Parent && s.Outcome == apply.Done {
				c.there[a.Share] = true
			}
		case diff.Retire:
			c.there[a.Share] = s.Outcome != apply.Done
		}
	}
}

// stepped tells the observer of the steps of the reconcile, and takes down in r which
// directories are made anew.
func (l *Loop) stepped(c *charge, r *Result, cause Cause) func(apply.Step, apply.Outcome) {
	return func(s apply.Step, was apply.Outcome) {
		step := Step{Volume: r.Volume, Cause: cause, Step: s, Was: was, Vanished: c.remakes(s.Action)}
		if step.Vanished && s.Outcome == apply.Done {
			r.Vanished = append(r.Vanished, s.Action.Of())
		}
		l.Observer.Stepped(step)
	}
}
