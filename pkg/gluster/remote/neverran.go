package remote

import (
	"fmt"
	"strings"
)

// neverRan says why the host has ended what would have been the command. Both
// streams have been read to their end.
func (r *running) neverRan() *Error {
	e := &Error{Host: r.host.shown, Kind: ErrRefused}
	switch {
	case r.out.found == missing && r.sudo:
		e.Kind, e.Text, e.Mend = ErrSudo, "it has no sudo", "install it there, or take ssh.become away and log in as root"
	case r.out.found == missing:
		e.Text, e.Mend = "it has no program "+said(r.Args[0]), "install it there, or see the PATH of that user"
	default:
		text := r.out.noise.String() + r.errOut.noise.String()
		ended := fmt.Sprintf("its exit status is %d", r.code)
		if r.code < 0 {
			ended = "it was killed"
		}
		e.Text = fmt.Sprintf("something else ran in place of the command: %s, and it said %s", ended, said(text))
		e.Mend = mendAccount(r.host.user, text)
		// A profile could have sent the streams elsewhere.
		e.Ran = r.code == 0 || r.errOut.found != ""
	}
	return e
}

// accountSays are the words of what runs in place of a command, with what to do
// about it.
var accountSays = []struct{ words, mend string }{
	{"This account is currently not available", "the login shell of USER is nologin; on the host: chsh -s /bin/sh USER, or log in as another user"},
	{"allows sftp connections only", "take USER out of the ForceCommand internal-sftp in sshd_config, and command= away in its authorized_keys, or log in as another user"},
	{": restricted", "the login shell of USER is a restricted one; on the host: chsh -s /bin/sh USER, or log in as another user"},
	{"Password change required", "the password of USER has expired, which keeps keys out as well; on the host: passwd USER, and chage -l USER"},
}

// mendAccount is what to do for a user in whose name something else is run, by what
// that said.
func mendAccount(user, text string) string {
	mend := "USER needs a login shell that runs: exec /bin/sh -c '...' (getent passwd USER), and no command= in its authorized_keys and no ForceCommand in sshd_config that runs anything else"
	for _, a := range accountSays {
		if strings.Contains(text, a.words) {
			mend = a.mend
			break
		}
	}
	return strings.ReplaceAll(mend, "USER", user)
}
