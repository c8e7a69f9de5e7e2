package apply

import (
	"fmt"
	"reflect"
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// ProblemsError is a plan that can't be carried out any more, though the one
// that was shown could.
type ProblemsError struct{ Problems []state.Problem }

func (e ProblemsError) Error() string {
	return fmt.Sprintf("the cluster is not as it was when the plan was made: %v", e.Problems[0])
}

// RefusedError is a plan that a guard refuses, though it let the one through
// that was shown.
type RefusedError struct{ Refusals []diff.Refusal }

// Refused is a RefusedError of the refusals; nil where there are none.
func Refused(refusals []diff.Refusal) error {
	if len(refusals) == 0 {
		return nil
	}
	return RefusedError{refusals}
}

func (e RefusedError) Error() string {
	return fmt.Sprintf("the cluster is not as it was when the plan was made: %v", e.Refusals[0])
}

// show takes the plan as the one that the user said yes to, and with it every
// state on its way: another run of the same command may have made one of its
// writes already, of a global option.
func (r *run) show(p diff.Plan) {
	r.shown, r.told, r.through = p, p, nil
	r.leadsThrough(p)
}

// tell tells of a plan that nobody is asked about. What goes by it and was not shown
// stays all the same.
func (r *run) tell(p diff.Plan) error {
	r.told = p
	r.leadsThrough(p)
	r.remarkOnce("others changed the volume after it was planned for: what was done follows a new plan")
	if r.options.Changed == nil {
		return nil
	}
	return r.options.Changed(p)
}

func (r *run) leadsThrough(p diff.Plan) {
	r.through = append(r.through, p.Before)
	for _, s := range p.Serves() {
		r.through = append(r.through, s.New)
	}
}

// judge judges the plan as it is now; the user saw it as it was. Where the
// user was asked, what was read before is no longer fresh.
func (r *run) judge() error {
	if r.unlocked != nil && !r.last.OnlyNarrows() {
		return fmt.Errorf("access is no longer only taken away, which needs the volume's lock: %w", r.unlocked)
	}
	if err := r.guard(r.last); err != nil {
		return err
	}
	switch {
	case r.last.Empty() || r.expected():
		return nil
	case r.options.Confirm == nil:
		return r.tell(r.unheld)
	}
	if !r.options.Confirm(r.last) {
		return ErrDeclined
	}
	r.show(r.unheld)
	r.verified = false
	return nil
}

func (r *run) guard(p diff.Plan) error {
	if r.options.Guard != nil {
		return r.options.Guard(p)
	}
	return Refused(diff.Guard([]diff.Plan{p}, r.options.Allow))
}

// warn tells, once, what the plan warns of now and did not when it was shown.
func (r *run) warn() {
	for _, w := range r.last.Warnings {
		if !slices.Contains(r.shown.Warnings, w) {
			r.remarkOnce("not so when the plan was shown: %v", w)
		}
	}
}

// expected reports whether the plan holds nothing that was not shown or told: it
// leads where that one leads, from where that or this run's own writes have led,
// and does nothing else on the way. That shares are held is no difference.
func (r *run) expected() bool {
	from := func(s state.Serving) bool { return reflect.DeepEqual(s, r.last.Before) }
	unseen := func(a diff.Action) bool { return !seenIn(r.told, a) }
	return reflect.DeepEqual(r.told.After, r.unheld.After) &&
		slices.ContainsFunc(r.through, from) &&
		!slices.ContainsFunc(r.last.Actions, unseen)
}

// seenIn reports whether the action does nothing to a directory or to another volume
// that no action of the plan does.
func seenIn(p diff.Plan, a diff.Action) bool {
	return slices.ContainsFunc(p.Actions, func(b diff.Action) bool {
		if gone, goes := a.(diff.Retire); goes {
			shown, goes := b.(diff.Retire)
			return goes && gone.Same(shown)
		}
		if perm, sets := a.(diff.SetPerm); sets {
			if shown, makes := b.(diff.MakeDir); makes && shown.Path == perm.Path && shown.Perm == perm.New {
				return true // the rest of making it
			}
		}
		s, isServe := a.(diff.Serve)
		if !isServe {
			return reflect.DeepEqual(a, b)
		}
		t, isServe := b.(diff.Serve)
		return isServe && (len(s.Others) == 0 || reflect.DeepEqual(s.Others, t.Others))
	})
}
