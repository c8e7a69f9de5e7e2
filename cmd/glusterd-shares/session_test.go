package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

// endless is an input that is interrupted as soon as somebody waits for it.
type endless struct {
	interrupt func()
	end       <-chan struct{}
}

func (e endless) Read([]byte) (int, error) {
	e.interrupt()
	<-e.end
	return 0, io.EOF
}

// A state file that doesn't come to its end, or takes minutes to understand, can
// be interrupted.
func TestLoadIsInterrupted(t *testing.T) {
	for _, command := range []string{"validate", "plan", "apply"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		in := endless{func() { cancel(errors.New("interrupt signal received")) }, t.Context().Done()}
		var out, errs bytes.Buffer
		code := run(ctx, []string{command, "-f", "-"}, stdio{in, &out, &errs})
		if want := "glusterd-shares: reading the state files: interrupt signal received\n"; code != exitFailed || errs.String() != want {
			t.Errorf("%s: exit %d, %q, want %q", command, code, &errs, want)
		}
	}
}
