package statefile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"glusterd-shares/pkg/state"
)

// problems gathers what is wrong with the files.
type problems struct {
	all  []state.Problem
	said map[state.Problem]bool // without their paths
	n    int                    // how often something was wrong, repetitions included
}

// add takes a problem in. One mistake that is reached by several paths, as an
// alias makes it, is told once, with the first of them.
func (p *problems) add(problem state.Problem) {
	p.n++
	key := problem
	key.Path = ""
	if p.said[key] {
		return
	}
	if p.said == nil {
		p.said = map[state.Problem]bool{}
	}
	p.said[key] = true
	p.all = append(p.all, problem)
}

// mark is a point in time to which backTo leads: what was told since then is
// told no more.
func (p *problems) mark() int { return len(p.all) }

func (p *problems) backTo(mark int) { p.all = p.all[:mark] }

// err is nil where there are no problems. Its order is that of the positions,
// and of one position that in which the problems were found.
func (p *problems) err() error {
	slices.SortStableFunc(p.all, func(a, b state.Problem) int { return a.Pos.Compare(b.Pos) })
	errs := &multierror.Error{ErrorFormat: lines}
	for _, problem := range p.all {
		errs.Errors = append(errs.Errors, problem)
	}
	return errs.ErrorOrNil()
}

func lines(errs []error) string {
	out := make([]string, len(errs))
	for i, err := range errs {
		out[i] = err.Error()
	}
	return strings.Join(out, "\n")
}

// Problems returns the mistakes that an error of Load or Parse tells of, in
// the order of the files and in each of the positions. It is nil where the
// error is nil or of another kind.
func Problems(err error) []state.Problem {
	var errs *multierror.Error
	if !errors.As(err, &errs) {
		return nil
	}
	var out []state.Problem
	for _, err := range errs.Errors {
		var problem state.Problem
		if errors.As(err, &problem) {
			out = append(out, problem)
		}
	}
	return out
}

// fault is what is wrong with a text and how to mend it, before it is known
// where the text stands. The zero fault is none.
type fault struct{ text, mend string }

func (f fault) found() bool { return f.text != "" }

// faultf makes a fault of which only the text needs values.
func faultf(mend, format string, args ...any) fault {
	return fault{text: fmt.Sprintf(format, args...), mend: mend}
}

// quote shows a piece of a file in a message: escaped, and cut short where
// it is long.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q", string(r[:most])+"…")
	}
	return fmt.Sprintf("%q", s)
}
