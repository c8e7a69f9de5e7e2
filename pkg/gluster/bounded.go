package gluster

import "context"

// bounded runs f and returns what it returns, or why the context ended if that
// comes first: a call into a file system whose server hangs may never come
// back. It then leaves f behind, and should f come back after all without an
// error, late gets what it brings.
func bounded[T any](ctx context.Context, f func() (T, error), late func(T)) (T, error) {
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
		return r.value, r.err
	case <-ctx.Done():
	}
	go func() {
		if r := <-done; r.err == nil {
			late(r.value)
		}
	}()
	var zero T
	return zero, context.Cause(ctx)
}
