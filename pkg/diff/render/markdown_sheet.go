package render

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// sheet is a page of Markdown: parts that are never cut, and folded ones that
// may be.
type sheet struct {
	parts []part
	tail  string // what is left out
}

// part is text that is never cut, or a fold.
type part struct {
	text string
	fold folded
}

// folded is what a reader opens at need. One without pieces is not there.
type folded struct {
	open     bool // until the reader closes it
	sections []section
}

// section is a list of pieces of one kind, or lines of code.
type section struct {
	title  string
	noun   string // of one piece
	pieces []string
	code   bool
	left   int // how many pieces were left out
}

func (s *sheet) must(text string) { s.parts = append(s.parts, part{text: text}) }

func (s *sheet) fold(f folded) { s.parts = append(s.parts, part{fold: f}) }

func (s sheet) text() string {
	var b strings.Builder
	for _, p := range s.parts {
		b.WriteString(p.text)
		b.WriteString(p.fold.text())
	}
	b.WriteString(s.tail)
	return b.String()
}

// least is how many bytes it has at least, when all is cut that may be.
func (s sheet) least() int {
	n := len(s.leftOut(func(x section) int { return len(x.pieces) }))
	for _, p := range s.parts {
		n += len(p.text)
	}
	return n
}

// cut returns the sheet with as much of the folds as has room, and first of those that
// stand open.
func (s sheet) cut(room int) sheet {
	out := sheet{parts: slices.Clone(s.parts)}
	for _, open := range []bool{true, false} {
		for i := range out.parts {
			if f := &out.parts[i].fold; f.open == open {
				*f = f.cut(room)
				room -= len(f.text())
			}
		}
	}
	out.tail = out.leftOut(func(x section) int { return x.left })
	return out
}

// leftOut says what is left out, where anything is.
func (s sheet) leftOut(count func(section) int) string {
	var nouns []string
	counts := map[string]int{}
	for _, p := range s.parts {
		for _, x := range p.fold.sections {
			if n := count(x); n > 0 && counts[x.noun] == 0 {
				nouns = append(nouns, x.noun)
			}
			counts[x.noun] += count(x)
		}
	}
	if len(nouns) == 0 {
		return ""
	}
	for i, noun := range nouns {
		nouns[i] = numbered(counts[noun], noun)
	}
	return "**Left out here, since it would be too long**: " + strings.Join(nouns, ", ") + ". `glusterd-shares plan` shows them.\n"
}

// text is empty where nothing is left to open.
func (f folded) text() string {
	var b strings.Builder
	var names []string
	for _, x := range f.sections {
		if len(x.pieces) > 0 {
			names = append(names, numbered(len(x.pieces)+x.left, x.noun))
			b.WriteString(x.text())
		}
	}
	if len(names) == 0 {
		return ""
	}
	head := "<details>\n"
	if f.open {
		head = "<details open>\n"
	}
	return head + "<summary>" + strings.Join(names, ", ") + "</summary>\n\n" + b.String() + "</details>\n\n"
}

// cut keeps what has room: of a section that has not, its first pieces.
func (f folded) cut(room int) folded {
	out := folded{open: f.open}
	for _, x := range f.sections {
		with := func(n int) folded { return folded{out.open, append(slices.Clone(out.sections), x.first(n))} }
		tooMany := func(n int) bool { return len(with(n).text()) > room }
		n := len(x.pieces)
		if tooMany(n) {
			n = sort.Search(n, func(i int) bool { return tooMany(i + 1) })
		}
		out = with(n)
	}
	return out
}

// first keeps as many pieces.
func (x section) first(n int) section {
	x.pieces, x.left = x.pieces[:n], len(x.pieces)-n
	return x
}

func (x section) text() string {
	body := strings.Join(x.pieces, "")
	more := ""
	if x.left > 0 {
		more = fmt.Sprintf("- and %s more, left out here\n", grouped(x.left))
	}
	if x.code {
		ticks := strings.Repeat("`", max(3, longestRun(body)+1))
		body = ticks + "sh\n" + body + ticks + "\n"
	}
	return "**" + x.title + "**\n\n" + body + more + "\n"
}
