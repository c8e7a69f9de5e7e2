package state

import "errors"

// Why a host that is another machine was not reached, for errors.Is. What is none of
// them is that no command is run there.
var (
	// ErrConnection: there is no connection to it, or there is none any more.
	ErrConnection = errors.New("there is no connection to the host")

	// ErrHostKey: it doesn't prove that it is the one that is meant.
	ErrHostKey = errors.New("the host's key is not accepted")

	// ErrLogin: it lets nobody in with what there is to log in.
	ErrLogin = errors.New("the login failed")

	// ErrSudo: sudo is missing there, or refuses.
	ErrSudo = errors.New("sudo doesn't run the command")

	// ErrNotContacted stands beside one of these: what is wrong is on this side, and
	// the host was not even asked.
	ErrNotContacted = errors.New("the host was not asked")
)

// Arrival is how far a host was reached that is another machine.
type Arrival struct {
	ConnectErr error  // nobody is logged in there
	RunErr     error  // nothing is run there; nil where that was not tried
	User       string // by whom it is run
	Root       bool   // that is root
}

// Open reports whether what a run needs can be asked there.
func (a Arrival) Open() bool { return a.ConnectErr == nil && a.RunErr == nil && a.Root }
