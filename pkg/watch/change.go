package watch

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Change is an action of a plan in words that are the same as long as it changes
// the same.
type Change struct {
	Share    string // empty where it is the volume as a whole
	Path     string // of the directory; empty where it is none
	Action   string // the kind that it has in JSON documents: make-dir; access where it is who may mount a directory
	Old, New string
	Pos      state.Pos // what asks for it

	// Of access only.
	Effect      string // who gains and who loses
	Whole       bool   // it is the volume as a whole, with every directory
	OtherVolume string // the name of another volume; empty where it is the same
}

// ChangeOf puts an action in words.
func ChangeOf(a diff.Action) Change {
	c := Change{Share: a.Of(), Pos: a.At()}
	switch a := a.(type) {
	case diff.MakeDir:
		c.Action, c.Path, c.New = "make-dir", a.Path, permText(a.Perm)
	case diff.SetPerm:
		c.Action, c.Path, c.Old, c.New = "set-perm", a.Path, permText(a.Old), permText(a.New)
	case diff.EnableQuota:
		c.Action, c.Old, c.New = "enable-quota", "off", "on"
	case diff.SetLimit:
		c.Action, c.Path = "set-limit", a.Path
		c.Old, c.New = state.Size{Bytes: a.Old}.String(), state.Size{Bytes: a.New}.String()
	case diff.Retire:
		c.Action, c.Path, c.New = "retire", a.Path, string(a.How)
	case diff.Serve:
		c.Action = "serve"
		c.Old, c.New = settingTexts(a.Settings())
	}
	return c
}

func permText(p state.Perm) string {
	var out []string
	if p.Owner.Managed {
		out = append(out, "owner "+idText(p.Owner))
	}
	if p.Group.Managed {
		out = append(out, "group "+idText(p.Group))
	}
	if p.Mode.Managed {
		out = append(out, fmt.Sprintf("mode %04o", p.Mode.Bits))
	}
	return strings.Join(out, ", ")
}

func idText(id state.ID) string {
	if id.Name == "" {
		return fmt.Sprint(id.Number)
	}
	return id.Name
}

// settingTexts leave out of old what was not set.
func settingTexts(settings []state.Setting) (old, next string) {
	var was, is []string
	for _, s := range settings {
		if s.WasSet {
			was = append(was, s.Key+"="+s.Old)
		}
		is = append(is, s.Key+"="+s.New)
	}
	return strings.Join(was, " "), strings.Join(is, " ")
}
