package health

import (
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// Share is one share, as it was seen last.
type Share struct {
	Name   string
	Absent bool // it should not be there
	State  State
	Held   string // why its directory was left alone; empty where it was not

	// Clients are who may mount it; nil where Unsure, and where nobody may.
	Clients []string
	Unsure  string // why can't be told who may mount it, or who else; empty where it can
}

// State is whether a share is what it should be.
type State string

// The states of a share.
const (
	Unseen  State = "unknown"
	InSync  State = "in-sync"
	Drifted State = "drifted" // something is to be changed
	Held    State = "held"    // something is in the way of its directory
)

// sharesOf are the shares of the volume after a look at it that could read it.
func sharesOf(r watch.Result) []Share {
	var out []Share
	for _, item := range r.Plan.Items() {
		if item.Access.Share != "" {
			out = append(out, shareOf(item, r))
		}
	}
	return out
}

func shareOf(item diff.Item, r watch.Result) Share {
	s := Share{Name: item.Access.Share, Absent: item.Absent, Held: item.Held, State: Drifted}
	if r.Report != nil {
		s.Held = r.Report.Held[s.Name]
	}
	carriedOut := r.Report != nil && r.Kind != watch.Failed
	switch {
	case r.Report != nil && !carriedOut:
		s.State, s.Unsure = Unseen, "not all of the last plan was carried out; the next look tells"
	case carriedOut:
		s.Clients, s.Unsure = clients(item.Access.After, item.Access.NamesAfter, item.Access.DoubtAfter)
	default:
		s.Clients, s.Unsure = clients(item.Access.Before, item.Access.NamesBefore, item.Access.DoubtBefore)
	}
	switch {
	case s.Held != "":
		s.State = Held
	case carriedOut || r.Report == nil && item.Symbol == diff.Keep:
		s.State = InSync
	}
	return s
}

// clients are the addresses, and those that are host names.
func clients(a state.Access, names []string, doubt state.Doubt) ([]string, string) {
	return append(a.All().Strings(), names...), doubt.Why
}

// unseen are shares that could not be looked at now.
func unseen(shares []Share) []Share {
	out := slices.Clone(shares)
	for i := range out {
		out[i].State, out[i].Unsure = Unseen, "the volume can't be read; this was seen before"
		if out[i].Clients == nil {
			out[i].Unsure = "the volume can't be read"
		}
	}
	return out
}
