package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glusterd-shares/pkg/diff"
)

// readTimeout bounds a command that only reads.
const readTimeout = 60 * time.Second

// planFlags are what plan and apply have in common.
type planFlags struct {
	allow        diff.Allow
	showCommands bool
	timeout      time.Duration // of the whole command; 0: none
}

func (p *planFlags) register(f *pflag.FlagSet, timeout time.Duration) {
	timeoutFlag(f, &p.timeout, timeout)
	f.BoolVar(&p.showCommands, "show-commands", false, "show the exact commands of each action; -o json always has them")
	f.BoolVar(&p.allow.MassRevoke, "allow-mass-revoke", false, "let a plan take all clients from all exports of a volume, or from half of them")
	f.BoolVar(&p.allow.MassRemove, "allow-mass-remove", false, "let a plan remove all directories of a volume's shares, or half of them, or delete three or more for good")
	f.BoolVar(&p.allow.OtherVolumes, "allow-other-volumes", false, "let a plan take access away on volumes that it is not for")
}

func timeoutFlag(f *pflag.FlagSet, timeout *time.Duration, value time.Duration) {
	f.DurationVar(timeout, "timeout", value, "the `TIME` that the whole command may take, such as 90s; 0: as long as it takes")
}

// bounded ends the context when the command's time is over.
func (p planFlags) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return bounded(ctx, p.timeout)
}

func bounded(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the --timeout of %v is over", timeout))
}

func (a *app) planCommand() *cobra.Command {
	var flags planFlags
	var against againstFlags
	var out string
	var detailed bool
	cmd := &cobra.Command{
		Use:   "plan -f PATH",
		Short: "Show what apply would do, and change nothing",
		Long: `plan reads the state file and the cluster and shows what apply would do. It takes
no lock and changes nothing. A plan that can't be carried out is shown whole, with
the reasons, and the exit code is 4.

With --against it reads no cluster but what observe wrote of it. The plan is the same,
and its first line says what it stands on. With --against-state it takes the volumes to
be what another state file says, each of them alone on its cluster; what only a cluster
can tell, such as undeclared exports, is not there then.

With --out the plan is saved, with the state files and what was found, for apply FILE,
which carries out that plan or none. A plan that can't be carried out is not saved.
plan --show FILE shows a saved plan again.

With -o markdown it is a comment for the pull request that changes the state file.
What a reviewer must see stands open and is never cut: problems, what is removed, who
gains and who loses access. The rest is folded, and left out where it would be too
long. The first line, <!-- glusterd-shares:plan KEY -->, is for a program to find
the comment again and replace it. It is printed also when something fails.

With -o json it is the document that docs/plan-format.md describes; the schema of
that is printed by the command schema plan.`,
		Example: `  glusterd-shares plan -f state.yaml
  glusterd-shares plan -f state.yaml --detailed-exitcode   # 2: changes are pending
  glusterd-shares plan -f state.yaml -o json
  glusterd-shares plan -f state.yaml -o markdown           # a comment on a pull request
  glusterd-shares plan -f state.yaml --against actual.json # what observe wrote
  glusterd-shares plan -f new.yaml --against-state old.yaml
  glusterd-shares plan -f state.yaml --out plan.json       # for: apply plan.json
  glusterd-shares plan --show plan.json
  glusterd-shares plan -f teams                            # all state files in a directory`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(against.check(a), a.checkOut(out, against)); err != nil {
				return err
			}
			r := a.planned(cmd.Context(), flags, against, out)
			r.detailed = detailed
			a.end(r)
			return nil
		},
	}
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	flags.register(cmd.Flags(), readTimeout)
	a.commentFlags(cmd.Flags())
	against.register(cmd.Flags())
	cmd.Flags().StringVar(&out, "out", "", "save the plan in this `FILE`, for apply FILE")
	cmd.Flags().StringVar(&a.saved, "show", "", "show the plan that was saved in this `FILE`, and read no cluster")
	cmd.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit with 2 where changes are pending")
	return cmd
}

// planned makes the plan, of the cluster or of what stands for it, or shows a saved
// one.
func (a *app) planned(ctx context.Context, flags planFlags, against againstFlags, out string) (r result) {
	ctx, cancel := flags.bounded(ctx)
	defer cancel()
	var s *session
	switch {
	case a.saved != "":
		return a.showSaved(ctx, flags)
	case len(against.state) > 0:
		return a.planFrom(ctx, flags, against)
	case against.given():
		r, s = a.planAgainst(ctx, flags, against)
	default:
		r, s, _ = a.begin(ctx, "plan", flags)
	}
	if s == nil {
		return r
	}
	r.failure = s.close()
	if out != "" {
		a.savePlan(&r, s, out)
	}
	return r
}

// plan is apply --dry-run.
func (a *app) plan(ctx context.Context, command string, flags planFlags) result {
	ctx, cancel := flags.bounded(ctx)
	defer cancel()
	r, s, done := a.begin(ctx, command, flags)
	if done {
		return r
	}
	r.failure = s.close()
	return r
}

// begin reads the file and the cluster and computes the plans. done tells that
// this ends the command; there is no session then.
func (a *app) begin(ctx context.Context, command string, flags planFlags) (r result, s *session, done bool) {
	r, s, done = a.enter(ctx, command)
	r.showCommands = flags.showCommands
	if done {
		return r, nil, true
	}
	s.plan(ctx)
	r.volumes = s.results()
	r.refusals = diff.Guard(s.plans(), flags.allow)
	return r, s, false
}

// enter reads the file and prepares the access to its volumes. done is as
// begin's.
func (a *app) enter(ctx context.Context, command string) (r result, s *session, done bool) {
	r = result{command: command, sandbox: a.sandboxDir}
	desired, problems, err := a.load(ctx)
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r, nil, true
	}
	s, r.usage = a.open(desired)
	return r, s, r.usage != nil
}
