package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// retire carries out what goes, when everything else is done: limits, and then,
// after a read that shows that nobody is admitted any more, the directories. What
// stays after all gets its limit back.
func (r *run) retire(ctx context.Context) error {
	if len(r.last.Retirements()) == 0 {
		return nil
	}
	if err := r.judge(); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil { // the user may have been asked, and taken time
		return err
	}
	if err := r.surelyLocked(ctx); err != nil {
		return err
	}
	planned, err := r.announced(ctx, r.agreed(r.last.Retirements()))
	if err != nil {
		return err
	}
	err = r.setLimits(ctx, retiringLimits(r.last, planned))
	if err == nil {
		err = r.retireAll(ctx, planned)
	} else {
		r.skip(planned)
	}
	if failed := r.limitsBack(context.WithoutCancel(ctx), planned); err == nil {
		err = failed
	}
	return err
}

// skipLimits notes that limits were to go with the directory, and are not tried.
func (r *run) skipLimits(a diff.Retire) {
	for _, l := range retiringLimits(r.last, []diff.Retire{a}) {
		r.skipped = append(r.skipped, l)
	}
}

// skip notes that these were planned, and are not tried.
func (r *run) skip(planned []diff.Retire) {
	for _, a := range planned {
		r.skipped = append(r.skipped, a)
	}
}

// noteTimeout bounds how long a write of access waits for notes to be written. Who has
// to go is not let stay for their sake.
const noteTimeout = 15 * time.Second

// noteLeaving writes down who has access to what goes to the trash, before that is taken
// away: should this run come to nothing then, the note of the next one tells of it all
// the same. Where it can't be written, as on a full volume, access is taken away without.
func (r *run) noteLeaving(ctx context.Context) {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), noteTimeout, errors.New("it takes too long"))
	defer cancel()
	sure := r.lock == nil // there is none that can be lost
	for _, l := range r.shown.Leaving {
		_, tried := r.noted[l.Path]
		still := func(now state.Retirement) bool { return now.Path == l.Path }
		if tried || l.How == state.Purge || len(l.Admitted()) == 0 || !slices.ContainsFunc(r.last.Leaving, still) {
			continue
		}
		var err error
		if !sure {
			err = r.lock.Held(ctx)
			sure = err == nil
		}
		switch {
		case sure:
			err = r.writeDown(ctx, l)
		case !errors.Is(err, state.ErrNoLock):
			return // the write that follows is told, and is not made
		}
		r.noted[l.Path] = noted{l, err}
	}
}

// noted is what came of writing down what a directory is that goes.
type noted struct {
	of  state.Retirement
	err error
}

// writeDown notes what a directory is that is to go, if nothing is in the way of that.
func (r *run) writeDown(ctx context.Context, l state.Retirement) error {
	same := func(now state.Retirement) bool { return now.Path == l.Path && now.ID == l.ID }
	switch {
	case r.lock == nil:
		return r.unlocked
	case !slices.ContainsFunc(r.last.Leaving, same):
		return errors.New(changedMeanwhile)
	}
	r.verified = false
	return r.target.Announce(ctx, l)
}

// tellUnnoted tells of those who had access to what has not gone, where no note does.
func (r *run) tellUnnoted() {
	for _, p := range slices.Sorted(maps.Keys(r.noted)) {
		n := r.noted[p]
		i := r.stepOf(diff.Retire{Retirement: n.of})
		if n.err != nil && len(n.of.Admitted()) > 0 && (i < 0 || r.report.Steps[i].Outcome != Done) {
			r.remark("that %s had access to %s could not be noted: %v", strings.Join(n.of.Admitted(), ", "), p, n.err)
		}
	}
}

// forget clears up, where this run has changed anything, what was written down of
// directories that stay after all. Of a limit that the file says nothing of, and that may
// be gone, nothing else tells then.
func (r *run) forget(ctx context.Context) {
	if r.lock == nil || len(r.report.Steps) == 0 || ctx.Err() != nil || r.lock.Held(ctx) != nil {
		return // the next run that changes anything does it
	}
	limits, err := r.target.Forget(context.WithoutCancel(ctx))
	for _, l := range limits {
		unmanaged := func(s state.Share) bool { return s.Dir() == l.Path && !s.Size.Managed }
		if slices.ContainsFunc(r.shown.Volume.Shares, unmanaged) {
			r.remark("%s had the limit %s when a removal of it was begun; see whether it still has, or write its size", l.Path, state.ExactBytes(l.Bytes))
		}
	}
	if err != nil {
		r.remark("%v", err)
	}
}

// announced are those of the retirements whose limits can be taken away: of what goes
// to the trash is written down first what it was. The others are held.
func (r *run) announced(ctx context.Context, planned []diff.Retire) ([]diff.Retire, error) {
	var out []diff.Retire
	for _, a := range planned {
		n, tried := r.noted[a.Path]
		is := tried && n.err == nil
		if is || a.How == state.Purge || len(retiringLimits(r.last, []diff.Retire{a})) == 0 {
			out = append(out, a)
			continue
		}
		if ctx.Err() != nil {
			return nil, ErrStopped
		}
		err := r.target.Announce(context.WithoutCancel(ctx), a.Retirement)
		r.noted[a.Path] = noted{a.Retirement, err}
		if err != nil {
			r.note(r.stepFor(a), err)
			r.skipLimits(a)
			r.hold(a.Share, err.Error())
			continue
		}
		out = append(out, a)
	}
	return out, nil
}

