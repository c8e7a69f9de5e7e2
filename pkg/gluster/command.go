package gluster

import (
	"errors"
	"slices"
	"strings"
)

// Command is one command that Gluster was asked, as it is counted. What it names,
// such as volumes and directories, is not in it.
type Command struct {
	Verb   string // volume set
	Result Result
	Again  bool // it was tried before
}

// Result is what a command came to.
type Result string

// The results of a command. Where several fit, the first of them counts.
const (
	OK             Result = "ok"
	UnknownOutcome Result = "unknown-outcome" // it may have taken effect
	Busy           Result = "busy"            // another transaction was in progress
	DaemonDown     Result = "daemon-down"     // glusterd doesn't answer
	NotRun         Result = "not-run"         // the program never ran
	Lost           Result = "connection-lost" // the answer went with the connection to the host
	No             Result = "no"              // it was refused, which may be an answer: "NFS server is disabled"
	NotUnderstood  Result = "not-understood"  // every other failure
)

// Results are all results.
var Results = []Result{OK, UnknownOutcome, Busy, DaemonDown, NotRun, Lost, No, NotUnderstood}

// ran tells who counts that a command ended, at its n-th try.
func (c *Client) ran(args []string, n int, err error) {
	if c.Ran != nil {
		c.Ran(Command{Verb: verb(args), Result: resultOf(err), Again: n > 1})
	}
}

// verb is a command without the names in it. Only words of the program itself are
// left: there is no end of names.
func verb(args []string) string {
	words := slices.Clone(args[:min(2, len(args))])
	if len(args) > 3 && args[1] == "quota" {
		words = append(words, args[3])
	}
	return strings.TrimPrefix(strings.Join(words, " "), "--")
}

func resultOf(err error) Result {
	switch {
	case err == nil:
		return OK
	case errors.Is(err, ErrUnknownOutcome):
		return UnknownOutcome
	case errors.Is(err, ErrBusy):
		return Busy
	case errors.Is(err, ErrDaemonDown):
		return DaemonDown
	case errors.Is(err, ErrNoGluster):
		return NotRun
	case errors.Is(err, ErrConnectionLost):
		return Lost
	}
	if e, is := errors.AsType[*Error](err); is && e.OpRet != 0 {
		return No
	}
	return NotUnderstood
}
