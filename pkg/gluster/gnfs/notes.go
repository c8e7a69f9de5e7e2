package gnfs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// notes are what a reader should know of the settings that are wanted.
func (w *wish) notes() []string {
	out := append(w.untoldNotes(), w.misspeltNotes()...)
	if w.gateHeldOpen() {
		for _, e := range w.keptByName() {
			out = append(out, fmt.Sprintf("%s stays open to everybody, because the kept entry %s names hosts (%s), which no gate of addresses could admit",
				optAllow, e.dir(), strings.Join(e.clients.names, ", ")))
		}
	}
	if others := w.othersServed(); !w.mine().on && len(others) > 0 {
		out = append(out, w.restartNote(others))
	}
	return out
}

// untoldNotes tell what the server goes by in place of what is set.
func (w *wish) untoldNotes() []string {
	var out []string
	for _, option := range slices.Sorted(maps.Keys(w.actual.Serving.Untold)) {
		out = append(out, untoldText(w.actual.Serving, option))
	}
	return out
}

// misspeltNotes tell of entries of shares that are replaced although they admit
// whom they should: not by the share's own name.
func (w *wish) misspeltNotes() []string {
	var out []string
	for _, e := range w.mine().entries {
		if w.declares(e.dir()) && !e.plain() && e.broken == nil {
			out = append(out, fmt.Sprintf("clients can mount %s as %s only, not as /%s%s: it goes", e.text, e.mountPath(w.name), w.name, e.dir()))
		}
	}
	return out
}

// restartNote tells what a volume more does to the clients of the others:
// glusterd kills the NFS server and starts it anew (10.3,
// glusterd-nfs-svc.c:76).
func (w *wish) restartNote(others []string) string {
	return fmt.Sprintf("the NFS server restarts to serve %s as well: all its clients, also those of %s, are cut off for about 0.2 s",
		w.name, strings.Join(others, ", "))
}

// othersServed are the other volumes that the server serves.
func (w *wish) othersServed() []string {
	return slices.DeleteFunc(w.cluster.names(), func(n string) bool { return n == w.name || !w.cluster[n].on })
}

// dormant tells of a volume that is not served, and that nobody is to have
// access to, what would be exported in spite of that if it were: nothing is
// written there.
func (w *wish) dormant() []string {
	revoked := w.volume.Undeclared == state.Revoke
	var items []string
	if revoked && w.cluster.whole() {
		items = append(items, "the whole volume")
	}
	for _, e := range w.mine().entries {
		if !e.own() && (revoked || w.declares(e.dir())) {
			items = append(items, e.text)
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the exports stay as they are, because the volume is not served: should somebody turn %s off, these come alive: %s",
		optDisable, strings.Join(items, ", "))}
}
