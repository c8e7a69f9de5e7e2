package render

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Title names an action in a few words.
func Title(a diff.Action) string { return ActionDocument(a, nil).Title() }

// Title names the action in a few words.
func (a Action) Title() string {
	switch a.Kind {
	case KindMakeDir:
		return "make the directory " + a.Path
	case KindSetPerm:
		return "set the permissions of " + a.Path
	case KindEnableQuota:
		return "switch quota on"
	case KindSetLimit:
		return "set the limit of " + a.Path
	case KindRetire:
		if a.Retirement != nil && a.Retirement.How == state.Purge {
			return "delete the directory " + a.Path + ", by way of the trash"
		}
		return "move the directory " + a.Path + " to the trash"
	}
	switch stage := diff.Stage(a.Stage); {
	case stage == diff.Global && len(a.Settings) > 0:
		return "set " + a.Settings[0].Key + ", which is global"
	case stage == diff.Narrow:
		return "take access away"
	}
	return "set who has access"
}
