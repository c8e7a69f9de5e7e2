package gluster

import (
	"context"
	"errors"
	"fmt"
	"path"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// Retire moves a directory to the trash, with a note of what it was, and deletes
// it from there where that is asked for, after what is left of earlier tries: on
// a volume that is full that makes room. The error wraps ErrUnknownOutcome where
// the mount gave no answer in time. The deletion can be broken off by ctx; the
// move is not.
func (e *Endpoint) Retire(ctx context.Context, r state.Retirement) error {
	if err := e.purgeOf(ctx, r, r.Left...); err != nil || r.ID == (state.FileID{}) {
		return err
	}
	id, err := e.toTrash(context.WithoutCancel(ctx), r)
	if err != nil {
		return e.intoTrash(r, err)
	}
	return e.purgeOf(ctx, r, id)
}

// purgeOf deletes entries of a directory, if it is to be deleted.
func (e *Endpoint) purgeOf(ctx context.Context, r state.Retirement, ids ...string) error {
	if r.How != state.Purge {
		return nil
	}
	for _, id := range ids {
		if err := e.purge(ctx, id, nil); err != nil {
			return fmt.Errorf("delete %s, which is in the trash as %s: %w; the next run goes on with it", r.Path, id, err)
		}
	}
	return nil
}

// intoTrash adds to an error what was tried, and what to do on a full volume, or where
// nobody reaches quotad: a move waits a minute for it then, and ends with EINVAL (10.3).
func (e *Endpoint) intoTrash(r state.Retirement, err error) error {
	switch {
	case errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT):
		return fmt.Errorf("move %s to the trash: %w; that takes room for two directories and a note: delete a file by a mount of the volume, and run it again", r.Path, err)
	case errors.Is(err, unix.EINVAL):
		return fmt.Errorf("move %s to the trash: %w; a volume with quota answers so where it can't reach quotad: start that anew with gluster volume start %s force, and run it again",
			r.Path, err, e.volume.Target.Volume)
	case err != nil:
		return fmt.Errorf("move %s to the trash: %w", r.Path, err)
	}
	return nil
}

// toTrash makes an entry, unless it was announced, and moves the directory into it.
// The note is on disk before that: data without a note can't come about by a crash. It
// stays where the directory can't go, and the next one tells of what it does.
func (e *Endpoint) toTrash(ctx context.Context, r state.Retirement) (id string, err error) {
	id, err = e.entryFor(ctx, r)
	delete(e.announced, r.ID)
	if err != nil {
		return id, err
	}
	t := e.tree
	err = change(ctx, func() error { return t.Rename(r.Path, dataPath(id), r.ID) })
	if r.How == state.Purge {
		err = e.unmake(ctx, id, err)
	}
	return id, err
}

// unmake discards an entry where an error says that nothing is in it.
func (e *Endpoint) unmake(ctx context.Context, id string, err error) error {
	if err == nil || errors.Is(err, ErrUnknownOutcome) {
		return err
	}
	return errors.Join(err, e.discard(ctx, id))
}

// discard removes an entry that holds nothing, or nothing but a note.
func (e *Endpoint) discard(ctx context.Context, id string) error {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	if err != nil {
		return err
	}
	if len(names) > 1 || len(names) == 1 && names[0] != trashedNote {
		return fmt.Errorf("%s of the trash holds more than a note", id)
	}
	return e.removeEntry(ctx, id)
}
