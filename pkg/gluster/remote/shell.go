package remote

import (
	"context"
	"fmt"
	"io"
	"time"

	"glusterd-shares/pkg/gluster"
)

var _ gluster.Shell = (*Host)(nil)

// Run implements gluster.Shell. The answer of an error holds what there was of it.
func (h *Host) Run(ctx context.Context, stdin string, argv ...string) (gluster.Answer, error) {
	return h.Exec(ctx, Command{Args: argv, Stdin: stdin})
}

// Hold implements gluster.Shell.
func (h *Host) Hold(ctx context.Context, argv ...string) (gluster.Session, error) {
	p, err := h.Start(ctx, Command{Args: argv})
	if err != nil {
		return nil, err
	}
	go func() { _, _ = io.Copy(io.Discard, p.Stderr) }() // nobody asks for it
	return held{p}, nil
}

// held is a program that lasts.
type held struct{ *Process }

// Read reads what the program prints.
func (h held) Read(b []byte) (int, error) {
	n, err := h.Stdout.Read(b)
	return n, h.goneWith(err)
}

// Write tells the program something.
func (h held) Write(b []byte) (int, error) {
	n, err := h.Process.Write(b)
	return n, h.goneWith(err)
}

// goneWith makes of the end of a stream what it means, where that is the end of the
// connection.
func (h held) goneWith(err error) error {
	if err == nil {
		return nil
	}
	if lost := h.lost(h.whyLost(err)); lost.Gone {
		return lost
	}
	return err
}

// endTimeout is how long a program may take to end that has nothing to read any
// more: it may have something to tidy up.
const endTimeout = 30 * time.Second

// Close lets the program come to its end by itself, and ends it where it doesn't.
func (h held) Close() error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), endTimeout, fmt.Errorf("it has not ended in %v", endTimeout))
	defer cancel()
	// How it ends says nothing here, nor that it ended before, with its connection.
	_ = h.CloseWrite()
	_, _ = h.Wait(ctx)
	h.Process.Close()
	return nil
}
