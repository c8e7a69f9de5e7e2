package status

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Total counts what volumes have. Each share is under one of InSync to Unknown.
type Total struct {
	Volumes   int `json:"volumes"`
	OutOfSync int `json:"out_of_sync"` // volumes that were read and for which a run has something to do, or can't
	NotRead   int `json:"not_read"`    // volumes

	Shares   int `json:"shares"`
	InSync   int `json:"in_sync"`
	Drifted  int `json:"drifted"`
	Missing  int `json:"missing"`
	Held     int `json:"held"`
	Problems int `json:"problems"`
	Unknown  int `json:"unknown"` // their volumes were not read

	// Used and Limit are bytes. A share in a share that counts is part of it.
	Used    uint64 `json:"used"`    // of the shares whose use is counted
	Limit   uint64 `json:"limit"`   // of the shares that have one
	Counted int    `json:"counted"` // shares whose use is counted
	Limited int    `json:"limited"` // shares that have a limit

	// Undeclared counts what is listed: all of it only where it was looked for.
	Undeclared        int `json:"undeclared"`
	UndeclaredDrifted int `json:"undeclared_drifted"` // of them, those that a run would change
}

// TotalOf counts what the volumes have together.
func TotalOf(volumes []Volume) Total {
	var t Total
	for _, v := range volumes {
		t.add(v)
	}
	return t
}

func (t *Total) add(v Volume) {
	t.Volumes++
	switch {
	case v.NotRead:
		t.NotRead++
	case !v.InSync:
		t.OutOfSync++
	}
	t.Undeclared += len(v.Undeclared)
	for _, e := range v.Undeclared {
		if e.Fate != Stays {
			t.UndeclaredDrifted++
		}
	}
	t.Shares += len(v.Shares)
	for _, s := range v.Shares {
		*t.of(s.State)++
		if isCounted(s) {
			t.Counted++
		}
		if hasLimit(s) {
			t.Limited++
		}
	}
	for _, s := range outermost(v.Shares, isCounted) {
		t.Used += s.Use.Used
	}
	for _, s := range outermost(v.Shares, hasLimit) {
		t.Limit += s.Use.Limit
	}
}

// of is where shares of a state are counted.
func (t *Total) of(s State) *int {
	switch s {
	case InSync:
		return &t.InSync
	case Drifted:
		return &t.Drifted
	case Missing:
		return &t.Missing
	case Held:
		return &t.Held
	case Problem:
		return &t.Problems
	}
	return &t.Unknown
}

func isCounted(s Share) bool { return s.Use.Measure == Counted }
func hasLimit(s Share) bool  { return isCounted(s) && s.Use.Limit > 0 }

// outermost are the shares that count and are in no other one that does.
func outermost(shares []Share, counts func(Share) bool) []Share {
	return slices.DeleteFunc(slices.Clone(shares), func(s Share) bool {
		return !counts(s) || slices.ContainsFunc(shares, func(t Share) bool {
			return counts(t) && strings.HasPrefix(s.Path, t.Path+"/")
		})
	})
}

// String gives one line. What is none is left out, but for the shares. That a
// volume is not in sync is told where none of the shares tells it.
func (t Total) String() string {
	line := plural(t.Shares, "share")
	if t.Volumes != 1 {
		line = plural(t.Volumes, "volume") + ", " + line
	}
	states := counts(
		count{t.InSync, "in sync"}, count{t.Drifted, "drifted"}, count{t.Missing, "missing"},
		count{t.Held, "held"}, count{t.Problems, "with a problem"}, count{t.Unknown, "not read"},
	)
	if len(states) > 0 {
		line += ": " + strings.Join(states, ", ")
	}
	if t.Counted > 0 {
		line += "; used " + state.AboutBytes(t.Used)
	}
	if t.Limited > 0 {
		line += ", limits " + state.AboutBytes(t.Limit)
	}
	if t.Undeclared > 0 {
		line += fmt.Sprintf("; %d undeclared", t.Undeclared)
	}
	if t.UndeclaredDrifted > 0 {
		line += fmt.Sprintf(", %d of them drifted", t.UndeclaredDrifted)
	}
	if t.InSync == t.Shares && t.OutOfSync > 0 {
		line += "; " + plural(t.OutOfSync, "volume") + " not in sync"
	}
	return line + "."
}

type count struct {
	n    int
	what string
}

// counts gives the counts that are not zero.
func counts(all ...count) []string {
	var out []string
	for _, c := range all {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
