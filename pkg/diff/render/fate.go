package render

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// fate says what becomes of the data of an absent share.
func (t *text) fate(i diff.Item) {
	if !i.Absent || i.Held != "" {
		return
	}
	for _, a := range i.Actions {
		if r, goes := a.(diff.Retire); goes {
			verb, what := fateOf(r)
			t.field("data", verb+": "+what)
			return
		}
	}
	t.field("data", dataStays)
}

const dataStays = "stays as it is: only the export goes"

// fateOf says what becomes of a directory that goes, and of what that is said.
func fateOf(r diff.Retire) (verb, what string) {
	what = r.Path
	if r.Counted {
		what += ", used " + state.AboutBytes(r.Used)
	}
	if r.How != state.Purge {
		return "moves to the trash of the volume", what
	}
	var out []string
	if r.ID != (state.FileID{}) {
		out = append(out, what+", with all that is in it")
	}
	if len(r.Left) > 0 {
		out = append(out, fmt.Sprintf("what an earlier run has moved to the trash of %s (%s)", r.Path, strings.Join(r.Left, ", ")))
	}
	return "IS DELETED FOR GOOD", strings.Join(out, "; and ")
}

// Retirement is what becomes of a directory that goes.
type Retirement struct {
	How  state.OnDelete `json:"how"`            // trash or purge
	Gone bool           `json:"gone"`           // the directory is not there any more: only Left is to be deleted
	Left []string       `json:"left"`           // what earlier runs have moved to the trash, and that is to be deleted
	Used *uint64        `json:"used,omitempty"` // bytes; left out: not counted
}

func retirement(r diff.Retire) *Retirement {
	out := &Retirement{How: r.How, Gone: r.ID == state.FileID{}, Left: list(r.Left)}
	if r.Counted {
		out.Used = &r.Used
	}
	return out
}
