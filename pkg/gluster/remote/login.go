package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// The ways to log in, as SSH names them.
const (
	byKey      = "publickey"
	byPassword = "password"
	byAnswer   = "keyboard-interactive"
)

// What people call the ways that have no key.
const (
	thePassword = "the password"
	theAnswer   = "the password as an answer"
)

// login is one login: what can be tried yet, and what was.
type login struct {
	host      string // for errors
	left      []try
	offered   []string
	certified bool     // a certificate was among it
	unusable  []string // what might have been tried, or was, and why it may be of no use
	unsigned  error    // why a key can't be used that the host would take; the last one
	allowed   []string // by which the host lets in, as it said last
	halfway   bool     // it has taken something, and wants more
	end       func()   // to be called when it is over
}

// try is one way to log in.
type try struct {
	method string
	what   string // for people
	auth   ssh.AuthMethod

	certified bool // it is a key with a certificate
}

// login gets ready what can be tried: the one key that is named, or else the
// agent's and the usual ones; then the password.
func (k *keyring) login(ctx context.Context, host string, with means) (*login, error) {
	l := &login{host: host}
	keys, end, err := k.settings.agentKeys(ctx)
	l.end = end
	if err != nil {
		l.note(err)
	}
	with.agent = keys
	files, unusable, err := k.files(with)
	if err != nil {
		end()
		return nil, l.unready(err)
	}
	l.unusable = append(l.unusable, unusable...)
	if k.settings.SSH.PrivateKey == "" {
		for _, s := range keys {
			if signer, is := s.(ssh.AlgorithmSigner); is {
				l.addKey(agentIdentity(signer))
			}
		}
	}
	for _, id := range files {
		l.addKey(id)
	}
	password, err := k.password()
	if err != nil {
		end()
		return nil, l.unready(err)
	}
	if text := password.reveal(); text != "" {
		l.left = append(l.left,
			try{method: byPassword, what: thePassword, auth: ssh.Password(text)},
			try{method: byAnswer, what: theAnswer, auth: ssh.KeyboardInteractive(l.answerer(password))})
	}
	return l, nil
}

func (l *login) addKey(id identity) {
	t := try{method: byKey, what: "the key " + id.name, auth: ssh.PublicKeys(noted{id.signer, l.unable})}
	if id.cert != nil {
		t.what, t.certified = t.what+" with its certificate ("+about(id.cert)+")", true
	}
	l.left = append(l.left, t)
}

// noted is a key that tells why it didn't sign, which the library keeps to itself
// as long as there is more to try.
type noted struct {
	ssh.AlgorithmSigner
	note func(error)
}

func (n noted) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	s, err := n.AlgorithmSigner.SignWithAlgorithm(rand, data, algorithm)
	if err != nil {
		n.note(err)
	}
	return s, err
}

// unable is told that a key doesn't sign.
func (l *login) unable(err error) {
	l.unsigned = err
	l.note(err)
}

func (l *login) note(err error) { l.unusable = append(l.unusable, err.Error()) }

// password is the one of the file, or that of the environment; empty: there is
// none.
func (k *keyring) password() (Secret, error) {
	file := k.settings.SSH.PasswordFile
	if file == "" {
		return k.settings.Password, nil
	}
	password, err := readSecretLine(k.settings.path(file))
	if err != nil {
		return Secret{}, fmt.Errorf("ssh.password_file: %w", err)
	}
	return password, nil
}

// answerer gives the password to a host that asks one question, and doesn't show
// what is typed. Whatever else a host asks is not answered: a new password, a code.
func (l *login) answerer(password Secret) ssh.KeyboardInteractiveChallenge {
	answered := false
	return func(_, instruction string, questions []string, echos []bool) ([]string, error) {
		switch {
		case len(questions) == 0:
			return nil, nil
		case len(questions) == 1 && !echos[0] && !answered:
			answered = true
			return []string{password.reveal()}, nil
		}
		err := fmt.Errorf("it asks for more than a password: %s", said(instruction+" "+strings.Join(questions, " ")))
		l.note(err)
		return nil, err
	}
}

