package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Options say how a run goes about it. The zero value waits for the lock as
// long as the context lasts and asks nobody.
type Options struct {
	Server      diff.Server
	Allow       diff.Allow
	LockTimeout time.Duration // 0: as long as the context lasts

	// Guard judges each plan that is computed under the lock; nil: diff.Guard with
	// Allow does. Its error ends the run.
	Guard func(diff.Plan) error

	// Confirm is asked where the plan is no longer the one that was shown;
	// nil: nobody is.
	Confirm func(diff.Plan) bool

	// Changed is told of the plan that is carried out, where that is no longer the one
	// that was shown and nobody is asked; nil: nobody is. Its error ends the run.
	Changed func(diff.Plan) error

	// Agree is asked about the plan as it is computed right after the lock was taken,
	// before anything is done; nil: nobody is. Its error ends the run.
	Agree func(diff.Plan) error

	// Progress is told before each step: which, and how many there are as
	// far as known; nil: nobody is. Steps that are made at once are told of
	// one after the other.
	Progress func(n, of int, a diff.Action)

	// Ended is told when a step has ended, each time that it is tried, and again when
	// what became of it turns out to be something else than was told: was is that, empty
	// the first time. Of steps that were not started it is not told; nil: nobody is.
	Ended func(s Step, was Outcome)

	// Revived is told that the volume's NFS server was told to start again, which is no
	// step of any plan; nil: nobody is.
	Revived func(err error)

	// Waiting is told who holds the volume's lock; nil: nobody is.
	Waiting func(holder string)
}

// Errors that end a run early.
var (
	// ErrDeclined: the plan had changed, and the user said no to the new one.
	ErrDeclined = errors.New("the plan has changed since it was shown, and the new one was declined")

	// ErrStopped: the run was asked to stop; the step in hand was finished.
	ErrStopped = errors.New("stopped before it was done")
)

// Apply carries the plan out. It has been shown, holds no problem, and the
// guards let it through. When ctx ends, the step in hand is finished, and
// nothing else is started.
func Apply(ctx context.Context, p diff.Plan, t Target, o Options) Report {
	r := newRun(p, t, o)
	r.part(ctx, func(ctx context.Context) error {
		if err := r.carryOut(ctx); err != nil {
			return err
		}
		return r.remove(ctx)
	})
	return r.end()
}

// Started is a run that has done all but what goes.
type Started struct{ run *run }

// Start is the first part of Apply: all but what goes. The lock is let go of then, so that
// nobody waits for it while other volumes are begun with.
func Start(ctx context.Context, p diff.Plan, t Target, o Options) *Started {
	r := newRun(p, t, o)
	r.part(ctx, r.carryOut)
	return &Started{r}
}

// Finish is the other part, under a lock of its own, unless the first one failed. What
// others have changed in between is seen before anything goes.
func (s *Started) Finish(ctx context.Context) Report {
	if r := s.run; r.report.Err == nil && len(r.last.Retirements()) > 0 {
		r.unlockedMeanwhile()
		r.part(ctx, r.remove)
	}
	return s.run.end()
}

func newRun(p diff.Plan, t Target, o Options) *run {
	r := &run{target: t, options: o, tries: map[string]int{}, noted: map[string]noted{}, verified: p.Empty()}
	r.show(p)
	r.unheld, r.last, r.planned = p, p, p
	r.report.Target = p.Volume.Target
	return r
}

// part does a part of the run under the lock, where there is anything to do.
func (r *run) part(ctx context.Context, do func(context.Context) error) {
	if r.shown.Empty() {
		return
	}
	r.report.Err = r.lockedAgain(ctx, do)
	r.warn() // also of what is the reason that nothing was done
}

// end completes the report.
func (r *run) end() Report {
	r.tellUnnoted()
	r.listHeld()
	r.report.Converged = r.verified && r.unsure == nil && r.report.Err == nil && r.last.Empty() && len(r.report.Held) == 0
	r.listNotStarted()
	return r.report
}

