package health

import (
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
)

// Volume is what is known of one volume. Zero times are of what didn't happen yet.
type Volume struct {
	Target  string
	Since   time.Time // it is of this kind, and nothing was changed
	Looked  time.Time // the last look came to its end
	Success time.Time // the last look left nothing to do but what is left to a person
	Reached bool      // one look since the start has told how it is

	watch.Condition

	Plan      Plan
	LastError string // of the last look that failed or was refused, also when it is over
	ErrorAt   time.Time

	DriftAt time.Time // drift was last found
	Mended  bool      // it was mended then; of a refused volume: what was opened by hand is closed

	Shares     []Share  // present and absent ones, in the order of the files
	Undeclared []Export // what no share declares, by path
	Whole      *Clients // who may mount the volume whole; nil: it can't be
	Unserved   bool     // its server does not run where it should
}

// Plan is what the last plan held, and what became of it.
type Plan struct {
	Steps    int // that it has
	Done     int
	Pending  int // that are not done, for whatever reason
	Held     int // shares
	Problems int
}

// Word is the kind as a word of programs: in-sync.
func Word(k watch.Kind) string {
	if k == watch.Unknown {
		return "unknown"
	}
	return strings.ReplaceAll(string(k), " ", "-")
}

// desired is the volume with the shares that are desired of it now. What is known
// of those that stay is kept.
func (v Volume) desired(d state.Volume) Volume {
	old := v.Shares
	v.Shares = nil
	for _, s := range d.Shares {
		share := Share{Name: s.Name, Absent: s.Absent, State: status.Unknown}
		i := slices.IndexFunc(old, func(o Share) bool { return o.Name == s.Name && o.Absent == s.Absent })
		if i >= 0 {
			share = old[i]
		}
		v.Shares = append(v.Shares, share)
	}
	return v
}

// reconciled is the volume after a look. Of one that could not be read it still
// tells who was let in when it was seen last.
func (v Volume) reconciled(r watch.Result, now time.Time) Volume {
	if v.Kind != r.Kind || carriedOut(r) {
		v.Since = now
	}
	v.Condition, v.Looked = r.Condition, now
	v.Reached = v.Reached || r.Kind != watch.Failed
	switch r.Kind {
	case watch.InSync, watch.Withheld:
		v.Success = now
	case watch.Failed, watch.Refused:
		v.LastError, v.ErrorAt = strings.Join(r.Why, "\n"), now
	}
	if r.Drifted() {
		v.DriftAt, v.Mended = now, r.Report != nil && !cutShort(r)
	}
	switch {
	case r.Plan == nil:
	case r.Kind == watch.Refused: // a report is of another plan
		v.Plan = planOf(*r.Plan, nil)
	default:
		v.Plan = planOf(*r.Plan, r.Report)
	}
	return v.seen(r)
}

// seen takes in what the look has shown of shares and exports.
func (v Volume) seen(r watch.Result) Volume {
	if r.Plan == nil || r.Plan.Unplanned {
		v.Shares, v.Undeclared, v.Unserved = unseen(v.Shares), exportsSeenBefore(v.Undeclared), false
		if v.Whole != nil {
			before := v.Whole.seenBefore()
			v.Whole = &before
		}
		return v
	}
	v.Shares, v.Unserved = sharesOf(r), r.Seen.Unserved && !carriedOut(r)
	v.Undeclared, v.Whole = exportsOf(r)
	return v
}

func planOf(p diff.Plan, r *apply.Report) Plan {
	out := Plan{Steps: len(p.Actions), Pending: len(p.Actions), Held: len(p.Held), Problems: len(p.Problems)}
	if r != nil {
		out.Steps, out.Done, out.Held = len(r.Steps), r.Count(apply.Done), len(r.Held)
		out.Pending = out.Steps - out.Done
	}
	return out
}

// present is how many shares there should be.
func (v Volume) present() int {
	n := 0
	for _, s := range v.Shares {
		if !s.Absent {
			n++
		}
	}
	return n
}

// reported is what would have to be changed where that is only reported.
func (v Volume) reported() []watch.Account {
	if v.Kind != watch.Drifted {
		return nil
	}
	return v.Pending
}
