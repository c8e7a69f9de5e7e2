package gluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// What an *Error may be, for errors.Is. Several may fit one error.
var (
	// ErrBusy: another transaction holds the volume, or glusterd's own mount
	// of it is not there yet. Nothing was done.
	ErrBusy = errors.New("another transaction is in progress")

	// ErrDaemonDown: glusterd is not there, or went away in the middle.
	ErrDaemonDown = errors.New("glusterd does not answer")

	// ErrNoVolume: there is no volume of this name.
	ErrNoVolume = errors.New("there is no such volume")

	// ErrNotStarted: the volume is not started.
	ErrNotStarted = errors.New("the volume is not started")

	// ErrUnknownOutcome: a write may or may not have taken effect, in whole
	// or in part. Only reading tells.
	ErrUnknownOutcome = state.ErrUnknownOutcome

	// ErrNoGluster: the gluster program never ran. A Host wraps it.
	ErrNoGluster = errors.New("gluster was not run")
)

// Error is a gluster command that did not do what it should. Texts are as they
// came; the message escapes them.
type Error struct {
	Args     []string // of gluster, without --mode and --xml
	Code     int      // exit status; -1 where there was none
	OpRet    int      // 0 where Gluster gave no answer that can be read
	OpErrno  int
	OpErrstr string // what Gluster says is wrong
	Text     string // what was printed in place of an answer
	Err      error  // why there is no answer, or why it can't be read; may be nil
	Kinds    []error
}

// Error gives the command, what went wrong, and what to do where that is known.
func (e *Error) Error() string {
	s := "gluster " + showArgs(e.Args) + ": " + e.what()
	if slices.Contains(e.Kinds, ErrUnknownOutcome) {
		s += "; " + ErrUnknownOutcome.Error()
	}
	if m := e.Advice(); m != "" {
		s += "; " + m
	}
	return s
}

// Unwrap gives what errors.Is may find in the error.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return e.Kinds
	}
	return append(slices.Clip(e.Kinds), e.Err)
}

func (e *Error) what() string {
	if slices.Contains(e.Kinds, ErrDaemonDown) {
		return ErrDaemonDown.Error() // what was printed says no more
	}
	said := escape(e.OpErrstr, maxShownText)
	if said == "" {
		said = escape(e.Text, maxShownText)
	}
	switch {
	case e.Err != nil && said != "":
		return e.Err.Error() + ": " + said
	case e.Err != nil:
		return e.Err.Error()
	case said != "":
		return said
	}
	return fmt.Sprintf("no word of explanation (opRet %d, opErrno %d, exit status %d)", e.OpRet, e.OpErrno, e.Code)
}

// notRoot reports whether gluster could not even write its log: then it asks nobody.
func (e *Error) notRoot() bool {
	return slices.Contains(e.Kinds, ErrDaemonDown) && strings.Contains(e.Text, "Permission denied")
}

// Advice implements state.Advisor.
func (e *Error) Advice() string {
	switch {
	case e.notRoot():
		return "gluster runs for root alone: run this as root; over SSH, name root in the target or set ssh.become"
	case slices.Contains(e.Kinds, ErrDaemonDown):
		return "see whether glusterd runs there: systemctl status glusterd"
	case slices.Contains(e.Kinds, ErrNotStarted):
		return "start it with: gluster volume start VOLUME"
	}
	return ""
}

// Gluster's numbers for two refusals; all others carry 30800.
const (
	errnoBusy     = 30802
	errnoNoVolume = 30806
)

// halfway are the steps of a transaction in which something has been done
// already, as Gluster 10.3 names them when one fails on some node. After a
// failed commit memory and disk may differ.
var halfway = []string{
	"Commit failed", "commit failed", "Brick ops failed",
	"Post Validation failed", "Unlocking failed", "timed out",
}

// classify says what a refusal or a missing answer means.
func classify(e *Error, write bool) []error {
	said := e.OpErrstr + e.Text
	var kinds []error
	if write && outcomeUnknown(e, said) {
		kinds = append(kinds, ErrUnknownOutcome)
	} else if isBusy(e, said) {
		kinds = append(kinds, ErrBusy)
	}
	if strings.Contains(said, "Please check if gluster daemon is operational") {
		kinds = append(kinds, ErrDaemonDown)
	}
	if e.OpErrno == errnoNoVolume || strings.HasPrefix(said, "Volume ") && strings.HasSuffix(said, " does not exist") {
		kinds = append(kinds, ErrNoVolume)
	}
	if strings.HasSuffix(said, " is not started") {
		kinds = append(kinds, ErrNotStarted)
	}
	return kinds
}

func isBusy(e *Error, said string) bool {
	return e.OpErrno == errnoBusy || strings.Contains(said, "Another transaction is in progress") || mountNotUp(said)
}

// mountNotUp reports whether glusterd had no use of its own mount, by which it
// sets and lists limits. It makes one for each command and lets go of it after
// that; of many commands in a row some find it not connected, before they have
// done anything (10.3, glusterd-quota.c glusterd_set_quota_limit; seen with up to
// 9 of 100 limits), and of two lists at once one may find none.
func mountNotUp(said string) bool {
	return said == "Failed to start aux mount" || strings.HasPrefix(said, "Failed to find the directory ") && strings.HasSuffix(said, " Reason : Transport endpoint is not connected")
}

// outcomeUnknown reports whether a failed write may have taken effect all the
// same. Without an answer that can be read, or with a no that says nothing else,
// it may, unless the program never ran or took the command for wrong before it
// sent anything.
func outcomeUnknown(e *Error, said string) bool {
	if errors.Is(e.Err, ErrNoGluster) {
		return false
	}
	if e.OpRet != 0 && said == "" {
		return e.OpErrno != errnoBusy && e.OpErrno != errnoNoVolume
	}
	if e.OpRet != 0 {
		return slices.ContainsFunc(halfway, func(s string) bool { return strings.Contains(said, s) })
	}
	return !strings.Contains(said, "Usage:") && !strings.HasPrefix(said, "unrecognized ")
}
