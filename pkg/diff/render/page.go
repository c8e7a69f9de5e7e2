package render

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

const (
	pageWidth      = 100
	positionColumn = 60 // where positions stand, unless what is before them is longer
	labelColumn    = 6
	valueColumn    = 16
	narrowest      = 30 // text is wrapped to no less than that, however far right it begins
)

// style is the middle of a terminal's escape sequence.
type style string

const (
	plain  style = ""
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	dim    style = "2"
)

var symbolStyle = map[diff.Symbol]style{
	diff.Create: green,
	diff.Change: yellow,
	diff.Remove: red,
	diff.Keep:   plain,
}

// page collects lines of text. Everything on it went through put, which
// escapes it.
type page struct {
	out    bytes.Buffer
	color  bool
	column int // characters on the line so far
}

func (p *page) put(s style, text string) {
	text = Escape(text)
	p.column += utf8.RuneCountInString(text)
	if p.color && s != plain {
		text = "\x1b[" + string(s) + "m" + text + "\x1b[0m"
	}
	p.out.WriteString(text)
}

func (p *page) end() {
	p.out.WriteByte('\n')
	p.column = 0
}

// to goes on at the column, or after two blanks where the line is longer.
func (p *page) to(column int) {
	n := column - p.column
	if n <= 0 && p.column > 0 {
		n = 2
	}
	p.put(plain, strings.Repeat(" ", n))
}

// wrapped ends the line with text, and goes on below its beginning where the
// page is too narrow.
func (p *page) wrapped(text string) {
	start := p.column
	for i, line := range Wrap(Escape(text), max(pageWidth-start, narrowest)) {
		if i > 0 {
			p.end()
			p.to(start)
		}
		p.put(plain, line)
	}
	p.end()
}

// label begins a line of an item.
func (p *page) label(label string) {
	p.to(labelColumn)
	p.put(plain, label)
	p.to(valueColumn)
}

// field is a line of an item: a label and what belongs to it.
func (p *page) field(label, text string) {
	p.label(label)
	p.wrapped(text)
}

// symbol begins an item.
func (p *page) symbol(indent int, s diff.Symbol) {
	p.to(indent)
	p.put(symbolStyle[s], string(s))
	p.put(plain, " ")
}

// position ends a line with the file and line that ask for it, if any does.
func (p *page) position(at state.Pos) {
	if at != (state.Pos{}) {
		p.to(positionColumn)
		p.put(dim, state.Pos{File: at.File, Line: at.Line}.String())
	}
	p.end()
}
