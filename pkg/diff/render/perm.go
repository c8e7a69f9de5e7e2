package render

import (
	"fmt"
	"strconv"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// madeWith is what a directory is made with: its mode is always set.
func madeWith(p state.Perm) state.Perm {
	if !p.Mode.Managed {
		p.Mode = state.Mode{Bits: state.NewDirMode, Managed: true}
	}
	return p
}

// newPerm says what a directory is made with.
func newPerm(p state.Perm) []string {
	p = madeWith(p)
	var out []string
	if p.Owner.Managed {
		out = append(out, "owner "+idName(p.Owner))
	}
	if p.Group.Managed {
		out = append(out, "group "+idName(p.Group))
	}
	return append(out, "mode "+octal(p.Mode))
}

type permChange struct{ what, old, new string }

// permChanges says what of a directory's permissions changes.
func permChanges(a diff.SetPerm) []permChange {
	var out []permChange
	if a.New.Owner.Managed {
		out = append(out, permChange{"owner", idFull(a.Old.Owner), idFull(a.New.Owner)})
	}
	if a.New.Group.Managed {
		out = append(out, permChange{"group", idFull(a.Old.Group), idFull(a.New.Group)})
	}
	if a.New.Mode.Managed {
		out = append(out, permChange{"mode", octal(a.Old.Mode), octal(a.New.Mode)})
	}
	return out
}

func octal(m state.Mode) string { return fmt.Sprintf("%04o", m.Bits) }

// idName is an owner or group as the state file writes it.
func idName(id state.ID) string {
	if id.Name == "" {
		return number(id)
	}
	return id.Name
}

// idFull adds the number to a name, to be compared with what was found, of
// which only the number is known.
func idFull(id state.ID) string {
	if id.Name == "" || id.Name == number(id) {
		return number(id)
	}
	return fmt.Sprintf("%s (%s)", id.Name, number(id))
}

func number(id state.ID) string { return strconv.FormatUint(uint64(id.Number), 10) }
