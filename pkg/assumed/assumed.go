// Package assumed plans from one state file to another, where no cluster can be asked
// at all: it takes a volume to be what the old file asks for, on a cluster where
// nothing else is.
//
//	old -Compute, Simulate-> what it comes to -Compute-> Plan for new
//
// What only a cluster could tell is as a fresh volume has it: nothing undeclared is
// there, no option of others, nothing in the trash, and what the old file leaves to
// chance (an owner, a mode) is as this program makes it. Numbers of owners and groups
// are whatever the caller makes them.
package assumed

import (
	"fmt"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// World is what has to be known beside the state files.
type World struct {
	Server diff.Server

	// Fresh is how a volume is served that Gluster has just made.
	Fresh func(volume string) state.Serving

	// Number gives a name of an owner or a group a number, always the same.
	Number func(name string) uint32
}

// Plan is the plan for the volume, if it is what old says; nil: it was just made. A
// problem of old is one of the plan: what it asks for can't be had, and so not what it
// is like.
func (w World) Plan(old *state.Volume, v state.Volume) diff.Plan {
	a := w.fresh(v)
	if old != nil {
		var problem *state.Problem
		if a, problem = w.converged(*old, a); problem != nil {
			return diff.Plan{Volume: v, Unplanned: true, Problems: []state.Problem{*problem}}
		}
	}
	a.Leaving = leaving(v, a.Dirs)
	a.Owners, a.Groups = w.numbers(v)
	p := diff.Compute(v, a, w.Server)
	p.Found.ID = "" // there may be such a volume or not
	for i, action := range p.Actions {
		p.Actions[i] = w.known(action, old)
	}
	return p
}

// known is an action without what nobody has counted, and with the names that the old
// state gives owners and groups.
func (w World) known(a diff.Action, old *state.Volume) diff.Action {
	switch a := a.(type) {
	case diff.SetLimit:
		a.Counted = false
		return a
	case diff.Retire:
		a.Counted = false
		return a
	case diff.SetPerm:
		was := declaredIn(old, a.Path)
		if a.Old.Owner.Managed {
			a.Old.Owner.Name = was.Owner
		}
		if a.Old.Group.Managed {
			a.Old.Group.Name = was.Group
		}
		return a
	}
	return a
}

// declaredIn is the share of the directory; the zero one where none is.
func declaredIn(v *state.Volume, dir string) state.Share {
	if v != nil {
		for _, s := range v.Shares {
			if s.Dir() == dir {
				return s
			}
		}
	}
	return state.Share{}
}

// fresh is a volume that was just made, on a cluster of one node.
func (w World) fresh(v state.Volume) state.Actual {
	name := v.Target.Volume
	return state.Actual{
		Volume:  state.VolumeInfo{Name: name, ID: "assumed", Started: true},
		Serving: w.Fresh(name),
		Server:  state.ServerStatus{Built: true},
		Peers:   []state.Peer{{ID: "assumed", Host: v.Target.Host, Connected: true}},
	}
}

// maxRounds is far more than it takes until nothing is left to do.
const maxRounds = 10

// converged is what the volume is like when it has become what old asks for.
func (w World) converged(old state.Volume, a state.Actual) (state.Actual, *state.Problem) {
	for range maxRounds {
		a.Owners, a.Groups = w.numbers(old)
		p := diff.Compute(old, a, w.Server)
		if len(p.Problems) > 0 {
			return a, cannotBe(p.Problems[0])
		}
		if p.Empty() {
			return a, nil
		}
		a = diff.Simulate(a, p)
	}
	return a, cannotBe(state.Problem{Pos: old.Pos, Path: old.Path + ".target", Text: "it never comes to rest"})
}

// cannotBe is the problem of a plan for which an old state has one.
func cannotBe(p state.Problem) *state.Problem {
	p.Text = fmt.Sprintf("the old state can't be what the volume is like: %s", p.Text)
	return &p
}

// numbers are those of the names that the volume's shares declare.
func (w World) numbers(v state.Volume) (owners, groups map[string]uint32) {
	owners, groups = map[string]uint32{}, map[string]uint32{}
	for _, s := range v.Shares {
		if s.Owner != "" {
			owners[s.Owner] = w.Number(s.Owner)
		}
		if s.Group != "" {
			groups[s.Group] = w.Number(s.Group)
		}
	}
	return owners, groups
}

// leaving tells the directories apart that have to go.
func leaving(v state.Volume, dirs map[string]state.Dir) map[string]state.Leaving {
	out := map[string]state.Leaving{}
	for i, s := range v.Shares {
		if s.Leaves() && dirs[s.Dir()].Kind == state.Directory {
			out[s.Dir()] = state.Leaving{ID: state.FileID{Inode: uint64(i) + 1}}
		}
	}
	return out
}
