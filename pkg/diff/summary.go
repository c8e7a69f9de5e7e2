package diff

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Symbol is what becomes of a directory, as it is printed.
type Symbol string

const (
	Create Symbol = "+" // the directory is made
	Change Symbol = "~" // owner, group, mode or clients change
	Remove Symbol = "-" // it is exported no more, since no share declares it or its share is absent
	Keep   Symbol = "." // nothing happens to it
)

// Item is one directory of a plan with all that happens to it.
type Item struct {
	Symbol  Symbol
	Access  AccessChange
	Actions []Action // on the directory and its parents, in order; access is written for all at once
	Held    string   // why the share's directory was left alone; empty where it was not

	Absent bool           // the share is absent
	Fate   state.OnDelete // what becomes of an absent share's directory; Retain where it is not there
}

// Items tells the plan directory by directory, in the order of Access: every
// declared share, also one that stays as it is; then those exports that no
// share declares, of this volume and of others, which go or whose clients
// change. Of a volume that was not planned it tells nothing.
func (p Plan) Items() []Item {
	if p.Unplanned {
		return nil
	}
	var out []Item
	for _, c := range p.Access() {
		if c.Share != "" {
			out = append(out, p.shareItem(c))
		} else if symbol := p.exportSymbol(c); symbol != Keep {
			out = append(out, Item{Symbol: symbol, Access: c})
		}
	}
	return out
}

func (p Plan) shareItem(c AccessChange) Item {
	item := Item{Symbol: Keep, Access: c, Held: p.Held[c.Share]}
	if c.Changed() {
		item.Symbol = Change
	}
	if p.IsAbsent(c.Share) {
		return p.absentItem(item)
	}
	for _, a := range p.Actions {
		if a.Of() != c.Share {
			continue
		}
		item.Actions = append(item.Actions, a)
		if dir, ok := a.(MakeDir); ok && !dir.Parent {
			item.Symbol = Create
		} else if item.Symbol == Keep {
			item.Symbol = Change
		}
	}
	return item
}

// IsAbsent reports whether the share is declared as absent.
func (p Plan) IsAbsent(share string) bool {
	return slices.ContainsFunc(p.Volume.Shares, func(s state.Share) bool { return s.Name == share && s.Absent })
}

func (p Plan) absentItem(item Item) Item {
	item.Absent, item.Fate = true, state.Retain
	_, exports := p.Before.At(item.Access.Path)
	if len(exports) > 0 && !p.exportedAfter(item.Access) {
		item.Symbol = Remove
	}
	for _, a := range p.Actions {
		if a.Of() != item.Access.Share {
			continue
		}
		item.Actions = append(item.Actions, a)
		item.Symbol = Remove
		if r, goes := a.(Retire); goes {
			item.Fate = r.How
		}
	}
	if item.Symbol == Change {
		item.Symbol = Remove
	}
	return item
}

func (p Plan) exportSymbol(c AccessChange) Symbol {
	switch {
	case !p.exportedAfter(c):
		return Remove
	case c.Changed():
		return Change
	}
	return Keep
}

func (p Plan) exportedAfter(c AccessChange) bool {
	after := p.After
	for _, o := range p.others() {
		if o.New.Volume == c.Volume {
			after = o.New
		}
	}
	_, exports := after.Only(c.Whole).At(c.Path)
	return len(exports) > 0
}

// Summary counts what plans would do. Create to Unchanged count Items, each
// under one of them: a share is to create when its directory is made, to
// change when anything else of it changes, unchanged otherwise. A share that
// is held and to which nothing else happens is counted as held alone.
// An absent share to which something happens is counted by what becomes of its
// directory.
type Summary struct {
	Create    int `json:"create"`
	Change    int `json:"change"`    // also exports that no share declares and whose clients change
	Remove    int `json:"remove"`    // exports that no share declares and that go: revoked, or a whole volume closed
	Unchanged int `json:"unchanged"` // shares

	Trash    int `json:"trash"`    // absent shares whose directory moves to the trash
	Purge    int `json:"purge"`    // absent shares whose directory is deleted for good
	Unexport int `json:"unexport"` // absent shares that are exported no more, and of which that is all

	Unplanned int `json:"unplanned"` // volumes of which nothing could be computed; their shares are counted nowhere

	Options  int `json:"options"` // different options that are written, counted for each plan
	Kept     int `json:"kept"`    // undeclared exports that stay
	Held     int `json:"held"`    // shares whose directory was left alone
	Problems int `json:"problems"`
	Warnings int `json:"warnings"`

	GainsAccess int `json:"gains_access"` // directories that somebody may mount who can't now, of other volumes too
	LosesAccess int `json:"loses_access"` // directories that somebody may mount no more, of other volumes too
}

