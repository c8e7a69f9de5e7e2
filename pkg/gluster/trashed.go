package gluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
)

// Trashed is an entry of the trash that holds a directory, or is to.
type Trashed struct {
	ID string

	// Note is what the directory was; nil where there is no note that can be
	// read.
	Note *Note

	// Purging is set where its deletion has begun: what is there is a part of
	// what it was.
	Purging bool

	// InPlace is set where the directory is where it was: a restore was broken off when
	// it had moved it, or a removal before.
	InPlace bool

	// Used is how many bytes it holds; nil where they are not counted.
	Used *uint64

	// Err is why it can't be looked at; nil where it can.
	Err error
}

// at is where the directory lies.
func (t Trashed) at() string {
	switch {
	case t.InPlace:
		return t.Note.Path
	case t.Purging:
		return restPath(t.ID)
	}
	return dataPath(t.ID)
}

// When is when the entry was made, as its name says.
func (t Trashed) When() (time.Time, error) {
	stamp, _, _ := strings.Cut(t.ID, "-")
	return time.Parse("20060102T150405Z", stamp)
}

// Look finds the volume's directories, which all that has to do with the trash
// needs. That there is no such volume, or that it can't be worked with, is an
// error.
func (e *Endpoint) Look(ctx context.Context) (state.Actual, error) {
	a, err := e.Observe(ctx)
	switch {
	case err != nil:
		return a, err
	case len(a.Problems) > 0:
		return a, a.Problems[0]
	case a.Volume.ID == "":
		return a, ErrNoVolume
	case !a.Volume.Started:
		return a, ErrNotStarted
	}
	return a, nil
}

// Trash lists the entries that hold a directory, those whose directory is in its place,
// and those of which can't be told whether they hold any, the oldest first. The volume
// has to have been looked at.
func (e *Endpoint) Trash(ctx context.Context, quota bool) ([]Trashed, error) {
	ids, err := e.trashIDs(ctx)
	if err != nil {
		return nil, err
	}
	var out []Trashed
	for _, id := range ids {
		if entry, there := e.entry(ctx, id); there {
			out = append(out, entry)
		}
	}
	if quota {
		err = e.addUsed(ctx, out)
	}
	return out, errors.Join(err, context.Cause(ctx))
}

// entry looks at one entry; not there is one that holds no directory, and whose directory
// is not in its place. One of which a part is deleted counts as that, whatever else is in it.
func (e *Endpoint) entry(ctx context.Context, id string) (entry Trashed, there bool) {
	entry.ID = id
	entry.Note, entry.Err = e.note(ctx, id)
	for _, purging := range []bool{true, false} {
		entry.Purging = purging
		d, err := e.stat(ctx, entry.at())
		if err != nil {
			entry.Err = err
			return entry, true
		}
		if d.Kind == state.Directory {
			return entry, true
		}
	}
	if entry.Err == nil && entry.Note != nil {
		entry.InPlace, entry.Err = e.isInPlace(ctx, *entry.Note)
	}
	return entry, entry.InPlace || entry.Err != nil
}

// isInPlace reports whether the directory of the note is where it was.
func (e *Endpoint) isInPlace(ctx context.Context, n Note) (bool, error) {
	at, err := e.identity(ctx, n.Path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnsafe) {
		return false, nil
	}
	return err == nil && at.Inode == n.Inode, err
}

// usageAtOnce is for how many directories gluster is asked at a time.
const usageAtOnce = 200

func (e *Endpoint) addUsed(ctx context.Context, entries []Trashed) error {
	for len(entries) > 0 {
		some := entries[:min(len(entries), usageAtOnce)]
		entries = entries[len(some):]
		var paths []string
		for _, t := range some {
			paths = append(paths, t.at())
		}
		usage, err := e.client.Usage(ctx, e.volume.Target.Volume, paths)
		if err != nil {
			return err
		}
		for i, t := range some {
			if u, known := usage[t.at()]; known {
				some[i].Used = &u.Used
			}
		}
	}
	return nil
}

