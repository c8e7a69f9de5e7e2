package gluster

import (
	"context"
	"slices"

	"glusterd-shares/pkg/state"
)

// mostAsked is of how many entries of one name is asked whether they hold a directory.
const mostAsked = 10 * mostOfOne

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
