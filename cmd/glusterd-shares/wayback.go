package main

import (
	"maps"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// wayBack are the commands that put the volume's options back as they were
// before the run wrote any; none where it wrote none. They are for a person to
// run: what a run never does, to unset an option, is among them, and so is
// opening again what was open.
func wayBack(r apply.Report) []string {
	made := madeWrites(r)
	if len(made) == 0 {
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
	return append(out, othersBack(made)...)
}

func madeWrites(r apply.Report) []diff.Serve {
	var out []diff.Serve
	for _, s := range r.Steps {
		if serve, ok := s.Action.(diff.Serve); ok && s.Outcome == apply.Done {
			out = append(out, serve)
		}
	}
	return out
}

// othersBack is the same for the other volumes that a global option was written
// to and that did not carry it: to set it anywhere sets it everywhere.
func othersBack(made []diff.Serve) []string {
	var out []string
	for _, s := range made {
		for _, o := range s.Others {
			for _, option := range slices.Sorted(maps.Keys(o.New.Settings)) {
				if _, was := o.Old.Settings[option]; !was {
					out = append(out, gluster.ResetCommand(o.New.Volume, option))
				}
			}
		}
	}
	return out
}
