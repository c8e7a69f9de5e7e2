package status

import (
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Volume is one volume of a state file as it is.
type Volume struct {
	Target state.Target
	Pos    state.Pos
	ID     string // empty where it is not known

	// NotRead tells that nothing was looked at but for Problems: the volume is
	// not there or not started, or, with Error, it can't be read. Its shares
	// then have only their names.
	NotRead bool
	Error   string

	InSync     bool // a run has nothing to do
	Unserved   bool // on some node its server does not run, where it should
	Counted    bool // quota is on: Gluster counts what directories hold
	Shares     []Share
	Options    []string // that a run would set, by name
	Undeclared []Entry  // by volume and path: those that drift, or all where All was asked

	All           bool           // what no share declares was looked for
	LimitsUnknown string         // why can't be told which other directories have limits
	More          []string       // directories with more in them than was looked at
	Unread        []state.Unread // parts that could not be read

	Problems, Warnings []state.Problem
}

// Whole reports whether everything could be read that was asked for. Gluster's
// not telling of limits is no failure to read them.
func (v Volume) Whole() bool { return !v.NotRead && len(v.Unread) == 0 }

// Of tells the status of the volume that the plan is for, from what the plan
// was computed from.
func Of(p diff.Plan, a state.Actual) Volume {
	v := Volume{
		Target: p.Volume.Target, Pos: p.Volume.Pos, ID: p.Found.ID,
		NotRead: p.Unplanned, InSync: p.Empty() && len(p.Problems) == 0,
		Unserved: unserved(a), Counted: a.Quota.On, Options: options(p),
		Problems: p.Problems, Warnings: p.Warnings,
	}
	if p.Unplanned {
		v.Shares = namesOnly(p.Volume)
		return v
	}
	for i, item := range p.Items() {
		if item.Access.Share != "" {
			v.Shares = append(v.Shares, shareOf(p.Volume.Shares[i], item, p, a)) // shares are the first items, in their order
		}
	}
	v.Undeclared = entries(p, a)
	if a.Quota.UsageUnread != "" {
		v.Unread = append(v.Unread, state.Unread{What: "what directories hold", Why: a.Quota.UsageUnread})
	}
	if s := a.Strays; s != nil {
		v.All, v.LimitsUnknown, v.More = true, s.LimitsUnknown, s.More
		v.Unread = append(v.Unread, s.Unread...)
	}
	return v
}

// NotRead is the status of a volume that can't be read.
func NotRead(v state.Volume, err error) Volume {
	return Volume{Target: v.Target, Pos: v.Pos, NotRead: true, Error: err.Error(), Shares: namesOnly(v)}
}

func namesOnly(v state.Volume) []Share {
	var out []Share
	for _, s := range v.Shares {
		out = append(out, Share{Name: s.Name, Path: s.Dir(), Pos: s.Pos, State: Unknown, Use: Use{Measure: Unmeasured}})
	}
	return out
}

func options(p diff.Plan) []string {
	keys := map[string]bool{}
	for _, s := range p.Serves() {
		for _, o := range s.Settings() {
			keys[o.Key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// isOf reports whether a problem is about the share: at its place in the
// document, which ends in a bracket, or below it, in its own file.
func isOf(p state.Problem, s state.Share) bool {
	return s.Path != "" && strings.HasPrefix(p.Path, s.Path) && p.Pos.File == s.Pos.File
}
