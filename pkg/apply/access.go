package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// maxTries bounds how often one write is made whose outcome is not known, or
// which reads back as if it had never been made.
const maxTries = 3

// ErrUncertain is said of a write that was given up.
var ErrUncertain = errors.New("is not certain to hold")

// ErrOvertaken is said of a write of which nobody heard whether it was made.
var ErrOvertaken = errors.New("it was not seen to hold, and another write has taken its place")

// writeAccess reads, computes, makes the first change of access that counts,
// and begins again, until a read shows none left.
func (r *run) writeAccess(ctx context.Context, counts func(diff.Serve) bool) error {
	for {
		if err := r.read(ctx); err != nil {
			return err
		}
		next := r.next(counts)
		if next == nil {
			return nil
		}
		if err := r.judge(); err != nil {
			return err
		}
		r.noteLeaving(ctx)
		if !r.verified {
			continue // the user was asked, or notes were written, and that took time
		}
		if err := r.stillLocked(ctx); err != nil {
			return err
		}
		r.warn()
		if err := r.write(ctx, *next); err != nil {
			return err
		}
	}
}

// read observes the volume and computes afresh, unless nothing was done since
// it did so last. After the first step it is part of that step: what was
// written has to be seen, even where ctx has ended.
func (r *run) read(ctx context.Context) error {
	if r.verified {
		return nil
	}
	if len(r.report.Steps) > 0 {
		ctx = context.WithoutCancel(ctx)
	}
	a, err := r.observe(ctx)
	if err != nil {
		return stopped(ctx, err)
	}
	r.compute(a)
	if r.dirsDone && r.holdChanged() {
		r.compute(a)
	}
	if p := r.last.Problems; len(p) > 0 {
		return ProblemsError{p}
	}
	r.verified = true
	return nil
}

// compute makes the plan for what was read.
func (r *run) compute(a state.Actual) {
	v := r.shown.Volume
	r.unheld = diff.Compute(v, a, r.options.Server)
	r.last = r.unheld
	if r.last.Unplanned {
		return
	}
	if len(r.report.Held) > 0 {
		r.last = diff.Compute(v, r.holding(a), r.options.Server)
	}
	r.planned = r.last
}

// holding is what was read, with what this run holds back.
func (r *run) holding(a state.Actual) state.Actual {
	dirs := maps.Clone(a.Dirs)
	for _, s := range r.shown.Volume.Shares {
		d := dirs[s.Dir()]
		d.Held = r.report.Held[s.Name]
		dirs[s.Dir()] = d
	}
	a.Dirs = dirs
	return a
}

// holdChanged holds the shares back whose directories are not what this run
// left behind or was shown: it does not chase who changes them.
func (r *run) holdChanged() bool {
	changed := dirActions(r.last)
	for _, a := range changed {
		switch a := a.(type) {
		case diff.EnableQuota: // the limits that need it follow
		case diff.SetLimit:
			r.hold(a.Share, r.wasNotDone(a, fmt.Errorf("its limit reads back as %s", state.Size{Bytes: a.Old})))
		default:
			r.hold(a.Of(), "its directory was changed by somebody else meanwhile")
		}
	}
	return len(changed) > 0
}

// wasNotDone corrects what the report says of an action that was reported as
// done, and that a read shows was not. It returns the error's text.
func (r *run) wasNotDone(a diff.Action, err error) string {
	if i := r.stepOf(a); i >= 0 && r.report.Steps[i].Outcome == Done {
		r.became(i, Failed, err)
	}
	return err.Error()
}

// next returns the write to make now, or nil. One of which it is not known
// whether it was made comes again before any other, even where it reads back as
// made: after "Commit failed" glusterd 10.3 may hold in memory what it has not
// stored, or the other way round, and what follows may rest on it.
func (r *run) next(counts func(diff.Serve) bool) *diff.Serve {
	switch {
	case r.unsure == nil:
	case shows(r.last.Before, *r.unsure):
		return r.unsure
	case r.last.Empty():
		return overwrite(*r.unsure, r.last.Before)
	}
	for _, s := range r.last.Serves() {
		if counts(s) {
			return &s
		}
	}
	return nil
}

// overwrite writes what is set now, and is right, over what the write may have
// stored; nil where none of its options is set.
func overwrite(unsure diff.Serve, now state.Serving) *diff.Serve {
	stored := now
	stored.Settings = maps.Clone(now.Settings)
	for _, w := range unsure.Settings() {
		stored.Settings[w.Key] = w.New
	}
	s := diff.Serve{Stage: unsure.Stage, ServingChange: state.ServingChange{Old: stored, New: now}, Pos: unsure.Pos}
	if s.Empty() {
		return nil
	}
	return &s
}

// shows reports whether the volume's settings are what the write sets.
func shows(now state.Serving, s diff.Serve) bool {
	for _, w := range s.Settings() {
		if now.Settings[w.Key] != w.New {
			return false
		}
	}
	return true
}

// write makes one change of access. What became of one whose outcome is not
// known is for the next read to tell.
func (r *run) write(ctx context.Context, s diff.Serve) error {
	id := string(s.Stage) + " " + s.Settings()[0].Key
	if r.tries[id] == maxTries {
		return r.giveUp(s)
	}
	r.tries[id]++
	r.server.writes(s.ServingChange)
	r.through = append(r.through, s.New)
	err := r.step(ctx, s)
	if errors.Is(err, state.ErrUnknownOutcome) {
		r.unsure = &s
		return nil
	}
	if errors.Is(err, state.ErrLockLost) {
		return err // it was not begun, and what was in doubt still is
	}
	r.unsure = nil
	if err == nil {
		r.settle()
	}
	return err
}

// settle ends the doubt about earlier writes when one is known to be made:
// glusterd stores all that it holds of the volume with it, and the read before
// it did not show them.
func (r *run) settle() {
	for i, s := range r.report.Steps {
		if _, isServe := s.Action.(diff.Serve); isServe && s.Outcome == Unknown {
			r.became(i, Failed, ErrOvertaken)
		}
	}
}

// giveUp ends the tries of a write. One that was reported as made, and that no
// read has shown, was not.
func (r *run) giveUp(s diff.Serve) error {
	err := fmt.Errorf("%s %w, after %d tries: see glusterd's log, and who else changes it; where gluster answered with a failure, "+
		"glusterd may not have stored what it shows, which no later plan can tell: set it by hand until gluster says success",
		s.Settings()[0].Key, ErrUncertain, maxTries)
	r.wasNotDone(s, err)
	return err
}
