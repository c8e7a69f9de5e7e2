package status

import (
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Share is one declared share as it is.
type Share struct {
	Name    string
	Path    string // of its directory, from the volume's root
	Pos     state.Pos
	Use     Use
	Clients Clients
	State   State
	Drift   []Drift // what a run would change, also of a share with a problem
	Held    string  // why its directory was left alone; empty where it was not
}

// State is whether a share is what is declared. Where several fit, the first of
// Problem, Held, Missing, Drifted, InSync counts.
type State string

// The states of a share.
const (
	InSync  State = "in-sync"
	Drifted State = "drifted"
	Missing State = "missing" // its directory is not there
	Held    State = "held"    // its directory could not be made what it should be
	Problem State = "problem" // it can't become what is declared, or its server does not run
	Unknown State = "unknown" // the volume was not read
)

// Drift is something in which a share differs from what is declared.
type Drift string

// What may differ.
const (
	Directory Drift = "directory" // it is not there
	Owner     Drift = "owner"
	Group     Drift = "group"
	Mode      Drift = "mode"
	Size      Drift = "size"
	Access    Drift = "access"
	Removal   Drift = "removal" // it is absent in the file, and still there
)

func shareOf(s state.Share, item diff.Item, p diff.Plan, a state.Actual) Share {
	access := reach(p, s.Dir())
	out := Share{
		Name: s.Name, Path: s.Dir(), Pos: s.Pos,
		Use: useOf(s.Dir(), a), Clients: clientsBefore(access), Drift: drift(item, access), Held: item.Held,
	}
	problem := slices.ContainsFunc(p.Problems, func(p state.Problem) bool { return isOf(p, s) })
	switch {
	case problem || unserved(a) && !s.Absent:
		out.State = Problem
	case out.Held != "":
		out.State = Held
	case slices.Contains(out.Drift, Directory):
		out.State = Missing
	case len(out.Drift) > 0:
		out.State = Drifted
	default:
		out.State = InSync
	}
	return out
}

// unserved reports whether the volume should be served, and on some node is not:
// whatever is set there, nobody can mount anything.
func unserved(a state.Actual) bool {
	return a.Serving.On && !a.Server.Built || len(a.Offline()) > 0
}

// drift is what the plan would change of a share, and of who may mount it.
func drift(i diff.Item, access diff.AccessChange) []Drift {
	var out []Drift
	note := func(differs bool, d Drift) {
		if differs {
			out = append(out, d)
		}
	}
	for _, a := range i.Actions {
		switch a := a.(type) {
		case diff.MakeDir:
			note(!a.Parent, Directory)
		case diff.SetPerm:
			note(a.New.Owner.Managed, Owner)
			note(a.New.Group.Managed, Group)
			note(a.New.Mode.Managed, Mode)
		case diff.SetLimit:
			note(!i.Absent, Size)
		case diff.Retire:
			note(true, Removal)
		}
	}
	note(access.Changed(), Access)
	return out
}
