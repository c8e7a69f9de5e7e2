package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
)

// savedPlanArg takes the file of a saved plan, or nothing.
func (a *app) savedPlanArg(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return noFileArgs(cmd, args)
	}
	if args[0] == "" {
		return errors.New("the name of the saved plan is empty, and without one it is not the saved plan that would be applied")
	}
	if isStateFileName(args[0]) {
		return fmt.Errorf("%w; without -f it is a plan that plan --out has saved", noFileArgs(cmd, args))
	}
	a.saved = args[0]
	return nil
}

// isStateFileName reports whether a file of this name is taken for a state file, and for
// no saved plan.
func isStateFileName(file string) bool {
	return strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml")
}

// besideSaved refuses what a saved plan says itself. apply takes state files beside it,
// to see whether they still ask for what was planned.
func (a *app) besideSaved(f *pflag.FlagSet) error {
	switch {
	case len(a.volumes) > 0 || len(a.files) > 0 && f.Lookup("show") != nil:
		return fmt.Errorf("%s has its state files in it, and the volumes that it is for: leave out -f and --volume", a.saved)
	case a.saved == "-" && slices.Contains(a.files, "-"):
		return errors.New("standard input can't be both the state file and the saved plan")
	}
	return nil
}

// applySaved carries out a saved plan, if the cluster is as it was when that was made.
func (a *app) applySaved(ctx context.Context, flags applyFlags) result {
	r := result{command: "apply", sandbox: a.sandboxDir, showCommands: flags.showCommands, usage: a.askable(flags)}
	if r.usage != nil {
		return r
	}
	ctx, cancel := flags.bounded(ctx)
	defer cancel()
	p, problems, err := a.openSaved(ctx)
	if err == nil && len(problems) == 0 {
		err = p.sameKind(a.sandboxDir)
	}
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r
	}
	r.ground = p.savedPlan
	if len(a.files) > 0 {
		if now, done := a.loaded(ctx, &r); done || p.desire(now, &r) {
			return r
		}
	}
	a.leftOut = leftOut(slices.Concat(p.desired.Volumes, p.others), p.desired.Volumes)
	s, err := a.open(p.desired)
	if r.usage = err; err != nil {
		return r
	}
	s.saved = p.plans
	s.plan(ctx)
	r.volumes, r.refusals = s.results(), diff.Guard(s.plans(), flags.allow)
	r.differences, r.failure = s.compared()
	if r.failure == nil && !flags.dryRun && !r.refused() && r.pending() {
		r = a.carryOut(ctx, r, s, flags)
	}
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// loaded is what the state files beside the saved plan ask for; done where they can't be
// read, which the result then says.
func (a *app) loaded(ctx context.Context, r *result) (now state.Desired, done bool) {
	now, problems, err := a.load(ctx)
	if r.invalid = problems; err != nil {
		r.unread(err)
	}
	return now, err != nil || len(problems) > 0
}

// desire makes what the state files ask for now what is planned again and compared. They
// may say it in other words; whether they have other volumes is told here, and so is one
// that the plan was not made for: nobody is to think that all of them were applied.
func (p *openedPlan) desire(now state.Desired, r *result) (differs bool) {
	var same []state.Volume
	for _, v := range p.desired.Volumes {
		i := slices.IndexFunc(now.Volumes, func(w state.Volume) bool { return w.Target == v.Target })
		if i < 0 {
			r.differences = append(r.differences, otherVolume(v, savedplan.Gone))
			continue
		}
		same = append(same, now.Volumes[i])
		now.Volumes = slices.Delete(slices.Clone(now.Volumes), i, i+1)
	}
	for _, v := range now.Volumes {
		r.differences = append(r.differences, otherVolume(v, savedplan.Added))
	}
	p.others, now.Volumes = nil, same
	p.desired = now
	return len(r.differences) > 0
}

func otherVolume(v state.Volume, what savedplan.What) savedplan.Difference {
	return savedplan.Difference{Target: v.Target.String(), What: what, Subject: "the volume in the state files", Details: []savedplan.Detail{}}
}

