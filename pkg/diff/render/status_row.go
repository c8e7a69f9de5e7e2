package render

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// row is one line of a status.
type row struct {
	directory string
	use       status.Use
	clients   []string
	state     string
	style     style
}

func shareRows(v status.Volume) []row {
	var out []row
	for _, s := range v.Shares {
		r := row{directory: s.Path, use: s.Use, clients: clientWords(s.Clients), state: shareState(s), style: stateStyle[s.State]}
		if s.State == status.Unknown {
			r.clients = []string{nothing}
		}
		out = append(out, r)
	}
	return out
}

// nothing stands where there is nothing to tell.
const nothing = "-"

var stateStyle = map[status.State]style{
	status.InSync:  green,
	status.Drifted: yellow,
	status.Missing: yellow,
	status.Held:    yellow,
	status.Problem: red,
	status.Unknown: red,
}

// shareState is whether a share has drifted and how.
func shareState(s status.Share) string {
	how := driftText(s.Drift)
	switch s.State {
	case status.InSync:
		return "in sync"
	case status.Unknown:
		return "not read"
	case status.Missing, status.Drifted:
		return how
	}
	if how == "" {
		return string(s.State)
	}
	return string(s.State) + ", " + how
}

// driftText is what has drifted. Of a share whose directory is missing
// everything else follows from that.
func driftText(drift []status.Drift) string {
	switch {
	case slices.Contains(drift, status.Directory):
		return "missing"
	case len(drift) == 0:
		return ""
	}
	return "drift: " + strings.Join(each(drift, func(d status.Drift) string { return string(d) }), ", ")
}

func undeclaredRows(v status.Volume) []row {
	var out []row
	for _, e := range v.Undeclared {
		r := row{directory: e.Path, use: e.Use, clients: []string{nothing}, state: entryState(e)}
		switch {
		case e.Volume != "":
			r.directory = "volume " + e.Volume + ": " + e.Path
		case e.Path == "/":
			r.directory = "/ (the whole volume)"
		}
		if e.Export {
			r.clients = clientWords(e.Clients)
		}
		if e.Fate != status.Stays {
			r.style = yellow
		}
		out = append(out, r)
	}
	return out
}

// entryState is what an undeclared thing is, or what a run would do to it.
func entryState(e status.Entry) string {
	switch e.Fate {
	case status.Goes:
		return "drift: to be closed"
	case status.Changes:
		return "drift: access"
	}
	var is []string
	if e.Directory {
		is = append(is, "directory")
	}
	switch {
	case e.Broken != "":
		is = append(is, "broken export")
	case e.Export:
		is = append(is, "export")
	}
	if e.Use.Limit > 0 {
		is = append(is, "limit")
	}
	return strings.Join(is, ", ")
}

// useText is how much of what may be used is used.
func useText(u status.Use) string {
	switch u.Measure {
	case status.Counted:
		if u.Limit == 0 {
			return state.AboutBytes(u.Used) + ", no limit"
		}
		text := state.AboutBytes(u.Used) + " of " + state.AboutBytes(u.Limit)
		if u.Used > u.Limit {
			text += ", over"
		}
		return text
	case status.NotCounted:
		return "not counted"
	case status.NotAsked:
		return "not asked"
	case status.Nothing:
		return nothing
	}
	return "unknown"
}

// clientWords are who may mount a directory, each a word.
func clientWords(c status.Clients) []string {
	if c.RW.IsEverybody() {
		return []string{"any"}
	}
	out := append(foldable(c.RW), prefixed("read-only ", foldable(c.RO))...)
	out = append(out, c.Names...)
	out = append(out, prefixed("perhaps ", foldable(c.Doubt.Clients))...)
	if len(out) == 0 {
		return []string{"nobody"}
	}
	return out
}

// foldable are the words of a set of which the last may be left out: who is not
// in it must not be among them.
func foldable(s state.Set) []string {
	rest := state.Everybody.Minus(s)
	switch {
	case rest.Empty() || len(rest) >= len(s):
		return s.Strings()
	case len(rest) == 1:
		return []string{"any but " + rest.String()}
	}
	return []string{fmt.Sprintf("any but %d networks", len(rest))}
}

func prefixed(prefix string, words []string) []string {
	return each(words, func(w string) string { return prefix + w })
}
