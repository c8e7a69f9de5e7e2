package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

const idTries = 5

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
		return intoTrash(r, err)
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

// Announce writes down what a directory is that is about to go, before its clients or
// its limit are taken away: should nothing come of that, the note of the next try tells
// of them all the same. Of one that is not there, and so has no identity, nothing can be
// written down: the next note would not know it.
func (e *Endpoint) Announce(ctx context.Context, r state.Retirement) error {
	if r.ID == (state.FileID{}) {
		return intoTrash(r, errors.New("no directory is there now"))
	}
	id, err := e.announce(ctx, r)
	if err == nil {
		e.announced[r.ID] = id
	}
	return intoTrash(r, err)
}

// announce gives the entry that waits for a directory. One that was made under an
// earlier lock waits still, unless somebody has cleared it away since.
func (e *Endpoint) announce(ctx context.Context, r state.Retirement) (id string, err error) {
	if id, is := e.announced[r.ID]; is {
		return id, nil
	}
	id, is := e.earlier[r.ID]
	delete(e.earlier, r.ID)
	if is && e.waits(ctx, id) {
		return id, nil
	}
	return e.makeNote(ctx, r)
}

// waits reports whether an entry holds its note, and nothing else.
func (e *Endpoint) waits(ctx context.Context, id string) bool {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	return err == nil && slices.Equal(names, []string{trashedNote})
}

// intoTrash adds to an error what was tried, and what to do on a full volume.
func intoTrash(r state.Retirement, err error) error {
	switch {
	case errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT):
		return fmt.Errorf("move %s to the trash: %w; that takes room for two directories and a note: delete a file by a mount of the volume, and run it again", r.Path, err)
	case err != nil:
		return fmt.Errorf("move %s to the trash: %w", r.Path, err)
	}
	return nil
}

// toTrash makes an entry, unless it was announced, and moves the directory into it.
// The note is on disk before that: data without a note can't come about by a crash. It
// stays where the directory can't go, and the next one tells of what it does.
func (e *Endpoint) toTrash(ctx context.Context, r state.Retirement) (id string, err error) {
	id, err = e.announce(ctx, r)
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

// makeNote makes an entry with a note, and then clears away what earlier tries have
// left: until then, what those tell is not lost.
func (e *Endpoint) makeNote(ctx context.Context, r state.Retirement) (id string, err error) {
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
	n := e.newNote(ctx, r, when)
	n.recall(e.notesOf(ctx, left, r))
	if id, err = e.makeEntry(ctx, r.Path, when); err != nil {
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

// newNote makes the note. That names can't be looked up is no reason to fail:
// the numbers are what counts.
func (e *Endpoint) newNote(ctx context.Context, r state.Retirement, when time.Time) Note {
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

// makeEntry makes the directory of an entry, under a name that nothing has.
func (e *Endpoint) makeEntry(ctx context.Context, dir string, when time.Time) (id string, err error) {
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

// leftovers are the entries without a directory that an interrupted run may have left for
// this one. They are in nobody's way: what can't be looked at stays.
func (e *Endpoint) leftovers(ctx context.Context, dir string) ([]string, error) {
	ids, err := e.trashIDs(ctx)
	if errors.Is(err, errCrowded) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	bare, err := e.bare(ctx, ids, dir)
	return bare[dir], err
}

// notesOf are those of the notes in these entries that are of this very directory, the
// newest first.
func (e *Endpoint) notesOf(ctx context.Context, ids []string, r state.Retirement) []Note {
	var out []Note
	for _, id := range slices.Backward(ids) {
		n, err := e.note(ctx, id)
		if err == nil && n != nil && n.Path == r.Path && n.Inode == r.ID.Inode {
			out = append(out, *n)
		}
	}
	return out
}

// sweep removes those of the entries that hold nothing, or nothing but a note of this
// directory: another one can have the same name in the trash.
func (e *Endpoint) sweep(ctx context.Context, ids []string, dir string) error {
	for _, id := range ids {
		if _, err := e.forget(ctx, id, dir); isUnfinished(err) {
			return err
		}
	}
	return nil
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
