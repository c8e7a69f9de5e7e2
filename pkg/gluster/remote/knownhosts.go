package remote

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// known is what a file of known hosts says of one host.
type known struct {
	shown      string // user@host, for errors
	file       string
	host, port string
	missing    bool // there is no such file

	address string // HOST:PORT, as the file has the host
	keys    []knownKey
	judge   ssh.HostKeyCallback
}

type knownKey struct {
	knownhosts.KnownKey
	authority bool // it signs the certificates of hosts
}

func (k knownKey) String() string {
	s := fingerprint(k.Key)
	if k.authority {
		s = "an authority, " + s
	}
	return fmt.Sprintf("%s (line %d)", s, k.Line)
}

// readKnown reads the file for the host at a port. That there is no file is no
// error: then no host is known.
func readKnown(file, shown, host, port string) (*known, error) {
	k := &known{shown: shown, file: file, host: host, port: port, address: net.JoinHostPort(host, port)}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		k.missing = true
		k.judge = func(string, net.Addr, ssh.PublicKey) error { return &knownhosts.KeyError{} }
		return k, nil
	}
	if err == nil {
		k.judge, err = knownhosts.New(file)
	}
	if err != nil {
		e := k.refuse("ssh.known_hosts can't be read", "mend the file, or name another one")
		e.Err, e.Here = err, true
		return nil, e
	}
	// ssh writes names in lower case, ssh-keyscan as it was given them. To ssh, a
	// host that isn't known at a port may be the one that is known at the usual one.
	for _, port := range []string{port, usualPort} {
		for _, name := range []string{host, strings.ToLower(host)} {
			address := net.JoinHostPort(name, port)
			if keys, err := k.keysOf(address, text); err != nil || len(keys) > 0 {
				k.address, k.keys = address, keys
				return k, err
			}
		}
	}
	return k, nil
}

const usualPort = "22"

// elsewhere reports whether what the file has is for the host at another port.
func (k *known) elsewhere() bool {
	return len(k.keys) > 0 && !strings.HasSuffix(k.address, ":"+k.port)
}

// keysOf are the lines for one address. The library tells them to who asks with a
// key that no file has; which of them are authorities it doesn't tell.
func (k *known) keysOf(address string, text []byte) ([]knownKey, error) {
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	unheard, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	wrong, is := errors.AsType[*knownhosts.KeyError](k.judge(address, place(address), unheard))
	if !is {
		return nil, nil
	}
	lines := bytes.Split(text, []byte("\n"))
	var out []knownKey
	for _, w := range wrong.Want {
		marked := w.Line <= len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[w.Line-1], " \t"), []byte("@cert-authority"))
		out = append(out, knownKey{w, marked})
	}
	return out, nil
}

// place is an address for a library that wants to see where a host really is,
// and judges by its name.
type place string

func (place) Network() string  { return "tcp" }
func (p place) String() string { return string(p) }

// algorithms are those of the known keys, certificates first. Of a host of which no
// key is known any one may be shown, to be told.
func (k *known) algorithms() []string {
	var types, out []string
	for _, key := range k.keys {
		if key.authority {
			out = certificateAlgorithms
		} else {
			types = append(types, key.Key.Type())
		}
	}
	if len(types) == 0 {
		return slices.Concat(out, plainAlgorithms)
	}
	return slices.Concat(out, algorithmsOf(types))
}

func (k *known) again() bool { return false }

