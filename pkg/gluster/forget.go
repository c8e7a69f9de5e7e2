package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"glusterd-shares/pkg/state"
)

// Forget clears away the notes of directories that stay: of removals that were broken
// off before the directory was moved, when the file was changed after that, and of
// restores that were broken off after it. It returns the limits that they told of. Notes
// of what no share declares stay, since nobody says what is to become of that.
func (e *Endpoint) Forget(ctx context.Context) ([]state.Limit, error) {
	ids, err := e.trashIDs(ctx)
	if errors.Is(err, errCrowded) {
		err = nil
	}
	stay := e.staying()
	bare, unread := e.bare(ctx, ids, stay...)
	err = errors.Join(err, unread)
	var limits []state.Limit
	for _, dir := range stay {
		for _, id := range bare[dir] {
			limit, failed := e.forget(ctx, id, dir)
			if limit > 0 {
				limits = append(limits, state.Limit{Path: dir, Bytes: limit})
			}
			err = errors.Join(err, failed)
		}
	}
	if err != nil {
		err = fmt.Errorf("clear up in the trash: %w", err)
	}
	return limits, err
}

// staying are the directories of the shares that don't have to go.
func (e *Endpoint) staying() []string {
	var out []string
	for _, s := range e.volume.Shares {
		if !s.Leaves() {
			out = append(out, s.Dir())
		}
	}
	return out
}

// forget removes an entry that holds nothing, or nothing but a note of this directory,
// and returns the limit that this tells of.
func (e *Endpoint) forget(ctx context.Context, id, dir string) (limit uint64, err error) {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	switch {
	case errors.Is(err, fs.ErrNotExist): // cleared away already, as another one's of that name
		return 0, nil
	case err != nil:
		return 0, err
	case len(names) > 1 || len(names) == 1 && names[0] != trashedNote:
		return 0, nil
	case len(names) == 1:
		n, err := e.note(ctx, id)
		if err != nil || n == nil || n.Path != dir {
			return 0, err
		}
		limit = n.Limit
	}
	return limit, e.removeEntry(ctx, id)
}
