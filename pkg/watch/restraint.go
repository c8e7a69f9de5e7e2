package watch

import (
	"fmt"
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// restrained is the volume as far as the loop may make it what it should be. No
// directory is deleted for good; none goes at all unless that is due. Whatever
// becomes of its directory, an absent share is exported to nobody.
func restrained(v state.Volume, removals bool) state.Volume {
	v.Shares = slices.Clone(v.Shares)
	for i, s := range v.Shares {
		switch {
		case !s.Leaves():
		case removals:
			v.Shares[i].OnDelete = state.Trash
		default:
			v.Shares[i].OnDelete = state.Retain
		}
	}
	return v
}

// withheld tells what of the full plan the one that may be carried out leaves to a
// person.
func withheld(full, may diff.Plan) []string {
	var out []string
	for _, a := range retirements(full) {
		taken := slices.ContainsFunc(retirements(may), func(b diff.Retire) bool { return b.Path == a.Path })
		switch {
		case taken:
		case a.ID == (state.FileID{}):
			out = append(out, fmt.Sprintf("%s: %s was purged, and part of it is still in the trash; apply, run by hand, goes on with that", a.Pos, a.Path))
		default:
			out = append(out, fmt.Sprintf("%s: %s should be absent, and is there; it goes when the state files change, or by apply, run by hand", a.Pos, a.Path))
		}
	}
	return out
}

func retirements(p diff.Plan) []diff.Retire {
	var out []diff.Retire
	for _, a := range p.Actions {
		if r, goes := a.(diff.Retire); goes {
			out = append(out, r)
		}
	}
	return out
}
