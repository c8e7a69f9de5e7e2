package statefile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// ParseWay is Parse for whoever only wants to know how volumes are reached: that there
// are no volumes in the files is then no mistake.
func (t Texts) ParseWay() (state.Way, error) {
	s := &set{partial: true}
	for _, problem := range t.unread {
		s.problems.add(problem)
	}
	want := s.decode(t.files)
	if err := s.problems.err(); err != nil {
		return state.Way{}, err
	}
	return want.Way(), nil
}

// FormatWay gives the lines of a state file that say how volumes are reached; none for
// what holds where they are left out.
func FormatWay(w state.Way) string {
	var b strings.Builder
	line := func(key, value string, said bool) {
		if said {
			fmt.Fprintf(&b, "  %s: %s\n", key, value)
		}
	}
	s := w.SSH
	line("private_key", scalar(s.PrivateKey), s.PrivateKey != "")
	line("private_key_passphrase_file", scalar(s.PassphraseFile), s.PassphraseFile != "")
	line("password_file", scalar(s.PasswordFile), s.PasswordFile != "")
	line("known_hosts", scalar(s.KnownHosts), s.KnownHosts != "")
	line("host_key_fingerprint", scalar(s.HostKeyFingerprint), s.HostKeyFingerprint != "")
	line("port", strconv.Itoa(s.Port), s.Port != 0)
	line("connect_timeout", strconv.Itoa(s.ConnectTimeout), s.ConnectTimeout != 0)
	line("become", strconv.FormatBool(s.Become), s.Become)
	out := b.String()
	if out != "" {
		out = "ssh:\n" + out
	}
	if base := w.MountPointBase; base != "" && base != DefaultMountPointBase {
		out += "mount_point_base: " + scalar(base) + "\n"
	}
	return out
}

// bare is text that YAML takes as it stands.
var bare = regexp.MustCompile(`^(/|~/|SHA256:)[A-Za-z0-9._/+@-]*$`)

// scalar is a text as YAML has it. There is nothing in it that can't be printed, so
// that Go quotes it as YAML does.
func scalar(text string) string {
	if bare.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}