func (k *known) check(key ssh.PublicKey) error {
	cert, certified := key.(*ssh.Certificate)
	if certified && !k.isAuthority(cert.SignatureKey) {
		key, certified = cert.Key, false // as good as one without a certificate, as for ssh
	}
	err := k.judge(k.address, place(k.address), key)
	if err == nil && !certified && k.isAuthority(key) {
		err = &knownhosts.KeyError{} // to the library, any key of a line is the host's
	}
	revoked, isRevoked := errors.AsType[*knownhosts.RevokedError](err)
	switch {
	case err == nil:
		return nil
	case isRevoked:
		return k.refuse(fmt.Sprintf("it shows the key %s, which %s:%d revokes", fingerprint(key), k.file, revoked.Revoked.Line),
			"never log in there before it is known whose machine that is")
	case certified:
		e := k.refuse(fmt.Sprintf("its certificate for the key %s, signed by %s, is not good", fingerprint(key), fingerprint(cert.SignatureKey)),
			"sign its key anew, for the name that the target has, with ssh-keygen -h -n")
		e.Err = err
		return e
	case len(k.keys) == 0 || k.elsewhere():
		return k.unknown(key)
	case !slices.ContainsFunc(k.keys, func(known knownKey) bool { return !known.authority }):
		return k.uncertified(key, cert)
	}
	return k.changed(key)
}

func (k *known) refuse(text, mend string) *Error {
	return &Error{Host: k.shown, Kind: ErrHostKey, Text: text, Mend: mend}
}

// changed says what to do about a host that is known by other keys.
func (k *known) changed(key ssh.PublicKey) error {
	return k.refuse(fmt.Sprintf("it shows the key %s, but %s has %s", fingerprint(key), k.file, k.list()),
		fmt.Sprintf("it is another machine, or its keys were made anew: %s; where that is the one it shows, take the old ones away: ssh-keygen -f %s -R %s, and add it as a new host",
			look(key), quote(k.file), quote(knownhosts.Normalize(k.address))))
}

// unknown says how a host that no line is for becomes known.
func (k *known) unknown(key ssh.PublicKey) error {
	text := fmt.Sprintf("it shows the key %s, and %s has no key of it", fingerprint(key), k.file)
	if k.missing {
		text = fmt.Sprintf("it shows the key %s, and is not known: there is no file %s", fingerprint(key), k.file)
	}
	return k.refuse(text, k.add(key))
}

// add is how a key becomes known.
func (k *known) add(key ssh.PublicKey) string {
	return fmt.Sprintf("%s; where that is the same: ssh-keyscan -t %s -p %s %s >>%s, or set ssh.host_key_fingerprint: %s",
		look(key), kind(key.Type()), k.port, quote(k.host), quote(k.file), ssh.FingerprintSHA256(key))
}

// uncertified says what to do about a host whose certificate is of none of the
// authorities that are known for it, or that has none: cert is nil then.
func (k *known) uncertified(key ssh.PublicKey, cert *ssh.Certificate) error {
	certificate := "without a certificate"
	if cert != nil {
		certificate = "with a certificate that is signed by " + fingerprint(cert.SignatureKey)
	}
	return k.refuse(fmt.Sprintf("it shows the key %s %s, and %s has %s, and no key of it", fingerprint(key), certificate, k.file, k.list()),
		fmt.Sprintf("have the key signed by that authority: ssh-keygen -s AUTHORITY -I host -h -n %s /etc/ssh/ssh_host_%s_key.pub, and name the certificate as HostCertificate in the host's sshd_config; or have the key known: %s",
			quote(k.host), kind(key.Type()), k.add(key)))
}

func (k *known) none(has []string) error {
	if len(k.keys) == 0 {
		return k.refuse("it has host keys of no kind that is known here, but "+said(strings.Join(has, ", ")), "")
	}
	return k.refuse(fmt.Sprintf("it shows keys of these kinds: %s; %s has others: %s", said(kinds(has)), k.file, k.list()),
		"it is another machine, or its keys were made anew; add one of those that it has when you have seen them on the host: ssh-keygen -lf /etc/ssh/ssh_host_KIND_key.pub")
}

func (k *known) isAuthority(key ssh.PublicKey) bool {
	return slices.ContainsFunc(k.keys, func(known knownKey) bool {
		return known.authority && bytes.Equal(known.Key.Marshal(), key.Marshal())
	})
}

func (k *known) list() string {
	var all []string
	for _, key := range k.keys {
		all = append(all, key.String())
	}
	return strings.Join(all, ", ")
}
