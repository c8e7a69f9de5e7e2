package doctor

import (
	"errors"
	"fmt"

	"glusterd-shares/pkg/state"
)

// arrival are the checks of a host that is another machine, each a step on the way
// to it; none where it is this one. Behind the step that is bad nothing is asked.
func (e examined) arrival() []Check {
	if e.Arrival == nil {
		return nil
	}
	out := []Check{
		ok(Connection, "answers by SSH"),
		ok(HostKey, "is the one that it should have"),
		ok(Login, "lets in "+e.volume.Target.User),
		e.root(),
	}
	failed := e.arrivalError()
	if failed == nil {
		return out
	}
	last, otherwise := step(*e.Arrival), ""
	if errors.Is(e.Arrival.RunErr, state.ErrConnection) {
		otherwise = "see why in the log of its sshd: journalctl -u ssh (Debian) or sshd (Red Hat)"
	}
	for i, c := range out {
		switch {
		case i == last:
			out[i] = wrong(c.Name, failed, otherwise)
		case i > last, errors.Is(failed, state.ErrNotContacted):
			out[i] = unasked(c.Name)
		}
	}
	return out
}

func (e examined) arrivalError() error {
	if e.Arrival.ConnectErr != nil {
		return e.Arrival.ConnectErr
	}
	return e.Arrival.RunErr
}

// step is which of the checks is bad where something went wrong: what isn't known
// better is that of the connection, and behind that of the login.
func step(a state.Arrival) int {
	const connection, hostKey, login, sudo = 0, 1, 2, 3
	switch {
	case errors.Is(a.RunErr, state.ErrConnection):
		return connection
	case errors.Is(a.RunErr, state.ErrSudo):
		return sudo
	case a.RunErr != nil, errors.Is(a.ConnectErr, state.ErrLogin):
		return login
	case errors.Is(a.ConnectErr, state.ErrHostKey):
		return hostKey
	}
	return connection
}

// root is about who runs what is run there.
func (e examined) root() Check {
	user, login := e.Arrival.User, e.volume.Target.User
	switch {
	case !e.Arrival.Root:
		return bad(Sudo, fmt.Sprintf("what is run there is run by %s; only root can do the work", user),
			"name root in the target, or set ssh.become: true")
	case user == login:
		return ok(Sudo, "is not needed: "+user+" logs in")
	}
	return ok(Sudo, fmt.Sprintf("makes %s %s", login, user))
}
