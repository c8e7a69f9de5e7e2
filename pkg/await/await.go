// Package await waits for what may never come back, such as a call into a file system
// whose server hangs, for no longer than a context lasts.
package await

import "context"

// For runs f and returns what it returns, or why ctx ended if that comes first. Then f
// is left behind, and late gets what it brings should it come back after all.
func For[T any](ctx context.Context, f func() (T, error), late func(T, error)) (v T, left bool, err error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, false, r.err
	case <-ctx.Done():
	}
	go func() {
		r := <-done
		late(r.value, r.err)
	}()
	return v, true, context.Cause(ctx)
}