// run is one application of one plan.
type run struct {
	target  Target
	options Options
	report  Report

	shown    diff.Plan       // as the user saw it, and said yes to it
	told     diff.Plan       // the last one of which was told that it is another one
	through  []state.Serving // how the volume is served on the way to what was shown or told
	unheld   diff.Plan       // as computed last, as if no share were held
	last     diff.Plan       // as computed last
	planned  diff.Plan       // last, or the one before where last could plan nothing
	verified bool            // last was computed from a read that followed the last step
	lock     Lock            // nil where the run goes on without
	dirsDone bool            // directories are as they will be in this run
	removing bool            // all else is done
	unlocked error           // why the run goes on without the lock; nil: it has it
	server   serverWatch
	unsure   *diff.Serve      // a write of which is not known whether it was made
	tries    map[string]int   // of each write of access
	skipped  []diff.Action    // on directories of shares that are held
	noted    map[string]noted // by directory that goes
}

// stopped tells what failed because the run was asked to stop from what failed
// by itself.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ErrStopped, err)
	}
	return err
}

func (r *run) remark(format string, args ...any) {
	r.report.Remarks = append(r.report.Remarks, fmt.Sprintf(format, args...))
}

// remarkOnce makes no remark a second time.
func (r *run) remarkOnce(format string, args ...any) {
	if !slices.Contains(r.report.Remarks, fmt.Sprintf(format, args...)) {
		r.remark(format, args...)
	}
}

// carryOut makes the changes in their order, but for what goes: what must be cut at
// once, then directories and limits, then access.
func (r *run) carryOut(ctx context.Context) error {
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil { // others may have had the lock since the plan was made
		return err
	}
	urgent := func(s diff.Serve) bool { return s.Stage != diff.Grant }
	if serves := r.last.Serves(); len(serves) > 0 && urgent(serves[0]) {
		if err := r.writeAccess(ctx, urgent); err != nil {
			return err
		}
	}
	if err := r.changeDirs(ctx); err != nil {
		return err
	}
	return r.writeAccess(ctx, func(diff.Serve) bool { return true })
}

// remove carries out what goes, and clears up what was to go and stays.
func (r *run) remove(ctx context.Context) error {
	r.removing = true
	if err := r.retire(ctx); err != nil {
		return err
	}
	r.forget(ctx)
	return nil
}

// agree lets the plan be looked at once more where that is asked for: nobody else can
// be at work any more. What was agreed to is what counts as shown from there on.
func (r *run) agree(ctx context.Context) error {
	if r.options.Agree == nil {
		return nil
	}
	a, err := r.observe(ctx)
	if err != nil {
		return stopped(ctx, err)
	}
	r.compute(a)
	if err := r.options.Agree(r.last); err != nil {
		return err
	}
	if p := r.last.Problems; len(p) > 0 {
		return ProblemsError{p}
	}
	r.show(r.last)
	r.verified, r.options.Agree = true, nil
	return nil
}

// changeDirs carries out what the plan does to directories and their limits. An
// action that fails holds its share back; the others go on.
func (r *run) changeDirs(ctx context.Context) error {
	if err := r.judge(); err != nil {
		return err
	}
	var limits []diff.SetLimit
	for _, a := range dirActions(r.last) {
		if r.report.Held[a.Of()] != "" {
			r.skipped = append(r.skipped, a)
			continue
		}
		if l, isLimit := a.(diff.SetLimit); isLimit {
			limits = append(limits, l)
			continue
		}
		err := r.step(ctx, a)
		if ends := r.ends(ctx, err); ends != nil {
			return ends
		} else if err != nil {
			r.holdAll(a, err)
		}
	}
	if err := r.setLimits(ctx, limits); err != nil {
		return err
	}
	r.dirsDone = true
	return nil
}

// holdAll holds the shares back that need the action.
func (r *run) holdAll(failed diff.Action, err error) {
	if _, isQuota := failed.(diff.EnableQuota); !isQuota {
		r.hold(failed.Of(), err.Error())
		return
	}
	for _, a := range r.last.Actions {
		if l, isLimit := a.(diff.SetLimit); isLimit {
			r.hold(l.Share, err.Error())
		}
	}
}

// dirActions are those on directories and their limits that come before access.
func dirActions(p diff.Plan) []diff.Action {
	return slices.DeleteFunc(slices.Clone(p.Actions), func(a diff.Action) bool {
		switch a := a.(type) {
		case diff.Serve, diff.Retire:
			return true
		case diff.SetLimit:
			return a.Retiring
		}
		return false
	})
}

// listHeld completes the shares that this run held back by those that something
// is in the way of.
func (r *run) listHeld() {
	for share, why := range r.planned.Held {
		r.hold(share, why)
	}
}

func (r *run) hold(share, why string) {
	if r.report.Held == nil {
		r.report.Held = map[string]string{}
	}
	r.report.Held[share] = why
}
