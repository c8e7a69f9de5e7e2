package faults

import (
	"context"
	"time"

	"glusterd-shares/pkg/gluster"
)

// fault is one way in which a step can break.
type fault struct {
	name string

	// gluster is what becomes of a gluster process, tree of an operation on
	// directories; nil where the fault is none of those.
	gluster func(command) (gluster.Answer, error)
	tree    func(operation) error

	lasting bool // the same kind of step breaks from then on
	unclear bool // nobody can tell from it whether it was done
	done    bool // it was done, whatever was said
	restart bool // glusterd is started again by a person, and nothing else is done
	foreign bool // somebody has changed options, and by that who is admitted
	harmful bool // somebody put something in a directory's place, and takes it away again
}

// command is a gluster process in which something goes wrong.
type command struct {
	m     *machine
	ctx   context.Context
	step  step
	do    func() (gluster.Answer, error)
	stdin string
}

// operation is an operation on directories in which something goes wrong.
type operation struct {
	m      *machine
	volume string
	step   step
	do     func() error
}

// silence waits until nobody waits for the answer any more.
func (c command) silence() (gluster.Answer, error) {
	<-c.ctx.Done()
	return gluster.Answer{Code: -1}, context.Cause(c.ctx)
}

// forever is longer than anybody waits for an operation on directories.
const forever = time.Hour

// faultsOf are those that a step can have.
func faultsOf(s step) []fault {
	switch {
	case s.isGluster() && s.writes:
		return append(writeFaults(s), deaths(s)...)
	case s.isGluster():
		return readFaults(s)
	case s.kind == "lock":
		return lockFaults()
	case s.writes:
		return changeFaults(s)
	}
	return lookFaults(s)
}

func (s step) isGluster() bool { return s.path == "" }
