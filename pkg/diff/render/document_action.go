package render

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// The kinds of an Action.
const (
	KindMakeDir     = "make-dir"     // has Share, Path, Parent, New
	KindSetPerm     = "set-perm"     // has Share, Path, Old, New
	KindEnableQuota = "enable-quota" // has nothing more
	KindSetLimit    = "set-limit"    // has Share, Path, Limit
	KindServe       = "serve"        // has Stage, Settings, Access
	KindRetire      = "retire"       // has Share, Path, Retirement
)

// Action is the JSON form of one action. What its kind doesn't have is left
// out.
type Action struct {
	Kind       string      `json:"kind"`
	Share      string      `json:"share,omitempty"`
	Path       string      `json:"path,omitempty"`
	Parent     bool        `json:"parent,omitempty"` // not the share's own directory, but on the way to it
	Old        *Perm       `json:"old,omitempty"`
	New        *Perm       `json:"new,omitempty"`
	Limit      *Limit      `json:"limit,omitempty"`
	Stage      string      `json:"stage,omitempty"`
	Settings   []Setting   `json:"settings,omitempty"`
	Retirement *Retirement `json:"retirement,omitempty"`
	Reason     string      `json:"reason"`
	Position   *Position   `json:"position"`
	Commands   []string    `json:"commands"`

	Access []AccessEffect `json:"access,omitzero"` // what this write alone gives and takes
}

// Perm is an owner, a group and a mode; what is not set or does not change is
// left out.
type Perm struct {
	Owner *ID    `json:"owner,omitempty"`
	Group *ID    `json:"group,omitempty"`
	Mode  string `json:"mode,omitempty"` // octal, four digits
}

// ID is an owner or a group. Name is as the state file writes it, and left out
// of what was found.
type ID struct {
	Name   string `json:"name,omitempty"`
	Number uint32 `json:"number"`
}

// Setting is one option that is written.
type Setting struct {
	Key          string   `json:"key"`
	Old          *string  `json:"old"` // null: not set
	New          string   `json:"new"`
	OtherVolumes []string `json:"other_volumes"` // whose value changes too, of a global option
}

// ActionDocument returns the JSON form of an action, with its commands where
// commands is not nil.
func ActionDocument(a diff.Action, commands func(diff.Action) []string) Action {
	out := Action{Reason: reason(a), Position: position(a.At()), Commands: []string{}}
	if commands != nil {
		out.Commands = list(commands(a))
	}
	switch a := a.(type) {
	case diff.MakeDir:
		out.Kind, out.Share, out.Path, out.Parent = KindMakeDir, a.Share, a.Path, a.Parent
		out.New = perm(madeWith(a.Perm))
	case diff.SetPerm:
		out.Kind, out.Share, out.Path = KindSetPerm, a.Share, a.Path
		out.Old, out.New = perm(a.Old), perm(a.New)
	case diff.EnableQuota:
		out.Kind = KindEnableQuota
	case diff.SetLimit:
		out.Kind, out.Share, out.Path, out.Limit = KindSetLimit, a.Share, a.Path, limit(a)
	case diff.Retire:
		out.Kind, out.Share, out.Path, out.Retirement = KindRetire, a.Share, a.Path, retirement(a)
	case diff.Serve:
		out.Kind, out.Stage = KindServe, string(a.Stage)
		out.Settings, out.Access = each(a.Settings(), setting), each(a.Access(), accessEffect)
	}
	return out
}

func perm(p state.Perm) *Perm {
	out := &Perm{Owner: id(p.Owner), Group: id(p.Group)}
	if p.Mode.Managed {
		out.Mode = octal(p.Mode)
	}
	return out
}

func id(i state.ID) *ID {
	if !i.Managed {
		return nil
	}
	return &ID{Name: i.Name, Number: i.Number}
}

func setting(s state.Setting) Setting {
	out := Setting{Key: s.Key, New: s.New, OtherVolumes: list(s.Others)}
	if s.WasSet {
		out.Old = &s.Old
	}
	return out
}
