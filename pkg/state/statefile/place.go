package statefile

import (
	"fmt"
	"slices"
)

// place is a mapping that may be one of several for the same thing: a file of a
// set, or one of the places where a volume stands.
type place struct {
	d     *decoder
	at    value
	lacks []field // that are required of one of the places
}

// lack takes in a required key that is missing, and reports it unless another
// place may have it.
func (p *place) lack(f field) {
	if f.once != "" {
		p.lacks = append(p.lacks, f)
		return
	}
	p.miss(f, "")
}

func (p *place) miss(f field, more string) {
	p.d.problem(p.at, fmt.Sprintf("the key %q is missing%s", f.name, more), f.required)
}

func (p *place) has(f field) bool {
	return !slices.ContainsFunc(p.lacks, func(g field) bool { return g.name == f.name })
}

// missEverywhere reports, at the first of the places, the keys that one of them
// has to have and none has.
func (s *set) missEverywhere(places []place) {
	if s.partial || len(places) == 0 {
		return
	}
	first := places[0]
	for _, f := range first.lacks {
		switch {
		case slices.ContainsFunc(places, func(p place) bool { return p.has(f) }):
		case len(places) == 1:
			first.miss(f, "")
		default:
			first.miss(f, ": it has to stand "+f.once)
		}
	}
}
