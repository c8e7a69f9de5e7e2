package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// writeReports tells what became of each volume to which something was done.
func writeReports(w io.Writer, r result) error {
	var b strings.Builder
	for _, v := range r.volumes {
		if v.report != nil && (v.plan == nil || !v.plan.Empty()) {
			writeReport(&b, v.plan, *v.report, r.goesOn())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeDifferences tells in what the plans are not those that were saved.
func writeDifferences(w io.Writer, r result) error {
	if len(r.differences) == 0 {
		return nil
	}
	var b strings.Builder
	title := "not the saved plan: nothing is carried out"
	if r.begun() {
		title = "not the saved plan any more: the rest is not carried out"
	}
	if len(r.volumes) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(title + "\n")
	for _, d := range r.differences {
		say(&b, "! %s: %s: %s", d.Target, d.What, d.Subject)
		for _, detail := range d.Details {
			say(&b, "    %s", detail)
		}
	}
	switch {
	case len(r.volumes) == 0:
		say(&b, "no cluster was read; if what the state files say now is meant: save a plan for it, with plan --out")
	case r.pending():
		say(&b, "if what is planned now is meant: save it anew, with plan --out")
	default:
		say(&b, "nothing is left to do: it seems to be applied already")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// goesOn is how what is left of a run gets done.
func (r result) goesOn() string {
	if _, isSaved := r.ground.(savedPlan); isSaved {
		return "what is left needs a plan of its own: a saved one is carried out once"
	}
	return "run apply again: it goes on from what it finds"
}

func writeReport(b *strings.Builder, p *diff.Plan, r apply.Report, goesOn string) {
	fmt.Fprintf(b, "\n%s: %s\n", r.Target, verdict(r))
	if !r.OK() {
		for _, s := range r.Steps {
			writeStep(b, s)
		}
	}
	for _, share := range slices.Sorted(maps.Keys(r.Held)) {
		say(b, "held: %s: %s: %s", share, heldBack(p, r, share), r.Held[share])
	}
	for _, remark := range r.Remarks {
		say(b, "note: %s", remark)
	}
	if r.Err != nil {
		say(b, "error: %v", r.Err)
	}
	writeWayBack(b, r)
	for _, sentence := range whatNext(r, goesOn) {
		say(b, "%s", sentence)
	}
}

// heldBack says what a held share lacks, and for want of what.
func heldBack(p *diff.Plan, r apply.Report, share string) string {
	switch {
	case p != nil && p.IsAbsent(share):
		return "its directory did not go"
	case lacksLimit(r, share):
		return "its access was not widened, because its limit could not be set"
	}
	return "its access was not widened, because its directory is not as declared"
}

// lacksLimit reports whether a share has all that it should have but its limit.
func lacksLimit(r apply.Report, share string) bool {
	lacks := false
	for _, s := range r.Steps {
		if s.Action.Of() != share || s.Outcome == apply.Done {
			continue
		}
		if _, isLimit := s.Action.(diff.SetLimit); !isLimit {
			return false
		}
		lacks = true
	}
	return lacks
}

// whatNext tells what is to be done where a run did not get there.
func whatNext(r apply.Report, goesOn string) []string {
	var out []string
	if r.Count(apply.Unknown) > 0 && !errors.Is(r.Err, apply.ErrUncertain) {
		out = append(out, "what became of the unknown steps: run plan, which shows what is still to do")
	}
	switch needsMending := r.Err != nil && !errors.Is(r.Err, apply.ErrStopped) || len(r.Held) > 0; {
	case r.OK():
		return out
	case needsMending:
		return append(out, "when what is in the way is mended: "+goesOn)
	}
	return append(out, goesOn)
}

// writeWayBack tells how to put back what can be. Directories come first: where an
// export is open none is restored.
func writeWayBack(b *strings.Builder, r apply.Report) {
	gone := retiredBy(r, state.Trash)
	commands := wayBack(r)
	if len(gone) > 0 {
		say(b, "in the trash: %s", strings.Join(gone, ", "))
	}
	where := ""
	if r.Target.User != "" {
		where = "on " + r.Target.Host + " as root, "
	}
	for i, command := range commands {
		switch {
		case i == 0 && len(gone) > 0:
			say(b, "%sto go back: trash restore for each of those, then these, which put the old options back, and with them the old access:", where)
		case i == 0:
			say(b, "%sto put the old options back, and with them the old access:", where)
		}
		say(b, "  $ %s", command)
	}
	if why := noWayBack(r); why != "" {
		say(b, "the old options are not to be put back: %s; write what is meant into the state file", why)
	}
	for _, option := range staying(r) {
		say(b, "%s stays: it is for all volumes, and to take it back would open those that are served", option)
	}
}

func verdict(r apply.Report) string {
	if r.OK() {
		return fmt.Sprintf("applied and verified: %s done", plural(r.Count(apply.Done), "step"))
	}
	var parts []string
	for _, o := range []apply.Outcome{apply.Done, apply.Failed, apply.Unknown, apply.NotStarted} {
		if n := r.Count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	switch n := r.Count(apply.NotStarted); {
	case len(parts) == 0:
		return "not applied"
	case n == len(r.Steps):
		return "nothing was changed: " + plural(n, "step") + " not started"
	}
	return "not applied in full: " + strings.Join(parts, ", ")
}

func writeStep(b *strings.Builder, s apply.Step) {
	if s.Err == nil {
		say(b, "%s: %s", s.Outcome, render.Title(s.Action))
		return
	}
	say(b, "%s: %s: %v", s.Outcome, render.Title(s.Action), s.Err)
}

// say writes one indented line; a terminal obeys nothing in it.
func say(b *strings.Builder, format string, args ...any) {
	for line := range lines(fmt.Sprintf(format, args...)) {
		b.WriteString("  " + render.Escape(line) + "\n")
	}
}

// lines are those of the text, without their ends.
func lines(s string) iter.Seq[string] { return strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") }
