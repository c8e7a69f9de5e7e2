package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// step carries one action out, to its end even where ctx ends meanwhile, but
// for what deletes, and notes what became of it. The same action tried again is the same step.
func (r *run) step(ctx context.Context, a diff.Action) error {
	if ctx.Err() != nil {
		return ErrStopped
	}
	i := r.stepFor(a)
	r.progress(i)
	within := context.WithoutCancel(ctx)
	if _, deletes := a.(diff.Retire); deletes {
		within = ctx // it may take hours, and the next run goes on with it
	}
	err := r.do(within, a)
	r.note(i, err)
	return err
}

// setLimits carries out steps of their own all at once.
func (r *run) setLimits(ctx context.Context, actions []diff.SetLimit) error {
	if len(actions) == 0 {
		return nil
	}
	if ctx.Err() != nil {
		return ErrStopped
	}
	var limits []state.Limit
	var steps []int
	for _, a := range actions {
		limits = append(limits, state.Limit{Path: a.Path, Bytes: a.New})
		steps = append(steps, r.stepFor(a))
	}
	for _, i := range steps {
		r.progress(i)
	}
	errs := r.target.SetLimits(context.WithoutCancel(ctx), limits)
	for i, err := range errs {
		r.note(steps[i], err)
		if err != nil {
			r.hold(actions[i].Share, err.Error())
		}
	}
	return r.ends(ctx, errs...)
}

// stepFor is the index of the action's step in the report.
func (r *run) stepFor(a diff.Action) int {
	if i := r.stepOf(a); i >= 0 {
		return i
	}
	r.report.Steps = append(r.report.Steps, Step{Action: a})
	return len(r.report.Steps) - 1
}

func (r *run) progress(i int) {
	if r.options.Progress != nil {
		r.options.Progress(i+1, max(len(r.shown.Actions), i+1), r.report.Steps[i].Action)
	}
}

// note takes down what became of a step that was tried. What was read before it counts
// no more.
func (r *run) note(i int, err error) {
	r.verified = false
	r.became(i, outcomeOf(err, r.report.Steps[i].Outcome), err)
}

// became says what became of a step, as far as it is known now.
func (r *run) became(i int, o Outcome, err error) {
	s := &r.report.Steps[i]
	was := s.Outcome
	s.Outcome, s.Err = o, err
	if r.options.Ended != nil {
		r.options.Ended(*s, was)
	}
}

// outcomeOf is the outcome of an action that was tried before with the given
// one. That a second try fails doesn't undo the first.
func outcomeOf(err error, before Outcome) Outcome {
	switch {
	case err == nil:
		return Done
	case before == Unknown || errors.Is(err, state.ErrUnknownOutcome):
		return Unknown
	}
	return Failed
}

func (r *run) do(ctx context.Context, a diff.Action) error {
	switch a := a.(type) {
	case diff.MakeDir:
		return r.target.MakeDir(ctx, a.Path, a.Perm)
	case diff.SetPerm:
		return r.target.SetPerm(ctx, a.Path, a.New)
	case diff.EnableQuota:
		return r.target.EnableQuota(ctx)
	case diff.Serve:
		return r.target.Serve(ctx, a.ServingChange)
	case diff.Retire:
		return r.target.Retire(ctx, a.Retirement)
	}
	panic(fmt.Sprintf("unknown action %T", a))
}

// stepOf returns the index of the step that stands for the action, or -1.
func (r *run) stepOf(a diff.Action) int {
	return slices.IndexFunc(r.report.Steps, func(s Step) bool { return identity(s.Action) == identity(a) })
}

// identity names what an action changes and to what, whatever it is now.
func identity(a diff.Action) string {
	switch a := a.(type) {
	case diff.MakeDir:
		return "make " + a.Path
	case diff.SetPerm:
		return "set " + a.Path
	case diff.EnableQuota:
		return "enable quota"
	case diff.SetLimit:
		return "limit " + a.Path
	case diff.Retire:
		return "retire " + a.Path
	case diff.Serve:
		id := "serve " + string(a.Stage)
		for _, s := range a.Settings() {
			id += fmt.Sprintf(" %s=%s", s.Key, s.New)
		}
		return id
	}
	panic(fmt.Sprintf("unknown action %T", a))
}

// listNotStarted completes the report by what was planned and never tried.
// Where the volume is gone or stopped by now, that is what was planned before.
func (r *run) listNotStarted() {
	for _, a := range slices.Concat(r.skipped, r.planned.Actions) {
		if r.stepOf(a) < 0 {
			r.report.Steps = append(r.report.Steps, Step{Action: a, Outcome: NotStarted})
		}
	}
}
