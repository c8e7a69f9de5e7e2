package health

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"

	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
)

//go:embed page.css
var style string

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"ago": ago, "word": Word, "join": strings.Join, "prose": prose, "plural": plural,
}).Parse(pageText))

// policy lets the page have its own style and nothing else.
var policy = "default-src 'none'; style-src '" + hashOf(style) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Plain is the state of the share as a person reads it.
func (s Share) Plain() string {
	state := strings.ReplaceAll(string(s.State), "-", " ")
	if s.Absent {
		state = "absent, " + state
	}
	if len(s.Drift) == 0 || s.State == status.Missing {
		return state
	}
	var drift []string
	for _, d := range s.Drift {
		drift = append(drift, string(d))
	}
	return state + ": " + strings.Join(drift, ", ")
}

// Cured reports whether there was an error, and it is over.
func (v Volume) Cured() bool {
	return v.LastError != "" && v.Kind != watch.Failed && v.Kind != watch.Refused
}

// WorstFirst are the volumes as a person looks at them: what is bad, what is left to a
// person, what is well; each in the order of the files.
func (s Snapshot) WorstFirst() []Volume {
	return slices.SortedStableFunc(slices.Values(s.Volumes), func(a, b Volume) int { return b.trouble() - a.trouble() })
}

// trouble is 2 where clients have, or lack, what they should not, or nothing works.
func (v Volume) trouble() int {
	reached := slices.ContainsFunc(v.Undeclared, func(e Export) bool { return len(e.Near) > 0 })
	switch {
	case v.Whole != nil, v.Unserved, reached, v.Kind == watch.Failed, v.Kind == watch.Refused:
		return 2
	case v.Kind != watch.InSync:
		return 1
	}
	return 0
}

// manyShares are too many to be shown without being asked for, where all is well.
const manyShares = 20

// Calm reports whether the shares are many, and there is nothing to say of any.
func (v Volume) Calm() bool {
	return len(v.Shares) > manyShares && !slices.ContainsFunc(v.Shares, func(s Share) bool { return s.State != status.InSync })
}

// ToDo is what Pending is called.
func (v Volume) ToDo() string {
	if v.Kind == watch.Drifted {
		return "Drift, only reported"
	}
	return "Pending, not carried out"
}

// ToDos are Pending in the form of changes.
func (v Volume) ToDos() []Change {
	var out []Change
	for _, a := range v.Pending {
		out = append(out, Change{Account: a})
	}
	return out
}

// fewLines is how many directories are shown without being asked for.
const fewLines = 6

// Many reports whether the change is of so many directories that they are shown only
// to who asks.
func (c Change) Many() bool { return len(c.Access) > fewLines }

// span is some of a text.
type span struct {
	Text string
	Code bool // it must not be broken: --allow-mass-revoke
}

// prose tells what of a text is a flag.
func prose(text string) []span {
	var out []span
	for word := range strings.SplitAfterSeq(text, " ") {
		flag := strings.TrimRight(word, " ,.;:")
		if !strings.HasPrefix(flag, "--") || len(flag) == 2 {
			out = append(out, span{Text: word})
			continue
		}
		out = append(out, span{flag, true}, span{Text: word[len(flag):]})
	}
	return out
}

// writePage writes the snapshot for a person. Whatever is in it is escaped.
func writePage(w io.Writer, s Snapshot, about About) error {
	return page.Execute(w, struct {
		Snapshot
		About
		Style template.CSS
	}{s, about, template.CSS(style)})
}
