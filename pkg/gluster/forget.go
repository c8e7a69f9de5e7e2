package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

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
	var limits []state.Limit
	for _, s := range e.volume.Shares {
		of := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return s.Leaves() || !isOf(id, s.Dir()) })
		for _, id := range of[max(len(of)-mostOfOne, 0):] {
			limit, failed := e.forget(ctx, id, s.Dir())
			if limit > 0 {
				limits = append(limits, state.Limit{Path: s.Dir(), Bytes: limit})
			}
			err = errors.Join(err, failed)
		}
	}
	if err != nil {
		err = fmt.Errorf("clear up in the trash: %w", err)
	}
	return limits, err
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
