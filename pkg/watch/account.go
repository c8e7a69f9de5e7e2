package watch

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// Account is an action in words for a person: of a write of access, whose clients
// become others, too.
type Account struct {
	Change
	Access []Change // the directories whose clients are others by it; of other volumes, too
	Note   string   // what else is to be known; empty where there is nothing
}

// AccountOf puts an action for the volume in words.
func AccountOf(v state.Volume, a diff.Action) Account {
	out := Account{Change: ChangeOf(a)}
	switch a := a.(type) {
	case diff.Serve:
		out.Access, out.Note = accessOf(v, a)
	case diff.Retire:
		out.Note = render.AlsoInTheTrash
	}
	return out
}

// accessOf are the directories whose clients are others by the write. What may be
// undeclared, or of another volume, is as much a change.
func accessOf(v state.Volume, s diff.Serve) (out []Change, note string) {
	p := diff.Plan{Volume: v, Before: s.Old, After: s.New, Actions: []diff.Action{s}}
	for _, a := range p.Access() {
		if !a.Changed() {
			continue
		}
		c := Change{Share: a.Share, Path: a.Path, Action: "access", Pos: a.Pos, Effect: render.Effect(a), Whole: a.Whole}
		c.Old, c.New = render.Admitted(a)
		if a.Share == "" {
			c.Pos = s.Pos
		}
		if a.Volume != s.New.Volume {
			c.OtherVolume = a.Volume
		}
		if a.Loses() {
			note = render.OnlyAtMount
		}
		out = append(out, c)
	}
	return out, note
}

// accountsOf are the actions of a plan in words.
func accountsOf(p diff.Plan) []Account {
	var out []Account
	for _, a := range p.Actions {
		out = append(out, AccountOf(p.Volume, a))
	}
	return out
}
