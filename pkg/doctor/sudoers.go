package doctor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

const (
	sudoersHead = `# What glusterd-shares needs of sudo, since ssh.become is set, on:
#
%s#
# Put it on each of these hosts, as root there, and have it checked:
#
#   visudo -f /etc/sudoers.d/glusterd-shares
#   visudo -c
#
# This makes the user root. All that is run is a script that sh is given, and no rule
# that names more would hold anybody back: who runs gluster as root, and gives
# directories of its volumes away, is root there as it is. What can be held back is the
# key. In the user's ~/.ssh/authorized_keys, with the addresses that runs come from:
#
#   from="192.0.2.10",restrict ssh-ed25519 AAAA...
#
# Nothing that restrict takes away is needed: no terminal, and no forwarding.
`
	sudoersRule = `
Defaults:%[1]s !requiretty
%[1]s ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh
`
)

// Sudoers is a file for the sudoers of the targets' hosts: what those need of sudo who
// log in there. The error says why nothing is run by sudo.
func Sudoers(ssh state.SSH, targets []state.Target) (string, error) {
	var users, places []string
	reached := false
	for _, t := range targets {
		reached = reached || t.User != ""
		if t.User == "" || t.User == "root" {
			continue // sudo asks root for nothing
		}
		users = append(users, t.User)
		places = append(places, fmt.Sprintf("#   %s@%s\n", t.User, t.Host))
	}
	switch {
	case !reached:
		return "", errors.New("no target names a user: all is run on this machine, and nothing by sudo")
	case len(users) == 0:
		return "", errors.New("the targets name no other user than root, who needs no sudo")
	case !ssh.Become:
		return "", errors.New("ssh.become is not set, so nothing is run by sudo; write become: true into the state file's ssh")
	}
	var b strings.Builder
	fmt.Fprintf(&b, sudoersHead, strings.Join(distinct(places), ""))
	for _, u := range distinct(users) {
		fmt.Fprintf(&b, sudoersRule, sudoersName(u))
	}
	return b.String(), nil
}

// distinct sorts words and takes each once.
func distinct(words []string) []string { return slices.Compact(slices.Sorted(slices.Values(words))) }

// sudoersName is the name of a user as a sudoers file has it. ALL is everybody there,
// other words of capitals are aliases, and Defaults begins a setting: not behind a
// backslash.
func sudoersName(user string) string {
	var b strings.Builder
	for i, r := range user {
		if plain := r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("_.-$", r) || i > 0 && r >= 'A' && r <= 'Z'; !plain {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
