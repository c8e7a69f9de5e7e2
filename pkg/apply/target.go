package apply

import (
	"context"
	"io"

	"glusterd-shares/pkg/state"
)

// Target is one volume, as far as carrying out a plan needs it.
type Target interface {
	// Observe reads what the volume and its cluster are like, afresh.
	Observe(ctx context.Context) (state.Actual, error)

	// Lock takes the volume's lock, which excludes every other run on any
	// machine until it is closed. It waits as long as ctx lasts, and calls
	// waiting with whoever holds it, as far as known. Where nobody
	// can lock the volume, because it is full or something stands in the
	// lock's place, the error wraps state.ErrNoLock.
	Lock(ctx context.Context, waiting func(holder string)) (Lock, error)

	// MakeDir makes a directory. One that is there already is not an error:
	// it is given the permissions.
	MakeDir(ctx context.Context, path string, perm state.Perm) error

	// SetPerm changes what perm manages of the one directory.
	SetPerm(ctx context.Context, path string, perm state.Perm) error

	// EnableQuota switches the volume's quota on. That it is on already is
	// not an error.
	EnableQuota(ctx context.Context) error

	// SetLimits gives directories their limits, all in one go, and returns an
	// error, or nil, for each.
	SetLimits(ctx context.Context, limits []state.Limit) []error

	// Serve writes the settings of the change, all of them in one write. The
	// error wraps state.ErrUnknownOutcome where it may have been made.
	Serve(ctx context.Context, c state.ServingChange) error

	// Announce writes down what a directory is, before its clients or its limit are
	// taken away so that it can go: the next run then knows them, should this one die.
	// That the directory is not there, and so has no identity, is an error.
	Announce(ctx context.Context, r state.Retirement) error

	// Retire moves a directory to the trash, and deletes it from there where
	// that is asked for. A directory that is not the one with this identity is
	// not touched. ctx may break off the deletion, which a later one goes on with.
	Retire(ctx context.Context, r state.Retirement) error

	// Forget clears away what was written down of directories that stay after all, and
	// returns the limits that this told of.
	Forget(ctx context.Context) ([]state.Limit, error)

	// Revive starts the volume's NFS server where it died.
	Revive(ctx context.Context) error
}

// Lock is the volume's lock in this run's hands.
type Lock = interface {
	// Held makes sure that the lock is still had: it can be lost without a
	// word. Where something else stands in its place now, which excludes
	// nobody, the error wraps state.ErrNoLock.
	Held(ctx context.Context) error

	io.Closer
}
