package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"glusterd-shares/pkg/gluster"
)

// maxOutput bounds what is kept of stdout, and of stderr, in bytes.
const maxOutput = 64 << 20

// Exec runs a command and waits for its end. As for gluster.Host, an exit status
// is no error. The error wraps gluster.ErrNotRun where the command certainly was not run;
// after every other error it may have been, or be at work still. The answer then
// holds what there was of it.
func (h *Host) Exec(ctx context.Context, c Command) (gluster.Answer, error) {
	r, err := h.start(ctx, c, false)
	if err != nil {
		return gluster.Answer{Code: -1}, err
	}
	return r.answer(ctx, maxOutput)
}

// answer sends the command and gathers what it prints.
func (r *running) answer(ctx context.Context, limit int) (gluster.Answer, error) {
	defer r.Close()
	stdout, stderr := newCapped(limit), newCapped(limit)
	go func() {
		// What can't be sent isn't wanted, or the connection is gone: the end of
		// the session tells.
		_ = r.send()
		_ = r.CloseWrite()
	}()
	read := make(chan error, 2)
	go func() { read <- stdout.fill(r.out) }()
	go func() { read <- stderr.fill(r.errOut) }()

	var failed error
	begun, late := r.out.begun, time.NewTimer(beginTimeout)
	defer late.Stop()
	for n := 0; n < 2 && failed == nil; {
		select {
		case err := <-read:
			n++
			failed = err
		case <-begun:
			begun = nil
			late.Stop()
		case <-late.C:
			failed = errNotBegun
		case <-ctx.Done():
			failed = context.Cause(ctx)
		}
	}
	ans := gluster.Answer{Stdout: stdout.String(), Stderr: stderr.String(), Code: -1}
	if failed != nil {
		return ans, r.lost(failed)
	}
	code, err := r.Wait(ctx)
	r.tellNoise()
	if err != nil {
		return ans, err
	}
	if r.out.found != ready {
		return ans, r.neverRan()
	}
	ans.Code = code
	return ans, r.refusedBySudo(ans.Stdout, ans.Stderr, code)
}

// capped keeps what is written to it, up to a limit.
type capped struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	limit int
}

func newCapped(limit int) *capped { return &capped{limit: limit} }

// fill reads to the end.
func (c *capped) fill(r io.Reader) error {
	_, err := io.Copy(c, r)
	return err
}

func (c *capped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.buf.Len()+len(p) > c.limit {
		return 0, fmt.Errorf("it printed more than %d bytes", c.limit)
	}
	return c.buf.Write(p)
}

func (c *capped) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}
