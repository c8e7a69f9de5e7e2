package watch

import (
	"context"
	"errors"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// narrow keeps a volume closed whose plan is refused, and waits for a person: whom
// neither what is desired of it nor what got through last lets in goes. Nobody is let
// in, and no directory is touched. The result has no report where there was nothing to
// do; else what it saw is what is left.
func (l *Loop) narrow(ctx context.Context, c *charge, a state.Actual, r *Result) {
	if c.through == nil || c.seen == nil {
		return
	}
	v, opened := narrowed(*c.through, c.desired, a)
	if !opened {
		return
	}
	p := diff.Compute(v, a, l.Server)
	if p.Empty() || len(p.Problems) > 0 || c.closes(p) != nil {
		return
	}
	report := c.volume.Apply(ctx, p, c.closes, l.stepped(c, r, ByDrift))
	r.Report = &report
	r.Why = append(r.Why, failures(report)...)
	if report.OK() {
		r.Served = p.After
		left, desired := diff.Simulate(a, p), c.desired
		desired.TakenOver = true
		r.Seen = status.Of(diff.Compute(desired, left, l.Server), left)
		r.Pending = accountsOf(diff.Compute(r.Plan.Volume, left, l.Server))
	}
}

// errLetsIn: whom the volume let in when it was looked at has lost that since.
var errLetsIn = errors.New("somebody would be let in again who was shut out meanwhile: the next look tells what is left to close")

// closes judges a plan of narrow, under the lock as well: a person may have carried out
// just then what is waited for.
func (c *charge) closes(p diff.Plan) error {
	if !p.OnlyNarrows() {
		return errLetsIn
	}
	return apply.Refused(diff.GuardRepair(p, *c.seen))
}

// narrowed is the volume with those clients of each share whom it admits now and one of
// both lets in. Nothing else is asked of it, and what is exported where one of both
// declares nothing is kept; the new one keeps it whatever it says. opened reports whether
// anybody else is let in: where nobody is, to write what is granted today would drop what
// another option shuts out for a while.
func narrowed(old, next state.Volume, a state.Actual) (v state.Volume, opened bool) {
	v = next
	opened = slices.ContainsFunc(a.Serving.Exports, func(e state.Export) bool { return e.Whole && e.Open() })
	v.TakenOver, v.Undeclared, v.Shares = true, state.Keep, nil
	for _, s := range next.Shares {
		if a.Dirs[s.Dir()].Kind != state.Directory || keeps(old, s.Name) {
			continue // there is nothing to mount, or whatever is exported is to stay
		}
		now, _ := a.Serving.At(s.Dir())
		granted := state.Union(clientsOf(old, s.Name), clientsOf(next, s.Name))
		opened = opened || !granted.Covers(now.All()) || len(a.Serving.NamesAt(s.Dir())) > 0 || !a.Serving.DoubtAt(s.Dir()).Empty()
		stay := granted.Intersect(now.All())
		share := state.Share{Name: s.Name, Pos: s.Pos, Path: s.Path}
		if !stay.Empty() {
			share.Access = []state.Rule{{Word: wordFor(stay), To: stay, Level: state.ReadWrite, Pos: s.Pos}}
		}
		v.Shares = append(v.Shares, share)
	}
	return v, opened
}

// keeps reports whether the volume keeps whatever is exported where the share would be.
func keeps(v state.Volume, share string) bool {
	return v.Undeclared == state.Keep && !slices.ContainsFunc(v.Shares, func(s state.Share) bool { return s.Name == share })
}

// clientsOf are those of the share of this name; nobody where it is absent or there is
// none.
func clientsOf(v state.Volume, name string) state.Set {
	for _, s := range v.Shares {
		if s.Name == name {
			return s.Clients().All()
		}
	}
	return nil
}

// wordFor is how a state file would say it: everybody has to be said by its own word.
func wordFor(clients state.Set) string {
	if clients.IsEverybody() {
		return "any"
	}
	return clients.String()
}
