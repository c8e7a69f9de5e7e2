package main

import (
	"fmt"
	"strings"
	"time"
)

// ground is what plans stand on beside the state files and the cluster.
type ground interface {
	sentence() string // the first line of the text
	describe(*document)
}

// against is the JSON form of what stands for the cluster. It has File and what follows, or State.
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

func (o observation) describe(d *document) {
	age := int64(o.age / time.Second)
	d.Against = &against{File: o.file, Observed: o.observed, AgeSeconds: &age, Program: o.program}
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

// assumption is a ground that state files tell.
type assumption struct {
	files []string
	names bool // owners or groups have names whose numbers nobody was asked for
}

func (s assumption) sentence() string {
	out := fmt.Sprintf("Against the state of %s, as if it held and nothing else were there: no cluster was read", strings.Join(s.files, ", "))
	if s.names {
		out += ", and the numbers of names are made up"
	}
	return out + "."
}

func (s assumption) describe(d *document) { d.Against = &against{State: s.files} }

// savedPlan is the ground of a plan that was saved.
type savedPlan struct {
	file    string
	saved   time.Time
	age     time.Duration
	program string
	only    bool // it is shown again, and no cluster was read
}

func (s savedPlan) sentence() string {
	out := fmt.Sprintf("The plan in %s, saved %s, %s", s.file, s.saved.Format(time.RFC3339), ago(s.age))
	if s.only {
		return out + ": no cluster was read."
	}
	return out + ", as it is now."
}

func (s savedPlan) describe(d *document) {
	d.Saved = &saved{File: s.file, Saved: s.saved, AgeSeconds: int64(s.age / time.Second), Program: s.program}
}

// saved is the JSON form of where a saved plan is from.
type saved struct {
	File       string    `json:"file"`
	Saved      time.Time `json:"saved"`
	AgeSeconds int64     `json:"age_seconds"` // negative where a clock is wrong
	Program    string    `json:"program"`     // the version of the program that made it
}