// Summarize counts what the plans would do together. What two plans say of the
// same thing counts twice.
func Summarize(plans []Plan) Summary {
	var s Summary
	for _, p := range plans {
		for _, i := range p.Items() {
			s.count(i)
		}
		if p.Unplanned {
			s.Unplanned++
		}
		s.Options += writtenOptions(p)
		s.Kept += len(p.Kept)
		s.Held += len(p.Held)
		s.Problems += len(p.Problems)
		s.Warnings += len(p.Warnings)
	}
	return s
}

func (s *Summary) count(i Item) {
	switch {
	case i.Symbol == Create:
		s.Create++
	case i.Symbol == Change:
		s.Change++
	case i.Symbol == Remove && i.Absent:
		s.countAbsent(i.Fate)
	case i.Symbol == Remove:
		s.Remove++
	case i.Held == "":
		s.Unchanged++
	}
	if i.Access.Gains() {
		s.GainsAccess++
	}
	if i.Access.Loses() {
		s.LosesAccess++
	}
}

func (s *Summary) countAbsent(fate state.OnDelete) {
	switch fate {
	case state.Trash:
		s.Trash++
	case state.Purge:
		s.Purge++
	default:
		s.Unexport++
	}
}

// absent are the absent shares to which something happens.
func (s Summary) absent() int { return s.Trash + s.Purge + s.Unexport }

func writtenOptions(p Plan) int {
	keys := map[string]bool{}
	for _, s := range p.Serves() {
		for _, setting := range s.Settings() {
			keys[setting.Key] = true
		}
	}
	return len(keys)
}

// Empty reports whether there is nothing to do.
func (s Summary) Empty() bool { return s.Create+s.Change+s.Remove+s.absent()+s.Options == 0 }

// String gives one line: what is to do, then what else there is to know. What
// is none is left out, and so are the options, which only carry out the rest,
// but where nothing else is to do.
func (s Summary) String() string {
	verdict := "Plan"
	shares := counted(
		count{s.Create, "to create", "to create"},
		count{s.Change, "to change", "to change"},
		count{s.Remove, "export to close", "exports to close"},
		count{s.Trash, "to move to the trash", "to move to the trash"},
		count{s.Purge, "to DELETE FOR GOOD", "to DELETE FOR GOOD"},
		count{s.Unexport, "to un-export", "to un-export"},
		count{s.Unchanged, "unchanged", "unchanged"},
	)
	switch {
	case s.Empty():
		verdict = "No changes"
		if s.Unplanned > 0 {
			verdict = "Nothing planned"
		}
		shares = counted(count{s.Unchanged, "share unchanged", "shares unchanged"})
	case s.Create+s.Change+s.Remove+s.absent() == 0:
		shares = append(counted(count{s.Options, "option to set", "options to set"}), shares...)
	}
	besides := counted(
		count{s.Unplanned, "volume not planned", "volumes not planned"},
		count{s.Kept, "undeclared export kept", "undeclared exports kept"},
		count{s.Held, "share held", "shares held"},
		count{s.Problems, "problem", "problems"},
		count{s.Warnings, "warning", "warnings"},
	)
	line := verdict
	if len(shares) > 0 {
		line += ": " + strings.Join(shares, ", ")
	}
	if len(besides) > 0 {
		line += "; " + strings.Join(besides, ", ")
	}
	return line + "."
}

type count struct {
	n         int
	one, many string
}

// counted gives the counts that are not zero.
func counted(counts ...count) []string {
	var out []string
	for _, c := range counts {
		switch {
		case c.n == 1:
			out = append(out, "1 "+c.one)
		case c.n > 1:
			out = append(out, fmt.Sprintf("%d %s", c.n, c.many))
		}
	}
	return out
}
