package gluster

import (
	"context"
	"errors"
	"slices"

	"glusterd-shares/pkg/state"
)

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

// mostAsked is of how many entries of one name is asked whether they hold a directory: of
// more the far side would not have told before a note has to be written.
const mostAsked = 3 * mostOfOne

// bare are, for each of the directories, the entries that can have been made for it and
// hold none: removals and restores that were broken off have left those. The oldest come
// first, and the newest mostOfOne are all that count. One command tells them from what the
// trash keeps, however much that is. Where it tells nothing, any of them may be one.
func (e *Endpoint) bare(ctx context.Context, ids []string, dirs ...string) (map[string][]string, error) {
	named := map[string][]string{}
	for _, id := range ids {
		name := state.TrashNameOf(id)
		named[name] = append(named[name], id)
	}
	out, paths := map[string][]string{}, []string(nil)
	for _, dir := range dirs {
		out[dir] = newest(named[state.TrashName(dir)], mostAsked)
		for _, id := range out[dir] {
			paths = append(paths, dataPath(id), restPath(id))
		}
	}
	full, err := e.found(ctx, paths)
	if err != nil {
		return nil, err
	}
	for dir, ids := range out {
		holdsAny := func(id string) bool { return full[dataPath(id)] || full[restPath(id)] }
		out[dir] = newest(slices.DeleteFunc(slices.Clone(ids), holdsAny), mostOfOne)
	}
	return out, nil
}

// found are those of the paths at which anything is. It is none of them where they can't be
// looked at; that the mount gives no answer is an error.
func (e *Endpoint) found(ctx context.Context, paths []string) (map[string]bool, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	t := e.tree
	dirs, err := lookAtMany(ctx, len(paths), func() ([]state.Dir, error) { return t.Stat(paths...) })
	if isUnfinished(err) {
		return nil, err
	}
	if err != nil {
		return nil, nil
	}
	out := map[string]bool{}
	for i, d := range dirs {
		out[paths[i]] = d.Kind != state.Missing
	}
	return out, nil
}

// newest are the last of the entries, so many at most.
func newest(ids []string, most int) []string { return ids[max(len(ids)-most, 0):] }
