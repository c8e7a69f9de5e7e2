package render

import (
	"fmt"
	"io"

	"glusterd-shares/pkg/doctor"
	"glusterd-shares/pkg/state"
)

// Checked is a volume, and the checks of it.
type Checked struct {
	Target state.Target
	Checks []doctor.Check
}

const (
	gradeColumn = 2
	nameColumn  = 13
	textColumn  = 27
)

var gradeStyle = map[doctor.Grade]style{doctor.OK: green, doctor.Note: yellow, doctor.Bad: red, doctor.Unask: dim}

// Checks writes the checks of the volumes, one after the other, each with what mends
// it, and a line that counts what is bad. The error is w's.
func Checks(w io.Writer, volumes []Checked, color bool) error {
	p := page{color: color}
	bad, notes := 0, 0
	for _, v := range volumes {
		p.put(plain, v.Target.String())
		p.end()
		p.end()
		for _, c := range v.Checks {
			p.check(c)
			switch c.Grade {
			case doctor.Bad:
				bad++
			case doctor.Note:
				notes++
			}
		}
		p.end()
	}
	p.put(plain, fmt.Sprintf("Doctor: %s", verdict(bad, notes)))
	p.end()
	_, err := w.Write(p.out.Bytes())
	return err
}

func verdict(bad, notes int) string {
	s := "nothing is in the way"
	if bad > 0 {
		s = fmt.Sprintf("%d bad", bad)
	}
	if notes > 0 {
		s += fmt.Sprintf(", %d worth knowing", notes)
	}
	return s
}

func (p *page) check(c doctor.Check) {
	p.to(gradeColumn)
	p.put(gradeStyle[c.Grade], string(c.Grade))
	p.to(nameColumn)
	p.put(plain, c.Name)
	if c.Text == "" {
		p.end()
		return
	}
	p.to(textColumn)
	p.wrapped(c.Text)
	for _, l := range []struct{ label, text string }{{"mend: ", c.Mend}, {"at:   ", c.At}} {
		if l.text != "" {
			p.to(textColumn)
			p.put(dim, l.label)
			p.wrapped(l.text)
		}
	}
}

// Check is the JSON form of one.
type Check struct {
	Name  string       `json:"name"`
	Grade doctor.Grade `json:"grade"` // ok, note, bad, or "not asked"
	Text  string       `json:"text"`
	Mend  string       `json:"mend"` // empty where there is nothing to do
	At    string       `json:"at"`   // file:line:column; may be empty
}

// CheckDocuments are the JSON forms of checks; never null.
func CheckDocuments(checks []doctor.Check) []Check {
	out := []Check{}
	for _, c := range checks {
		out = append(out, Check(c))
	}
	return out
}
