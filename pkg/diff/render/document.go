package render

import (
	"bytes"
	"encoding/json"
	"io"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// VolumePlan is the JSON form of one plan. No list in it is ever null.
type VolumePlan struct {
	Target    string    `json:"target"`
	VolumeID  string    `json:"volume_id"` // empty: there is no such volume
	Unplanned bool      `json:"unplanned"` // nothing could be computed but for the problems
	Actions   []Action  `json:"actions"`   // in the order in which they are carried out
	Access    []Access  `json:"access"`    // of every share and every export, also where nothing changes
	Kept      []Export  `json:"kept"`      // undeclared exports that stay, as they will be
	Held      []Held    `json:"held"`      // shares whose directory was left alone
	Notes     []string  `json:"notes"`
	Problems  []Problem `json:"problems"` // any one of them: nothing is carried out
	Warnings  []Problem `json:"warnings"`
}

// Access is who may mount one directory before and after the plan, and what
// that comes to.
type Access struct {
	Share       string    `json:"share"` // empty: no share declares it
	Position    *Position `json:"position"`
	Changed     bool      `json:"changed"`
	Before      Clients   `json:"before"`
	After       Clients   `json:"after"`
	NamesBefore []string  `json:"names_before"` // clients that are host names
	NamesAfter  []string  `json:"names_after"`

	// Why can't be told whom else it admits; empty where it can.
	UnknownBefore string `json:"unknown_before"`
	UnknownAfter  string `json:"unknown_after"`

	AccessEffect
}

// AccessEffect is who gains and who loses access to one directory.
type AccessEffect struct {
	Volume          string   `json:"volume"`
	Path            string   `json:"path"`  // from the volume's root
	Whole           bool     `json:"whole"` // every directory of the volume, and not that path alone
	Gained          Clients  `json:"gained"`
	GainedAddresses uint64   `json:"gained_addresses"` // how many they are
	Wide            bool     `json:"wide"`             // they are more than those of a /16
	Lost            Clients  `json:"lost"`
	LostAddresses   uint64   `json:"lost_addresses"`
	NamesGained     []string `json:"names_gained"`
	NamesLost       []string `json:"names_lost"`
	MayLose         []string `json:"may_lose"` // of whom can't be told whether they have access, and who have none afterwards
}

// Clients are addresses and networks at each level. Every IPv4 address is
// "any".
type Clients struct {
	RW []string `json:"rw"`
	RO []string `json:"ro"`
}

// Export is one entry of what a server exports.
type Export struct {
	Path      string   `json:"path"`
	Entry     string   `json:"entry"` // its text in the settings
	Clients   Clients  `json:"clients"`
	Names     []string `json:"names"`
	Unknown   string   `json:"unknown"`   // why can't be told whom else it admits; empty where it can
	Everybody bool     `json:"everybody"` // it names no clients: the entry itself keeps nobody out
	Broken    string   `json:"broken"`    // why the server can't read it; empty where it can
}

// Held is a share whose directory was left alone, and why.
type Held struct {
	Share string `json:"share"`
	Why   string `json:"why"`
}

// Refusal is a guard's no to a run.
type Refusal struct {
	Rule   string   `json:"rule"` // mass-revoke, mass-remove or other-volumes
	Target string   `json:"target"`
	Text   string   `json:"text"`
	Paths  []string `json:"paths"` // the exports or directories that would be lost: /alpha, of another volume gv1:/alpha
	Flag   string   `json:"flag"`  // what lets it through
}

// Problem says what stands in the way, or in a warning does not, and how to
// mend it.
type Problem struct {
	Position *Position `json:"position"`
	Path     string    `json:"path"` // in the document: volumes[0].shares[2].mode
	Text     string    `json:"text"`
	Mend     string    `json:"mend"`
}

// Position is a place in a state file; null where nothing in a file asks for
// it. Line and column count from 1, and are 0 where they are not known.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Document returns the JSON form of a plan. The commands of each action are
// left empty where commands is nil.
func Document(p diff.Plan, commands func(diff.Action) []string) VolumePlan {
	return VolumePlan{
		Target:    p.Volume.Target.String(),
		VolumeID:  p.Found.ID,
		Unplanned: p.Unplanned,
		Actions:   each(p.Actions, func(a diff.Action) Action { return ActionDocument(a, commands) }),
		Access:    each(p.Access(), access),
		Kept:      each(p.Kept, export),
		Held:      held(p),
		Notes:     notes(p),
		Problems:  each(p.Problems, ProblemDocument),
		Warnings:  each(p.Warnings, ProblemDocument),
	}
}

// Refusals returns the JSON form of what guards refuse; never null.
func Refusals(refusals []diff.Refusal) []Refusal {
	return each(refusals, func(r diff.Refusal) Refusal {
		return Refusal{Rule: r.Rule, Target: r.Target.String(), Text: r.Text, Paths: list(r.Paths), Flag: r.Flag}
	})
}

// JSON writes a document as the program's outputs are: indented, with "<", ">"
// and "&" as they are, and fit for a terminal.
func JSON(w io.Writer, document any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return err
	}
	_, err := w.Write(EscapeJSON(b.Bytes()))
	return err
}

func access(c diff.AccessChange) Access {
	return Access{
		Share: c.Share, Position: position(c.Pos), Changed: c.Changed(),
		Before: levels(c.Before), After: levels(c.After),
		NamesBefore: list(c.NamesBefore), NamesAfter: list(c.NamesAfter),
		UnknownBefore: c.DoubtBefore.Why, UnknownAfter: c.DoubtAfter.Why,
		AccessEffect: accessEffect(c),
	}
}

func accessEffect(c diff.AccessChange) AccessEffect {
	gained, lost := c.Gained(), c.Lost()
	return AccessEffect{
		Volume: c.Volume, Path: c.Path, Whole: c.Whole, Wide: c.Wide(),
		Gained: levels(gained), GainedAddresses: gained.All().Count(),
		Lost: levels(lost), LostAddresses: lost.All().Count(),
		NamesGained: list(c.NamesGained()), NamesLost: list(c.NamesLost()),
		MayLose: list(c.MayLose().Clients.Strings()),
	}
}

func levels(a state.Access) Clients {
	return Clients{RW: list(a.RW.Strings()), RO: list(a.RO.Strings())}
}

func export(e state.Export) Export {
	return Export{
		Path: e.Path, Entry: e.Entry, Clients: levels(e.Clients), Names: list(e.Names), Unknown: e.Doubt.Why,
		Everybody: e.Everybody, Broken: e.Broken,
	}
}

// held is in the order of the file.
func held(p diff.Plan) []Held {
	out := []Held{}
	for _, s := range p.Volume.Shares {
		if why := p.Held[s.Name]; why != "" {
			out = append(out, Held{Share: s.Name, Why: why})
		}
	}
	return out
}

// ProblemDocument returns the JSON form of a problem.
func ProblemDocument(p state.Problem) Problem {
	return Problem{Position: position(p.Pos), Path: p.Path, Text: p.Text, Mend: p.Mend}
}

func position(p state.Pos) *Position {
	if p == (state.Pos{}) {
		return nil
	}
	return &Position{File: p.File, Line: p.Line, Column: p.Column}
}

// each returns a list that is never null.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

// list is s, never null.
func list(s []string) []string { return append([]string{}, s...) }
