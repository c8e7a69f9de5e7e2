package watch

import (
	"context"
	"errors"
	"slices"
	"strings"

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
	if p.Empty() {
		return
	}
	if err := c.closable(p); err != nil {
		r.Why = append(r.Why, "what was opened by hand stays open: "+err.Error())
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
		l.judgeLeft(diff.Compute(r.Plan.Volume, left, l.Server), c, r)
	}
}

// judgeLeft tells why what is left after narrow is refused. Where nothing is in the way
// of that any more, it is still for the next look to carry it out.
func (l *Loop) judgeLeft(left diff.Plan, c *charge, r *Result) {
	if now := l.judge(left, c); now.Kind == Refused {
		r.Why = now.Why
	}
	r.Pending = accountsOf(left)
}

// closable says what is in the way of a plan of narrow; nil: nothing is.
func (c *charge) closable(p diff.Plan) error {
	if len(p.Problems) > 0 {
		return errors.New(strings.Join(problemTexts(p.Problems), "; "))
	}
	return c.closes(p)
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

// narrowed is the volume with those clients of each exported directory whom it admits now
// and one of both lets in. What one of both keeps, since it declares nothing there, is
// kept; the new one keeps it whatever it says. opened reports whether anybody else is let
// in: where nobody is, to write what is granted today would drop what another option
// shuts out for a while.
func narrowed(old, next state.Volume, a state.Actual) (v state.Volume, opened bool) {
	v = next
	v.TakenOver, v.Undeclared, v.Shares = true, state.Keep, nil
	for _, e := range a.Serving.Exports {
		if e.Whole {
			opened = opened || e.Open()
			continue
		}
		if e.Own || keeps(old, e.Path) || keeps(next, e.Path) || hasShareAt(v, e.Path) {
			continue
		}
		now, _ := a.Serving.At(e.Path)
		granted := state.Union(clientsAt(old, e.Path), clientsAt(next, e.Path))
		opened = opened || !granted.Covers(now.All()) || len(a.Serving.NamesAt(e.Path)) > 0 || !a.Serving.DoubtAt(e.Path).Empty()
		v.Shares = append(v.Shares, exportedTo(granted.Intersect(now.All()), e.Path, v))
	}
	return v, opened
}

// exportedTo is a share of which nothing is asked but who may mount it: as one that is
// retained it is left alone, whether or not its directory is there.
func exportedTo(clients state.Set, dir string, v state.Volume) state.Share {
	s := state.Share{Name: strings.TrimPrefix(dir, "/"), Absent: true, OnDelete: state.Retain, Pos: v.Pos, Path: v.Path}
	if !clients.Empty() {
		s.Access = []state.Rule{{Word: wordFor(clients), To: clients, Level: state.ReadWrite, Pos: v.Pos, Path: v.Path}}
	}
	return s
}

// keeps reports whether the volume keeps whatever is exported at the directory.
func keeps(v state.Volume, dir string) bool {
	return v.Undeclared == state.Keep && !hasShareAt(v, dir)
}

func hasShareAt(v state.Volume, dir string) bool {
	return slices.ContainsFunc(v.Shares, func(s state.Share) bool { return s.Dir() == dir })
}

// clientsAt are those of the share with this directory; nobody where it is absent or
// there is none.
func clientsAt(v state.Volume, dir string) state.Set {
	for _, s := range v.Shares {
		if s.Dir() == dir {
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
