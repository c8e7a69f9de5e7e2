package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// maxLosses bounds how often a run goes on after it lost the lock.
const maxLosses = 3

// lockedAgain calls do under the lock, and from the beginning under another one where
// the lock was lost, as it is with the connection to the host. What goes is left to
// the next run then.
func (r *run) lockedAgain(ctx context.Context, do func(context.Context) error) error {
	err := r.locked(ctx, do)
	for n := 0; n < maxLosses && errors.Is(err, state.ErrLockLost) && !r.removing && ctx.Err() == nil; n++ {
		lost := err
		err = r.locked(ctx, func(ctx context.Context) error { return r.goOn(ctx, lost, do) })
		if err != nil && !errors.Is(err, state.ErrLockLost) {
			return fmt.Errorf("%w; before that: %v", err, lost)
		}
	}
	return err
}

// goOn calls do under another lock than the one that was lost, where nobody has changed
// anything meanwhile: what there is to do is in the plan that was shown.
func (r *run) goOn(ctx context.Context, lost error, do func(context.Context) error) error {
	r.unlockedMeanwhile()
	r.report.Held, r.skipped, r.dirsDone = nil, nil, false
	if err := r.read(ctx); err != nil {
		return err
	}
	r.settleDirs()
	if !r.expected() {
		return errors.New("the volume was changed while this run had no lock")
	}
	r.remarkOnce("went on under another lock from what was found: %v", lost)
	return do(ctx)
}

// unlockedMeanwhile drops what other runs may have changed while this one had no lock.
func (r *run) unlockedMeanwhile() {
	r.verified = false
	maps.DeleteFunc(r.noted, func(_ string, n noted) bool { return n.err == nil || errors.Is(n.err, state.ErrLockLost) })
}

// settleDirs ends the doubt about steps on directories and limits that a read shows
// made.
func (r *run) settleDirs() {
	for i, s := range r.report.Steps {
		_, isServe := s.Action.(diff.Serve)
		inDoubt := s.Outcome == Unknown || errors.Is(s.Err, state.ErrLockLost)
		toDo := func(a diff.Action) bool { return identity(a) == identity(s.Action) }
		if !isServe && inDoubt && !slices.ContainsFunc(r.last.Actions, toDo) {
			r.became(i, Done, nil)
		}
	}
}

// ends is the error with which steps that were made at once end the run, and not their
// shares alone: it was stopped, or the lock is lost. Where nobody heard what became of
// one, the lock may have gone the same way.
func (r *run) ends(ctx context.Context, errs ...error) error {
	for _, err := range errs {
		if errors.Is(err, ErrStopped) || errors.Is(err, state.ErrLockLost) {
			return err
		}
	}
	if r.lock == nil || !errors.Is(errors.Join(errs...), state.ErrUnknownOutcome) {
		return nil
	}
	if err := r.lock.Held(context.WithoutCancel(ctx)); errors.Is(err, state.ErrLockLost) {
		return err
	}
	return nil
}

// locked takes the volume's lock and calls do. On a full volume the lock can't
// be made, and a client can put something else in its place: a plan that lets
// nobody in goes on without, since to take access away must always be possible.
func (r *run) locked(ctx context.Context, do func(context.Context) error) error {
	waiting, cancel := ctx, context.CancelFunc(func() {})
	if r.options.LockTimeout > 0 {
		waiting, cancel = context.WithTimeoutCause(ctx, r.options.LockTimeout,
			fmt.Errorf("the lock timeout of %v is over", r.options.LockTimeout))
	}
	defer cancel()
	lock, err := r.target.Lock(waiting, r.options.Waiting)
	switch {
	case errors.Is(err, state.ErrNoLock) && r.shown.OnlyNarrows():
		r.goOnUnlocked(err)
		return do(ctx)
	case errors.Is(err, state.ErrNoLock):
		return fmt.Errorf("%w; until then only a plan that lets nobody in is carried out", err)
	case err != nil:
		return stopped(ctx, err)
	}
	r.lock, r.unlocked = lock, nil
	err = do(ctx)
	if closing := lock.Close(); closing != nil && !errors.Is(err, state.ErrLockLost) {
		r.remark("the volume's lock: %v", closing)
	}
	return err
}

func (r *run) goOnUnlocked(why error) {
	r.unlocked = why
	r.lock = nil
	r.remarkOnce("went on without the volume's lock, since access is only taken away: %v", why)
}

// stillLocked makes sure, before a write of access, that no other run can have
// begun to write beside this one. A lock that is lost to another run, or may be,
// ends this one; that somebody has put something in its place keeps nobody's
// access alive.
func (r *run) stillLocked(ctx context.Context) error {
	if r.lock == nil {
		return nil
	}
	err := r.lock.Held(ctx)
	if errors.Is(err, state.ErrNoLock) && r.last.OnlyNarrows() {
		r.goOnUnlocked(err)
		return nil
	}
	if err != nil {
		return stopped(ctx, err)
	}
	return nil
}

// surelyLocked makes sure that no other run can be at work. Access may be taken
// away without the lock; no directory goes without.
func (r *run) surelyLocked(ctx context.Context) error {
	if r.lock == nil {
		return fmt.Errorf("no directory goes without the volume's lock: %w", r.unlocked)
	}
	if err := r.lock.Held(ctx); err != nil {
		return stopped(ctx, err)
	}
	return nil
}
