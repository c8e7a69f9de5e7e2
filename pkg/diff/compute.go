package diff

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Compute returns what has to happen so that the volume becomes what v asks
// for, given what it is. A plan with problems still holds all actions that
// could be computed, for the reader; nothing of it may be carried out.
func Compute(v state.Volume, a state.Actual, s Server) Plan {
	p := Plan{Volume: v, Found: a.Volume, Before: a.Serving, After: a.Serving}
	p.Problems = slices.Concat(a.Problems, s.Check(v), volumeProblems(v, a.Volume))
	if len(a.Problems) > 0 || !a.Volume.Started {
		p.Problems, p.Unplanned = sortProblems(p.Problems), true
		return p // its directories were not read
	}
	a.Dirs = withBlockedHeld(v, a)
	dirs, problems := dirActions(v, a)
	p.Problems = append(p.Problems, problems...)
	limits := limitActions(v, a)
	p.Held, p.Leaving = held(v, a), leaving(v, a)

	want := s.Want(v, a)
	p.Kept, p.Notes = want.Kept, want.Notes
	p.Problems = sortProblems(slices.Concat(p.Problems, want.Problems, leaveProblems(v, a, want.Next)))
	p.Warnings = sortProblems(slices.Concat(limitWarnings(v, a, limits), leaveWarnings(v, a), trashedWarnings(v, a), want.Warnings))
	p.order(s, want, append(dirs, limits...))
	p.Actions = append(p.Actions, retireActions(v, a)...)
	return p
}

func volumeProblems(v state.Volume, found state.VolumeInfo) []state.Problem {
	at := state.Problem{Pos: v.Pos, Path: v.Path + ".target"}
	switch {
	case found.ID == "":
		at.Text = fmt.Sprintf("there is no volume %s in this cluster", v.Target.Volume)
		at.Mend = "correct the target, or create the volume (gluster volume create)"
	case !found.Started:
		at.Text = fmt.Sprintf("the volume %s is not started", v.Target.Volume)
		at.Mend = fmt.Sprintf("start it: gluster volume start %s", v.Target.Volume)
	default:
		return nil
	}
	return []state.Problem{at}
}

// order puts the changes in the order that keeps access safe: what opens whole
// volumes is closed first; who has to go does not wait for slow work on
// directories and limits; nobody is let in before those are what they should
// be.
func (p *Plan) order(s Server, want state.Wanted, slow []Action) {
	now := p.Before
	for _, c := range want.First {
		p.Actions = append(p.Actions, Serve{Stage: Global, ServingChange: c, Pos: p.Volume.Pos})
		now = c.New
	}
	serve := func(stage Stage, next state.Serving) {
		next, note := s.Noticeable(now, next)
		c := state.ServingChange{Old: now, New: next}
		if c.Empty() {
			return
		}
		p.Actions = append(p.Actions, Serve{Stage: stage, ServingChange: c, Pos: p.Volume.Pos})
		if now = next; note != "" && !slices.Contains(p.Notes, note) {
			p.Notes = append(p.Notes, note)
		}
	}
	if takesTime(slow) && loses(now, want.Narrow) {
		serve(Narrow, want.Narrow)
	}
	p.Actions = append(p.Actions, slow...)
	serve(Grant, want.Next)
	p.After = now
}

// takesTime reports whether any of the actions is more than a change of
// permissions.
func takesTime(actions []Action) bool {
	return slices.ContainsFunc(actions, func(a Action) bool { _, quick := a.(SetPerm); return !quick })
}

// loses reports whether anybody who is admitted somewhere before, or perhaps
// is, is not afterwards.
func loses(before, after state.Serving) bool {
	return slices.ContainsFunc(before.Exports, func(e state.Export) bool {
		return accessAt(before.Only(e.Whole), after.Only(e.Whole), e.Path).Loses()
	})
}

// dirActions returns what has to be done to directories: parents before their
// children, otherwise in the order of their paths.
func dirActions(v state.Volume, a state.Actual) ([]Action, []state.Problem) {
	var out []Action
	var problems []state.Problem
	declared := map[string]bool{}
	for _, s := range v.Shares {
		declared[s.Dir()] = !s.Absent
	}
	made := map[string]bool{}
	for _, s := range byPath(v.Shares) {
		if s.Absent {
			continue
		}
		perm, unknown := permOf(s, a)
		problems = append(problems, unknown...)
		dir := a.Dirs[s.Dir()]
		if dir.Held != "" {
			continue
		}
		switch dir.Kind {
		case state.Directory:
			if old, next, differs := permChange(dir, perm); differs {
				out = append(out, SetPerm{Share: s.Name, Path: s.Dir(), Old: old, New: next, Pos: s.Pos})
			}
		case state.Missing:
			for _, parent := range parents(s.Dir()) {
				if a.Dirs[parent].Kind == state.Missing && !declared[parent] && !made[parent] {
					made[parent] = true
					out = append(out, MakeDir{Share: s.Name, Path: parent, Parent: true, Pos: s.Pos})
				}
			}
			out = append(out, MakeDir{Share: s.Name, Path: s.Dir(), Perm: perm, Pos: s.Pos})
		}
	}
	return out, problems
}

