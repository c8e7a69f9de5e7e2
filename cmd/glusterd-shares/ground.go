package main

import (
	"fmt"
	"strings"
	"time"
)

// ground is what plans stand on that no cluster was read for.
type ground interface {
	sentence() string // the first line of the text
	document() against
}

// against is the JSON form of a ground. It has File and what follows, or State.
type against struct {
	File       string    `json:"file,omitempty"`
	Observed   time.Time `json:"observed,omitzero"`
	AgeSeconds *int64    `json:"age_seconds,omitempty"` // when the plan was made; negative where a clock is wrong
	Program    string    `json:"program,omitempty"`     // the version of the program that observed

	State []string `json:"state,omitempty"` // the state files that the cluster is taken to be as
}

// observation is a ground that was observed.
type observation struct {
	file     string
	observed time.Time
	age      time.Duration
	program  string
}

func (o observation) sentence() string {
	return fmt.Sprintf("Against %s, observed %s, %s: no cluster was read.", o.file, o.observed.Format(time.RFC3339), ago(o.age))
}

func (o observation) document() against {
	age := int64(o.age / time.Second)
	return against{File: o.file, Observed: o.observed, AgeSeconds: &age, Program: o.program}
}

// ago says how long something is over, in the largest unit that it has two of.
func ago(d time.Duration) string {
	const day = 24 * time.Hour
	when := "ago"
	if d <= -time.Minute {
		d, when = -d, "from now, so that one of the clocks is wrong"
	}
	switch {
	case d < time.Minute:
		return "less than a minute ago"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min %s", d/time.Minute, when)
	case d < 2*day:
		return fmt.Sprintf("%d h %s", d/time.Hour, when)
	}
	return fmt.Sprintf("%d days %s", d/day, when)
}

// assumed is a ground that a state file tells.
type assumed struct{ files []string }

func (s assumed) sentence() string {
	return fmt.Sprintf("Against the state of %s, as if it held and nothing else were there: no cluster was read.", strings.Join(s.files, ", "))
}

func (s assumed) document() against { return against{State: s.files} }
