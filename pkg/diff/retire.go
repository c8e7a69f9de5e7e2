package diff

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// retireActions returns what has to be done to the directories of shares that
// are to go: their limits first, since Gluster keeps the limit of a directory
// that is gone and may then list none at all (10.3); then the directories, those
// inside others first.
func retireActions(v state.Volume, a state.Actual) []Action {
	var limits, dirs []Action
	for _, s := range slices.Backward(byPath(v.Shares)) {
		r := retirementOf(s, a)
		there := r.ID != state.FileID{}
		if !s.Leaves() || !there && len(r.Left) == 0 || a.Dirs[s.Dir()].Held != "" || heldInside(v, a, s) != "" {
			continue
		}
		used := a.Quota.Usage[s.Dir()].Used
		if r.Limit > 0 {
			limits = append(limits, SetLimit{
				Share: s.Name, Volume: v.Target.Volume, Path: s.Dir(),
				Old: r.Limit, Used: used, Counted: a.Quota.On, Retiring: true, Pos: s.Pos,
			})
		}
		dirs = append(dirs, Retire{Share: s.Name, Pos: s.Pos, Used: used, Counted: a.Quota.On && there, Retirement: r})
	}
	return append(limits, dirs...)
}

// retirementOf is the removal of an absent share's directory, and of what an earlier
// one has left.
func retirementOf(s state.Share, a state.Actual) state.Retirement {
	l, d := leavingOf(s, a), a.Dirs[s.Dir()]
	access, _ := a.Serving.At(s.Dir())
	return state.Retirement{
		Path: s.Dir(), How: s.OnDelete, ID: l.ID, Left: l.Left, UID: d.UID, GID: d.GID, Mode: d.Mode,
		Limit: a.Quota.Usage[s.Dir()].Limit, Clients: access, Names: a.Serving.NamesAt(s.Dir()),
	}
}

// leaving are the directories that have to go, also those that can't yet. One in whose place
// something else stands is none of any identity.
func leaving(v state.Volume, a state.Actual) []state.Retirement {
	var out []state.Retirement
	for _, s := range v.Shares {
		if r := retirementOf(s, a); s.Leaves() && (r.ID != state.FileID{} || a.Dirs[s.Dir()].Held != "") {
			out = append(out, r)
		}
	}
	return out
}

// leavingOf is what has to go of an absent share. What an earlier purge has left
// behind does so only while the share is to be purged.
func leavingOf(s state.Share, a state.Actual) state.Leaving {
	l := a.Leaving[s.Dir()]
	if s.OnDelete != state.Purge {
		l.Left, l.Unread = nil, ""
	}
	return l
}

// heldInside is the directory of a held share that would have to go before that of
// s does; empty where there is none.
func heldInside(v state.Volume, a state.Actual, s state.Share) string {
	for _, t := range v.Shares {
		if s.Leaves() && inside(t.Dir(), s.Dir()) && a.Dirs[t.Dir()].Held != "" {
			return t.Dir()
		}
	}
	return ""
}

// trashedWarnings are of shares whose directory is to be made while the trash holds
// one of them: whoever took back its removal expects to find the data. It is read
// before the directory is made, and after it.
func trashedWarnings(v state.Volume, a state.Actual) []state.Problem {
	var out []state.Problem
	for _, s := range v.Shares {
		id := a.Trashed[s.Dir()]
		if s.Absent || id == "" {
			continue
		}
		out = append(out, state.Problem{
			Pos: s.Pos, Path: s.Path + ".name",
			Text: fmt.Sprintf("a new, empty %s takes the place of the one that was removed, which the trash holds: %s", s.Dir(), id),
			Mend: "to have that back, run trash restore before the new one is made; where it is there already, declare it absent first",
		})
	}
	return out
}

// leaveWarnings are of shares of which can't be told whether an earlier purge has
// left anything of them in the trash.
func leaveWarnings(v state.Volume, a state.Actual) []state.Problem {
	var out []state.Problem
	for _, s := range v.Shares {
		if why := leavingOf(s, a).Unread; why != "" {
			out = append(out, state.Problem{
				Pos: s.Pos, Path: s.Path + ".name",
				Text: fmt.Sprintf("whether an earlier purge of %s left something in the trash can't be told: %s", s.Dir(), why),
				Mend: "see what trash list says, and delete it by trash purge",
			})
		}
	}
	return out
}

// Same reports whether both mean the same directory, and do the same to it.
func (a Retire) Same(b Retire) bool {
	return a.Path == b.Path && a.How == b.How && a.ID == b.ID && slices.Equal(a.Left, b.Left)
}

// leaveProblems are the reasons why a directory can't go: it holds what is not to
// go with it. next is how the volume is served in the end.
func leaveProblems(v state.Volume, a state.Actual, next state.Serving) []state.Problem {
	var out []state.Problem
	for _, s := range v.Shares {
		if !s.Leaves() || a.Dirs[s.Dir()].Held != "" {
			continue
		}
		if a.Dirs[s.Dir()].Kind == state.Directory {
			out = append(out, exportsInside(v, s, a.Serving, next)...)
			out = append(out, limitsInside(v, s, a.Quota)...)
		}
	}
	return out
}

func cantGo(s state.Share, why, mend string) state.Problem {
	return state.Problem{Pos: s.Pos, Path: s.Path + ".name", Text: fmt.Sprintf("%s can't go: %s", s.Dir(), why), Mend: mend}
}

// exportsInside are the exports in the way: one of the directory that will still
// be there, and those of directories below it that the file doesn't declare. Also
// one that this run drops is: that its directory is to go says nobody.
func exportsInside(v state.Volume, s state.Share, now, next state.Serving) []state.Problem {
	var out []state.Problem
	for _, e := range next.Exports {
		if e.Path == s.Dir() && e.Open() {
			out = append(out, cantGo(s, fmt.Sprintf("the export %q still admits clients", e.Entry), "drop it by hand"))
		}
	}
	for _, e := range now.Exports {
		if inside(e.Path, s.Dir()) && !declares(v, e.Path) {
			out = append(out, cantGo(s, fmt.Sprintf("the undeclared export %q lies below it", e.Entry),
				fmt.Sprintf("declare %s as an absent share too, or drop its export first, by a run without %s", e.Path, s.Name)))
		}
	}
	return out
}

// limitsInside are the limits of directories below that don't go before.
func limitsInside(v state.Volume, s state.Share, q state.Quota) []state.Problem {
	var out []state.Problem
	for _, dir := range q.Limited {
		if inside(dir, s.Dir()) && !goes(v, dir) {
			out = append(out, cantGo(s, fmt.Sprintf("%s, which lies below it, has a quota limit", dir),
				fmt.Sprintf("gluster volume quota %s remove %s", v.Target.Volume, dir)))
		}
	}
	return out
}

// inside reports whether the directory lies below the other one.
func inside(dir, above string) bool { return strings.HasPrefix(path.Clean(dir), above+"/") }

func declares(v state.Volume, dir string) bool {
	return slices.ContainsFunc(v.Shares, func(s state.Share) bool { return s.Dir() == dir })
}

// goes reports whether the directory is one that has to go itself.
func goes(v state.Volume, dir string) bool {
	return slices.ContainsFunc(v.Shares, func(s state.Share) bool { return s.Dir() == dir && s.Leaves() })
}
