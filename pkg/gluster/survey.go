package gluster

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// mostEntries is how many entries of one directory are looked at for what no
// share declares.
const mostEntries = 10_000

// Survey is Observe with what every declared directory holds, by the same
// command, and where it is asked for with what no share declares: one more list
// of limits, and a look into the volume's root and the directories on the way to
// shares. A plan for what it returns is the same as for what Observe does.
func (e *Endpoint) Survey(ctx context.Context, strays bool) (state.Actual, error) {
	a, r, err := e.observe(ctx, e.declared())
	if err != nil || a.Dirs == nil {
		return a, err
	}
	e.uses(&a.Quota, r)
	if !strays {
		return a, nil
	}
	a.Strays = &state.Strays{}
	e.strayDirs(ctx, a.Dirs, a.Strays)
	if a.Quota.On {
		e.strayLimits(ctx, a.Strays)
	}
	return a, context.Cause(ctx)
}

// uses adds what directories hold where no share declares a size. No plan hangs
// on it then: that it can't be read is no error.
func (e *Endpoint) uses(q *state.Quota, r readings) {
	switch {
	case !q.On || len(e.sized()) > 0:
	case r.usageErr != nil:
		q.UsageUnread = r.usageErr.Error()
	default:
		q.Usage = r.usage
	}
}

// declared are the directories of all shares.
func (e *Endpoint) declared() []string {
	var out []string
	for _, s := range e.volume.Shares {
		out = append(out, s.Dir())
	}
	return out
}

// strayDirs adds the directories that no share declares. dirs are the shares'
// and those on the way to them.
func (e *Endpoint) strayDirs(ctx context.Context, dirs map[string]state.Dir, s *state.Strays) {
	t := e.tree
	for _, dir := range e.ways(dirs) {
		l, err := look(ctx, func() (contents, error) { return listDirs(t, dir) })
		if err != nil {
			s.Unread = append(s.Unread, state.Unread{What: dir, Why: err.Error()})
			continue
		}
		if l.more {
			s.More = append(s.More, dir)
		}
		for _, name := range l.names {
			p := path.Join(dir, name)
			if _, known := dirs[p]; !known && !(dir == "/" && isReserved(name)) {
				s.Dirs = append(s.Dirs, p)
			}
		}
	}
	slices.Sort(s.Dirs)
}

// ways are the root and the directories on the way to shares, sorted, but for
// those that are in a share, or one themselves.
func (e *Endpoint) ways(dirs map[string]state.Dir) []string {
	declared := e.declared()
	out := []string{"/"}
	for p, d := range dirs {
		owned := slices.ContainsFunc(declared, func(s string) bool { return p == s || strings.HasPrefix(p, s+"/") })
		if !owned && d.Kind == state.Directory {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

func isReserved(name string) bool { _, is := state.Reserved[name]; return is }

// contents are the directories in one directory.
type contents struct {
	names []string
	more  bool
}

func listDirs(t Tree, dir string) (l contents, err error) {
	l.names, l.more, err = t.List(dir, mostEntries)
	return l, err
}

// strayLimits adds the limits of directories that are no share's.
func (e *Endpoint) strayLimits(ctx context.Context, s *state.Strays) {
	limits, err := e.client.Limits(ctx, e.volume.Target.Volume)
	switch {
	case errors.Is(err, ErrBlankList):
		s.LimitsUnknown = err.Error()
		return
	case err != nil:
		s.Unread = append(s.Unread, state.Unread{What: "the limits of directories", Why: err.Error()})
		return
	}
	for _, dir := range e.declared() {
		delete(limits, dir)
	}
	for dir := range limits {
		if _, err := components(dir); err != nil {
			delete(limits, dir)
			s.Unread = append(s.Unread, state.Unread{What: "a limit", Why: err.Error()})
		}
	}
	s.Limits = limits
}
