package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"glusterd-shares/pkg/state"
)

// idTries is how many names are tried for an entry.
const idTries = 5

// newEntry makes an entry with a note, and then clears away what earlier tries have
// left: until then, what those tell is not lost.
func (e *Endpoint) newEntry(ctx context.Context, r state.Retirement) (id string, err error) {
	for _, dir := range []string{lockDir, TrashDir} {
		if err := e.private(ctx, dir); err != nil {
			return "", err
		}
	}
	left, err := e.leftovers(ctx, r.Path)
	if err != nil {
		return "", err
	}
	when := time.Now().UTC().Truncate(time.Second)
	n := e.noteFor(ctx, r, when)
	n.recall(e.notesOf(ctx, left, r))
	if id, err = e.makeEntryDir(ctx, r.Path, when); err != nil {
		return "", err
	}
	text, err := n.text()
	if err == nil {
		t := e.tree
		err = change(ctx, func() error { return t.WriteFile(notePath(id), text) })
	}
	if err != nil {
		return id, e.unmake(ctx, id, err)
	}
	return id, e.sweep(ctx, left, r.Path)
}

// noteFor makes the note. That names can't be looked up is no reason to fail:
// the numbers are what counts.
func (e *Endpoint) noteFor(ctx context.Context, r state.Retirement, when time.Time) Note {
	ctx, cancel := context.WithTimeout(ctx, proofTimeout)
	defer cancel()
	owner, group, err := e.host.Names(ctx, r.UID, r.GID)
	if err != nil {
		owner, group = "", ""
	}
	return newNote(r, owner, group, when)
}

// private makes a directory that is root's alone, or makes it so.
func (e *Endpoint) private(ctx context.Context, dir string) error {
	t := e.tree
	err := change(ctx, func() error { return t.Mkdir(dir, 0o700) })
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := e.stat(ctx, dir)
	switch {
	case err != nil:
		return err
	case d.Kind != state.Directory:
		return fmt.Errorf("%s is %s; move that away", dir, d.What)
	case d.UID != 0 && d.UID != uint32(os.Geteuid()):
		root := uint32(0)
		if err := change(ctx, func() error { return t.Chown(dir, &root, &root) }); err != nil {
			return err
		}
	}
	if d.Mode == d.Mode&0o700 {
		return nil
	}
	return change(ctx, func() error { return t.Chmod(dir, d.Mode&0o700) })
}

// makeEntryDir makes the directory of an entry, under a name that nothing has.
func (e *Endpoint) makeEntryDir(ctx context.Context, dir string, when time.Time) (id string, err error) {
	t := e.tree
	for range idTries {
		id = newTrashID(dir, when)
		err = change(ctx, func() error { return t.Mkdir(path.Join(TrashDir, id), 0o700) })
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return id, err
}

// removeEntry removes the note of an entry, and the entry.
func (e *Endpoint) removeEntry(ctx context.Context, id string) error {
	t := e.tree
	for _, p := range []string{notePath(id), path.Join(TrashDir, id)} {
		if err := change(ctx, func() error { return t.Remove(p) }); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
