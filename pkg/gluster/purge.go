package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
// note tells what it was. What is left of an earlier try goes before the rest.
func (e *Endpoint) purge(ctx context.Context, id string, progress func(removed int)) error {
	total := 0
	remove := func(p string) error { return e.removeAll(ctx, p, &total, progress) }
	if err := remove(restPath(id)); err != nil {
		return err
	}
	if err := e.beginPurge(context.WithoutCancel(ctx), id); err != nil {
		return err
	}
	for _, p := range []string{restPath(id), dataPath(id)} {
		if err := remove(p); err != nil {
			return err
		}
	}
	return e.removeEntry(context.WithoutCancel(ctx), id)
}

// removeAll removes what is at the path in the trash, if anything is, and adds up
// how many names that were.
func (e *Endpoint) removeAll(ctx context.Context, p string, total *int, progress func(removed int)) error {
	t := e.tree
	for all := false; !all; {
		if progress != nil {
			progress(*total)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := change(context.WithoutCancel(ctx), func() (err error) {
			var n int
			n, all, err = t.RemoveSome(p, removeChunk)
			*total += n
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// beginPurge gives the data of an entry the name of what is left of it, before
// the first of it goes: half of a directory is never restored as if it were
// whole. What is no directory can't be restored anyway.
func (e *Endpoint) beginPurge(ctx context.Context, id string) error {
	at, err := e.identity(ctx, dataPath(id))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe) {
		return nil
	}
	if err != nil {
		return err
	}
	t := e.tree
	return change(ctx, func() error { return t.Rename(dataPath(id), restPath(id), at) })
}
