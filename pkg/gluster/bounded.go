package gluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"glusterd-shares/pkg/await"
)

// stepTimeout bounds one step on a volume's directories should the context last
// longer. A client waits for 42 s until it gives up a brick that is gone
// (network.ping-timeout).
const stepTimeout = commandTimeout

// morePerPath is how much longer a look at many paths may take for each more.
const morePerPath = 100 * time.Millisecond

// look does a step on a volume's directories that changes nothing.
func look[T any](ctx context.Context, step func() (T, error)) (T, error) {
	return lookAtMany(ctx, 1, step)
}

// lookAtMany is look for a step that goes to so many paths.
func lookAtMany[T any](ctx context.Context, paths int, step func() (T, error)) (T, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, stepTimeout+time.Duration(paths-1)*morePerPath)
	defer cancel()
	v, err := bounded(ctx, step, func(T) {})
	if isUnfinished(err) {
		err = fmt.Errorf("no answer of the volume's mount in %v: %w; see whether it hangs", time.Since(start).Round(time.Millisecond), err)
	}
	return v, err
}

// change does a step on a volume's directories that changes something. The
// error wraps ErrUnknownOutcome where the step was left behind unfinished.
func change(ctx context.Context, step func() error) error {
	_, err := look(ctx, func() (struct{}, error) { return struct{}{}, step() })
	if isUnfinished(err) {
		err = fmt.Errorf("%w; %w", err, ErrUnknownOutcome)
	}
	return err
}

// bounded runs f and returns what it returns, or why the context ended if that
// comes first: a call into a file system whose server hangs may never come
// back. It then leaves f behind, with an *unfinished error, and should f come
// back after all without an error, late gets what it brings. Where the context
// has ended already f is not begun.
func bounded[T any](ctx context.Context, f func() (T, error), late func(T)) (T, error) {
	if ctx.Err() != nil {
		var zero T
		return zero, context.Cause(ctx)
	}
	v, left, err := await.For(ctx, f, func(v T, err error) {
		if err == nil {
			late(v)
		}
	})
	if left {
		err = &unfinished{err}
	}
	return v, err
}

// unfinished is why something was left behind that may still be at work.
type unfinished struct{ cause error }

func (u *unfinished) Error() string { return u.cause.Error() }
func (u *unfinished) Unwrap() error { return u.cause }

func isUnfinished(err error) bool {
	_, is := errors.AsType[*unfinished](err)
	return is
}
