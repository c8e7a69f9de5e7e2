package gluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
)

const (
	trashedData = "data"
	trashedNote = "note.json"

	maxTrash    = 10_000 // entries that are looked at
	removeChunk = 500    // names that are removed in one step on the volume
	maxIDName   = 60     // bytes of a directory's path in the id of its entry
	idTries     = 5
)

// trashID is what an entry of the trash is called.
var trashID = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9_][A-Za-z0-9._+@-]*$`)

// newTrashID names an entry so that it can be read, and that nobody can have
// made it before.
func newTrashID(dir string, when time.Time) string {
	return fmt.Sprintf("%s-%s-%s", when.UTC().Format("20060102T150405Z"), nameInID(dir), strings.ToLower(rand.Text()[:8]))
}

func nameInID(dir string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(dir, "/"), "/", "-")
	return name[:min(len(name), maxIDName)]
}

// isOf reports whether the entry can have been made for the directory.
func isOf(id, dir string) bool {
	_, rest, _ := strings.Cut(id, "-")
	i := strings.LastIndexByte(rest, '-')
	return i >= 0 && rest[:i] == nameInID(dir)
}

func dataOf(id string) string { return path.Join(TrashDir, id, trashedData) }
func noteOf(id string) string { return path.Join(TrashDir, id, trashedNote) }

// Retire moves a directory to the trash, with a note of what it was, and deletes
// it from there where that is asked for, with what is left of earlier tries. The
// error wraps ErrUnknownOutcome where the mount gave no answer in time. The
// deletion can be broken off by ctx; the move is not.
func (e *Endpoint) Retire(ctx context.Context, r state.Retirement) error {
	left := slices.Clone(r.Left)
	if r.ID != (state.FileID{}) {
		id, err := e.toTrash(context.WithoutCancel(ctx), r)
		if err != nil {
			return fmt.Errorf("move %s to the trash: %w", r.Path, err)
		}
		left = append(left, id)
	}
	if r.How != state.Purge {
		return nil
	}
	for _, id := range left {
		if err := e.purge(ctx, id, nil); err != nil {
			return fmt.Errorf("delete %s, which is in the trash as %s: %w; the next run goes on with it", r.Path, id, err)
		}
	}
	return nil
}

// toTrash makes an entry and moves the directory into it. The note is on disk
// before that: data without a note can't come about by a crash.
func (e *Endpoint) toTrash(ctx context.Context, r state.Retirement) (id string, err error) {
	for _, dir := range []string{lockDir, TrashDir} {
		if err := e.private(ctx, dir); err != nil {
			return "", err
		}
	}
	if err := e.sweep(ctx, r.Path); err != nil {
		return "", err
	}
	when := time.Now().UTC().Truncate(time.Second)
	if id, err = e.makeEntry(ctx, r.Path, when); err != nil {
		return "", err
	}
	t := e.tree
	text, err := e.newNote(ctx, r, when).text()
	if err == nil {
		err = change(ctx, func() error { return t.WriteFile(noteOf(id), text) })
	}
	if err == nil {
		err = change(ctx, func() error { return t.Rename(r.Path, dataOf(id), r.ID) })
	}
	if err != nil && !errors.Is(err, ErrUnknownOutcome) {
		err = errors.Join(err, e.discard(ctx, id))
	}
	return id, err
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
	d, err := look(ctx, func() (state.Dir, error) { return t.Stat(dir) })
	switch {
	case err != nil:
		return err
	case d.Kind != state.Directory:
		return fmt.Errorf("%s is %s; move that away", dir, d.What)
	case d.Mode&^0o700 != 0:
		return change(ctx, func() error { return t.Chmod(dir, d.Mode&0o700) })
	}
	return nil
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

// sweep removes the entries that an interrupted run has made for the directory
// and never filled.
func (e *Endpoint) sweep(ctx context.Context, dir string) error {
	ids, err := e.trashIDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if n, ok := e.noteOf(ctx, id); ok && n.Path == dir {
			if err := e.discard(ctx, id); err != nil && !errors.Is(err, errNotEmpty) {
				return err
			}
		}
	}
	return nil
}

var errNotEmpty = errors.New("there is something in it")

// discard removes an entry with its note, if there is no data in it.
func (e *Endpoint) discard(ctx context.Context, id string) error {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	if err != nil {
		return err
	}
	if len(names) > 1 || len(names) == 1 && names[0] != trashedNote {
		return fmt.Errorf("%s of the trash: %w", id, errNotEmpty)
	}
	return e.removeEntry(ctx, id)
}

// removeEntry removes the note of an entry, and the entry.
func (e *Endpoint) removeEntry(ctx context.Context, id string) error {
	t := e.tree
	for _, p := range []string{noteOf(id), path.Join(TrashDir, id)} {
		if err := change(ctx, func() error { return t.Remove(p) }); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// purge deletes an entry: its data first, so that as long as there is any the
// note tells what it was.
func (e *Endpoint) purge(ctx context.Context, id string, progress func(removed int)) error {
	t, total := e.tree, 0
	for all := false; !all; {
		if progress != nil {
			progress(total)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := change(context.WithoutCancel(ctx), func() (err error) {
			var n int
			n, all, err = t.RemoveSome(dataOf(id), removeChunk)
			total += n
			return err
		})
		if err != nil {
			return err
		}
	}
	return e.removeEntry(context.WithoutCancel(ctx), id)
}

// trashIDs are the entries of the trash, sorted. What has no such name was not
// put there by this program.
func (e *Endpoint) trashIDs(ctx context.Context) ([]string, error) {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(TrashDir, maxTrash) })
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe) {
		return nil, nil // there is none; or what stands there is not ours
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !trashID.MatchString(n) })
	slices.Sort(names)
	return names, err
}

// noteOf reads the note of an entry; not ok is what can't be read as one, or is
// that of another directory than the entry was made for.
func (e *Endpoint) noteOf(ctx context.Context, id string) (Note, bool) {
	t := e.tree
	text, err := look(ctx, func() ([]byte, error) { return t.ReadFile(noteOf(id), maxNote) })
	if err != nil {
		return Note{}, false
	}
	n, err := parseNote(text)
	return n, err == nil && isOf(id, n.Path)
}

// leaving looks at the directories of the shares that have to go.
func (e *Endpoint) leaving(ctx context.Context, dirs map[string]state.Dir) (map[string]state.Leaving, error) {
	var out map[string]state.Leaving
	for _, s := range e.volume.Shares {
		if !s.Leaves() {
			continue
		}
		l, err := e.leavingOf(ctx, s, dirs[s.Dir()])
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]state.Leaving{}
		}
		out[s.Dir()] = l
	}
	return out, nil
}

func (e *Endpoint) leavingOf(ctx context.Context, s state.Share, d state.Dir) (l state.Leaving, err error) {
	t := e.tree
	if d.Kind == state.Directory {
		if l.ID, err = look(ctx, func() (state.FileID, error) { return t.Identity(s.Dir()) }); err != nil {
			return l, fmt.Errorf("look at %s: %w", s.Dir(), err)
		}
	}
	if s.OnDelete != state.Purge {
		return l, nil
	}
	if l.Left, err = e.leftOf(ctx, s.Dir()); err != nil {
		err = fmt.Errorf("look into the trash: %w", err)
	}
	return l, err
}

// leftOf are the entries that a purge of the directory has left behind. That they
// are to be deleted is what the state file says; the note only tells them from
// those of other directories, and from what was moved here to be kept. Data that is
// not the directory of the note came here by mistake, and stays.
func (e *Endpoint) leftOf(ctx context.Context, dir string) ([]string, error) {
	ids, err := e.trashIDs(ctx)
	if err != nil {
		return nil, err
	}
	t := e.tree
	var out []string
	for _, id := range ids {
		n, ok := e.noteOf(ctx, id)
		if !ok || n.Path != dir || n.OnDelete != state.Purge {
			continue
		}
		at, err := look(ctx, func() (state.FileID, error) { return t.Identity(dataOf(id)) })
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe):
		case err != nil:
			return nil, err
		case at.Inode == n.Inode:
			out = append(out, id)
		}
	}
	return out, nil
}
