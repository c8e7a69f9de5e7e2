package main

import (
	"errors"
	"maps"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// wayBack are the commands that put the volume's own options back as they were
// before the run wrote any; none where it wrote none. They are for a person to
// run: what a run never does, to unset an option, is among them, and so is
// opening again what was open. A global option is never among them: to unset it
// opens other volumes, and what was exported since.
func wayBack(r apply.Report) []string {
	made := writes(r, func(s diff.Serve) bool { return s.Stage != diff.Global })
	if len(made) == 0 || noWayBack(r) != "" {
		return nil
	}
	last := made[len(made)-1].New
	old, _ := gnfs.Server{}.Noticeable(last, made[0].Old)
	back := state.ServingChange{Old: last, New: old}
	var out []string
	if !back.Empty() {
		out = append(out, gluster.ServeCommand(last.Volume, back))
	}
	for _, option := range slices.Sorted(maps.Keys(last.Settings)) {
		if _, was := old.Settings[option]; !was {
			out = append(out, gluster.ResetCommand(last.Volume, option))
		}
	}
	return out
}

// noWayBack is why the old options are better not put back; empty where they can
// be: to write them would let in who was not, or take the server down.
func noWayBack(r apply.Report) string {
	made := writes(r, func(s diff.Serve) bool { return s.Stage != diff.Global })
	switch {
	case len(made) == 0:
	case slices.ContainsFunc(r.Steps, func(s apply.Step) bool { return errors.Is(s.Err, apply.ErrOvertaken) }):
		return "a write of which nobody heard whether it was made came between"
	case len(made[0].Old.Untold) > 0:
		return "the NFS server did not go by them, and would now"
	case slices.ContainsFunc(made[0].Old.Exports, func(e state.Export) bool { return e.Broken != "" }):
		return "they hold an entry that the NFS server can't read, at which all exports would go"
	}
	return ""
}

// staying are the global options that the run has set, and that no way back
// leads from.
func staying(r apply.Report) []string {
	keys := map[string]bool{}
	for _, w := range writes(r, func(s diff.Serve) bool { return s.Stage == diff.Global }) {
		for _, s := range w.Settings() {
			keys[s.Key+" "+s.New] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// writes are those of access that were made, or may have been.
func writes(r apply.Report, counts func(diff.Serve) bool) []diff.Serve {
	var out []diff.Serve
	for _, s := range r.Steps {
		serve, is := s.Action.(diff.Serve)
		if is && counts(serve) && (s.Outcome == apply.Done || s.Outcome == apply.Unknown) {
			out = append(out, serve)
		}
	}
	return out
}

// retiredBy are the shares whose directories the run has moved to the trash to be
// kept, by name; or has deleted, by way of it.
func retiredBy(r apply.Report, how state.OnDelete) []string {
	var out []string
	for _, s := range r.Steps {
		if a, goes := s.Action.(diff.Retire); goes && a.How == how && s.Outcome == apply.Done {
			out = append(out, a.Share)
		}
	}
	slices.Sort(out)
	return out
}
