package gluster

import (
	"context"
	"errors"
	"maps"

	"glusterd-shares/pkg/state"
)

// errMoved: somebody else is at work on the volume.
var errMoved = errors.New("the volume's options changed while they were read: run it again")

// Inventory reads what exists on a volume of which nothing is declared: first
// everything that Survey finds, and then, as Observe does, the shares that
// candidates makes of that. What is returned is the second look, with the strays
// of the first. The endpoint is that of a volume without shares, and has the
// candidates afterwards.
func (e *Endpoint) Inventory(ctx context.Context, candidates func(state.Actual) []state.Share) (state.Actual, error) {
	seen, err := e.Survey(ctx, true)
	if err != nil || seen.Strays == nil {
		return seen, err
	}
	e.volume.Shares = candidates(seen)
	a, err := e.Observe(ctx)
	if err != nil {
		return a, err
	}
	if !maps.Equal(seen.Serving.Settings, a.Serving.Settings) {
		return a, errMoved
	}
	a.Strays = seen.Strays
	return a, nil
}
