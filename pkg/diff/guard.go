package diff

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Allow names the guards that the user has switched off for one run.
type Allow struct {
	MassRevoke   bool // --allow-mass-revoke
	MassRemove   bool // --allow-mass-remove
	OtherVolumes bool // --allow-other-volumes
}

// Refusal is a guard's no: which rule, on which volume, why, and the flag that
// would let it through.
type Refusal struct {
	Rule   string // mass-revoke, mass-remove or other-volumes
	Target state.Target
	Text   string
	Paths  []string // the exports or directories that would be lost: /alpha, of another volume gv1:/alpha
	Flag   string
}

// Error gives the refusal in one line.
func (r Refusal) Error() string {
	return fmt.Sprintf("%s: %s; if that is meant, run apply with %s", r.Target, r.Text, r.Flag)
}

// Guard judges all plans of a run before anything is written, and returns why
// they must not be carried out. An export is lost when nobody whom it admits
// now may mount it afterwards, whatever the cause.
func Guard(plans []Plan, allow Allow) []Refusal {
	var out []Refusal
	for _, p := range plans {
		out = append(out, guard(p, allow, func(AccessChange) bool { return true })...)
	}
	return out
}

// GuardRepair judges a plan that puts back what was seen before: seen is the volume
// and its cluster at the last look that found it as the same content asks for. Who was
// let in since then has nothing to lose: it is what the plan is there to mend.
func GuardRepair(p Plan, seen state.Actual) []Refusal {
	return guard(p, Allow{}, func(c AccessChange) bool { return losesSeen(c, seen) })
}

// guard judges one plan. A loss counts where it takes something away that counts.
func guard(p Plan, allow Allow, counts func(AccessChange) bool) []Refusal {
	var out []Refusal
	if r := massRevoke(p, counts); r != nil && !allow.MassRevoke {
		out = append(out, *r)
	}
	if r := massRemove(p); r != nil && !allow.MassRemove {
		out = append(out, *r)
	}
	if r := otherVolumes(p, counts); r != nil && !allow.OtherVolumes {
		out = append(out, *r)
	}
	return out
}

// losesSeen reports whether the change takes access from anybody who had it when the
// cluster was seen. Of a volume that was not there then nothing is known.
func losesSeen(c AccessChange, seen state.Actual) bool {
	all := append([]state.Serving{seen.Serving}, seen.Others...)
	i := slices.IndexFunc(all, func(s state.Serving) bool { return s.Volume == c.Volume })
	if i < 0 {
		return true
	}
	had := all[i].Only(c.Whole)
	access, _ := had.At(c.Path)
	could := state.Union(access.All(), had.DoubtAt(c.Path).Clients)
	goes := state.Union(c.Lost().All(), c.MayLose().Clients)
	return could.Overlaps(goes) || len(without(c.NamesLost(), had.NamesAt(c.Path))) < len(c.NamesLost())
}

// massRevoke refuses to lose most exports of a volume.
func massRevoke(p Plan, counts func(AccessChange) bool) *Refusal {
	var lost []string
	exports := 0
	for _, c := range p.Access() {
		if c.Volume != p.Before.Volume || !c.admits() {
			continue
		}
		exports++
		if c.losesAll() && counts(c) {
			lost = append(lost, c.Path)
		}
	}
	if !isMost(len(lost), exports) {
		return nil
	}
	return &Refusal{
		Rule: "mass-revoke", Target: p.Volume.Target, Paths: lost, Flag: "--allow-mass-revoke",
		Text: fmt.Sprintf("%d of %d exports would lose every client that they have now: %s",
			len(lost), exports, strings.Join(lost, ", ")),
	}
}

// isMost is what the guards take for an accident: all of two or more, or half of
// them and at least three.
func isMost(n, of int) bool { return of >= 2 && n == of || n >= 3 && 2*n >= of }

// mostPurged is how many directories a plan may delete for good, however many
// stay.
const mostPurged = 2

// massRemove refuses that most directories go which the shares of a volume have
// now, to the trash or for good, or more than mostPurged of them for good. What an
// earlier run has moved to the trash counts no more.
func massRemove(p Plan) *Refusal {
	gone, purged := leavingDirs(p)
	all := len(gone) + stayingDirs(p)
	r := Refusal{Rule: "mass-remove", Target: p.Volume.Target, Paths: gone, Flag: "--allow-mass-remove"}
	switch {
	case len(purged) > mostPurged:
		r.Paths = purged
		r.Text = fmt.Sprintf("%d directories would be deleted for good: %s", len(purged), strings.Join(purged, ", "))
	case isMost(len(gone), all):
		r.Text = fmt.Sprintf("%d of %d directories of shares would go: %s", len(gone), all, strings.Join(gone, ", "))
	default:
		return nil
	}
	return &r
}

// leavingDirs are the directories that go, and those of them that are deleted.
func leavingDirs(p Plan) (gone, purged []string) {
	for _, r := range p.Retirements() {
		if r.ID == (state.FileID{}) {
			continue
		}
		gone = append(gone, r.Path)
		if r.How == state.Purge {
			purged = append(purged, r.Path)
		}
	}
	slices.Sort(gone)
	slices.Sort(purged)
	return gone, purged
}

// stayingDirs counts the present shares whose directory is there already. One that
// is held has perhaps none.
func stayingDirs(p Plan) int {
	made := map[string]bool{}
	for _, a := range p.Actions {
		if m, isMade := a.(MakeDir); isMade {
			made[m.Path] = true
		}
	}
	n := 0
	for _, s := range p.Volume.Shares {
		if _, held := p.Held[s.Name]; !s.Absent && !held && !made[s.Dir()] {
			n++
		}
	}
	return n
}

// otherVolumes refuses to take access away on a volume that the plan is not
// for.
func otherVolumes(p Plan, counts func(AccessChange) bool) *Refusal {
	var lost, losses []string
	for _, c := range p.Access() {
		if c.Volume != p.Before.Volume && c.Loses() && counts(c) {
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
