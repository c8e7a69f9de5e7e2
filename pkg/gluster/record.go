package gluster

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"glusterd-shares/pkg/state"
)

// Record is Observe for a plan that is made elsewhere, perhaps of another state
// file: of every declared directory it reads all that could be asked of it, and it
// tells which names are taken beside them. A plan for what it returns is the same as
// for what Observe does. What only another file would need, and can't be read, is no
// error here: what is returned doesn't claim to know it.
func (e *Endpoint) Record(ctx context.Context) (state.Observation, error) {
	a, r, err := e.observe(ctx, e.declared())
	o := state.Observation{Actual: a, Looked: slices.Sorted(maps.Keys(a.Dirs))}
	for _, s := range e.volume.Shares {
		o.AskedOwners, o.AskedGroups = appendName(o.AskedOwners, s.Owner), appendName(o.AskedGroups, s.Group)
	}
	if err != nil || a.Dirs == nil {
		return o, err
	}
	if err := e.recordQuota(ctx, &o.Actual.Quota, r); err != nil {
		return o, err
	}
	o.Listed = e.taken(ctx, a.Dirs)
	if err := e.recordTrash(ctx, &o); err != nil {
		return o, err
	}
	return o, context.Cause(ctx)
}

// recordQuota adds what is read otherwise only where a share declares a size, or has
// to go.
func (e *Endpoint) recordQuota(ctx context.Context, q *state.Quota, r readings) (err error) {
	e.uses(q, r)
	if q.Space == 0 {
		t := e.tree
		if q.Space, err = look(ctx, t.Space); err != nil {
			return fmt.Errorf("ask how large the volume is: %w", err)
		}
	}
	if !q.On || e.retires() {
		return nil
	}
	e.askLimited(ctx, &r)
	if q.Limited, q.Unlisted = r.limited, r.unlisted; r.limitedErr != nil {
		q.Unlisted = r.limitedErr.Error()
	}
	return nil
}

// taken are the names in the directories that no share owns, of those that a share
// could have.
func (e *Endpoint) taken(ctx context.Context, dirs map[string]state.Dir) map[string][]string {
	t, out := e.tree, map[string][]string{}
	for _, dir := range e.ways(dirs) {
		names, err := look(ctx, func() ([]string, error) { return t.Names(dir, mostEntries+1) })
		if err != nil || len(names) > mostEntries {
			continue
		}
		names = slices.DeleteFunc(names, func(n string) bool { return !sharePath.MatchString("/" + n) })
		slices.Sort(names)
		out[dir] = names
	}
	return out
}

// recordTrash adds, for every directory that was looked at, what a removal of it and
// what taking one back would need to know.
func (e *Endpoint) recordTrash(ctx context.Context, o *state.Observation) error {
	ids, unread := e.trashIDs(ctx)
	o.Trash = ids
	if unread != nil {
		o.TrashUnread = unread.Error()
	}
	byName := map[string][]string{}
	for _, id := range ids {
		byName[state.TrashNameOf(id)] = append(byName[state.TrashNameOf(id)], id)
	}
	leaving, trashed := maps.Clone(o.Actual.Leaving), maps.Clone(o.Actual.Trashed)
	if trashed == nil {
		trashed = map[string]string{}
	}
	are, err := e.identities(ctx, o.Looked, o.Actual.Dirs)
	if err != nil {
		return err
	}
	for _, dir := range o.Looked {
		of := byName[state.TrashName(dir)]
		l := state.Leaving{ID: are[dir]}
		l.Left, l.Unread = e.leftOf(ctx, dir, of, unread)
		leaving[dir] = l
		if o.Actual.Dirs[dir].Kind == state.Missing {
			if id := e.lastOf(ctx, of, dir); id != "" {
				trashed[dir] = id
			}
		}
	}
	o.Actual.Leaving, o.Actual.Trashed = leaving, trashed
	return nil
}
