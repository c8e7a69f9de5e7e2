package watch

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// restrained is the volume as far as the loop may make it what it should be. No
// directory is deleted for good; that of a settled share does not go at all, nor with
// the one that it lies in. Whatever becomes of its directory, an absent share is
// exported to nobody.
func restrained(v state.Volume, settled map[string]bool, dirs map[string]state.Dir) state.Volume {
	stays := func(in state.Share) bool {
		return slices.ContainsFunc(v.Shares, func(s state.Share) bool {
			within := s.Name == in.Name || strings.HasPrefix(s.Dir(), in.Dir()+"/") && dirs[s.Dir()].Kind == state.Directory
			return within && settled[s.Name]
		})
	}
	all := v.Shares
	v.Shares = slices.Clone(all)
	for i, s := range all {
		switch {
		case !s.Leaves():
		case stays(s):
			v.Shares[i].OnDelete = state.Retain
		default:
			v.Shares[i].OnDelete = state.Trash
		}
	}
	return v
}

// settle takes in what a reconcile came to. The content is no longer new when all
// of it got through but what is in the way of shares. A directory was gone once when
// it was taken, or when a look did not find it: if it is there again, somebody has
// made it, whether or not the rest has got through by then.
func (c *charge) settle(r Result) {
	through := r.Kind == InSync || r.Kind == Withheld
	if through || r.Kind == Held {
		c.fresh, c.through = false, &r.Volume
	}
	if r.New && r.Kind == Failed && r.Report != nil {
		c.through = nil // whom this content has let in by now nobody tells
	}
	if r.Plan == nil || len(r.Plan.Problems) > 0 {
		return // it was not looked into
	}
	for _, s := range r.Volume.Shares {
		if s.Absent && (through || gone(s, r)) {
			c.settled[s.Name] = true
		}
	}
}

// gone reports whether the share's directory was taken, or was not there to be taken.
func gone(s state.Share, r Result) bool {
	isOf := func(a diff.Retire) bool { return a.Share == s.Name }
	if r.Report != nil && slices.ContainsFunc(r.Report.Steps, func(step apply.Step) bool {
		retire, is := step.Action.(diff.Retire)
		return is && isOf(retire) && step.Outcome == apply.Done
	}) {
		return true
	}
	return r.Plan.Held[s.Name] == "" && !slices.ContainsFunc(r.Plan.Retirements(), isOf)
}

// withheld tells what of the full plan the one that may be carried out leaves to a
// person.
func withheld(full, may diff.Plan) []string {
	var out []string
	for _, a := range full.Retirements() {
		taken := slices.ContainsFunc(may.Retirements(), func(b diff.Retire) bool { return b.Path == a.Path })
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
