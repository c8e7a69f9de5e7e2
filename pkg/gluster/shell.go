package gluster

import (
	"context"
	"errors"
	"io"
)

// Shell runs programs on another machine. Its errors say which one it is.
type Shell interface {
	// Connect makes sure that there is a connection to the machine.
	Connect(ctx context.Context) error

	// Run runs a program with exactly these arguments, of which no shell on
	// the way sees more than that, and waits for its end. An answer with a
	// non-zero code is no error here: err tells that the answer is not whole.
	// It wraps ErrNotRun where the program was certainly never started, and
	// ErrConnectionLost where the answer went with the connection. With a context of
	// Unbroken it makes no connection to run it.
	Run(ctx context.Context, stdin string, argv ...string) (Answer, error)

	// Hold starts a program that lasts until the session is closed or the
	// connection goes. The context bounds the start alone.
	Hold(ctx context.Context, argv ...string) (Session, error)
}

// ErrConnectionLost: the connection to the host went away, and with it the answer. What
// was run there may be done, in part, or be at work still.
var ErrConnectionLost = errors.New("the connection is lost")

// Unbroken is the context of what changes something. The lock that it is done under is
// held over a connection and goes with it, so it is not begun where there is none, but
// over a new one.
func Unbroken(ctx context.Context) context.Context { return context.WithValue(ctx, unbroken{}, true) }

// IsUnbroken reports whether the context is one of Unbroken.
func IsUnbroken(ctx context.Context) bool { return ctx.Value(unbroken{}) != nil }

type unbroken struct{}

// Session is a program that runs on the other machine.
type Session interface {
	io.Reader // what it prints; where the connection went the error wraps ErrConnectionLost
	io.Writer // what it is told

	// Close ends what the program reads and what it is read of, and comes back
	// when it has ended, or when it is left behind. It may be called beside
	// Read, and twice.
	Close() error
}
