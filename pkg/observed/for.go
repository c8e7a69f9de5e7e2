package observed

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// For returns what the volume is like, as the observation has it. file is where that
// stands, for the reader. The problems are of what the volume declares and the
// observation can't tell; shares that have one are held.
func For(v state.Volume, o state.Observation, file string) (state.Actual, []state.Problem) {
	a := o.Actual
	a.Problems = slices.Clone(a.Problems)
	for i := range a.Problems { // they are of the target, wherever the file at hand has it
		a.Problems[i].Pos, a.Problems[i].Path = v.Pos, v.Path+".target"
	}
	if !wasLookedInto(a) {
		return a, nil
	}
	a.Dirs, a.Leaving = copyOf(a.Dirs), copyOf(a.Leaving)
	a.Owners, a.Groups = copyOf(a.Owners), copyOf(a.Groups)
	r := reader{Observation: o, actual: a, file: file, held: map[string]string{}}
	for _, s := range v.Shares {
		r.share(s)
	}
	for dir, why := range r.held {
		d := r.actual.Dirs[dir]
		d.Held = why
		r.actual.Dirs[dir] = d
	}
	return r.actual, r.problems
}

func copyOf[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	maps.Copy(out, m)
	return out
}

// reader looks one share after the other up.
type reader struct {
	state.Observation
	actual   state.Actual // of directories only those of which it is known what they are
	file     string
	problems []state.Problem
	held     map[string]string // why, by the directory of the share
}

func (r *reader) share(s state.Share) {
	if s.Absent && !s.Leaves() {
		return // nothing is done to its directory, whatever it is
	}
	at, what := s.Pos, s.Path+".name"
	why := r.dirs(s)
	if why == "" {
		why = r.trash(s)
	}
	if why == "" {
		if why = r.usage(s); s.Size.Managed {
			at, what = s.SizePos, s.Path+".size"
		}
	}
	if why != "" {
		r.problem(s, at, what, why, "observe again, with the state file that declares it")
	}
	r.name(s, "owner", s.Owner, s.OwnerPos, r.AskedOwners, r.actual.Owners)
	r.name(s, "group", s.Group, s.GroupPos, r.AskedGroups, r.actual.Groups)
}

// problem is one of a share, which is held by it.
func (r *reader) problem(s state.Share, at state.Pos, path, why, mend string) {
	text := r.file + " doesn't tell " + why
	r.problems = append(r.problems, state.Problem{Pos: at, Path: path, Text: text, Mend: mend})
	r.held[s.Dir()] = text
}

// dirs looks the share's directory up, and those on the way to it.
func (r *reader) dirs(s state.Share) (unknown string) {
	way := []string{}
	for p := s.Dir(); p != "/"; p = path.Dir(p) {
		way = append(way, p)
	}
	for _, p := range slices.Backward(way) {
		if _, known := r.actual.Dirs[p]; known {
			continue
		}
		d, known := r.notThere(p)
		if !known {
			return fmt.Sprintf("what is at %s: it was not looked at", p)
		}
		r.actual.Dirs[p] = d
	}
	return ""
}

// notThere is what is at a path where no directory is, or can be. known tells
// that so much is certain.
func (r *reader) notThere(p string) (d state.Dir, known bool) {
	above := path.Dir(p)
	switch parent := r.actual.Dirs[above]; {
	case above != "/" && parent.Kind == state.NotADirectory:
		if !strings.Contains(parent.What, " at /") {
			parent.What += " at " + above
		}
		return state.Dir{Kind: state.NotADirectory, What: parent.What}, true
	case above != "/" && parent.Kind == state.Missing:
		return state.Dir{}, true
	}
	names, listed := r.Listed[above]
	return state.Dir{}, listed && !slices.Contains(names, path.Base(p))
}

// trash looks up what the trash may hold of a share that was not looked at.
func (r *reader) trash(s state.Share) (unknown string) {
	if slices.Contains(r.Looked, s.Dir()) {
		return ""
	}
	mayHold := slices.ContainsFunc(r.Trash, func(id string) bool { return state.TrashNameOf(id) == state.TrashName(s.Dir()) })
	switch {
	case mayHold:
		return fmt.Sprintf("whether the trash holds a %s that was removed: it has entries of that name", s.Dir())
	case s.Leaves():
		r.actual.Leaving[s.Dir()] = state.Leaving{Unread: r.TrashUnread}
	}
	return ""
}

// usage makes sure that it is known what limits a directory has that is there.
func (r *reader) usage(s state.Share) (unknown string) {
	q := r.actual.Quota
	if !s.Size.Managed && !s.Leaves() || !q.On || r.actual.Dirs[s.Dir()].Kind != state.Directory {
		return ""
	}
	if _, known := q.Usage[s.Dir()]; known {
		return ""
	}
	if q.UsageUnread != "" {
		return fmt.Sprintf("which limit %s has: %s", s.Dir(), q.UsageUnread)
	}
	return fmt.Sprintf("which limit %s has", s.Dir())
}

// name makes sure that it is known which number an owner or a group has.
func (r *reader) name(s state.Share, kind, name string, at state.Pos, asked []string, numbers map[string]uint32) {
	if name == "" || slices.Contains(asked, name) {
		return
	}
	n, isNumber := state.ParseAccount(name)
	numbers[name] = n // so that nobody takes it for unknown there
	if !isNumber {
		r.problem(s, at, s.Path+"."+kind, fmt.Sprintf("which number %q has: the host was not asked", name),
			"observe again, with the state file that declares it, or write the number")
	}
}
