package takeover

import (
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// thing is one directory of a volume with all that is known of it.
type thing struct {
	dir     string         // its path from the volume's root
	exports []state.Export // without this tool's own mark
	limit   uint64         // 0: none that is known
}

// Candidates are shares for all directories that a state file could declare, as
// far as their names go: whether the directories are there has to be read before
// Of can tell. The size is managed of those whose limit has to be asked for. The
// volume was observed with its strays, and without shares.
func Candidates(t state.Target, a state.Actual) []state.Share {
	var out []state.Share
	for _, x := range things(a) {
		if statefile.CheckDir(t, x.dir) == nil {
			asked := x.limit > 0 || a.Quota.On && a.Strays.LimitsUnknown != ""
			out = append(out, state.Share{Name: x.dir[1:], Size: state.Size{Managed: asked}})
		}
	}
	return out
}

// things are the directories of the volume that are exported, that have a limit
// or that lie in the volume's root, those above before those below. A directory
// that only lies on the way to others is none.
func things(a state.Actual) []thing {
	byPath := map[string]*thing{}
	at := func(dir string) *thing {
		if byPath[dir] == nil {
			byPath[dir] = &thing{dir: dir}
		}
		return byPath[dir]
	}
	for _, e := range a.Serving.Exports {
		if !e.Own {
			x := at(e.Path)
			x.exports = append(x.exports, e)
		}
	}
	for dir, l := range a.Strays.Limits {
		at(dir).limit = l.Limit
	}
	ways := waysTo(byPath)
	for _, dir := range a.Strays.Dirs {
		if !ways[dir] {
			at(dir)
		}
	}
	return sorted(byPath)
}

// waysTo are the directories above the things.
func waysTo(things map[string]*thing) map[string]bool {
	out := map[string]bool{}
	for dir := range things {
		for _, above := range parents(dir) {
			out[above] = true
		}
	}
	return out
}

// parents are the directories above the path, the topmost first, without the
// root.
func parents(dir string) []string {
	var out []string
	for i := 1; i < len(dir); i++ {
		if dir[i] == '/' {
			out = append(out, dir[:i])
		}
	}
	return out
}

func sorted(things map[string]*thing) []thing {
	var out []thing
	for _, x := range things {
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b thing) int {
		return slices.Compare(strings.Split(a.dir, "/"), strings.Split(b.dir, "/"))
	})
	return out
}

// clients is whom the thing's exports admit today.
func (x thing) clients() state.Access {
	a, _ := state.Serving{Exports: x.exports}.At(x.dir)
	return a
}

// limitIn is the directory's limit: what was asked for by its name, else what the
// list says, which may be blank.
func (x thing) limitIn(q state.Quota) uint64 {
	if u, asked := q.Usage[x.dir]; asked {
		return u.Limit
	}
	return x.limit
}
