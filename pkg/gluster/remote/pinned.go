package remote

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// pinned is the fingerprint of the one key that the host has to show. Of which
// kind that is isn't known: the host is asked for one kind after the other.
type pinned struct {
	host        string
	fingerprint string
	others      []string // the types of the keys that it showed and that are others
	seen        []string // their fingerprints
	all         bool     // the host has no other kinds
}

func (p *pinned) algorithms() []string {
	return slices.DeleteFunc(slices.Clone(plainAlgorithms), func(a string) bool {
		return slices.Contains(p.others, typeOf(a))
	})
}

func (p *pinned) check(key ssh.PublicKey) error {
	if ssh.FingerprintSHA256(key) == p.fingerprint {
		return nil
	}
	p.others = append(p.others, key.Type())
	p.seen = append(p.seen, fingerprint(key))
	return p.wrong(look(key))
}

func (p *pinned) again() bool { return !p.all && len(p.algorithms()) > 0 }

func (p *pinned) none(has []string) error {
	p.all = true
	if len(p.seen) == 0 {
		return &Error{Host: p.host, Kind: ErrHostKey, Text: "it has host keys of no kind that is known here, but " + said(strings.Join(has, ", "))}
	}
	return p.wrong("on the host, ssh-keygen -lf /etc/ssh/ssh_host_KIND_key.pub shows the right one")
}

func (p *pinned) wrong(look string) error {
	return &Error{
		Host: p.host, Kind: ErrHostKey,
		Text: "its host keys are " + strings.Join(p.seen, ", ") + ", and ssh.host_key_fingerprint is " + p.fingerprint,
		Mend: "it is another machine, or its keys were made anew: " + look,
	}
}
