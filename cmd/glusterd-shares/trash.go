package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

func (a *app) trashCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trash COMMAND",
		Short: "List, restore and delete what removed shares have left in the trash",
		Long: `trash looks after the directories of shares that were removed with state: absent.
They lie in the trash of their volume, each with a note of what it was.`,
		Example: `  glusterd-shares trash list -f state.yaml
  glusterd-shares trash restore scratch -f state.yaml
  glusterd-shares trash purge --older-than 30d -f state.yaml`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.trashListCommand(), a.trashRestoreCommand(), a.trashPurgeCommand())
	return cmd
}

// trashFlags are what the commands of the trash have in common.
type trashFlags struct {
	planFlags
	lockTimeout time.Duration // 0: none
}

// trashEntry is an entry of one volume's trash, and what became of it.
type trashEntry struct {
	target state.Target
	gluster.Trashed
	outcome string // restored or deleted; empty: nothing was done
	err     error  // why it was not
}

// openTrash reads the files and prepares the access to their volumes. There is no
// session where that ends the command.
func (a *app) openTrash(ctx context.Context, command string) (result, *session) {
	r, s, done := a.enter(ctx, command)
	if done {
		return r, nil
	}
	r.trash = []trashEntry{}
	return r, s
}

// eachTrash does something with the trash of each volume, and takes down what it
// returns. A volume that can't be read doesn't stop the others.
func (r *result) eachTrash(s *session, do func(*job) ([]trashEntry, error)) {
	for _, j := range s.jobs {
		entries, err := do(j)
		r.trash = append(r.trash, entries...)
		if err != nil {
			r.failure = errors.Join(r.failure, fmt.Errorf("%s: %w", j.volume.Target, err))
		}
	}
}

// listTrash lists the entries of one volume, which is served as it says.
func listTrash(ctx context.Context, j *job) (state.Serving, []trashEntry, error) {
	if j.err != nil {
		return state.Serving{}, nil, j.err
	}
	seen, err := j.endpoint.Look(ctx)
	if err != nil {
		return state.Serving{}, nil, err
	}
	entries, err := j.endpoint.Trash(ctx, seen.Quota.On)
	var out []trashEntry
	for _, e := range entries {
		out = append(out, trashEntry{target: j.volume.Target, Trashed: e, err: e.Err})
	}
	return seen.Serving, out, err
}

// underLock does something with the entries of one volume, which are read under
// its lock, and while it surely is.
func (a *app) underLock(ctx context.Context, j *job, timeout time.Duration, do func(state.Serving, []trashEntry) []trashEntry) ([]trashEntry, error) {
	if _, _, err := listTrash(ctx, j); err != nil { // the volume has to be looked at before
		return nil, err
	}
	lock, err := a.lockVolume(ctx, j, timeout)
	if err != nil {
		return nil, err
	}
	now, entries, err := listTrash(ctx, j)
	if err == nil {
		err = lock.Held(ctx)
	}
	if err == nil {
		entries = do(now, entries)
	}
	return entries, errors.Join(err, lock.Close())
}

func (a *app) lockVolume(ctx context.Context, j *job, timeout time.Duration) (apply.Lock, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the lock timeout of %v is over", timeout))
		defer cancel()
	}
	return j.endpoint.Lock(ctx, a.waiting(a.newProgress(), j.volume.Target))
}

// trashCommandFlags are of each command of the trash.
func (a *app) trashCommandFlags(cmd *cobra.Command, flags *trashFlags, timeout time.Duration, locks bool) {
	a.fileFlag(cmd)
	a.clusterFlags(cmd.Flags())
	timeoutFlag(cmd.Flags(), &flags.timeout, timeout)
	if locks {
		cmd.Flags().DurationVar(&flags.lockTimeout, "lock-timeout", lockTimeout, "the `TIME` to wait for another run on the same volume, such as 5m; 0: as long as it takes")
	}
}

func (a *app) trashListCommand() *cobra.Command {
	var flags trashFlags
	cmd := &cobra.Command{
		Use:   "list -f PATH",
		Short: "List what is in the trash",
		Long: `list shows what lies in the trash of each volume of the state file, the oldest
first: its id, the path that it had, when it was removed and by whom, and how large it
is where quota counts that. It takes no lock and changes nothing.`,
		Example: `  glusterd-shares trash list -f state.yaml
  glusterd-shares trash list -f state.yaml -o json`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := flags.bounded(cmd.Context())
			defer cancel()
			r, s := a.openTrash(ctx, "trash list")
			if s != nil {
				r.eachTrash(s, func(j *job) ([]trashEntry, error) {
					_, entries, err := listTrash(ctx, j)
					return entries, err
				})
				r.failure = errors.Join(r.failure, s.close())
			}
			a.end(r)
			return nil
		},
	}
	a.trashCommandFlags(cmd, &flags, readTimeout, false)
	return cmd
}
