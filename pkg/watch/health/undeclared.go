package health

import (
	"slices"

	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
)

// Export is something that clients can mount and that no share declares.
type Export struct {
	Path   string
	Near   []string // the shares that lie in it, or that it lies in: whoever may mount it may use them, or part of them
	Broken string   // why the server can't read it; empty where it can
	Clients
}

// Undeclared are the exports of the volume that no share declares after the look; what
// opens the volume whole is one of them. seen is false where the look could not tell.
func Undeclared(r watch.Result) (exports []Export, seen bool) {
	if r.Plan == nil || r.Plan.Unplanned {
		return nil, false
	}
	exports, whole := exportsOf(r)
	if whole != nil {
		exports = append(exports, Export{Path: "/ (the whole volume)", Near: []string{"each of them"}, Clients: *whole})
	}
	return exports, true
}

// exportsOf are the exports of the volume that no share declares after the look, and
// who may mount it whole; nil where it can't be.
func exportsOf(r watch.Result) (undeclared []Export, whole *Clients) {
	for _, e := range status.Exported(r.Volume, r.Served) {
		clients := clientsOf(e.Clients)
		switch {
		case !e.Whole:
			undeclared = append(undeclared, Export{Path: e.Path, Near: e.Near, Broken: e.Broken, Clients: clients})
		case !clients.Nobody():
			whole = &clients
		}
	}
	return undeclared, whole
}

// exportsSeenBefore are exports that could not be looked at now.
func exportsSeenBefore(exports []Export) []Export {
	out := slices.Clone(exports)
	for i := range out {
		out[i].Clients = out[i].seenBefore()
	}
	return out
}
