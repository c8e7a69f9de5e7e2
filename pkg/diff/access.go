package diff

import (
	"slices"

	"glusterd-shares/pkg/state"
)

// AccessChange is who may mount one directory before and after a plan.
type AccessChange struct {
	Volume string    // the volume's name
	Path   string    // from its root
	Whole  bool      // every directory of the volume, and not that path alone
	Share  string    // the share that declares it; empty: none does
	Pos    state.Pos // of the share

	Before, After           state.Access // as far as that can be told
	DoubtBefore, DoubtAfter state.Doubt  // who besides may have access or not
	NamesBefore, NamesAfter []string     // clients that are host names
}

func accessAt(before, after state.Serving, path string) AccessChange {
	c := AccessChange{
		Volume: before.Volume, Path: path,
		DoubtBefore: before.DoubtAt(path), DoubtAfter: after.DoubtAt(path),
		NamesBefore: before.NamesAt(path), NamesAfter: after.NamesAt(path),
	}
	c.Before, _ = before.At(path)
	c.After, _ = after.At(path)
	return c
}

// Gained is who may mount it afterwards and is not known to be able to now.
func (c AccessChange) Gained() state.Access { return c.After.Minus(c.Before) }

// Lost is who may mount it now and can't afterwards.
func (c AccessChange) Lost() state.Access { return c.Before.Minus(c.After) }

// MayLose is who perhaps may mount it now and can't, or is in doubt,
// afterwards. A doubt that stays as it is takes nothing from anybody.
func (c AccessChange) MayLose() state.Doubt {
	who := c.DoubtBefore.Clients.Minus(c.After.All()).Minus(c.DoubtAfter.Clients)
	if who.Empty() {
		return state.Doubt{}
	}
	return state.Doubt{Clients: who, Why: c.DoubtBefore.Why}
}

// NamesGained are the clients that are host names and stand there afterwards
// only.
func (c AccessChange) NamesGained() []string { return without(c.NamesAfter, c.NamesBefore) }

// NamesLost are the clients that are host names and stand there now only.
func (c AccessChange) NamesLost() []string { return without(c.NamesBefore, c.NamesAfter) }

func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(others, n) })
}

// Gains reports whether a client may mount the directory afterwards that can't
// now.
func (c AccessChange) Gains() bool {
	return !c.Gained().Empty() || len(c.NamesGained()) > 0
}

// Loses reports whether a client that may mount the directory now, or perhaps
// may, can't afterwards.
func (c AccessChange) Loses() bool {
	return !c.Lost().Empty() || len(c.NamesLost()) > 0 || !c.MayLose().Empty()
}

// Changed reports whether anybody gains or loses access.
func (c AccessChange) Changed() bool { return c.Gains() || c.Loses() }

// widest is how many addresses may gain access by one change before that is
// called wide: those of a /16.
const widest = 1 << 16

// Wide reports whether so many gain access that a reader should look twice.
func (c AccessChange) Wide() bool { return c.Gained().All().Count() > widest }

// admits reports whether anybody may mount it now, or perhaps may.
func (c AccessChange) admits() bool {
	return !c.Before.Empty() || len(c.NamesBefore) > 0 || !c.DoubtBefore.Empty()
}

// losesAll reports whether it may be that nobody who is admitted now is
// admitted afterwards.
func (c AccessChange) losesAll() bool {
	if c.Before.Empty() && len(c.NamesBefore) == 0 {
		return !c.MayLose().Empty()
	}
	return !c.Before.All().Overlaps(c.After.All()) && len(c.NamesLost()) == len(c.NamesBefore)
}
