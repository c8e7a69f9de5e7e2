package watch

import (
	"reflect"

	"glusterd-shares/pkg/state"
)

// Kind is how a volume is.
type Kind string

const (
	Unknown  Kind = ""         // it was not looked at yet
	InSync   Kind = "in sync"  // there is nothing to do
	Withheld Kind = "withheld" // there is nothing to do but what is left to a person
	Held     Kind = "held"     // something is in the way of a share, and nothing else is left to do
	Drifted  Kind = "drifted"  // it is not what it should be, and is only reported
	Refused  Kind = "refused"  // a problem or a guard: nothing was changed
	Failed   Kind = "failed"   // it can't be read, or applying failed
)

// Condition is all there is to say of a volume beside what was changed. It is the
// same as long as nothing new is to be said.
type Condition struct {
	Kind     Kind
	Why      []string  // what stands in the way, or is left to a person
	Pending  []Account // what is to be done, of a volume that is drifted or refused
	Warnings []string
}

// same reports whether there is nothing to say that the other one didn't. What waits
// behind a problem or a guard is shown, and not said each time that it is something else.
func (c Condition) same(d Condition) bool {
	if c.Kind == Refused {
		c.Pending, d.Pending = nil, nil
	}
	return reflect.DeepEqual(c, d)
}

func problemTexts(problems []state.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Error())
	}
	return out
}
