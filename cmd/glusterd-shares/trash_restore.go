package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

func (a *app) trashRestoreCommand() *cobra.Command {
	var flags trashFlags
	cmd := &cobra.Command{
		Use:   "restore NAME -f PATH",
		Short: "Move a directory from the trash back to where it was",
		Long: `restore moves a directory from the trash back to where it was, and gives it the
owner, the mode and the quota limit that it had. NAME is the id of its entry, or the name
of the share where the trash holds one of that name only. Where anything stands in its
place nothing is done, nor where an export would let clients into it at once. A restore
that was broken off is ended by the next one, and so is a removal that was broken off
before it moved the directory.

Nobody gets access by that: it prints the block for the state file, with which the
next apply exports the share again. It has to replace the one with state: absent, or the
next apply retires the directory again.`,
		Example: `  glusterd-shares trash restore scratch -f state.yaml
  glusterd-shares trash restore 20261125T162030Z-scratch-k2v7qxhd -f state.yaml --volume gluster1.example.com:/gv0`,
		Args: func(_ *cobra.Command, names []string) error {
			if len(names) != 1 {
				return errors.New("name the one entry to restore, by its id or by its share")
			}
			return nil
		},
		ValidArgsFunction: onlyFirst(a.completeNames(absentShares)),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := flags.bounded(cmd.Context())
			defer cancel()
			a.end(a.restore(ctx, args[0], flags))
			return nil
		},
	}
	a.trashCommandFlags(cmd, &flags, 0, true)
	return cmd
}

// restore finds the one entry first, in the trash of all volumes, and then moves
// it under the lock of its own.
func (a *app) restore(ctx context.Context, name string, flags trashFlags) result {
	r, s := a.openTrash(ctx, "trash restore")
	if s == nil {
		return r
	}
	var of *job
	r.eachTrash(s, func(j *job) ([]trashEntry, error) {
		_, entries, err := listTrash(ctx, j)
		if entries = named(entries, name); len(entries) > 0 {
			of = j
		}
		return entries, err
	})
	if r.failure == nil {
		r.failure = onlyOne(r.trash, name)
	}
	if r.failure == nil {
		id := r.trash[0].ID
		r.trash, r.failure = a.underLock(ctx, of, flags.lockTimeout, func(now state.Serving, entries []trashEntry) []trashEntry {
			restored := restoreOne(ctx, of, now, entries, id)
			for _, t := range restored {
				a.auditTrash("restore", t)
			}
			return restored
		})
		if r.failure == nil && len(r.trash) == 0 {
			r.failure = fmt.Errorf("%s is not in the trash any more; nothing was restored", id)
		}
	}
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// restoreOne restores the entry with the id, if it is still there, and if nothing
// that can be told beforehand would spoil it.
func restoreOne(ctx context.Context, j *job, now state.Serving, entries []trashEntry, id string) []trashEntry {
	i := slices.IndexFunc(entries, func(t trashEntry) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	t := entries[i]
	moved, err := false, errors.Join(wouldBePurged(j.volume, t.Note), outerFirst(entries, t.Note))
	if err == nil {
		moved, err = j.endpoint.Restore(context.WithoutCancel(ctx), t.Trashed, now)
	}
	if t.err = err; moved {
		t.outcome = outcomeRestored
	}
	return []trashEntry{t}
}

// outerFirst refuses a directory while the trash holds one that it lay in: a new one
// would have to be made in its place, and would keep it from coming back.
func outerFirst(entries []trashEntry, n *gluster.Note) error {
	for _, t := range entries {
		if n != nil && t.Note != nil && !t.Purging && !t.InPlace && strings.HasPrefix(n.Path, t.Note.Path+"/") {
			return fmt.Errorf("%s, in which it lay, is in the trash as well: restore that first, or delete it there: %s", t.Note.Path, t.ID)
		}
	}
	return nil
}

// wouldBePurged refuses a directory that the next apply would delete for good.
func wouldBePurged(v state.Volume, n *gluster.Note) error {
	for _, s := range v.Shares {
		if n != nil && s.OnDelete == state.Purge && (n.Path == s.Dir() || strings.HasPrefix(n.Path, s.Dir()+"/")) {
			return fmt.Errorf("the next apply would delete it for good: %s says of %s on_delete: purge; change that first", s.Pos, s.Name)
		}
	}
	return nil
}

// named are the entries with the id, or of the share.
func named(entries []trashEntry, name string) []trashEntry {
	return slices.DeleteFunc(slices.Clone(entries), func(t trashEntry) bool { return !isNamed(t, name) })
}

func isNamed(t trashEntry, name string) bool {
	return t.ID == name || t.Note != nil && t.Note.Path == "/"+strings.TrimPrefix(name, "/")
}

func onlyOne(entries []trashEntry, name string) error {
	switch len(entries) {
	case 0:
		return fmt.Errorf("the trash holds no %q; see what it holds with trash list", name)
	case 1:
		return nil
	}
	errs := []error{fmt.Errorf("the trash holds %d of the name %s; name one of these ids", len(entries), name)}
	for _, t := range entries {
		errs = append(errs, fmt.Errorf("%s %s", t.target, t.ID))
	}
	return errors.Join(errs...)
}

// block is what a state file says of a share that was restored.
func block(n gluster.Note) string {
	var b strings.Builder
	fmt.Fprintf(&b, "      - name: %s\n", statefile.Name(strings.TrimPrefix(n.Path, "/")))
	if n.Limit > 0 {
		fmt.Fprintf(&b, "        size: %s\n", state.ExactBytes(n.Limit))
	}
	fmt.Fprintf(&b, "        owner: %d\n        group: %d\n        mode: %q\n", n.Owner.Number, n.Group.Number, n.Mode)
	if len(n.Clients)+len(n.ReadOnly) == 0 {
		b.WriteString("        access: []\n")
	} else {
		b.WriteString("        access:\n")
	}
	for _, c := range n.Clients {
		fmt.Fprintf(&b, "          - %s\n", c)
	}
	for _, c := range n.ReadOnly {
		fmt.Fprintf(&b, "          - {to: %s, level: ro}\n", c)
	}
	for _, c := range n.Names {
		fmt.Fprintf(&b, "          # %s, a host name, had access too: write its address\n", c)
	}
	return b.String()
}
