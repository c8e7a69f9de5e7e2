package gluster

import (
	"context"
	"io"
)

// Shell runs programs on another machine. Its errors say which one it is.
type Shell interface {
	// Connect makes sure that there is a connection to the machine.
	Connect(ctx context.Context) error

	// Run runs a program with exactly these arguments, of which no shell on
	// the way sees more than that, and waits for its end. An answer with a
	// non-zero code is no error here: err tells that the answer is not whole.
	// It wraps ErrNotRun where the program was certainly never started.
	Run(ctx context.Context, stdin string, argv ...string) (Answer, error)

	// Hold starts a program that lasts until the session is closed or the
	// connection goes. The context bounds the start alone.
	Hold(ctx context.Context, argv ...string) (Session, error)
}

// Session is a program that runs on the other machine.
type Session interface {
	io.Reader // what it prints; io.EOF where it has ended, or the connection has
	io.Writer // what it is told

	// Close ends what the program reads and what it is read of, and comes back
	// when it has ended, or when it is left behind. It may be called beside
	// Read, and twice.
	Close() error
}
