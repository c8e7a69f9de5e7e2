package diff

import (
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Plan is what has to happen so that one volume becomes what is desired: a
// value, the same for the same input. Text, JSON, the report and apply are all
// derived from it.
type Plan struct {
	Volume state.Volume     // as desired
	Found  state.VolumeInfo // as the cluster has it

	Before, After state.Serving // how the volume is served now, and in the end
	Actions       []Action      // in the order in which they are carried out
	Kept          []state.Export
	Held          map[string]string  // share to why its directory was left alone; nil where none was
	Leaving       []state.Retirement // the directories that have to go, also of shares that are held: of no identity where they are not there
	Notes         []string

	// Unplanned tells that nothing could be computed but for Problems: the
	// volume is not there, or was not looked into.
	Unplanned bool

	Problems []state.Problem // any one of them: nothing is carried out
	Warnings []state.Problem
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Actions) == 0 }

// Retirements are the directories that go, in their order.
func (p Plan) Retirements() []Retire {
	var out []Retire
	for _, a := range p.Actions {
		if r, goes := a.(Retire); goes {
			out = append(out, r)
		}
	}
	return out
}

// Serves returns the plan's writes of access, in order.
func (p Plan) Serves() []Serve {
	var out []Serve
	for _, a := range p.Actions {
		if s, ok := a.(Serve); ok {
			out = append(out, s)
		}
	}
	return out
}

// OnlyNarrows reports whether the plan lets nobody in anywhere. What it does to
// directories is no matter: a client that may change its own could else keep its
// access by that.
func (p Plan) OnlyNarrows() bool { return !slices.ContainsFunc(p.Access(), AccessChange.Gains) }

// Access tells for every directory of the volume that is or will be exported,
// and for every declared share, who may mount it: the shares in the order of
// the file, then what no share declares by path, then other volumes.
func (p Plan) Access() []AccessChange {
	var out []AccessChange
	declared := map[string]bool{}
	for _, s := range p.Volume.Shares {
		c := accessAt(p.Before, p.After, s.Dir())
		c.Share, c.Pos = s.Name, s.Pos
		declared[s.Dir()] = true
		out = append(out, c)
	}
	out = append(out, undeclaredAccess(p.Before, p.After, declared)...)
	for _, o := range p.others() {
		out = append(out, undeclaredAccess(o.Old, o.New, nil)...)
	}
	return out
}

// Access tells who gains and who loses by this write alone: of each directory
// whose clients change, by path, and then of those of other volumes. Which shares
// they belong to is not told.
func (s Serve) Access() []AccessChange {
	all := undeclaredAccess(s.Old, s.New, nil)
	for _, o := range s.Others {
		all = append(all, undeclaredAccess(o.Old, o.New, nil)...)
	}
	return slices.DeleteFunc(all, func(c AccessChange) bool { return !c.Changed() })
}

// others are the other volumes that the plan changes, before the first write
// and after the last, by name.
func (p Plan) others() []state.ServingPair {
	pairs := map[string]state.ServingPair{}
	for _, s := range p.Serves() {
		for _, o := range s.Others {
			if first, ok := pairs[o.Old.Volume]; ok {
				o.Old = first.Old
			}
			pairs[o.Old.Volume] = o
		}
	}
	var out []state.ServingPair
	for _, volume := range slices.Sorted(maps.Keys(pairs)) {
		out = append(out, pairs[volume])
	}
	return out
}

// undeclaredAccess keeps what opens a volume whole apart from the others, and
// puts it first.
func undeclaredAccess(before, after state.Serving, declared map[string]bool) []AccessChange {
	whole := accessByPath(before.Only(true), after.Only(true), declared)
	for i := range whole {
		whole[i].Whole = true
	}
	return append(whole, accessByPath(before.Only(false), after.Only(false), declared)...)
}

func accessByPath(before, after state.Serving, declared map[string]bool) []AccessChange {
	var paths []string
	for _, e := range slices.Concat(before.Exports, after.Exports) {
		if !declared[e.Path] && !e.Own {
			paths = append(paths, e.Path)
		}
	}
	slices.Sort(paths)
	var out []AccessChange
	for _, path := range slices.Compact(paths) {
		out = append(out, accessAt(before, after, path))
	}
	return out
}

// sortProblems puts problems in file order; of the same position in the order
// in which they were found.
func sortProblems(p []state.Problem) []state.Problem {
	slices.SortStableFunc(p, func(a, b state.Problem) int {
		if c := a.Pos.Compare(b.Pos); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
	return p
}
