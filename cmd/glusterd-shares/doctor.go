package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/doctor"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

func (a *app) doctorCommand() *cobra.Command {
	var timeout time.Duration
	var sudoers bool
	cmd := &cobra.Command{
		Use:   "doctor -f PATH",
		Short: "Check whether a run can do its work, and say what mends what is in its way",
		Long: `doctor looks at each target by itself, one thing after the other: the gluster
program, whether the target's host is the one that is asked, glusterd, the volume, the
nodes of the cluster, the NFS server, what can be mounted whole, the volume's
directories, the limits, and the settings that a plan can't get around. Where the target
names a user the way to its host comes first: whether it answers by SSH, shows the key
that it should have, lets in, and runs commands as root. Each is a line:

  ok         it is as it should be
  note       nothing is in the way; worth knowing
  bad        no run can do its work until it is mended
  not asked  since something before it is bad

It changes nothing, but mounts a volume that is not mounted, as plan does, and takes
that away again. The exit code is 1 where something is bad.

--print-sudoers prints what the hosts have to allow where ssh.become is set, as a file
for the sudoers there, and contacts none of them.`,
		Example: `  glusterd-shares doctor -f state.yaml
  glusterd-shares doctor -f state.yaml --volume gluster1:/gv0 -o json
  glusterd-shares doctor -f state.yaml --print-sudoers > sudoers`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sudoers {
				a.end(a.sudoers(cmd.Context()))
			} else {
				a.end(a.doctor(cmd.Context(), timeout))
			}
			return nil
		},
	}
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	timeoutFlag(cmd.Flags(), &timeout, readTimeout)
	cmd.Flags().BoolVar(&sudoers, "print-sudoers", false, "print a sudoers file for the hosts of the targets, and check nothing")
	return cmd
}

// sudoers is what the hosts have to allow.
func (a *app) sudoers(ctx context.Context) result {
	r := result{command: "doctor", sandbox: a.sandboxDir}
	if a.format != formatText {
		r.usage = errors.New("--print-sudoers prints a file for sudo: leave --output out")
		return r
	}
	desired, problems, err := a.load(ctx)
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r
	}
	var targets []state.Target
	for _, v := range desired.Volumes {
		targets = append(targets, v.Target)
	}
	text, err := doctor.Sudoers(desired.SSH, targets)
	if err != nil {
		r.usage = fmt.Errorf("--print-sudoers: %w", err)
		return r
	}
	r.text = []byte(text)
	return r
}

func (a *app) doctor(ctx context.Context, timeout time.Duration) result {
	ctx, cancel := bounded(ctx, timeout)
	defer cancel()
	r, s, done := a.enter(ctx, "doctor")
	if done {
		return r
	}
	r.volumes = s.checked(ctx)
	r.failure = s.close()
	return r
}

// checked are the volumes with their checks. Where all that was examined is well a
// plan is made, for what it can't get around.
func (s *session) checked(ctx context.Context) []volumeResult {
	out := make([]volumeResult, len(s.jobs))
	each(s.jobs, func(i int, j *job) {
		out[i] = volumeResult{target: j.volume.Target, err: j.err}
		if j.err == nil {
			out[i].checks = doctor.Examined(j.volume, j.endpoint.Examine(ctx))
		}
	})
	well := &session{groups: s.groups, leftOut: s.leftOut}
	for i, j := range s.jobs {
		if j.err == nil && doctor.Well(out[i].checks) {
			well.jobs = append(well.jobs, j)
		}
	}
	well.look(ctx, (*gluster.Endpoint).Observe)
	for i, j := range s.jobs {
		switch {
		case out[i].err != nil:
		case doctor.Well(out[i].checks):
			out[i].checks = append(out[i].checks, doctor.Planned(j.plan, j.err)...)
		default:
			out[i].checks = append(out[i].checks, doctor.Unplanned()...)
		}
	}
	return out
}

// checks are those of all volumes.
func (r result) checks() []render.Checked {
	var out []render.Checked
	for _, v := range r.volumes {
		if v.checks != nil {
			out = append(out, render.Checked{Target: v.target, Checks: v.checks})
		}
	}
	return out
}

// printChecks writes the checks to stdout, and what could not be checked at all to
// stderr.
func (a *app) printChecks(r result) error {
	defer a.complainOfUnread(r)
	if err := sayNoCluster(a.std.out, r.sandbox); err != nil {
		return err
	}
	return render.Checks(a.std.out, r.checks(), a.colored(a.std.out))
}
