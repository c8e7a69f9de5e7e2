package remote

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/state"
)

// lockedKey is a key that needs a passphrase, which it asks for when the host
// would take it and it has to sign, and not before.
type lockedKey struct {
	keyring *keyring
	path    string
	text    []byte
	public  ssh.PublicKey
	with    means
}

var _ ssh.AlgorithmSigner = (*lockedKey)(nil)

// locked is the key of a file that needs a passphrase. public is nil where the
// file doesn't tell its public part without: then the one beside it does, or it
// is unlocked at once.
func (k *keyring) locked(path string, text []byte, public ssh.PublicKey, with means) (ssh.AlgorithmSigner, error) {
	l := &lockedKey{keyring: k, path: path, text: text, public: public, with: with}
	if public == nil {
		if beside, err := os.ReadFile(path + ".pub"); err == nil {
			l.public, _, _, _, _ = ssh.ParseAuthorizedKey(beside)
		}
	}
	if l.public == nil {
		return l.unlock()
	}
	return l, nil
}

func (l *lockedKey) PublicKey() ssh.PublicKey { return l.public }

func (l *lockedKey) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return l.SignWithAlgorithm(rand, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (l *lockedKey) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	key, err := l.unlock()
	if err != nil {
		return nil, err
	}
	return key.SignWithAlgorithm(rand, data, algorithm)
}

// unlock is the key as the agent has it, as it was unlocked before, or with the
// passphrase.
func (l *lockedKey) unlock() (ssh.AlgorithmSigner, error) {
	for _, s := range l.with.agent {
		if a, is := s.(ssh.AlgorithmSigner); is && l.public != nil && bytes.Equal(s.PublicKey().Marshal(), l.public.Marshal()) {
			return a, nil
		}
	}
	over, err := l.with.turn()
	if err != nil {
		return nil, fmt.Errorf("%s needs a passphrase: %w", l.path, err)
	}
	defer over()
	if before, is := l.keyring.unlocked[string(l.text)]; is {
		return before, nil
	}
	key, err := l.open()
	if err != nil {
		return nil, err
	}
	l.keyring.unlocked[string(l.text)] = key
	return key, nil
}

// passphraseTries is how often a person may mistype.
const passphraseTries = 3

func (l *lockedKey) open() (ssh.AlgorithmSigner, error) {
	if file := l.keyring.settings.SSH.PassphraseFile; file != "" {
		return l.openByFile(l.keyring.settings.path(file))
	}
	if l.with.ask == nil {
		return nil, state.Advised(fmt.Errorf("%s needs a passphrase, and there is no terminal to ask for it", l.path),
			"set ssh.private_key_passphrase_file, or put the key into the agent: ssh-add "+quote(l.path))
	}
	for try := 1; ; try++ {
		passphrase, err := l.with.ask("Passphrase of " + l.path + ": ")
		if err != nil {
			return nil, fmt.Errorf("%s needs a passphrase: %w", l.path, err)
		}
		key, err := l.openWith(passphrase)
		if !errors.Is(err, x509.IncorrectPasswordError) {
			return key, err
		}
		if try == passphraseTries {
			return nil, fmt.Errorf("%s needs another passphrase than the %d that were given", l.path, try)
		}
	}
}

func (l *lockedKey) openByFile(file string) (ssh.AlgorithmSigner, error) {
	passphrase, err := readSecretLine(file)
	if err != nil {
		return nil, fmt.Errorf("ssh.private_key_passphrase_file: %w", err)
	}
	key, err := l.openWith(passphrase)
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, fmt.Errorf("ssh.private_key_passphrase_file: what %s holds is not the passphrase of %s", file, l.path)
	}
	return key, err
}

func (l *lockedKey) openWith(passphrase Secret) (ssh.AlgorithmSigner, error) {
	if passphrase.reveal() == "" {
		return nil, x509.IncorrectPasswordError
	}
	signer, err := ssh.ParsePrivateKeyWithPassphrase(l.text, []byte(passphrase.reveal()))
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, err
	}
	if err != nil {
		return nil, noKey(l.path, l.text, err)
	}
	return algorithmSigner(l.path, signer)
}