// Restore moves the directory of an entry back to where it was, unless it is there, gives
// it the owner, the mode and the limit of its note, and clears the entry away. Nobody is
// let in by that: it is refused where an export of now is in the way. Where anything else
// has the old name the error wraps fs.ErrExist. moved reports whether the directory is
// back, also where it is not yet what it was: that can be tried again.
func (e *Endpoint) Restore(ctx context.Context, entry Trashed, now state.Serving) (moved bool, err error) {
	if err := e.restorable(ctx, entry, now); err != nil {
		return false, err
	}
	n := *entry.Note
	if !entry.InPlace {
		if err := e.moveBack(ctx, entry); err != nil {
			return false, err
		}
	}
	if err := e.asNoted(ctx, n); err != nil {
		return true, fmt.Errorf("it is back at %s, but: %w; restore it again, or give it the rest by the state file", n.Path, err)
	}
	return true, e.removeEntry(ctx, entry.ID)
}

func (e *Endpoint) moveBack(ctx context.Context, entry Trashed) error {
	from, to := dataPath(entry.ID), entry.Note.Path
	if err := e.makeParents(ctx, to); err != nil {
		return err
	}
	id, err := e.identity(ctx, from)
	if err != nil {
		return err
	}
	t := e.tree
	return change(ctx, func() error { return t.Rename(from, to, id) })
}

// restorable says why an entry can't be restored.
func (e *Endpoint) restorable(ctx context.Context, entry Trashed, now state.Serving) error {
	n := entry.Note
	switch {
	case entry.Err != nil:
		return entry.Err
	case entry.Purging:
		return fmt.Errorf("a part of it is deleted already, by a purge that was broken off; what is left lies in %s, and a mount of the volume shows it", entry.at())
	case n == nil:
		return errors.New("it has no note that says what it was; move it by hand, by a mount of the volume")
	}
	switch err := admitsNobody(now, n.Path); {
	case err != nil && entry.InPlace:
		return fmt.Errorf("%s is in its place, and clients have access to it: give it owner, mode and size by the state file", n.Path)
	case err != nil:
		return err
	case entry.InPlace:
		still, err := e.isInPlace(ctx, *n)
		if err == nil && !still {
			err = another(n.Path)
		}
		return err
	}
	d, err := e.stat(ctx, n.Path)
	if err == nil && d.Kind != state.Missing {
		err = fmt.Errorf("%s stands at %s: %w; move it away, by a mount of the volume", cmp.Or(d.What, "a directory"), n.Path, fs.ErrExist)
	}
	return err
}

// admitsNobody refuses a directory that clients could get at: it, or what is
// above or below it, is exported to them.
func admitsNobody(s state.Serving, dir string) error {
	for _, x := range s.Exports {
		at := strings.TrimSuffix(x.Path, "/")
		if x.Open() && (at == dir || strings.HasPrefix(dir, at+"/") || strings.HasPrefix(at, dir+"/")) {
			return fmt.Errorf("%s is exported, and its clients would have access to %s at once; close that export, or move the directory by hand, by a mount of the volume", x.Path, dir)
		}
	}
	return nil
}

// makeParents makes what is missing on the way to a path.
func (e *Endpoint) makeParents(ctx context.Context, p string) error {
	parent := path.Dir(p)
	if parent == "/" {
		return nil
	}
	d, err := e.stat(ctx, parent)
	switch {
	case err != nil:
		return err
	case d.Kind == state.NotADirectory:
		return fmt.Errorf("%s is %s: %w", parent, d.What, ErrUnsafe)
	case d.Kind == state.Directory:
		return nil
	}
	if err := e.makeParents(ctx, parent); err != nil {
		return err
	}
	t := e.tree
	err = change(ctx, func() error { return t.Mkdir(parent, state.NewDirMode) })
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	return err
}

// asNoted gives the directory what its note says.
func (e *Endpoint) asNoted(ctx context.Context, n Note) error {
	mode, err := strconv.ParseUint(n.Mode, 8, 32)
	if err != nil {
		return err
	}
	err = e.SetPerm(ctx, n.Path, state.Perm{
		Owner: state.ID{Number: n.Owner.Number, Managed: true},
		Group: state.ID{Number: n.Group.Number, Managed: true},
		Mode:  state.Mode{Bits: uint32(mode), Managed: true},
	})
	if err != nil || n.Limit == 0 {
		return err
	}
	return errors.Join(e.SetLimits(ctx, []state.Limit{{Path: n.Path, Bytes: n.Limit}})...)
}
