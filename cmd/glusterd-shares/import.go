package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/takeover"
)

func (a *app) importCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "import TARGET [-f PATH]",
		Short: "Write a state file for what exists on a volume",
		Long: `import writes a state file for what exists on a volume to stdout: the directories in
its root, those that are exported, with the clients that are admitted today, and
those that have a quota limit. TARGET is host:/volume or user@host:/volume, as in a
state file.

How a host is reached by SSH, and where the volume is mounted, the files of -f say,
by ssh and mount_point_base; they need no volumes for that. The new file says the
same, so that it can be used without them or beside them.

A plan for the file has no changes, wherever that can be: import reads what it has
written and computes that plan. Where it has changes the head of the file tells
which, and why, and so does stderr. What a state file can't say, such as an entry that
names hosts or that is open to everybody, is left undeclared, which keeps it as it
is; a comment at the end tells what it is and what to do.

It takes no lock and changes nothing. Where a part of the volume can't be read, the
file says what may be missing, and the exit code is 1.`,
		Example: `  glusterd-shares import gluster1.example.com:/gv0 > state.yaml
  glusterd-shares plan -f state.yaml --detailed-exitcode
  glusterd-shares import root@gluster1.example.com:/gv0 -f ssh.yaml > state.yaml`,
		Args: oneTarget,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := bounded(cmd.Context(), timeout)
			defer cancel()
			a.end(a.takeOver(ctx, args[0]))
			return nil
		},
	}
	cmd.Flags().StringArrayVarP(&a.files, "file", "f", nil, "the `PATH` of a state file that says how hosts are reached, or of a directory of them; - is standard input (repeatable)")
	mayLack(cmd.Flags(), "file")
	a.sandboxFlag(cmd.Flags())
	timeoutFlag(cmd.Flags(), &timeout, readTimeout)
	return cmd
}

// oneTarget takes the target of a volume.
func oneTarget(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name the one volume to import, such as gluster1.example.com:/gv0")
	}
	if _, err := state.ParseTarget(args[0]); err != nil {
		if _, mend := state.Advice(err); mend != "" {
			return err
		}
		return fmt.Errorf("%w; write host:/volume, such as gluster1.example.com:/gv0", err)
	}
	return nil
}

// takeOver makes the state file of the volume.
func (a *app) takeOver(ctx context.Context, target string) result {
	r := result{command: "import", sandbox: a.sandboxDir}
	t, err := state.ParseTarget(target)
	if r.usage = err; err != nil {
		return r
	}
	way, problems, err := a.way(ctx)
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r
	}
	s, err := a.open(state.Desired{MountPointBase: way.MountPointBase, SSH: way.SSH, Volumes: []state.Volume{{Target: t}}})
	if r.usage = err; err != nil {
		return r
	}
	r.takeOver(ctx, s.jobs[0], way)
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// way is how volumes are reached, as the state files say where there are any. What is
// wrong with them comes as problems.
func (a *app) way(ctx context.Context) (state.Way, []state.Problem, error) {
	if len(a.files) == 0 {
		return state.Way{MountPointBase: statefile.DefaultMountPointBase}, nil, nil
	}
	way, err := interruptible(ctx, func() (state.Way, error) { return statefile.ReadOnce(a.files, a.std.in).ParseWay() })
	if problems := statefile.Problems(err); len(problems) > 0 {
		return way, problems, nil
	}
	return way, nil, err
}

// takeOver makes the state file of the job's volume, and tells what to know of
// it. Where a part of the volume could not be read that is a failure, and the
// file is there all the same.
func (r *result) takeOver(ctx context.Context, j *job, way state.Way) {
	t, err := j.volume.Target, j.err
	var actual state.Actual
	if err == nil {
		actual, err = j.endpoint.Inventory(ctx, func(a state.Actual) []state.Share { return takeover.Candidates(t, a) })
	}
	if err != nil {
		r.failure = fmt.Errorf("%s: can't be read: %w", t, err)
		return
	}
	file, err := takeover.FileOf(t, actual, gnfs.Server{}, takeover.Site{Notice: noCluster(r.sandbox), Way: way})
	r.text, r.remarks = file.Text, remarksOf(t, file)
	var missing []error
	for _, sentence := range file.Unknown {
		missing = append(missing, fmt.Errorf("%s: %s", t, sentence))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", t, err)
	}
	r.failure = errors.Join(err, errors.Join(missing...))
}

// remarksOf are what to know of the file, for stderr. What was left is told
// there only where there is no file.
func remarksOf(t state.Target, f takeover.File) []string {
	var out []string
	if len(f.Changes) > 0 {
		out = append(out, fmt.Sprintf("%s: a plan for this file is not empty:", t))
	}
	for _, sentence := range f.Changes {
		out = append(out, "  "+sentence)
	}
	if f.Text == nil {
		for _, l := range f.Left {
			out = append(out, fmt.Sprintf("%s: %s", t, l))
		}
	} else if n := len(f.Left); n > 0 {
		out = append(out, fmt.Sprintf("%s: not declared, and kept as it is: %s at the end of the file", t, plural(n, "path")))
	}
	return out
}
