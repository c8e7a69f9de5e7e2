package render

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// access shows who gains and who loses a directory, as sets of addresses:
// rules that mean the same as before show nothing.
func (t *text) access(i diff.Item) {
	lines := accessLines(i.Access)
	switch {
	case len(lines) > 0:
		for _, l := range lines {
			t.label("access")
			t.put(plain, l.verb+" ")
			t.wrapped(strings.Join(l.who, ", "))
		}
	case i.Symbol == diff.Create:
		t.field("access", clients(i.Access.After, i.Access.NamesAfter, i.Access.DoubtAfter))
	case i.Symbol == diff.Remove && !i.Absent:
		t.field("access", "nobody loses access")
	}
}

// Admitted names who may mount a directory before and after a change.
func Admitted(c diff.AccessChange) (before, after string) {
	return clients(c.Before, c.NamesBefore, c.DoubtBefore), clients(c.After, c.NamesAfter, c.DoubtAfter)
}

// Effect is who gains and who loses access by a change, in one line. It stands beside
// Admitted, and calls everybody the same.
func Effect(c diff.AccessChange) string {
	var out []string
	for _, l := range accessLines(c) {
		who := strings.Join(l.who, ", ")
		if slices.Equal(l.who, state.Everybody.Brief()) {
			who = "everybody"
		}
		out = append(out, l.verb+" "+who)
	}
	return strings.Join(out, "; ")
}

// accessLine is some clients to whom the same happens.
type accessLine struct {
	verb  string
	who   []string
	count string // how many addresses, or host names, they are
}

func accessLines(c diff.AccessChange) []accessLine {
	gained := c.Gained()
	out := c.Before.All().Minus(c.After.All()) // the rest of Lost keeps a lower level
	var lines []accessLine
	for _, l := range []accessLine{
		ofSet("gain", gained.RW),
		ofSet("gain (read-only)", gained.RO),
		ofNames("gain (host names)", c.NamesGained()),
		ofSet("lose", out),
		ofSet("lose (writing only)", c.Lost().RW.Minus(out)),
		ofNames("lose (host names)", c.NamesLost()),
		{verb: "may lose", who: perhaps(c.MayLose()), count: addresses(c.MayLose().Clients)},
	} {
		if len(l.who) > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

func ofSet(verb string, s state.Set) accessLine {
	return accessLine{verb: verb, who: s.Brief(), count: addresses(s)}
}

func ofNames(verb string, names []string) accessLine {
	return accessLine{verb: verb, who: names, count: numbered(len(names), "host name")}
}

// addresses is how many they are.
func addresses(s state.Set) string {
	if s.IsEverybody() {
		return "everybody"
	}
	return numbered(s.Count(), "address")
}

// perhaps are clients of whom can't be told whether they are admitted, with the
// reason; none where it can.
func perhaps(d state.Doubt) []string {
	if d.Empty() {
		return nil
	}
	out := d.Clients.Brief()
	out[len(out)-1] += fmt.Sprintf("; whom it admits can't be told (%s)", d.Why)
	return out
}

// clients names whom an export admits.
func clients(a state.Access, names []string, doubt state.Doubt) string {
	var out []string
	switch {
	case a.RW.IsEverybody():
		return "everybody"
	case !a.RW.Empty():
		out = append(out, strings.Join(a.RW.Brief(), ", "))
	}
	if !a.RO.Empty() {
		out = append(out, "read-only "+a.RO.String())
	}
	if len(names) > 0 {
		out = append(out, "host names "+strings.Join(names, ", "))
	}
	if !doubt.Empty() {
		out = append(out, "perhaps "+strings.Join(perhaps(doubt), ", "))
	}
	if len(out) == 0 {
		return "nobody"
	}
	return strings.Join(out, "; ")
}
