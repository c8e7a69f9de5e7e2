package watch

import (
	"context"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Cluster is where the volumes are. It and its volumes are used by one goroutine
// at a time.
type Cluster interface {
	// Take takes new content as what is desired, and returns the part of it that
	// is to be looked after. With an error, which may hold several, the content
	// is as bad as one that can't be read, and the one before it stays.
	Take(d state.Desired) (state.Desired, error)

	// Open prepares the access to a volume of what was taken last.
	Open(v state.Volume) (Volume, error)
}

// Volume is one volume of a cluster.
type Volume interface {
	// Observe reads afresh what the volume is like, as far as a plan needs to
	// know that makes it what v says. v may have other shares each time.
	Observe(ctx context.Context, v state.Volume) (state.Actual, error)

	// Apply carries out a plan for what was observed last. When ctx ends, the
	// step in hand is finished, and nothing else is started. guard and ended are
	// called as those of apply.Options.
	Apply(ctx context.Context, p diff.Plan, guard func(diff.Plan) error, ended func(s apply.Step, was apply.Outcome)) apply.Report

	// Close lets go of the volume.
	Close() error
}
