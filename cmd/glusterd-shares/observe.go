package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/observed"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

func (a *app) observeCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "observe -f PATH",
		Short: "Write down what the volumes are like, for plans that are made elsewhere",
		Long: `observe reads the volumes of the state file, as plan does, and writes what they are
like to stdout, as JSON. Where there is no cluster, as in CI, plan --against makes of
that file the plan that it would have made here.

The state file may change after that: what was observed tells as well which names are
taken beside the declared directories. What it can't tell is a problem of the plan,
and never taken for absent.

There are no secrets in it: of a volume's options only those of the NFS server, and
no names of files. It takes no lock and changes nothing. A volume that can't be read is
written down as that, and the exit code is 1.`,
		Example: `  glusterd-shares observe -f state.yaml > actual.json
  glusterd-shares plan -f state.yaml --against actual.json`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := bounded(cmd.Context(), timeout)
			defer cancel()
			a.end(a.observe(ctx))
			return nil
		},
	}
	a.onlyFileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	timeoutFlag(cmd.Flags(), &timeout, readTimeout)
	return cmd
}

func (a *app) observe(ctx context.Context) result {
	r, s, done := a.enter(ctx, "observe")
	if done {
		return r
	}
	d := observed.New(time.Now(), buildInfo().Version, a.sandboxDir)
	jobs := slices.Concat(s.jobs, s.leftOut)
	observations := make([]state.Observation, len(jobs))
	each(jobs, func(i int, j *job) {
		if j.err == nil {
			observations[i], j.err = j.endpoint.Record(ctx)
		}
	})
	var unread []error
	for i, j := range jobs {
		d.Add(j.volume.Target, observations[i], j.err)
		if j.err != nil {
			unread = append(unread, fmt.Errorf("%s: can't be read: %w", j.volume.Target, j.err))
		}
	}
	text, err := strictjson.Marshal(d)
	if err == nil {
		r.text = render.EscapeJSON(text)
	}
	r.failure = errors.Join(errors.Join(unread...), err, s.close())
	return r
}
