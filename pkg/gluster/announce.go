package gluster

import (
	"context"
	"errors"
	"path"
	"slices"

	"glusterd-shares/pkg/state"
)

// Announce writes down what a directory is that is about to go, before its clients or
// its limit are taken away: should nothing come of that, the note of the next try tells
// of them all the same. Of one that is not there, and so has no identity, nothing can be
// written down: the next note would not know it.
func (e *Endpoint) Announce(ctx context.Context, r state.Retirement) error {
	if r.ID == (state.FileID{}) {
		return e.intoTrash(r, errors.New("no directory is there now"))
	}
	id, err := e.entryFor(ctx, r)
	if err == nil {
		e.announced[r.ID] = id
	}
	return e.intoTrash(r, err)
}

// entryFor is the entry that waits for a directory, and is made where none does. One that was made under an
// earlier lock waits still, unless somebody has cleared it away since.
func (e *Endpoint) entryFor(ctx context.Context, r state.Retirement) (id string, err error) {
	if id, is := e.announced[r.ID]; is {
		return id, nil
	}
	id, is := e.earlier[r.ID]
	delete(e.earlier, r.ID)
	if is && e.waits(ctx, id) {
		return id, nil
	}
	return e.newEntry(ctx, r)
}

// waits reports whether an entry holds its note, and nothing else.
func (e *Endpoint) waits(ctx context.Context, id string) bool {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	return err == nil && slices.Equal(names, []string{trashedNote})
}
