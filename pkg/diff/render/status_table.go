package render

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"glusterd-shares/pkg/status"
)

// The columns of a status share the page. Names and clients get what the others
// leave: clients are folded to it, and a name that is longer has a line of its
// own.
const (
	columnGap        = 2
	widestState      = 20 // what is longer goes on in the next line
	narrowestClients = 22 // 255.255.255.255/24 +99
	narrowestNames   = 20
)

// columns are the widths of a status.
type columns struct{ directory, use, clients, state int }

func (g *glance) columns(rows []row) columns {
	c := columns{len("directory"), len("used"), len("clients"), len("state")}
	for _, r := range rows {
		c.use = max(c.use, width(g.used(r.use)))
		c.state = max(c.state, width(r.state))
	}
	c.state = min(c.state, widestState)
	left := pageWidth - 4*columnGap - c.use - c.state
	for _, r := range rows {
		if n := width(r.directory); n <= max(left-narrowestClients, narrowestNames) {
			c.directory = max(c.directory, n)
		}
	}
	most := left - c.directory
	for _, r := range rows {
		c.clients = max(c.clients, width(fold(r.clients, most)))
	}
	return c
}

func width(text string) int { return utf8.RuneCountInString(Escape(text)) }

func (g *glance) header(c columns) {
	g.cells(c, "directory", func() { g.put(dim, "used") }, "clients", dim)
	g.put(dim, "state")
	g.end()
}

func (g *glance) row(r row, c columns) {
	g.cells(c, r.directory, func() { g.use(r.use) }, fold(r.clients, c.clients), plain)
	start := g.column
	for i, line := range Wrap(Escape(r.state), c.state) {
		if i > 0 {
			g.end()
			g.to(start)
		}
		g.put(r.style, line)
	}
	g.end()
}

// cells puts all columns but the last, and goes to its place.
func (g *glance) cells(c columns, directory string, use func(), clients string, s style) {
	at := columnGap
	g.to(at)
	g.put(s, directory)
	if width(directory) > c.directory {
		g.end()
	}
	at += c.directory + columnGap
	g.to(at)
	use()
	at += c.use + columnGap
	g.to(at)
	g.put(s, clients)
	g.to(at + c.clients + columnGap)
}

// use shows how much is used, with a bar where there is a limit and bars are
// asked for. It is as wide as used.
func (g *glance) use(u status.Use) {
	if bar := g.bar(u); bar != "" {
		g.put(barStyle(u), bar)
		g.put(plain, " ")
	}
	g.put(plain, useText(u))
}

// used is the text of use.
func (g *glance) used(u status.Use) string { return strings.TrimPrefix(g.bar(u)+" ", " ") + useText(u) }

// barWidth is how many characters a full bar has, without its ends.
const barWidth = 8

// bar is empty where there is none. Anything that is used shows.
func (g *glance) bar(u status.Use) string {
	if !g.bars || u.Measure != status.Counted || u.Limit == 0 {
		return ""
	}
	full := int(min(fraction(u), 1) * barWidth)
	if full == 0 && u.Used > 0 {
		full = 1
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
}

func fraction(u status.Use) float64 { return float64(u.Used) / float64(u.Limit) }

// nearlyFull is from when on Gluster itself warns, where nobody set that
// otherwise: its soft limit.
const nearlyFull = 0.8

func barStyle(u status.Use) style {
	switch f := fraction(u); {
	case f >= 1:
		return red
	case f >= nearlyFull:
		return yellow
	}
	return green
}

// fold gives as many of the words as fit into the width, and how many more
// there are; where not even one fits only how many there are.
func fold(words []string, most int) string {
	all := strings.Join(words, ", ")
	if width(all) <= most {
		return all
	}
	folded := fmt.Sprintf("%d clients", len(words))
	if len(words) == 1 {
		folded = "1 client"
	}
	for n := 1; n < len(words); n++ {
		text := fmt.Sprintf("%s +%d", strings.Join(words[:n], ", "), len(words)-n)
		if width(text) > most {
			break
		}
		folded = text
	}
	return folded
}
