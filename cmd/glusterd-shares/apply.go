package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

const lockTimeout = 60 * time.Second

type applyFlags struct {
	planFlags
	confirm, dryRun bool
	lockTimeout     time.Duration // 0: none
}

func (a *app) applyCommand() *cobra.Command {
	var flags applyFlags
	cmd := &cobra.Command{
		Use:   "apply -f PATH | FILE [-f PATH]",
		Short: "Make the shares be what the state file says",
		Long: `apply shows the plan, carries it out, and reads the cluster again to see that it
holds. It asks no questions unless --confirm is given. A problem or a guard on one
volume stops the run before anything is written anywhere.

apply FILE carries out a plan that plan --out has saved, and nothing else: it reads the
cluster, plans again, under the lock as well, and where that is not the same plan it
shows the difference, changes nothing, and exits with 4. With -f PATH that is also
where the state files ask for something else by now. Flags such as --allow-* and
--sandbox have to be said again.`,
		Example: `  glusterd-shares apply -f state.yaml
  glusterd-shares apply -f state.yaml --confirm
  glusterd-shares apply plan.json                          # what plan --out has saved
  glusterd-shares apply plan.json -f state.yaml            # and what the file still asks for
  glusterd-shares apply -f state.yaml --volume gluster1.example.com:/gv0
  glusterd-shares apply -f state.yaml --sandbox /tmp/rehearsal`,
		Args: a.savedPlanArg,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.format == formatMarkdown && !flags.dryRun {
				return errors.New("-o markdown is for a plan: run plan, or add --dry-run")
			}
			switch {
			case a.saved != "":
				a.end(a.applySaved(cmd.Context(), flags))
			case flags.dryRun:
				a.end(a.plan(cmd.Context(), "apply", flags.planFlags))
			default:
				a.end(a.apply(cmd.Context(), flags))
			}
			return nil
		},
	}
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	flags.register(cmd.Flags(), 0)
	a.commentFlags(cmd.Flags())
	f := cmd.Flags()
	f.BoolVar(&flags.confirm, "confirm", false, "ask before anything is changed")
	f.BoolVar(&flags.dryRun, "dry-run", false, "only show the plan")
	lockTimeoutFlag(f, &flags.lockTimeout, lockTimeout)
	return cmd
}

func lockTimeoutFlag(f *pflag.FlagSet, timeout *time.Duration, usual time.Duration) {
	f.DurationVar(timeout, "lock-timeout", usual, "the `TIME` to wait for another run on the same volume, such as 5m; 0: as long as it takes")
}

// askable says why nobody can be asked, where somebody is to be.
func (a *app) askable(flags applyFlags) error {
	if flags.confirm && !isTerminal(a.std.in) {
		return errors.New("--confirm asks on a terminal, and there is none")
	}
	return nil
}

func (a *app) apply(ctx context.Context, flags applyFlags) result {
	if err := a.askable(flags); err != nil {
		return result{command: "apply", sandbox: a.sandboxDir, usage: err}
	}
	ctx, cancel := flags.bounded(ctx)
	defer cancel()
	r, s, done := a.begin(ctx, "apply", flags.planFlags)
	if done {
		return r
	}
	if !r.refused() && r.pending() {
		r = a.carryOut(ctx, r, s, flags)
	}
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// carryOut applies the plans, volume by volume.
func (a *app) carryOut(ctx context.Context, r result, s *session, flags applyFlags) result {
	if a.format != formatJSON || flags.confirm {
		if err := a.showPlan(&r); err != nil {
			r.failure = fmt.Errorf("nothing was changed, since the plan can't be shown: %w", err)
			return r
		}
	}
	progress := a.newProgress()
	defer progress.clear()
	var again func(diff.Plan) bool // nil: nobody is asked
	if flags.confirm {
		asked := a.newAsker()
		if err := asked.ask(ctx, "Apply this plan?"); err != nil {
			r.failure = fmt.Errorf("nothing was changed: %w", err)
			return r
		}
		again = func(p diff.Plan) bool { progress.clear(); return asked.again(ctx, p, r) }
	}
	return s.applyAll(ctx, r, func(i int) apply.Options {
		target := s.jobs[i].volume.Target
		o := apply.Options{
			Server: gnfs.Server{}, Allow: flags.allow, LockTimeout: flags.lockTimeout, Confirm: again,
			Changed:  func(p diff.Plan) error { progress.clear(); return a.changed(p, r, i) },
			Progress: progress.step(target), Ended: a.audit(target), Revived: a.auditRevived(target),
			Waiting: a.waiting(progress, target),
		}
		if s.saved != nil {
			o.Agree, o.Confirm = s.stillSaved(i), func(diff.Plan) bool { return false }
		}
		return o
	})
}

// changed shows the plan that is carried out, though it is not the one that was shown:
// others have changed the volume since.
func (a *app) changed(p diff.Plan, r result, i int) error {
	r.volumes[i].plan = &p
	if a.format == formatJSON {
		return nil
	}
	fmt.Fprintf(a.std.err, "%s: others changed the volume meanwhile, and this is the plan now\n", p.Volume.Target)
	if err := a.showOther(p, r); err != nil {
		return fmt.Errorf("the plan that there is now can't be shown: %w", err)
	}
	return nil
}

// applyAll applies the plans of the volumes that could be read, each with the options of
// its job.
func (s *session) applyAll(ctx context.Context, r result, options func(i int) apply.Options) result {
	if s.saved != nil {
		return s.applySaved(ctx, r, options)
	}
	var jobs []apply.Job
	var volumes []*volumeResult
	for i, j := range s.jobs {
		if j.err == nil {
			jobs = append(jobs, apply.Job{Plan: j.plan, Target: j.endpoint, Options: options(i)})
			volumes = append(volumes, &r.volumes[i])
		}
	}
	for n, report := range apply.All(ctx, jobs) {
		volumes[n].report = &report
	}
	return r
}

// waiting tells on stderr for whom the run waits.
func (a *app) waiting(p *progress, target state.Target) func(string) {
	return func(holder string) {
		p.clear()
		if holder != "" {
			holder = ", last taken by " + holder
		}
		fmt.Fprintf(a.std.err, "%s: waiting for the lock of another run%s\n", target, holder)
	}
}
