package remote

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// What an *Error may be, for errors.Is.
var (
	// ErrUnreachable: there is no connection to the host, which may pass: it is
	// down, it refuses, it doesn't answer.
	ErrUnreachable = fmt.Errorf("the host can't be reached: %w", state.ErrConnection)

	// ErrHostKey: the host doesn't prove that it is the one that is meant.
	ErrHostKey = state.ErrHostKey

	// ErrAuth: the host lets nobody in with what there is to log in.
	ErrAuth = state.ErrLogin

	// ErrLost: the connection went away.
	ErrLost = errors.New("the connection is lost")

	// ErrRefused: the host runs no such command: no session, no POSIX shell, no
	// such program, no sudo without a password.
	ErrRefused = errors.New("the host doesn't run the command")

	// ErrSudo is the ErrRefused of sudo, or that there is none.
	ErrSudo = fmt.Errorf("%w: %w", ErrRefused, state.ErrSudo)
)

// Error is what kept a command from being run or answered. Texts of the other
// side are quoted in it.
type Error struct {
	Host string // as user@host, with the port where it is not 22
	Kind error  // one of the above
	Text string // what is wrong
	Mend string // what to do; may be empty
	Err  error  // why; may be nil
	Ran  bool   // the command may have been run
	Here bool   // it is this side that is wrong: the host was not contacted
	Gone bool   // the connection went, and the answer with it
}

// Error gives the host, what is wrong, and what to do where that is known.
func (e *Error) Error() string {
	s := "ssh " + e.Host + ": " + e.Text
	if e.Err != nil {
		s += ": " + strings.TrimPrefix(e.Err.Error(), "ssh: ")
	}
	if e.Mend != "" {
		s += "; " + e.Mend
	}
	return s
}

// Unwrap gives what errors.Is may find in the error: gluster.ErrNotRun is among it
// where the command was not run, for certain, and gluster.ErrConnectionLost and
// state.ErrConnection where its answer went with the connection.
func (e *Error) Unwrap() []error {
	all := []error{e.Kind}
	if !e.Ran {
		all = append(all, gluster.ErrNotRun)
	}
	if e.Here {
		all = append(all, state.ErrNotContacted)
	}
	if e.Gone {
		all = append(all, gluster.ErrConnectionLost, state.ErrConnection)
	}
	if e.Err != nil {
		all = append(all, e.Err)
	}
	return all
}

// Advice implements state.Advisor.
func (e *Error) Advice() string { return e.Mend }

// maxSaid is how much is shown of what the other side says, in bytes.
const maxSaid = 300

// said is text of the other side, fit for a terminal and a log.
func said(text string) string {
	text = strings.TrimSpace(text)
	if len(text) <= maxSaid {
		return fmt.Sprintf("%q", text)
	}
	cut := text[:maxSaid]
	for !utf8.ValidString(cut) && len(cut) > maxSaid-utf8.UTFMax {
		cut = cut[:len(cut)-1]
	}
	return fmt.Sprintf("%q...", cut)
}
