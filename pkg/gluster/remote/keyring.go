package remote

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/crypto/ssh"
)

// usualKeys are the files of keys that nobody has to name, as for ssh.
var usualKeys = []string{"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"}

// keyring are the keys that can log in. It reads their files for each login,
// since they may be others by then, but asks for a passphrase only once.
type keyring struct {
	settings Settings

	turn     chan struct{}                  // holds one of those who unlock a key
	unlocked map[string]ssh.AlgorithmSigner // by the text of their files; of who has the turn
}

// identity is one key, or a key with its certificate.
type identity struct {
	name   string // for people
	signer ssh.AlgorithmSigner
	cert   *ssh.Certificate // nil: it has none
}

// means are what a login has to find keys and to unlock them with.
type means struct {
	user  string // who logs in
	agent []ssh.Signer

	// turn waits until no other login unlocks a key: one person is asked one
	// thing, and once. Until it is over, no time limit of the connection runs.
	turn func() (over func(), err error)

	// ask asks a person; nil: there is nobody.
	ask func(prompt string) (Secret, error)
}

// files are the keys from files, with what kept others from being used. The error
// is that of a key that was named and can't be used.
func (k *keyring) files(with means) (found []identity, unusable []string, err error) {
	if named := k.settings.SSH.PrivateKey; named != "" {
		found, notes, err := k.file(named, with)
		if err != nil {
			err = fmt.Errorf("ssh.private_key: %w", err)
		}
		return found, notes, err
	}
	for _, usual := range usualKeys {
		ids, notes, err := k.file(usual, with)
		found, unusable = append(found, ids...), append(unusable, notes...)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			unusable = append(unusable, err.Error())
		}
	}
	return found, unusable, nil
}

// file is the key of a file, after the one with the certificate beside it.
func (k *keyring) file(name string, with means) (found []identity, unusable []string, err error) {
	path := k.settings.path(name)
	text, err := readSecretFile(path)
	if public := publicFile(path, text); public != nil {
		return nil, nil, public
	}
	if err != nil {
		return nil, nil, err
	}
	signer, err := k.parse(path, text, with)
	if err != nil {
		return nil, nil, err
	}
	certified, unusable, err := withCertificate(path, signer, with.user)
	switch {
	case err == nil:
		found = append(found, certified)
	case !errors.Is(err, fs.ErrNotExist):
		unusable = append(unusable, err.Error())
	}
	return append(found, identity{name: path, signer: signer}), unusable, nil
}

func (k *keyring) parse(path string, text []byte, with means) (ssh.AlgorithmSigner, error) {
	signer, err := ssh.ParsePrivateKey(text)
	if locked, is := errors.AsType[*ssh.PassphraseMissingError](err); is {
		return k.locked(path, text, locked.PublicKey, with)
	}
	if err != nil {
		return nil, noKey(path, text, err)
	}
	return algorithmSigner(path, signer)
}

func algorithmSigner(path string, s ssh.Signer) (ssh.AlgorithmSigner, error) {
	if a, is := s.(ssh.AlgorithmSigner); is {
		return a, nil
	}
	return nil, fmt.Errorf("%s is a key of a kind that can't be used here", path)
}
