package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"glusterd-shares/pkg/state"
)

// removeChunk is how many names are removed in one step on the volume.
const removeChunk = 500

// Purge deletes an entry of the trash for good. progress, which may be nil, is
// told now and then how many names are gone. What is left when ctx ends or
// something fails can be purged again, and is not restored any more.
func (e *Endpoint) Purge(ctx context.Context, id string, progress func(removed int)) error {
	if !trashID.MatchString(id) {
		return fmt.Errorf("%q is no entry of the trash", escape(id, maxShownArg))
	}
	return e.purge(ctx, id, progress)
}

// purge deletes an entry: its data first, so that as long as there is any the
// note tells what it was.
func (e *Endpoint) purge(ctx context.Context, id string, progress func(removed int)) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := e.beginPurge(context.WithoutCancel(ctx), id); err != nil {
		return err
	}
	t, total := e.tree, 0
	for _, p := range []string{restOf(id), dataOf(id)} {
		for all := false; !all; {
			if progress != nil {
				progress(total)
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			err := change(context.WithoutCancel(ctx), func() (err error) {
				var n int
				n, all, err = t.RemoveSome(p, removeChunk)
				total += n
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return e.removeEntry(context.WithoutCancel(ctx), id)
}

// beginPurge gives the data of an entry the name of what is left of it, before
// the first of it goes: half of a directory is never restored as if it were
// whole. Data that is no directory can't be restored anyway, and where something
// has that name already, that goes first.
func (e *Endpoint) beginPurge(ctx context.Context, id string) error {
	t := e.tree
	at, err := look(ctx, func() (state.FileID, error) { return t.Identity(dataOf(id)) })
	if err == nil {
		err = change(ctx, func() error { return t.Rename(dataOf(id), restOf(id), at) })
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) || errors.Is(err, ErrUnsafe) {
		return nil
	}
	return err
}
