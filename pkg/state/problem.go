package state

import (
	"fmt"
	"strings"
)

// Pos is a place in a state file. Line and Column count from 1; a zero Line
// means that only the file is known, the zero Pos that nothing is.
type Pos struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// String gives "file:line:column", leaving out what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Compare orders positions by file, line and column.
func (p Pos) Compare(q Pos) int {
	if c := strings.Compare(p.File, q.File); c != 0 {
		return c
	}
	if p.Line != q.Line {
		return p.Line - q.Line
	}
	return p.Column - q.Column
}

// Problem says what stands in the way and how to mend it. It is an error of a
// state file as well as a reason why a plan can't be carried out.
type Problem struct {
	Pos  Pos    `json:"position"` // what asks for it; zero where nothing in a file does
	Path string `json:"path"`     // where in the document, such as volumes[0].shares[2].mode; may be empty
	Text string `json:"text"`     // what is wrong
	Mend string `json:"mend"`     // what would be right; empty only where Text says it
}

// Error gives "file:line:column: path: text; mend".
func (p Problem) Error() string {
	var b strings.Builder
	for _, s := range []string{p.Pos.String(), p.Path} {
		if s != "" {
			b.WriteString(s)
			b.WriteString(": ")
		}
	}
	b.WriteString(p.Text)
	if p.Mend != "" {
		b.WriteString("; ")
		b.WriteString(p.Mend)
	}
	return b.String()
}