// sameKind refuses to carry out on a cluster what was planned in a sandbox, and the
// other way round.
func (p openedPlan) sameKind(sandbox string) error {
	switch {
	case p.sandbox != "" && sandbox == "":
		return fmt.Errorf("%s was made in the sandbox %s, and is for no cluster: say --sandbox %s, or make it anew", p.file, p.sandbox, p.sandbox)
	case p.sandbox == "" && sandbox != "":
		return fmt.Errorf("%s was made on a cluster, and is for no sandbox: leave out --sandbox, or make it anew", p.file)
	}
	return nil
}

// compared tells in what the plans of now are not those that were saved. A volume that
// can't be read stops the others here: the saved plan is one thing.
func (s *session) compared() (out []savedplan.Difference, unread error) {
	for i, j := range s.jobs {
		if j.err != nil {
			unread = errors.New("nothing was changed: whether it is still the saved plan can't be told")
			continue
		}
		out = append(out, savedplan.Compare(s.saved[i], j.plan)...)
	}
	return out, unread
}

// movedError is a plan that is not the saved one any more.
type movedError struct{ differences []savedplan.Difference }

func (e movedError) Error() string {
	return fmt.Sprintf("the plan is not the saved one any more: %s", e.differences[0])
}

// errMoved ends a run in the middle, where it asks nobody.
var errMoved = errors.New("somebody else has changed the cluster meanwhile, and what is left to do is not what was saved")

// differ reports whether a run ended because its plan was not, or was no longer, the
// saved one, and notes it. What was saved together is not gone on with then.
func (r *result) differ(report *apply.Report) bool {
	if e, is := errors.AsType[movedError](report.Err); is {
		r.differences = append(r.differences, e.differences...)
		return true
	}
	_, problems := errors.AsType[apply.ProblemsError](report.Err)
	_, refused := errors.AsType[apply.RefusedError](report.Err)
	switch declined := errors.Is(report.Err, apply.ErrDeclined); {
	case declined:
		report.Err = errMoved
	case !problems && !refused:
		return false
	}
	report.Err = fmt.Errorf("%w; nothing is done to it any more, nor to the volumes after it", report.Err)
	return true
}

// stillSaved compares the plan for a volume as it is under the lock with the saved
// one, and with what that is now that the plans for other volumes were carried out:
// what they did to global options is done.
func (s *session) stillSaved(i int) func(diff.Plan) error {
	return func(now diff.Plan) error {
		differences := savedplan.Compare(s.saved[i], now)
		j := s.jobs[i]
		left := diff.Compute(j.volume, j.actual, gnfs.Server{})
		if len(differences) == 0 || len(savedplan.Compare(left, now)) == 0 {
			return nil
		}
		return movedError{differences}
	}
}

// applySaved applies the plans as they stand in the saved one: they were agreed to with
// what the earlier volumes' writes of global options leave to the later ones, and together.
func (s *session) applySaved(ctx context.Context, r result, options func(i int) apply.Options) result {
	for i, j := range s.jobs {
		if j.err != nil {
			continue
		}
		report := apply.Apply(ctx, j.plan, j.endpoint, options(i))
		r.volumes[i].report = &report
		if r.differ(&report) {
			return r
		}
		s.applied(i)
	}
	return r
}

// applied takes down what a plan that was carried out did to the cluster of the volumes
// that are still to come.
func (s *session) applied(i int) {
	done := s.jobs[i]
	for _, j := range s.jobs[i+1:] {
		if sameCluster(done.actual, j.actual) {
			j.actual = diff.Beside(j.actual, done.plan)
		}
	}
}

// sameCluster tells it by the nodes: their ids are nobody else's.
func sameCluster(a, b state.Actual) bool {
	for _, p := range a.Peers {
		for _, q := range b.Peers {
			if p.ID == q.ID {
				return true
			}
		}
	}
	return false
}
