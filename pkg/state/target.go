package state

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// Target names a volume and the host where gluster is run for it.
type Target struct {
	User   string // empty: gluster runs on this machine
	Host   string // a name or an address, IPv6 without its brackets
	Volume string
}

// String gives the target as a state file writes it.
func (t Target) String() string {
	host := t.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if t.User != "" {
		host = t.User + "@" + host
	}
	return host + ":/" + t.Volume
}

// ParseTarget reads [user@]host:/volume. A host that is an IPv6 address stands
// in brackets. The error says what is wrong with which part, and where it
// can how to mend it; it names no position.
func ParseTarget(s string) (Target, error) {
	var t Target
	rest := s
	if strings.Contains(s, "://") {
		return t, Advised(errors.New("a target is no URL"), "write [user@]host:/volume, such as root@gluster1.example.com:/gv0")
	}
	if user, after, ok := strings.Cut(rest, "@"); ok {
		if strings.Contains(user, ":") { // what follows it is not shown
			return t, Advised(errors.New("the user has a colon: no password stands in a target"),
				"write user@host:/volume, and name the file that holds the password in ssh.password_file")
		}
		if !isWord(user, "._-$") {
			return t, fmt.Errorf("%q is not the name of a user", user)
		}
		t.User, rest = user, after
	}
	if m := withPort.FindStringSubmatch(rest); m != nil {
		return t, strayPort(t.User, m[1], m[2], m[3])
	}
	host, volume, ok := strings.Cut(rest, ":/")
	if strings.HasPrefix(rest, "[") {
		host, volume, ok = strings.Cut(rest[1:], "]:/")
		if !ok {
			host = strings.TrimSuffix(host, "]")
		}
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() || a.Zone() != "" {
			return t, fmt.Errorf("%q is not an IPv6 address", host)
		}
	} else if !isWord(host, ".-") {
		if h, v, colon := strings.Cut(host, ":"); colon && isWord(h, ".-") && isWord(v, "_-") {
			return t, fmt.Errorf("%q lacks the slash before the volume: %s:/%s", s, h, v)
		}
		return t, fmt.Errorf("%q is not the name or address of a host", host)
	}
	if !ok {
		return t, fmt.Errorf("%q lacks the volume", s)
	}
	if !isWord(volume, "_-") {
		return t, fmt.Errorf("%q is not the name of a volume", volume)
	}
	if volume == "all" {
		return t, fmt.Errorf("%q is not the name of a volume: gluster takes it for every volume", volume)
	}
	t.Host, t.Volume = host, volume
	return t, nil
}

// withPort is what names a port beside the host.
var withPort = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):([0-9]+):?(/[A-Za-z0-9_-]+)$`)

// strayPort says where a port belongs that stands in a target.
func strayPort(user, host, port, volume string) error {
	err := fmt.Errorf("the port %s stands in the target", port)
	if user == "" {
		return Advised(err, fmt.Sprintf("write %s:%s; a port is only that of SSH, for a target with a user: ssh.port", host, volume))
	}
	return Advised(err, fmt.Sprintf("write %s@%s:%s, and the port of SSH as ssh.port: %s", user, host, volume, port))
}

// isWord reports whether s begins with a letter, a digit or an underscore and
// goes on with those and the given characters. What it lets through can be
// neither an option nor a path.
func isWord(s, more string) bool {
	for i, r := range s {
		alnum := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
		if !alnum && (i == 0 || !strings.ContainsRune(more, r)) {
			return false
		}
	}
	return s != "" && len(s) <= 255
}
