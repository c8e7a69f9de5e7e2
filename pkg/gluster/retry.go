package gluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	firstWait = 200 * time.Millisecond
	maxWait   = 8 * time.Second

	// retryFor bounds all tries of a command together: none begins later.
	retryFor = 2 * time.Minute

	// lostTries is how often is asked what changes nothing, where the connection
	// goes away before the answer comes.
	lostTries = 3
)

// retry runs a command until it is done, or fails for a reason that stays, or
// has been tried often enough.
func (c *Client) retry(ctx context.Context, write bool, args []string) (reply, error) {
	start := time.Now()
	for n := 1; ; n++ {
		r, err := c.once(ctx, write, args)
		c.ran(args, n, err)
		if err == nil || n >= tries(err) {
			return r, err
		}
		d := c.backoff(n)
		if time.Since(start)+d > retryFor {
			return r, fmt.Errorf("%w; tried %d times", err, n)
		}
		if cause := wait(ctx, d); cause != nil {
			return r, fmt.Errorf("%w; tried %d times: %w", err, n, cause)
		}
	}
}

// tries says how often a command may be run that failed in this way. A write
// that glusterd refused because it was busy has done nothing. One that glusterd
// left unanswered may be done: the CLI says "Connection failed" also when
// glusterd dies in the middle of a command (10.3, cli.c cli_rpc_notify).
func tries(err error) int {
	if e, is := errors.AsType[*Error](err); is && e.notRoot() {
		return 1
	}
	switch {
	case errors.Is(err, ErrUnknownOutcome), errors.Is(err, ErrNoGluster):
		return 1
	case errors.Is(err, ErrConnectionLost):
		return lostTries
	case errors.Is(err, ErrBusy):
		return 10
	case errors.Is(err, ErrDaemonDown):
		return 5
	}
	return 1
}

// asked runs f, which changes nothing, until its answer is not lost with the
// connection, or has been lost often enough. f is told which try it is, from 1.
func asked[T any](ctx context.Context, f func(n int) (T, error)) (T, error) {
	for n := 1; ; n++ {
		v, err := f(n)
		if n == lostTries || !errors.Is(err, ErrConnectionLost) || wait(ctx, backoff(n, rand.Float64())) != nil {
			return v, err
		}
	}
}

// backoff is the time to wait after the n-th try.
func (c *Client) backoff(n int) time.Duration {
	if c.Jitter == nil {
		return backoff(n, rand.Float64())
	}
	return backoff(n, c.Jitter())
}

// backoff is the time to wait after the n-th try: doubling, capped, and from
// half of that to all of it by chance.
func backoff(n int, chance float64) time.Duration {
	d := min(firstWait<<(n-1), maxWait)
	return d/2 + time.Duration(chance*float64(d/2))
}

// wait sleeps. It returns why the context ended where that came first.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
