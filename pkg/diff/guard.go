package diff

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/state"
)

// Allow names the guards that the user has switched off for one run.
type Allow struct {
	MassRevoke   bool // --allow-mass-revoke
	OtherVolumes bool // --allow-other-volumes
}

// Refusal is a guard's no: which rule, on which volume, why, and the flag that
// would let it through.
type Refusal struct {
	Rule   string // mass-revoke or other-volumes
	Target state.Target
	Text   string
	Paths  []string // the exports that would be lost: /alpha, of another volume gv1:/alpha
	Flag   string
}

// Error gives the refusal in one line.
func (r Refusal) Error() string {
	return fmt.Sprintf("%s: %s; if that is meant, run it with %s", r.Target, r.Text, r.Flag)
}

// Guard judges all plans of a run before anything is written, and returns why
// they must not be carried out. An export is lost when nobody whom it admits
// now may mount it afterwards, whatever the cause.
func Guard(plans []Plan, allow Allow) []Refusal {
	var out []Refusal
	for _, p := range plans {
		if r := massRevoke(p); r != nil && !allow.MassRevoke {
			out = append(out, *r)
		}
		if r := otherVolumes(p); r != nil && !allow.OtherVolumes {
			out = append(out, *r)
		}
	}
	return out
}

// massRevoke refuses to lose all exports of a volume that has two or more, or
// half of them and at least three.
func massRevoke(p Plan) *Refusal {
	var lost []string
	exports := 0
	for _, c := range p.Access() {
		if c.Volume != p.Before.Volume || !c.admits() {
			continue
		}
		exports++
		if c.losesAll() {
			lost = append(lost, c.Path)
		}
	}
	all := exports >= 2 && len(lost) == exports
	half := len(lost) >= 3 && 2*len(lost) >= exports
	if !all && !half {
		return nil
	}
	return &Refusal{
		Rule: "mass-revoke", Target: p.Volume.Target, Paths: lost, Flag: "--allow-mass-revoke",
		Text: fmt.Sprintf("%d of %d exports would lose every client that they have now: %s",
			len(lost), exports, strings.Join(lost, ", ")),
	}
}

// otherVolumes refuses to take access away on a volume that the plan is not
// for.
func otherVolumes(p Plan) *Refusal {
	var lost, losses []string
	for _, c := range p.Access() {
		if c.Volume != p.Before.Volume && c.Loses() {
			at := c.Volume + ":" + c.Path
			lost, losses = append(lost, at), append(losses, at+" "+lossOf(c))
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return &Refusal{
		Rule: "other-volumes", Target: p.Volume.Target, Paths: lost, Flag: "--allow-other-volumes",
		Text: "clients of other volumes would lose access: " + strings.Join(losses, "; "),
	}
}

// lossOf tells who loses access, and why that can't be told where it can't.
func lossOf(c AccessChange) string {
	var out []string
	if lost := c.Lost(); !lost.Empty() {
		out = append(out, "loses "+lost.All().String())
	}
	if names := c.NamesLost(); len(names) > 0 {
		out = append(out, "loses "+strings.Join(names, ", "))
	}
	if doubt := c.MayLose(); !doubt.Empty() {
		out = append(out, fmt.Sprintf("may lose clients: whom it admits can't be told (%s)", doubt.Why))
	}
	return strings.Join(out, ", and ")
}
