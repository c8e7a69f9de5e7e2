package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// What became of an entry of the trash.
const (
	outcomeRestored = "restored"
	outcomeDeleted  = "deleted"
)

// trashDocument is the JSON form of an entry of the trash.
type trashDocument struct {
	Target  string        `json:"target"`
	ID      string        `json:"id"`
	Note    *gluster.Note `json:"note"`     // null: there is none that can be read
	Purging bool          `json:"purging"`  // its deletion has begun: a part of it is gone
	InPlace bool          `json:"in_place"` // its directory is where it was: a restore or a removal was broken off
	Used    *uint64       `json:"used"`     // bytes; null: not counted
	Outcome string        `json:"outcome"`  // restored or deleted; empty: nothing was done
	Error   string        `json:"error"`
	Block   string        `json:"block"` // what a state file says of the share; empty where it was not restored
}

func newTrashDocuments(entries []trashEntry) []trashDocument {
	if entries == nil {
		return nil
	}
	out := []trashDocument{}
	for _, t := range entries {
		d := trashDocument{Target: t.target.String(), ID: t.ID, Note: t.Note, Purging: t.Purging, InPlace: t.InPlace, Used: t.Used, Outcome: t.outcome, Error: text(t.err)}
		if t.outcome == outcomeRestored {
			d.Block = block(*t.Note)
		}
		out = append(out, d)
	}
	return out
}

// writeTrash tells of entries, a line each, and of what was done to them.
func writeTrash(w io.Writer, r result) error {
	var b strings.Builder
	entries := r.trash
	for _, t := range entries {
		verb := t.outcome
		if t.err != nil {
			verb = "failed"
		}
		if verb != "" {
			verb += ": "
		}
		b.WriteString(render.Escape(verb+trashLine(t)) + "\n")
		if t.err != nil {
			fmt.Fprintf(&b, "  %s\n", render.Escape(t.err.Error()))
		}
		if t.outcome == outcomeRestored {
			fmt.Fprintf(&b, restoredText, render.Escape(t.Note.Path), block(*t.Note))
		}
	}
	switch {
	case len(entries) > 0 || r.failure != nil:
	case r.command == "trash list":
		b.WriteString("The trash is empty.\n")
	case r.command == "trash purge":
		b.WriteString("Nothing to delete.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const restoredText = `It is back at %s. Nobody has access to it before this block is applied; it has to take
the place of the one with state: absent, or the next apply retires the directory again.
Look at it before: it is from the note, which clients of the volume may reach.

%s`

// trashLine is id, path, when, by whom and size.
func trashLine(t trashEntry) string {
	line := t.target.String() + " " + t.ID
	if t.Note == nil {
		line += "  (no note that can be read)"
	} else {
		line += fmt.Sprintf("  %s, removed %s by %s", t.Note.Path, t.Note.When.UTC().Format(time.RFC3339), t.Note.By)
	}
	if t.Purging {
		line += ", in part deleted already: a purge was broken off"
	}
	if t.InPlace {
		line += ", in its place: a restore or a removal was broken off, and another one ends it"
	}
	if t.Used != nil {
		line += ", " + state.AboutBytes(*t.Used)
	}
	return line
}
