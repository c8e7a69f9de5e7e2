package render

import (
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// limitChange says how a limit changes, and what the directory holds where that
// is counted and anything. A new directory has none before.
func limitChange(l diff.SetLimit, made bool) string {
	text := size(l.New)
	if !made {
		text = size(l.Old) + " -> " + text
	}
	if l.Counted && l.Used > 0 {
		text += ", used " + state.AboutBytes(l.Used)
	}
	return text
}

func size(n uint64) string {
	text := state.Size{Bytes: n}.String()
	if strings.Trim(text, "0123456789") == "" {
		text += " bytes"
	}
	return text
}

// Limit is how much a directory may hold, before and after, in bytes; 0: there is
// no limit.
type Limit struct {
	Old  uint64  `json:"old"`
	New  uint64  `json:"new"`
	Used *uint64 `json:"used,omitempty"` // left out: not counted, since quota was off
}

func limit(l diff.SetLimit) *Limit {
	out := &Limit{Old: l.Old, New: l.New}
	if l.Counted {
		out.Used = &l.Used
	}
	return out
}
