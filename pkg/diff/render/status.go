package render

import (
	"io"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// StatusOptions are those of the text form of a status.
type StatusOptions struct {
	Color bool // with a terminal's colours; the text is the same
	Bars  bool // with a bar beside each use that has a limit
}

// Status writes what the volumes are like, one after the other, and a line that
// counts everything. A share has one line, but where its name or what has
// drifted is too long for its column. The error is w's.
func Status(w io.Writer, volumes []status.Volume, o StatusOptions) error {
	g := glance{bars: o.Bars}
	g.color = o.Color
	for _, v := range volumes {
		g.volume(v)
		if len(volumes) > 1 {
			g.end()
			g.to(2)
			g.put(plain, status.TotalOf([]status.Volume{v}).String())
			g.end()
		}
		g.end()
	}
	g.put(plain, "Status: "+status.TotalOf(volumes).String())
	g.end()
	_, err := w.Write(g.out.Bytes())
	return err
}

// glance is a page that knows what volumes are like.
type glance struct {
	text
	bars bool
}

func (g *glance) volume(v status.Volume) {
	g.put(plain, v.Target.String())
	g.position(v.Pos)
	g.end()
	g.table(v)
	g.remarks(v)
	g.about(yellow, "held", heldBack(v), v.Target)
	g.about(red, "problems", v.Problems, v.Target)
	g.about(yellow, "warnings", v.Warnings, v.Target)
}

// table shows the shares, then what no share declares, in the same columns.
func (g *glance) table(v status.Volume) {
	shares, undeclared := shareRows(v), undeclaredRows(v)
	c := g.columns(slices.Concat(shares, undeclared))
	if len(shares) > 0 {
		g.header(c)
	} else {
		g.to(2)
		g.put(plain, "no shares declared")
		g.end()
	}
	for _, r := range shares {
		g.row(r, c)
	}
	if len(undeclared) > 0 {
		g.section("undeclared")
	}
	for _, r := range undeclared {
		g.row(r, c)
	}
}

// remarks says what the table can't show.
func (g *glance) remarks(v status.Volume) {
	lines := slices.Concat(driftRemarks(v), unreadRemarks(v))
	if len(lines) > 0 {
		g.end()
	}
	for _, l := range lines {
		g.to(2)
		g.wrapped(l)
	}
}

func driftRemarks(v status.Volume) []string {
	var out []string
	if len(v.Options) > 0 && !showsAccess(v) {
		out = append(out, "drift: options of the volume: "+strings.Join(v.Options, ", "))
	}
	if !v.NotRead && !v.Counted {
		out = append(out, "quota is off: what directories hold is not counted, and nothing is limited")
	}
	return out
}

// unreadRemarks say what is not known, or that everything is.
func unreadRemarks(v status.Volume) []string {
	var out []string
	if v.Error != "" {
		out = append(out, "it can't be read: "+v.Error)
	}
	for _, dir := range v.More {
		out = append(out, "there is more in "+dir+" than was looked at")
	}
	if v.LimitsUnknown != "" {
		out = append(out, "undeclared limits: "+v.LimitsUnknown)
	}
	for _, u := range v.Unread {
		out = append(out, u.What+" can't be read: "+u.Why)
	}
	if v.All && len(out)+len(v.Undeclared) == 0 {
		out = append(out, "nothing undeclared was found")
	}
	return out
}

// showsAccess reports whether the table shows why options would be set: for
// somebody's access.
func showsAccess(v status.Volume) bool {
	return slices.ContainsFunc(v.Shares, func(s status.Share) bool { return slices.Contains(s.Drift, status.Access) }) ||
		slices.ContainsFunc(v.Undeclared, func(e status.Entry) bool { return e.Fate != status.Stays })
}

// heldBack says why shares are held.
func heldBack(v status.Volume) []state.Problem {
	var out []state.Problem
	for _, s := range v.Shares {
		if s.Held != "" {
			out = append(out, state.Problem{Pos: s.Pos, Text: s.Name + ": " + s.Held})
		}
	}
	return out
}

// about shows problems, warnings and the like under a title; nothing where there are none.
func (g *glance) about(s style, title string, findings []state.Problem, volume state.Target) {
	if len(findings) == 0 {
		return
	}
	g.section(title)
	for _, f := range findings {
		g.finding(s, where(f, volume), f.Text)
		if f.Mend != "" {
			g.advice("mend: ", f.Mend)
		}
	}
}