func byPath(shares []state.Share) []state.Share {
	return slices.SortedFunc(slices.Values(shares), func(a, b state.Share) int {
		return slices.Compare(strings.Split(a.Name, "/"), strings.Split(b.Name, "/"))
	})
}

// parents are the directories above dir, the topmost first, without the root.
func parents(dir string) []string {
	var out []string
	for p := path.Dir(dir); p != "/"; p = path.Dir(p) {
		out = append(out, p)
	}
	slices.Reverse(out)
	return out
}

// blockedAt returns what on the way to the share's directory, or itself, is no
// directory; empty where nothing is.
func blockedAt(s state.Share, a state.Actual) string {
	way := append(parents(s.Dir()), s.Dir())
	i := slices.IndexFunc(way, func(p string) bool { return a.Dirs[p].Kind == state.NotADirectory })
	if i < 0 {
		return ""
	}
	return way[i]
}

// withBlockedHeld are the directories, with every share held that something is
// in the way of. Clients can put it there: it must not keep access for any of
// them, neither to this share nor to another one.
func withBlockedHeld(v state.Volume, a state.Actual) map[string]state.Dir {
	out := maps.Clone(a.Dirs)
	for _, s := range v.Shares {
		d := out[s.Dir()]
		if untouched := s.Absent && !s.Leaves(); untouched || d.Held != "" {
			continue
		}
		if d.Held = whyHeld(s, a); d.Held != "" {
			out[s.Dir()] = d
		}
	}
	return out
}

// whyHeld is what is in the way of a share; empty where nothing is.
func whyHeld(s state.Share, a state.Actual) string {
	if at := blockedAt(s, a); at != "" {
		mend := "give the share another name"
		if s.Absent {
			mend = "write on_delete: retain"
		}
		return fmt.Sprintf("%s is in the way at %s: move it aside, or %s", a.Dirs[at].What, at, mend)
	}
	if s.Leaves() && a.Quota.Unlisted != "" && a.Dirs[s.Dir()].Kind == state.Directory {
		return fmt.Sprintf("whether another quota limit lies below %s can't be told: %s", s.Dir(), a.Quota.Unlisted)
	}
	return ""
}

// permOf resolves the owner and the group that a share declares.
func permOf(s state.Share, a state.Actual) (state.Perm, []state.Problem) {
	perm := state.Perm{Mode: s.Mode}
	var problems []state.Problem
	resolve := func(kind, name string, known map[string]uint32, pos state.Pos) state.ID {
		if name == "" {
			return state.ID{}
		}
		n, ok := known[name]
		if !ok {
			problems = append(problems, state.Problem{
				Pos: pos, Path: s.Path + "." + kind,
				Text: fmt.Sprintf("the host of the directories knows no %s %q", kindNoun(kind), name),
				Mend: "create it there, or write its number",
			})
		}
		return state.ID{Name: name, Number: n, Managed: ok}
	}
	perm.Owner = resolve("owner", s.Owner, a.Owners, s.OwnerPos)
	perm.Group = resolve("group", s.Group, a.Groups, s.GroupPos)
	return perm, problems
}

func kindNoun(kind string) string {
	if kind == "owner" {
		return "user"
	}
	return kind
}

// permChange returns what of the wanted permissions the directory lacks.
func permChange(d state.Dir, want state.Perm) (old, next state.Perm, differs bool) {
	if want.Owner.Managed && want.Owner.Number != d.UID {
		old.Owner, next.Owner = state.ID{Number: d.UID, Managed: true}, want.Owner
	}
	if want.Group.Managed && want.Group.Number != d.GID {
		old.Group, next.Group = state.ID{Number: d.GID, Managed: true}, want.Group
	}
	if want.Mode.Managed && want.Mode.Bits != d.Mode {
		old.Mode, next.Mode = state.Mode{Bits: d.Mode, Managed: true}, want.Mode
	}
	return old, next, next != state.Perm{}
}

// held are the shares whose directories are left alone, and why: something is in
// the way of them, or they can't go since one inside them is held.
func held(v state.Volume, a state.Actual) map[string]string {
	out := map[string]string{}
	for _, s := range v.Shares {
		if why := a.Dirs[s.Dir()].Held; why != "" {
			out[s.Name] = why
		} else if inner := heldInside(v, a, s); inner != "" && a.Leaving[s.Dir()].ID != (state.FileID{}) {
			out[s.Name] = inner + " stays: " + a.Dirs[inner].Held
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
