package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

type statusFlags struct {
	all     bool
	timeout time.Duration // of the whole command; 0: none
}

func (a *app) statusCommand() *cobra.Command {
	var flags statusFlags
	cmd := &cobra.Command{
		Use:   "status -f PATH",
		Short: "Show each share at a glance",
		Long: `status shows for each share its directory, how much of its size is used, which
clients may mount it now, and whether it is as the state file says: "in sync",
"missing" (its directory is not there), what has drifted, or "problem" where it
can't become what is declared. plan shows the same drift with every detail.

What a directory holds is counted by Gluster, and only where quota is on. With
--all it also shows what no share declares: directories in the volume's root and
on the way to shares, exports, and limits. What can't be read is said.

It takes no lock and changes nothing. Drift and problems are no failure: the exit
code is 1 only where a volume, or a part of what was asked for, can't be read.`,
		Example: `  glusterd-shares status -f state.yaml
  glusterd-shares status -f state.yaml --all
  glusterd-shares status -f teams -o json`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.end(a.status(cmd.Context(), flags))
			return nil
		},
	}
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	timeoutFlag(cmd.Flags(), &flags.timeout, readTimeout)
	cmd.Flags().BoolVar(&flags.all, "all", false, "also show directories, exports and limits that no share declares")
	return cmd
}

func (a *app) status(ctx context.Context, flags statusFlags) result {
	ctx, cancel := bounded(ctx, flags.timeout)
	defer cancel()
	r, s, done := a.enter(ctx, "status")
	if done {
		return r
	}
	s.look(ctx, func(e *gluster.Endpoint, ctx context.Context) (state.Actual, error) { return e.Survey(ctx, flags.all) })
	r.volumes = s.statuses()
	r.failure = s.close()
	return r
}

// statuses are the volumes as status prints them.
func (s *session) statuses() []volumeResult {
	var out []volumeResult
	for _, j := range s.jobs {
		var v status.Volume
		if j.err != nil {
			v = status.NotRead(j.volume, j.err)
		} else {
			v = status.Of(j.plan, j.actual)
		}
		out = append(out, volumeResult{target: j.volume.Target, err: j.err, status: &v})
	}
	return out
}

func (r result) statuses() []status.Volume {
	var out []status.Volume
	for _, v := range r.volumes {
		if v.status != nil {
			out = append(out, *v.status)
		}
	}
	return out
}

// printStatus writes what the volumes are like to stdout, and what can't be read
// to stderr as well: the exit code has its reason there.
func (a *app) printStatus(r result) error {
	defer a.complainOfUnread(r)
	if err := sayNoCluster(a.std.out, r.sandbox); err != nil {
		return err
	}
	o := render.StatusOptions{Color: a.colored(a.std.out), Bars: isTerminal(a.std.out)}
	return render.Status(a.std.out, r.statuses(), o)
}