// next is the next way to try, of those that the host offers.
func (l *login) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.allowed, l.halfway = c.AllowedMethods, len(c.PartialSuccessMethods) > 0
	i := slices.IndexFunc(l.left, func(t try) bool { return slices.Contains(l.allowed, t.method) })
	if i < 0 {
		return nil, l.refused()
	}
	t := l.left[i]
	l.left = slices.Delete(l.left, i, i+1)
	if t.method == byPassword { // the same one must not count as two that were wrong
		l.left = slices.DeleteFunc(l.left, func(t try) bool { return t.method == byAnswer })
	}
	l.offered, l.certified = append(l.offered, t.what), l.certified || t.certified
	return t.auth, nil
}

// refused is the error when there is nothing left to try.
func (l *login) refused() error {
	var text string
	switch {
	case len(l.offered) == 0:
		text = "there is no key and no password that it would take"
	case l.unsigned != nil && len(l.offered) == 1:
		return l.wrong("the key that it would take can't be used", l.unsigned)
	case l.halfway:
		text = "it wants more than " + strings.Join(l.offered, ", ")
	case len(l.offered) == 1:
		text = "it doesn't take " + l.offered[0]
	default:
		text = "it takes none of " + strings.Join(l.offered, ", ")
	}
	text += "; it lets in by " + said(strings.Join(l.allowed, ", "))
	if len(l.unusable) > 0 {
		text += "; what was of no use: " + strings.Join(l.unusable, "; ")
	}
	e := l.wrong(text, nil)
	e.Mend = l.mend()
	return e
}

// mend is what to do where the host takes nothing of what there is.
func (l *login) mend() string {
	keys := slices.Contains(l.allowed, byKey)
	secret := slices.ContainsFunc(l.offered, func(what string) bool { return what == thePassword || what == theAnswer })
	switch {
	case !keys && !secret:
		return "name the file of the password in ssh.password_file, or set " + PasswordVariable
	case secret:
		return "see whether that is the user's password, and whether sshd there lets the user in by it (PermitRootLogin, AllowUsers)"
	}
	if len(l.offered) == 0 {
		mend := "name a key in ssh.private_key, or have one in the agent (SSH_AUTH_SOCK) or among " + strings.Join(usualKeys, ", ")
		if slices.Contains(l.allowed, byPassword) || slices.Contains(l.allowed, byAnswer) {
			mend += "; or name the file of the password in ssh.password_file"
		}
		return mend
	}
	mend := "see that the user's authorized_keys there has the public key and sshd lets the user in (PermitRootLogin, AllowUsers), or name another key in ssh.private_key"
	if l.certified {
		mend = "see that sshd there trusts who signed the certificate (TrustedUserCAKeys) and the user is one of those it is for; sshd's log there says why it was refused; or " + mend
	}
	return mend
}

// unready is the error of a login for which something is missing on this side.
func (l *login) unready(err error) *Error {
	e := l.wrong("nothing to log in with", err)
	e.Here = true
	return e
}

// wrong is an error of this login.
func (l *login) wrong(text string, err error) *Error {
	return &Error{Host: l.host, Kind: ErrAuth, Text: text, Err: err}
}

// tooMany explains that a host has ended the connection after some tries.
func (l *login) tooMany(err error) error {
	e := l.wrong("it ended the login after "+strings.Join(l.offered, ", "), err)
	e.Mend = "name the key that it takes in ssh.private_key: then that one alone is offered"
	return e
}

// explain tells a failure of the login from others that came while it was made.
func (l *login) explain(err error) error {
	if own, is := errors.AsType[*Error](err); is {
		return own
	}
	if len(l.offered) > 0 && strings.Contains(err.Error(), "disconnect, reason 2") {
		return l.tooMany(err)
	}
	return nil
}
