package status

import (
	"cmp"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Entry is something that no share declares: a directory, an export, a limit, or
// several of them at one path.
type Entry struct {
	Volume    string   // where it is another volume, whose access a run would change; else empty
	Path      string   // "/" is the whole volume
	Whole     bool     // it opens every directory of the volume, not its own alone
	Near      []string // the shares that it reaches into, or that reach into it: their directories lie one in the other
	Directory bool     // it was found in a directory that was looked into
	Export    bool
	Use       Use
	Clients   Clients // who may mount it now
	Broken    string  // why the server can't read its entry; empty where it can
	Fate      Fate
}

// Fate is what a run would do to something that no share declares.
type Fate string

// The fates.
const (
	Stays   Fate = "stays"
	Changes Fate = "changes" // its clients change
	Goes    Fate = "goes"    // it is exported no more
)

// entries are the exports that a run would change and, where strays were looked
// for, everything else that no share declares.
func entries(p diff.Plan, a state.Actual) []Entry {
	all := collection{}
	for _, item := range p.Items() {
		if c := item.Access; c.Share == "" {
			all.add(exportEntry(p, c, fates[item.Symbol]))
		}
	}
	if a.Strays != nil {
		for _, e := range Exported(p.Volume, p.Before) {
			all.add(e)
		}
		all.addStrays(*a.Strays)
	}
	return all.sorted(a.Quota.On)
}

var fates = map[diff.Symbol]Fate{diff.Remove: Goes, diff.Change: Changes}

// Exported are the exports of the volume that none of its shares declares, where it
// is served so: what opens it whole first, then by path.
func Exported(v state.Volume, s state.Serving) []Entry {
	var out []Entry
	as := diff.Plan{Volume: v, Before: s, After: s}
	for _, c := range as.Access() {
		if c.Share == "" {
			out = append(out, exportEntry(as, c, Stays))
		}
	}
	return out
}

func exportEntry(p diff.Plan, c diff.AccessChange, fate Fate) Entry {
	e := Entry{Path: c.Path, Whole: c.Whole, Export: true, Clients: clientsBefore(c), Fate: fate}
	if c.Volume != p.Before.Volume {
		e.Volume = c.Volume
		return e
	}
	_, exports := p.Before.Only(c.Whole).At(c.Path)
	for _, x := range exports {
		e.Broken = cmp.Or(e.Broken, x.Broken)
	}
	if !c.Whole {
		e.Near = near(c.Path, p.Volume.Shares)
	}
	return e
}

// near are the shares whose directories lie in the directory, or the other way round.
func near(dir string, shares []state.Share) []string {
	within := func(inner, outer string) bool { return strings.HasPrefix(inner, strings.TrimSuffix(outer, "/")+"/") }
	var out []string
	for _, s := range shares {
		if !s.Absent && (within(dir, s.Dir()) || within(s.Dir(), dir)) {
			out = append(out, s.Name)
		}
	}
	return out
}

// collection has entries by volume and path.
type collection map[[2]string]*Entry

// add leaves an entry alone that is there already, and returns it.
func (c collection) add(e Entry) *Entry {
	key := [2]string{e.Volume, e.Path}
	if _, there := c[key]; !there {
		c[key] = &e
	}
	return c[key]
}

// addStrays adds directories and limits, to the export of the same path where
// there is one.
func (c collection) addStrays(s state.Strays) {
	for _, dir := range s.Dirs {
		c.add(Entry{Path: dir, Fate: Stays}).Directory = true
	}
	for dir, l := range s.Limits {
		c.add(Entry{Path: dir, Fate: Stays}).Use = Use{Measure: Counted, Used: l.Used, Limit: l.Limit}
	}
}

// sorted says of the use of each, too, why it is not known where it is not.
func (c collection) sorted(counted bool) []Entry {
	var out []Entry
	for _, e := range c {
		switch {
		case e.Use.Measure != "":
		case counted || e.Volume != "":
			e.Use.Measure = NotAsked
		default:
			e.Use.Measure = NotCounted
		}
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Volume, b.Volume), cmp.Compare(a.Path, b.Path))
	})
	return out
}
