package watch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// reconcile looks at one volume, changes it as far as that is due and allowed, and
// says when it is looked at next. What the end of ctx has cut short says nothing of
// the volume.
func (l *Loop) reconcile(ctx context.Context, c *charge) {
	l.Observer.Looking(c.desired.Target)
	defer l.Observer.Looked(c.desired.Target)
	r := l.carryOut(ctx, c)
	if ctx.Err() != nil && r.Report == nil {
		return
	}
	if r.Kind == Failed || r.narrowed() && !r.Report.OK() {
		l.close(c)
		c.failures++
		c.due = time.Now().Add(spread(backoff(c.failures), l.Jitter()))
	} else {
		c.failures = 0
		c.due = time.Now().Add(spread(l.Interval, l.Jitter()))
	}
	c.settle(r)
	c.remember(r)
	l.Observer.Reconciled(r)
	if ctx.Err() == nil && !r.Condition.same(c.condition) {
		l.Observer.Turned(c.desired.Target, c.condition, r.Condition)
		c.condition = r.Condition
	}
}

// carryOut is one reconcile. Plans are made for what the loop may do; that the file
// says more shows in the condition.
func (l *Loop) carryOut(ctx context.Context, c *charge) Result {
	r := Result{Volume: c.desired, New: c.fresh}
	a, err := l.observe(ctx, c)
	if err != nil {
		r.Condition = Condition{Kind: Failed, Why: []string{err.Error()}}
		return r
	}
	c.recognise(a)
	desired := c.desired
	desired.TakenOver = c.seen != nil
	full := diff.Compute(desired, a, l.Server)
	may := diff.Compute(restrained(desired, c.settled, a.Dirs), a, l.Server)
	r.Plan, r.Seen, r.Served = &may, status.Of(full, a), a.Serving
	r.Condition = l.judge(may, c)
	switch {
	case r.Kind == Unknown:
		report := c.volume.Apply(ctx, may, c.lets, l.stepped(c, &r, r.Cause()))
		r.Report, r.Condition = &report, outcome(may, report)
		if r.Kind != Failed {
			r.Served = may.After
		}
	case r.Kind == Refused && l.OnDrift == Repair:
		l.narrow(ctx, c, a, &r)
	}
	if r.Kind == InSync || r.Kind == Held {
		seen := diff.Simulate(a, may)
		c.seen = &seen
	}
	r.Warnings = problemTexts(may.Warnings)
	if left := withheld(full, may); len(left) > 0 && r.Kind != Refused {
		r.Why = append(r.Why, left...)
		if r.Kind == InSync {
			r.Kind = Withheld
		}
	}
	return r
}

// observe looks at the volume, which is opened where it is not.
func (l *Loop) observe(ctx context.Context, c *charge) (a state.Actual, err error) {
	if c.volume == nil {
		if c.volume, err = l.Cluster.Open(c.desired); err != nil {
			return a, err
		}
	}
	return c.volume.Observe(ctx, c.desired)
}

// judge is how the volume is by the plan, or Unknown where the plan is to be carried
// out.
func (l *Loop) judge(p diff.Plan, c *charge) Condition {
	switch {
	case len(p.Problems) > 0:
		return Condition{Kind: Refused, Why: problemTexts(p.Problems), Pending: accountsOf(p)}
	case p.Empty() && len(p.Held) > 0:
		return Condition{Kind: Held, Why: heldTexts(p.Held)}
	case p.Empty():
		return Condition{Kind: InSync}
	case !c.fresh && l.OnDrift == Report:
		return Condition{Kind: Drifted, Why: heldTexts(p.Held), Pending: accountsOf(p)}
	}
	if refusals := c.guard(p); len(refusals) > 0 {
		return refused(refusals, p)
	}
	return Condition{}
}

// guard judges new content by all that it takes away, and what puts back the content
// that was there already by what that has granted.
func (c *charge) guard(p diff.Plan) []diff.Refusal {
	if c.fresh || c.seen == nil {
		return diff.Guard([]diff.Plan{p}, diff.Allow{})
	}
	return diff.GuardRepair(p, *c.seen)
}

// lets is what guard says, for apply: under the lock the plan is judged again.
func (c *charge) lets(p diff.Plan) error { return apply.Refused(c.guard(p)) }

func refused(refusals []diff.Refusal, p diff.Plan) Condition {
	c := Condition{Kind: Refused, Pending: accountsOf(p)}
	for _, r := range refusals {
		c.Why = append(c.Why, r.Error())
	}
	return c
}

// outcome is how the volume is after the plan was carried out. To try again soon
// helps nothing against what was in the way before.
func outcome(p diff.Plan, r apply.Report) Condition {
	if r.OK() {
		return Condition{Kind: InSync}
	}
	why := failures(r)
	if len(why) == 0 && maps.Equal(p.Held, r.Held) {
		return Condition{Kind: Held, Why: heldTexts(r.Held)}
	}
	return Condition{Kind: Failed, Why: append(why, heldTexts(r.Held)...)}
}

// failures are what went wrong, but for what holds shares back.
func failures(r apply.Report) []string {
	var out []string
	if r.Err != nil {
		out = append(out, r.Err.Error())
	}
	for _, s := range r.Steps {
		if c := ChangeOf(s.Action); s.Err != nil && r.Held[c.Share] == "" {
			out = append(out, strings.TrimSpace(c.Action+" "+c.Path)+": "+s.Err.Error())
		}
	}
	return out
}

func heldTexts(held map[string]string) []string {
	var out []string
	for _, share := range slices.Sorted(maps.Keys(held)) {
		out = append(out, fmt.Sprintf("the share %s is held: %s", share, held[share]))
	}
	return out
}
