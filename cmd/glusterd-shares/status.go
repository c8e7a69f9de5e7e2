package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
		Use:   "status [SHARE|GROUP...] -f PATH",
		Short: "Show each share at a glance",
		Long: `status shows for each share its directory, how much of its size is used, which
clients may mount it now, and whether it is as the state file says: "in sync",
"missing" (its directory is not there), what has drifted, or "problem" where it
can't become what is declared. plan shows the same drift with every detail.

With names it shows only the shares that are called so, and of a host group those
that any of its clients may mount by the state file.

What a directory holds is counted by Gluster, and only where quota is on. With
--all it also shows what no share declares: directories in the volume's root and
on the way to shares, exports, and limits. What can't be read is said.

It takes no lock and changes nothing. Drift and problems are no failure: the exit
code is 1 only where a volume, or a part of what was asked for, can't be read.`,
		Example: `  glusterd-shares status -f state.yaml
  glusterd-shares status -f state.yaml --all
  glusterd-shares status teams/alpha web -f state.yaml    # one share, and those of a group
  glusterd-shares status -f teams -o json`,
		Args: func(_ *cobra.Command, names []string) error {
			if flags.all && len(names) > 0 {
				return errors.New("--all shows what no share declares: leave out the names, or --all")
			}
			return nil
		},
		ValidArgsFunction: a.completeNames(everyShareAndGroup),
		RunE: func(cmd *cobra.Command, names []string) error {
			a.end(a.status(cmd.Context(), names, flags))
			return nil
		},
	}
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	timeoutFlag(cmd.Flags(), &flags.timeout, readTimeout)
	cmd.Flags().BoolVar(&flags.all, "all", false, "also show directories, exports and limits that no share declares")
	return cmd
}

func (a *app) status(ctx context.Context, names []string, flags statusFlags) result {
	ctx, cancel := bounded(ctx, flags.timeout)
	defer cancel()
	r, s, done := a.enter(ctx, "status")
	if done {
		return r
	}
	named, err := s.named(names)
	if err != nil {
		r.usage = errors.Join(err, s.close())
		return r
	}
	s.look(ctx, func(e *gluster.Endpoint, ctx context.Context) (state.Actual, error) { return e.Survey(ctx, flags.all) })
	r.volumes = s.statuses(named)
	r.failure = s.close()
	return r
}

// named tells which shares the names stand for: those that are called so, and
// those that a client of a host group of that name may mount by the state file.
// No names stand for all shares. A name that stands for none is an error.
func (s *session) named(names []string) (func(state.Share) bool, error) {
	var errs []error
	for _, name := range names {
		group, isGroup := s.groups[name]
		found := false
		for _, j := range s.jobs {
			found = found || slices.ContainsFunc(j.volume.Shares, func(sh state.Share) bool { return standsFor(name, group, sh) })
		}
		switch {
		case found:
		case isGroup:
			errs = append(errs, fmt.Errorf("no share lets in a client of the host group %s", name))
		default:
			errs = append(errs, fmt.Errorf("%q is no share and no host group of the state file", name))
		}
	}
	return func(sh state.Share) bool {
		return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return standsFor(name, s.groups[name], sh) })
	}, errors.Join(errs...)
}

// standsFor reports whether the name is that of the share, or of a group that has
// a client of it.
func standsFor(name string, group state.Set, s state.Share) bool {
	return s.Name == name || !group.Intersect(s.Clients().All()).Empty()
}

// statuses are the volumes as status prints them, with the shares that count.
func (s *session) statuses(counts func(state.Share) bool) []volumeResult {
	var out []volumeResult
	for _, j := range s.jobs {
		var v status.Volume
		if j.err != nil {
			v = status.NotRead(j.volume, j.err)
		} else {
			v = status.Of(j.plan, j.actual)
		}
		if shares := chosen(j.volume.Shares, counts); len(shares) < len(j.volume.Shares) {
			if v = v.Only(shares); len(shares) == 0 {
				continue
			}
		}
		out = append(out, volumeResult{target: j.volume.Target, err: j.err, status: &v})
	}
	return out
}

// chosen are the names of the shares that count.
func chosen(shares []state.Share, counts func(state.Share) bool) []string {
	var out []string
	for _, s := range shares {
		if counts(s) {
			out = append(out, s.Name)
		}
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
