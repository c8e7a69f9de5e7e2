package status

import (
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Clients are who may mount a directory.
type Clients struct {
	state.Access
	Names []string    // clients that are host names
	Doubt state.Doubt // who besides may be admitted
}

// ClientsOf are who may mount the directory where the volume is served so: whoever
// is admitted to it, or may mount the volume whole and with it all that lies there.
func ClientsOf(s state.Serving, dir string) Clients {
	s = reaching(s, dir)
	c := Clients{Names: s.NamesAt(dir), Doubt: s.DoubtAt(dir)}
	c.Access, _ = s.At(dir)
	return c
}

// reaching counts what opens the volume whole among the exports of the directory.
func reaching(s state.Serving, dir string) state.Serving {
	s.Exports = slices.Clone(s.Exports)
	for i, e := range s.Exports {
		if e.Whole {
			s.Exports[i].Path = dir
		}
	}
	return s
}

// reach is who may mount the directory before and after the plan, by whatever export.
func reach(p diff.Plan, dir string) diff.AccessChange {
	before, after := ClientsOf(p.Before, dir), ClientsOf(p.After, dir)
	return diff.AccessChange{
		Before: before.Access, NamesBefore: before.Names, DoubtBefore: before.Doubt,
		After: after.Access, NamesAfter: after.Names, DoubtAfter: after.Doubt,
	}
}

func clientsBefore(c diff.AccessChange) Clients {
	return Clients{Access: c.Before, Names: c.NamesBefore, Doubt: c.DoubtBefore}
}

// Empty reports whether nobody may mount it, for certain.
func (c Clients) Empty() bool {
	return c.Access.Empty() && len(c.Names) == 0 && c.Doubt.Empty()
}
