package gnfs

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/state"
)

// below reports whether the directory lies below the other one: whoever mounts
// that reaches it.
func below(dir, above string) bool {
	return dir != above && strings.HasPrefix(dir, strings.TrimSuffix(above, "/")+"/")
}

// keptBelow tells where somebody is let into a share who thereby reaches a kept
// export below it, and could not before.
func (w *wish) keptBelow(next *volume) []state.Problem {
	grants := w.declared()
	var out []state.Problem
	for _, e := range admitting(w.kept) {
		for _, s := range w.volume.Shares {
			if !below(e.dir(), s.Dir()) {
				continue
			}
			gained := grants[s.Dir()].Minus(next.gate.reject).Minus(next.admitted(e)).Minus(w.reaching(e.dir()))
			if gained.Empty() {
				continue
			}
			out = append(out, state.Problem{
				Pos: s.Pos, Path: s.Path + ".name",
				Text: fmt.Sprintf("%s of share %s would also reach the undeclared export %q, which lies below the share", everybodyOr(gained), s.Name, e.text),
				Mend: fmt.Sprintf("take them out of %s, declare %s as a share for them too, or drop it with undeclared: revoke", s.Name, e.dir()),
			})
		}
	}
	return out
}

// reaching is who can mount the directory, or one above it, as things stand.
func (w *wish) reaching(dir string) state.Set {
	var sets []state.Set
	for _, x := range w.cluster.serving(w.name).Exports {
		if x.Path == dir || below(dir, x.Path) {
			sets = append(sets, x.Clients.All())
		}
	}
	return state.Union(sets...)
}

// stillReaching is who of them the volume goes on to let in where they come in.
func (w *wish) stillReaching(dir string) state.Set {
	var sets []state.Set
	for _, x := range w.cluster.serving(w.name).Exports {
		if x.Path == dir || below(dir, x.Path) {
			sets = append(sets, x.Clients.All().Intersect(w.askedFor(x.Path)))
		}
	}
	return state.Union(sets...)
}

// askedFor is whom the volume asks to let into the directory.
func (w *wish) askedFor(dir string) state.Set {
	for _, s := range w.volume.Shares {
		if s.Dir() == dir {
			return s.Clients().RW
		}
	}
	if w.volume.Undeclared == state.Revoke {
		return nil
	}
	return state.Everybody
}

// keptAbove tells of kept exports whose clients reach a share that lies below
// and is not for them. They do so today already.
func (w *wish) keptAbove(next *volume) []state.Problem {
	grants := w.declared()
	var out []state.Problem
	for _, s := range w.volume.Shares {
		for _, e := range admitting(w.kept) {
			who := strings.Join(e.clients.names, ", ")
			if others := next.admitted(e).Minus(grants[s.Dir()]); !others.Empty() {
				who = strings.TrimPrefix(who+" and "+everybodyOr(others), " and ")
			}
			if !below(s.Dir(), e.dir()) || who == "" {
				continue
			}
			out = append(out, state.Problem{
				Pos: s.Pos, Path: s.Path + ".name",
				Text: fmt.Sprintf("%s may mount the undeclared export %q, and so reaches share %s below it", who, e.text, s.Name),
				Mend: fmt.Sprintf("let them into %s too where that is meant, else drop the export with undeclared: revoke", s.Name),
			})
		}
	}
	return out
}
