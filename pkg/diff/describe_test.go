package diff_test

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// describe tells a plan in lines: what is done, in order; who gains and who
// loses access; what is kept; what stands in the way.
func describe(p diff.Plan) string {
	var b strings.Builder
	line := func(format string, args ...any) { b.WriteString(short(fmt.Sprintf(format, args...)) + "\n") }
	if p.Unplanned {
		line("unplanned")
	}
	for _, a := range p.Actions {
		describeAction(line, a)
	}
	for _, c := range p.Access() {
		describeAccess(line, c)
	}
	for _, e := range p.Kept {
		line("keep %s", e.Entry)
	}
	for _, s := range p.Volume.Shares {
		if why := p.Held[s.Name]; why != "" {
			line("held %s: %s", s.Name, why)
		}
	}
	for _, n := range p.Notes {
		line("note: %s", n)
	}
	for _, w := range p.Warnings {
		line("warning: %s", w.Error())
	}
	for _, x := range p.Problems {
		line("problem: %s", x.Error())
	}
	for _, r := range diff.Guard([]diff.Plan{p}, diff.Allow{}) {
		line("refused: %s: %s", r.Rule, r.Text)
	}
	if b.Len() == 0 {
		line("nothing to do")
	}
	return b.String()
}

// short cuts what no reader would read to the end.
func short(s string) string {
	if len(s) <= 400 {
		return s
	}
	return fmt.Sprintf("%s ... (%d bytes)", s[:300], len(s))
}

func describeAction(line func(string, ...any), a diff.Action) {
	switch a := a.(type) {
	case diff.MakeDir:
		what := "make"
		if a.Parent {
			what = "make on the way"
		}
		line("%s %s%s", what, a.Path, describePerm(a.Perm))
	case diff.Retire:
		line("retire %s, %s, identity %d, left %q, limit %d, was for %s", a.Path, a.How, a.ID.Inode, a.Left, a.Limit, a.Clients.All())
	case diff.EnableQuota:
		line("quota on")
	case diff.SetLimit:
		line("limit %s %d, was %d, used %d, counted %t", a.Path, a.New, a.Old, a.Used, a.Counted)
	case diff.SetPerm:
		line("change %s from%s to%s", a.Path, describePerm(a.Old), describePerm(a.New))
	case diff.Serve:
		line("set %s, %s", a.New.Volume, a.Stage)
		for _, s := range a.Settings() {
			line("    %s %s%s", s.Key, s.New, was(s))
		}
	}
}

func was(s state.Setting) string {
	out := ", was not set"
	if s.WasSet {
		out = ", was " + s.Old
	}
	if len(s.Others) > 0 {
		out += ", also on " + strings.Join(s.Others, " ")
	}
	return out
}

func describePerm(p state.Perm) string {
	var out string
	for _, id := range []struct {
		what string
		state.ID
	}{{"owner", p.Owner}, {"group", p.Group}} {
		if id.Managed {
			out += fmt.Sprintf(" %s %s(%d)", id.what, id.Name, id.Number)
		}
	}
	if p.Mode.Managed {
		out += fmt.Sprintf(" mode %04o", p.Mode.Bits)
	}
	return out
}

func describeAccess(line func(string, ...any), c diff.AccessChange) {
	where := c.Volume + ":" + c.Path
	if gained := c.Gained(); !gained.Empty() {
		line("gain %s %s", where, gained.All())
	}
	if lost := c.Lost(); !lost.Empty() {
		line("lose %s %s", where, lost.All())
	}
	if d := c.MayLose(); !d.Empty() {
		line("may lose %s %s: %s", where, d.Clients, d.Why)
	}
	if before, after := strings.Join(c.NamesBefore, " "), strings.Join(c.NamesAfter, " "); before != after {
		line("names %s were %q, will be %q", where, before, after)
	}
}