// retireAll retires the directories one after the other, each after a look of its
// own, and holds the shares of those that are still there in the end.
func (r *run) retireAll(ctx context.Context, planned []diff.Retire) error {
	for _, a := range planned {
		if err := r.read(ctx); err != nil { // the one before may have taken hours
			return err
		}
		if err := r.surelyLocked(ctx); err != nil {
			return err
		}
		if err := r.retireOne(ctx, a); err != nil {
			return err
		}
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	for _, a := range r.last.Retirements() {
		if r.report.Held[a.Share] == "" {
			r.hold(a.Share, r.wasNotDone(a, errors.New("its directory is still there")))
		}
	}
	return nil
}

// limitsBack gives the directories that are still there the limits back that this
// run has taken away: they are not to grow without, and the next note is to tell
// of them.
func (r *run) limitsBack(ctx context.Context, planned []diff.Retire) error {
	taken := r.takenLimits()
	if len(taken) == 0 {
		return nil
	}
	if err := r.read(ctx); err != nil {
		r.limitsLost(taken, err)
		return err
	}
	var back []diff.SetLimit
	for _, l := range taken {
		if r.stays(l.Path, planned) {
			back = append(back, l)
		} else if why := r.unheld.Held[l.Share]; why != "" {
			r.limitsLost([]diff.SetLimit{l}, errors.New(why))
		}
	}
	if len(back) == 0 {
		return nil
	}
	if err := r.surelyLocked(ctx); err != nil {
		r.limitsLost(back, err)
		return err
	}
	return r.putBack(ctx, back)
}

// stays reports whether the directory is still there, the one that was to go, and
// has no limit.
func (r *run) stays(path string, planned []diff.Retire) bool {
	return slices.ContainsFunc(r.unheld.Retirements(), func(a diff.Retire) bool {
		same := func(p diff.Retire) bool { return p.Path == a.Path && p.ID == a.ID }
		return a.Path == path && a.Limit == 0 && slices.ContainsFunc(planned, same)
	})
}

// takenLimits are those that this run has taken away, or may have, so that their
// directories can go.
func (r *run) takenLimits() []diff.SetLimit {
	var out []diff.SetLimit
	for _, s := range r.report.Steps {
		if l, is := s.Action.(diff.SetLimit); is && l.Retiring && (s.Outcome == Done || s.Outcome == Unknown) {
			out = append(out, l)
		}
	}
	return out
}

// putBack sets limits that were taken away of directories that stay.
func (r *run) putBack(ctx context.Context, taken []diff.SetLimit) error {
	var limits []state.Limit
	for _, l := range taken {
		limits = append(limits, state.Limit{Path: l.Path, Bytes: l.Old})
	}
	r.verified = false
	for i, err := range r.target.SetLimits(ctx, limits) {
		if err != nil {
			r.limitsLost(taken[i:i+1], err)
			continue
		}
		r.became(r.stepOf(taken[i]), Failed, fmt.Errorf("%s was put back, since the directory stays", state.ExactBytes(taken[i].Old)))
	}
	return r.read(ctx)
}

// limitsLost tells of limits that are not known to be back.
func (r *run) limitsLost(taken []diff.SetLimit, why error) {
	for _, l := range taken {
		r.remark("the limit of %s, %s, was taken away; set it again if the directory stays: %v", l.Path, state.ExactBytes(l.Old), why)
	}
}

// retireOne retires one directory, unless something came in between: then its
// share is held.
func (r *run) retireOne(ctx context.Context, a diff.Retire) error {
	err := r.mayRetire(a)
	if err != nil {
		r.skipped = append(r.skipped, a)
	} else if err = r.step(ctx, a); errors.Is(err, ErrStopped) {
		return err
	}
	if err != nil && r.report.Held[a.Share] == "" {
		r.hold(a.Share, err.Error())
	}
	return nil
}

// mayRetire says why a directory can't go, given what was read last.
func (r *run) mayRetire(a diff.Retire) error {
	for _, share := range slices.Sorted(maps.Keys(r.report.Held)) {
		if share == a.Share || strings.HasPrefix(share, a.Share+"/") {
			return fmt.Errorf("%s stays: %s", path.Join("/", share), r.report.Held[share])
		}
	}
	for _, dir := range []string{a.Path, "/"} {
		if _, exports := r.last.Before.At(dir); slices.ContainsFunc(exports, state.Export.Open) {
			return fmt.Errorf("clients are still admitted to %s", dir)
		}
	}
	if left := retiringLimits(r.last, []diff.Retire{a}); len(left) > 0 {
		err := fmt.Errorf("its limit reads back as %s", state.Size{Bytes: left[0].Old})
		return errors.New(r.wasNotDone(left[0], err))
	}
	if !slices.ContainsFunc(r.last.Retirements(), a.Same) {
		return errors.New(changedMeanwhile)
	}
	return nil
}

// agreed are those of the retirements that were shown, as they were shown: with
// the limit and the clients that the directory had then. The others are held,
// since nobody has seen that these directories would go.
func (r *run) agreed(all []diff.Retire) []diff.Retire {
	var out []diff.Retire
	shown := r.shown.Retirements()
	for _, a := range all {
		if i := slices.IndexFunc(shown, a.Same); i >= 0 {
			out = append(out, shown[i])
			continue
		}
		r.skipLimits(a)
		r.skipped = append(r.skipped, a)
		r.hold(a.Share, changedMeanwhile)
	}
	return out
}

const changedMeanwhile = "its directory is not the one that the plan was made for, and stays"

// retiringLimits are the limits that have to go before the directories do.
func retiringLimits(p diff.Plan, of []diff.Retire) []diff.SetLimit {
	var out []diff.SetLimit
	for _, a := range p.Actions {
		l, isLimit := a.(diff.SetLimit)
		if isLimit && l.Retiring && slices.ContainsFunc(of, func(r diff.Retire) bool { return r.Path == l.Path }) {
			out = append(out, l)
		}
	}
	return out
}
