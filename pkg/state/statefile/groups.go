package statefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// groupPattern is what the name of a group may be.
const groupPattern = `^[A-Za-z][A-Za-z0-9_-]*$`

var groupName = regexp.MustCompile(groupPattern)

var groupShape = shape{forms: listForm, what: "a list of addresses, networks and groups", items: &memberShape}

// maxPrefixes is how many addresses and networks all groups together may come
// to: groups of groups can grow without measure.
const maxPrefixes = 1 << 20

// group is one of host_groups.
type group struct {
	d       *decoder  // of its file
	pos     state.Pos // of its name
	members []value
	progress
	set   state.Set // the addresses, once they are known
	sound bool      // no member has a mistake
}

// progress is how far the resolution of a group has come.
type progress uint8

const (
	untouched progress = iota
	underWay
	done
)

// resolver finds out which addresses groups stand for.
type resolver struct {
	groups   map[string]*group
	trail    []string // the groups under way, each a member of the one before
	prefixes int      // of all sets so far
}

// hostGroups reads the groups of all files.
func (s *set) hostGroups(docs []*document) {
	s.groups = map[string]*group{}
	var names []string
	for _, doc := range docs {
		if doc.hostGroups.Node != nil {
			names = append(names, doc.d.declareGroups(doc.hostGroups)...)
		}
	}
	r := resolver{groups: s.groups}
	for _, name := range names {
		r.resolve(name)
	}
}

// sets are the addresses of all groups.
func (s *set) sets() map[string]state.Set {
	if len(s.groups) == 0 {
		return nil
	}
	out := map[string]state.Set{}
	for name, g := range s.groups {
		out[name] = g.set
	}
	return out
}

// declareGroups takes in the groups of one file, members unseen, and returns
// their names.
func (d *decoder) declareGroups(v value) []string {
	var names []string
	for _, e := range v.entries() {
		if !d.groupName(e) || !d.fits(e.value, groupShape) {
			continue
		}
		name := e.key.Value
		if first, twice := d.groups[name]; twice {
			d.refuseTwice(e, first)
			continue
		}
		d.groups[name] = &group{d: d, pos: d.pos(e.key), members: e.value.items()}
		names = append(names, name)
	}
	return names
}

// refuseTwice reports a group that another file has already. Of one that its
// own file has twice the inspector has told.
func (d *decoder) refuseTwice(e entry, first *group) {
	if first.d != d {
		d.problem(value{e.key, e.value.path}, fmt.Sprintf("the group %q stands at %s already", e.key.Value, first.pos), "keep one of them")
	}
}

// groupName reports whether a group can have the name.
func (d *decoder) groupName(e entry) bool {
	name := e.key.Value
	at := value{e.key, e.value.path}
	switch {
	case formOf(e.key) != textForm: // the inspector has told of it
		return false
	case strings.EqualFold(name, "any"):
		d.problem(at, quote(name)+" can't name a group: any is everybody", "choose another name")
		return false
	case !groupName.MatchString(name):
		d.problem(at, quote(name)+" can't name a group", "begin with a letter, and go on with letters, digits, _ and -")
		return false
	}
	return true
}

// resolve finds the addresses of a group and of those in it. The limit
// of values bounds how deep it calls itself.
func (r *resolver) resolve(name string) *group {
	g := r.groups[name]
	if g.progress != untouched {
		return g
	}
	g.progress, g.sound = underWay, true
	r.trail = append(r.trail, name)
	var sets []state.Set
	for _, v := range g.members {
		set, ok := r.member(g.d, v)
		sets = append(sets, set)
		g.sound = g.sound && ok
	}
	g.set = r.union(g, sets)
	g.progress = done
	r.trail = r.trail[:len(r.trail)-1]
	return g
}

// member returns the addresses of one member of a group, and whether they are
// known. d is of the group's file.
func (r *resolver) member(d *decoder, v value) (state.Set, bool) {
	if !d.fits(v, memberShape) {
		return nil, false
	}
	if _, ok := r.groups[v.Value]; ok {
		g := r.resolve(v.Value)
		if g.progress == underWay {
			d.problem(v, "the groups go round in a circle: "+r.circle(v.Value), "take one of them out")
			return nil, false
		}
		return g.set, g.sound
	}
	p, f := parseClient(v.Value)
	switch {
	case f.found() && meansEverybody(v.Value):
		f = fault{quote(v.Value) + " can't stand in a group", "write any in the access of the share"}
	case looksLikeGroup(v.Value, f):
		d.missGroup(v)
		return nil, false
	}
	return state.SetOf(p), !d.fault(v, f)
}

// circle shows the groups that lead from name back to it.
func (r *resolver) circle(name string) string {
	from := slices.Index(r.trail, name)
	return strings.Join(append(slices.Clone(r.trail[from:]), name), " -> ")
}

// union adds up the members' addresses, unless all groups together have come
// to too many.
func (r *resolver) union(g *group, sets []state.Set) state.Set {
	if len(sets) == 1 {
		return sets[0]
	}
	for _, s := range sets {
		r.prefixes += len(s)
	}
	if r.prefixes > maxPrefixes {
		g.sound = false
		g.d.problem(g.members[0], fmt.Sprintf("the groups come to more than %d addresses and networks", maxPrefixes), "write networks instead of single addresses")
		return nil
	}
	return state.Union(sets...)
}
