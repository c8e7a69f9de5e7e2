package state

import (
	"maps"
	"slices"
)

// Serving is what a server does for one volume: who is admitted to what, and
// the settings that make it so.
type Serving struct {
	Volume string `json:"volume"`

	// On reports whether the volume is served at all.
	On bool `json:"on"`

	// Exports are what can be mounted today, every switch and gate taken
	// into account, and what is set but admits nobody. Sorted by path; of
	// the same path in the order of the settings.
	Exports []Export `json:"exports"`

	// Settings are the volume's options that concern the server, as they
	// are set; an option that is not set is missing.
	Settings map[string]string `json:"settings"`

	// Untold are those of which the server goes by another value, since it
	// was not told of the one that is set, with that value: empty where it is
	// not set for the server. Exports are what the server goes by.
	Untold map[string]string `json:"untold"`
}

// Export is one entry of what a server exports.
type Export struct {
	Path      string   `json:"path"`       // the directory it opens, cleaned: /alpha; "/" is the volume's root
	Whole     bool     `json:"whole"`      // it opens every directory of the volume, not its own alone
	Entry     string   `json:"entry"`      // its text in the settings; empty where a switch makes it so
	MountedAs string   `json:"mounted_as"` // what a client has to ask for to reach it, where that is not the directory's own path
	Clients   Access   `json:"clients"`    // whom it admits today, as far as that can be told
	Doubt     Doubt    `json:"doubt"`      // whom else it may admit
	Names     []string `json:"names"`      // clients that are host names: whom they admit can't be told
	Everybody bool     `json:"everybody"`  // it names no clients: the entry itself keeps nobody out
	Broken    string   `json:"broken"`     // why the server can't read the entry; empty where it can
	Own       bool     `json:"own"`        // it is this tool's own mark of a closed volume
}

// Doubt is some clients of whom can't be told whether they are admitted.
type Doubt struct {
	Clients Set    `json:"clients"`
	Why     string `json:"why"` // with the text of the settings; empty where Clients are
}

// Empty reports whether there is nobody in doubt.
func (d Doubt) Empty() bool { return d.Clients.Empty() }

// without is the doubt that is left where the clients are known to be admitted.
func (d Doubt) without(s Set) Doubt {
	d.Clients = d.Clients.Minus(s)
	if d.Empty() {
		return Doubt{}
	}
	return d
}

// Open reports whether anybody is admitted to the export, or may be: whom a
// host name stands for can't be told.
func (e Export) Open() bool {
	return !e.Clients.Empty() || len(e.Names) > 0 || !e.Doubt.Empty()
}

// At returns the exports of the directory, and whom they admit together as far
// as that can be told.
func (s Serving) At(path string) (Access, []Export) {
	var a Access
	var found []Export
	for _, e := range s.Exports {
		if e.Path == path {
			a.RW, a.RO = Union(a.RW, e.Clients.RW), Union(a.RO, e.Clients.RO)
			found = append(found, e)
		}
	}
	a.RO = a.RO.Minus(a.RW)
	return a, found
}

// DoubtAt is whom else the exports of the directory may admit together.
func (s Serving) DoubtAt(path string) Doubt {
	access, exports := s.At(path)
	var d Doubt
	for _, e := range exports {
		if !e.Doubt.Empty() {
			d.Clients, d.Why = Union(d.Clients, e.Doubt.Clients), e.Doubt.Why
		}
	}
	return d.without(access.All())
}

// NamesAt are the host names that the exports of the directory admit, sorted.
func (s Serving) NamesAt(path string) []string {
	_, exports := s.At(path)
	var out []string
	for _, e := range exports {
		out = append(out, e.Names...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Only is the serving with the exports that open the volume whole, or with the
// others: the root of a volume is not all of its directories.
func (s Serving) Only(whole bool) Serving {
	s.Exports = slices.DeleteFunc(slices.Clone(s.Exports), func(e Export) bool { return e.Whole != whole })
	return s
}

// Covers reports whether everybody whom t admits somewhere, or may admit, is
// admitted there by s as well.
func (s Serving) Covers(t Serving) bool {
	return s.Only(true).covers(t.Only(true)) && s.Only(false).covers(t.Only(false))
}

func (s Serving) covers(t Serving) bool {
	return !slices.ContainsFunc(t.Exports, func(e Export) bool {
		access, _ := s.At(e.Path)
		names := s.NamesAt(e.Path)
		return !e.Clients.Minus(access).Empty() || !access.All().Covers(e.Doubt.Clients) ||
			slices.ContainsFunc(e.Names, func(n string) bool { return !slices.Contains(names, n) })
	})
}

// ServingChange is one write of a volume's settings: how the volume is served
// before and after it, and the same of the other volumes that it changes too.
type ServingChange struct {
	Old, New Serving
	Others   []ServingPair // only those that change; by name
}

// ServingPair is how one volume is served before and after a change.
type ServingPair struct{ Old, New Serving }

// Setting is one option that a change writes.
type Setting struct {
	Key      string
	Old, New string
	WasSet   bool     // false: Old is not set at all
	Others   []string // other volumes whose value changes too, of a global option
}

// Settings are the options that the change writes, by name. No change takes
// an option away.
func (c ServingChange) Settings() []Setting {
	var out []Setting
	for _, k := range slices.Sorted(maps.Keys(c.New.Settings)) {
		s := Setting{Key: k, New: c.New.Settings[k]}
		s.Old, s.WasSet = c.Old.Settings[k]
		for _, o := range c.Others {
			if o.Old.Settings[k] != o.New.Settings[k] {
				s.Others = append(s.Others, o.New.Volume)
			}
		}
		if !s.WasSet || s.Old != s.New || len(s.Others) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Empty reports whether the change writes nothing.
func (c ServingChange) Empty() bool { return len(c.Settings()) == 0 }

// Wanted is a server's answer to what a volume asks for: the changes that lead
// there.
type Wanted struct {
	// First are the changes that must be made before anything else, each
	// alone and seen to hold before the next.
	First []ServingChange

	// Narrow is what both the old and the new state grant, after First. It
	// has Next's settings where nobody gains anything.
	Narrow Serving

	// Next is how the volume is served in the end.
	Next Serving

	// Kept are the undeclared exports that stay, as they will be.
	Kept []Export

	// Notes say what a reader of the plan should know of Next, such as why
	// a gate stays wide open.
	Notes []string

	Problems []Problem // why it can't be done
	Warnings []Problem // what the user should know although it can be done
}
