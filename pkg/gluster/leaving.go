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

// leaving looks at the directories of the shares that have to go, and at what is
// left of them in the trash.
func (e *Endpoint) leaving(ctx context.Context, dirs map[string]state.Dir) (map[string]state.Leaving, error) {
	out := map[string]state.Leaving{}
	var going []string
	purged := false
	for _, s := range e.volume.Shares {
		if s.Leaves() {
			going = append(going, s.Dir())
			purged = purged || s.OnDelete == state.Purge
		}
	}
	ids, err := e.identities(ctx, going, dirs)
	if err != nil {
		return nil, err
	}
	for _, dir := range going {
		out[dir] = state.Leaving{ID: ids[dir]}
	}
	if !purged {
		return out, nil
	}
	entries, why := e.trashIDs(ctx)
	for _, s := range e.volume.Shares {
		if s.OnDelete == state.Purge {
			l := out[s.Dir()]
			l.Left, l.Unread = e.leftOf(ctx, s.Dir(), entries, why)
			out[s.Dir()] = l
		}
	}
	return out, context.Cause(ctx)
}

// identities tell from others those of the paths at which a directory was found.
func (e *Endpoint) identities(ctx context.Context, paths []string, found map[string]state.Dir) (map[string]state.FileID, error) {
	there := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return found[p].Kind != state.Directory })
	if len(there) == 0 {
		return nil, nil
	}
	t, out := e.tree, map[string]state.FileID{}
	ids, err := lookAtMany(ctx, len(there), func() ([]state.FileID, error) { return t.Identity(there...) })
	if err != nil {
		return nil, fmt.Errorf("look which directories they are: %w", err)
	}
	for i, p := range there {
		out[p] = ids[i]
	}
	return out, nil
}

// leftOf are those of the entries that a purge of the directory has left behind.
// That they are to be deleted is what the state file says; the note only tells
// them from those of other directories, and from what was moved here to be kept.
// Data that is not the directory of the note came here by mistake, and stays.
// What can't be told is no reason to stop, since clients may have a hand in it:
// unread says why, the first time.
func (e *Endpoint) leftOf(ctx context.Context, dir string, ids []string, unread error) ([]string, string) {
	var out []string
	looked := 0
	for _, id := range ids {
		if !isOf(id, dir) {
			continue
		}
		if looked++; looked > mostOfOne {
			return out, fmt.Sprintf("the trash holds more than %d entries of that name", mostOfOne)
		}
		is, err := e.isLeft(ctx, id, dir)
		if is {
			out = append(out, id)
		}
		if unread == nil {
			unread = err
		}
	}
	if unread != nil {
		return out, unread.Error()
	}
	return out, ""
}

// isLeft reports whether a purge of the directory has left the entry behind: with
// what it did not come to, or with nothing but a note, or with nothing at all.
func (e *Endpoint) isLeft(ctx context.Context, id, dir string) (bool, error) {
	t := e.tree
	names, err := look(ctx, func() ([]string, error) { return t.Names(path.Join(TrashDir, id), 2) })
	if err == nil && len(names) == 0 {
		return true, nil
	}
	n, unread := e.note(ctx, id)
	if n == nil || n.Path != dir || n.OnDelete != state.Purge {
		return false, errors.Join(err, unread)
	}
	if err == nil && len(names) == 1 {
		return true, nil
	}
	return e.holds(ctx, id, n.Inode)
}

// holds reports whether the data of the entry, or what is left of it, is the
// directory with this inode.
func (e *Endpoint) holds(ctx context.Context, id string, inode uint64) (bool, error) {
	for _, p := range []string{dataPath(id), restPath(id)} {
		at, err := e.identity(ctx, p)
		switch {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe):
		case err != nil:
			return false, err
		case at.Inode == inode:
			return true, nil
		}
	}
	return false, nil
}

// mostOfOne is how many entries of one name are looked at: clients could make any
// number of them, to keep a run from its work.
const mostOfOne = 100

// inTrash tells for directories of present shares that are not there which entry of
// the trash holds what was removed last. It is only worth a warning: what can't be
// read is passed by.
func (e *Endpoint) inTrash(ctx context.Context, dirs map[string]state.Dir) map[string]string {
	var out map[string]string
	var ids []string
	for _, s := range e.volume.Shares {
		if s.Absent || dirs[s.Dir()].Kind != state.Missing {
			continue
		}
		if out == nil {
			ids, _ = e.trashIDs(ctx)
			out = map[string]string{}
		}
		if id := e.lastOf(ctx, ids, s.Dir()); id != "" {
			out[s.Dir()] = id
		}
	}
	return out
}

// lastOf is the newest entry that holds the directory; empty where none does of those
// that are looked at.
func (e *Endpoint) lastOf(ctx context.Context, ids []string, dir string) string {
	looked := 0
	for _, id := range slices.Backward(ids) {
		if !isOf(id, dir) {
			continue
		}
		if looked++; looked > mostOfOne {
			break
		}
		if e.wasMoved(ctx, id, dir) {
			return id
		}
	}
	return ""
}

// wasMoved reports whether the entry holds the directory, whole.
func (e *Endpoint) wasMoved(ctx context.Context, id, dir string) bool {
	entry, there := e.entry(ctx, id)
	return there && entry.Err == nil && !entry.Purging && entry.Note != nil && entry.Note.Path == dir
}
