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
	trashedData = "data"      // the directory, whole
	trashedRest = "purging"   // what is left of it, once its deletion has begun
	trashedNote = "note.json" // what it was

	maxTrash = 100_000 // names that are looked at
)

// trashID is what an entry of the trash is called.
var trashID = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9_][A-Za-z0-9._+@-]*$`)

// newTrashID names an entry so that it can be read, and that nobody can have
// made it before.
func newTrashID(dir string, when time.Time) string {
	return fmt.Sprintf("%s-%s-%s", when.UTC().Format("20060102T150405Z"), state.TrashName(dir), strings.ToLower(rand.Text()[:8]))
}

// isOf reports whether the entry can have been made for the directory.
func isOf(id, dir string) bool { return state.TrashNameOf(id) == state.TrashName(dir) }

func dataPath(id string) string { return path.Join(TrashDir, id, trashedData) }
func restPath(id string) string { return path.Join(TrashDir, id, trashedRest) }
func notePath(id string) string { return path.Join(TrashDir, id, trashedNote) }

// errCrowded: there are more names in the trash than are looked at.
var errCrowded = fmt.Errorf("%s holds more than %d names; look at it by a mount of the volume, and remove what was not put there by this program", TrashDir, maxTrash)

// trashIDs are the entries of the trash, sorted. What has no such name was not
// put there by this program. The error wraps ErrUnsafe where something else
// stands in the place of the trash.
func (e *Endpoint) trashIDs(ctx context.Context) ([]string, error) {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(TrashDir, maxTrash+1) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == nil && len(names) > maxTrash:
		err = errCrowded
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !trashID.MatchString(n) })
	slices.Sort(names)
	return names, err
}

// note reads the note of an entry. It is nil where there is none, or what stands
// there is none, or that of another directory than the entry was made for. That it
// can't be read is an error.
func (e *Endpoint) note(ctx context.Context, id string) (*Note, error) {
	t := e.tree
	text, err := look(ctx, func() ([]byte, error) { return t.ReadFile(notePath(id), maxNote) })
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe) || errors.Is(err, errTooLong):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the note of %s: %w", id, err)
	}
	if n, err := parseNote(text); err == nil && isOf(id, n.Path) {
		return &n, nil
	}
	return nil, nil
}
