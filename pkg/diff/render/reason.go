package render

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
)

// reason says why an action is in the plan.
func reason(a diff.Action) string {
	switch a := a.(type) {
	case diff.MakeDir:
		if a.Parent {
			return fmt.Sprintf("it is not there, and the share %s lies in it", a.Share)
		}
		return "it is not there"
	case diff.SetPerm:
		var differs []string
		for _, c := range permChanges(a) {
			differs = append(differs, c.what)
		}
		return "not as declared: " + strings.Join(differs, ", ")
	case diff.EnableQuota:
		return "a size is declared, and quota is off"
	case diff.SetLimit:
		if a.Retiring {
			return "its directory goes, and Gluster would keep the limit"
		}
		return "not as declared: size"
	case diff.Retire:
		return fmt.Sprintf("the share %s is declared as absent, with on_delete: %s", a.Share, a.How)
	case diff.Serve:
		return why(a)
	}
	return ""
}
