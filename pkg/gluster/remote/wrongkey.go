package remote

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/state"
)

// noPrivateKey are files that people name as a private key: how they begin, what that
// is, and what to do about it.
var noPrivateKey = []struct {
	begins, is, mend string
	public           bool // there is no secret in it
}{
	{"---- BEGIN SSH2 PUBLIC KEY", "a public key", "name the private one", true},
	{"-----BEGIN PUBLIC KEY", "a public key", "name the private one", true},
	{"-----BEGIN RSA PUBLIC KEY", "a public key", "name the private one", true},
	{"-----BEGIN CERTIFICATE", "a certificate of TLS, not a key", "name a private key: ssh-keygen -t ed25519 makes one", true},
	{"PuTTY-User-Key-File", "a key of PuTTY", "change it into one of OpenSSH, and name that: puttygen PATH -O private-openssh -o FILE", false},
	{"-----BEGIN ENCRYPTED PRIVATE KEY", "a key that is encrypted in a way that can't be read here (PKCS #8)", "have it encrypted anew: ssh-keygen -p -f PATH", false},
	{"-----BEGIN EC PARAMETERS", "the parameters of a key before anything else", "have it written anew: ssh-keygen -p -f PATH", false},
}

// publicFile says what a file is that holds no secret, whoever may read it; nil where
// it may be a private key.
func publicFile(path string, text []byte) error {
	if bytes.Contains(text, []byte("PRIVATE KEY-----")) {
		return nil // what else is in it doesn't matter
	}
	if key, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return publicKey(path, key)
	}
	return begun(path, text, true)
}

// publicKey says which file to name in place of that of a public key or of a
// certificate, which lie beside it as a rule.
func publicKey(path string, key ssh.PublicKey) error {
	is, mend := "a public key", "name the private one"
	beside, found := strings.CutSuffix(path, ".pub")
	if _, certified := key.(*ssh.Certificate); certified {
		is, mend = "a certificate", "name the private key that it lies beside as FILE-cert.pub"
		beside, found = strings.CutSuffix(path, "-cert.pub")
	}
	if found {
		mend += ": " + beside
	}
	return state.Advised(fmt.Errorf("%s is %s", path, is), mend)
}

// begun says what a file is by how it begins.
func begun(path string, text []byte, public bool) error {
	for _, f := range noPrivateKey {
		if f.public == public && bytes.HasPrefix(text, []byte(f.begins)) {
			return state.Advised(fmt.Errorf("%s is %s", path, f.is), strings.ReplaceAll(f.mend, "PATH", quote(path)))
		}
	}
	return nil
}

// noKey says why a file is not a private key that can be used here.
func noKey(path string, text []byte, err error) error {
	if wrong := begun(path, text, false); wrong != nil {
		return wrong
	}
	mend := "see what it is: ssh-keygen -yf " + quote(path) + " prints the public key of a private one"
	switch block, _ := pem.Decode(text); {
	case len(bytes.TrimSpace(text)) == 0:
		return state.Advised(fmt.Errorf("%s is empty", path), "name the file of a private key: ssh-keygen -t ed25519 makes one")
	case block == nil && bytes.HasPrefix(text, []byte("-----BEGIN ")):
		err = errors.New("it is cut off, or has lost its line breaks")
	}
	return state.Advised(fmt.Errorf("%s is not a private key that can be read: %s", path, strings.TrimPrefix(err.Error(), "ssh: ")), mend)
}
