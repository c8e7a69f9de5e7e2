package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// The secrets of these tests. No output may hold one.
const (
	password   = "s3cret-password"
	passphrase = "s3cret-passphrase"
)

// client is the side that logs in, with a home of its own.
type client struct {
	t *testing.T
	Settings
	asked []string
}

func (c *client) file(name, text string, mode os.FileMode) {
	write(c.t, filepath.Join(c.Home, name), text, mode)
}

// key puts a new private key into a file of the home.
func (c *client) key(name, kind string) ssh.Signer {
	c.t.Helper()
	key := newPrivate(c.t, kind)
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		c.t.Fatal(err)
	}
	c.file(name, string(pem.EncodeToMemory(block)), 0o600)
	return signer(c.t, key)
}

// locked puts the key of testdata that needs the passphrase into a file of the home.
// They are made with: ssh-keygen -a 1, which makes guessing cheap, and tests fast.
func (c *client) locked(name, kind string) ssh.PublicKey {
	c.t.Helper()
	text, err := os.ReadFile("testdata/locked_" + kind)
	if err != nil {
		c.t.Fatal(err)
	}
	c.file(name, string(text), 0o600)
	return signer(c.t, c.unlocked(name)).PublicKey()
}

func (c *client) unlocked(name string) any {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.Home, name))
	if err != nil {
		c.t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKeyWithPassphrase(text, []byte(passphrase))
	if err != nil {
		c.t.Fatal(err)
	}
	return key
}

// certificate puts a user's certificate into a file of the home.
func (c *client) certificate(name string, key ssh.PublicKey, authority ssh.Signer, until time.Time, change ...func(*ssh.Certificate)) {
	c.t.Helper()
	cert := &ssh.Certificate{Key: key, CertType: ssh.UserCert, ValidPrincipals: []string{"root"}, ValidBefore: uint64(until.Unix())}
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		c.t.Fatal(err)
	}
	for _, f := range change { // only the host looks at the signature
		f(cert)
	}
	c.file(name, string(ssh.MarshalAuthorizedKey(cert)), 0o644)
}

// agent starts an agent with these keys.
func (c *client) agent(keys ...any) {
	var added []agent.AddedKey
	for _, k := range keys {
		added = append(added, agent.AddedKey{PrivateKey: k})
	}
	c.agentWith(added...)
}

func (c *client) agentWith(keys ...agent.AddedKey) {
	c.t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(k); err != nil {
			c.t.Fatal(err)
		}
	}
	c.AgentSocket = filepath.Join(c.t.TempDir(), "agent")
	l, err := net.Listen("unix", c.AgentSocket)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn) }()
		}
	}()
}

// person answers when asked, with one text after the other.
func (c *client) person(answers ...string) {
	c.Ask = func(_ context.Context, prompt string) (Secret, error) {
		c.asked = append(c.asked, prompt)
		if len(answers) == 0 {
			return Secret{}, errors.New("nobody answers")
		}
		a := answers[0]
		answers = answers[1:]
		return NewSecret(a), nil
	}
}

// takes lets the server take these keys, in files or with certificates, alone.
func (s *server) takes(keys ...ssh.PublicKey) {
	s.config = &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		for _, k := range keys {
			if bytes.Equal(k.Marshal(), key.Marshal()) {
				return nil, nil
			}
		}
		return nil, errors.New("another key")
	}}
}

func (s *server) takesCertificates(authority ssh.PublicKey) {
	check := ssh.CertChecker{IsUserAuthority: func(a ssh.PublicKey) bool { return bytes.Equal(a.Marshal(), authority.Marshal()) }}
	s.config = &ssh.ServerConfig{PublicKeyCallback: check.Authenticate}
}

func (s *server) takesPassword() {
	s.config = &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
		if string(p) != password {
			return nil, errors.New("another password")
		}
		return nil, nil
	}}
}

// asks lets the server put these questions, of which the first is for the password;
// one that ends in "!" shows what is typed.
func (s *server) asks(questions ...string) {
	s.config = &ssh.ServerConfig{KeyboardInteractiveCallback: func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		for i, q := range questions {
			answers, err := ask("", "", []string{q}, []bool{strings.HasSuffix(q, "!")})
			if err != nil {
				return nil, err
			}
			if i == 0 && answers[0] != password {
				return nil, errors.New("another password")
			}
		}
		return nil, nil
	}}
}

func TestLogin(t *testing.T) {
	tests := []struct {
		name  string
		setUp func(c *client, s *server)
		want  []string // parts of the error; nil: it gets in
		asked int      // how often a person is asked
	}{
		{name: "the usual key", setUp: func(c *client, s *server) { s.takes(c.key(".ssh/id_ed25519", "ed25519").PublicKey()) }},
		{name: "another usual key", setUp: func(c *client, s *server) {
			c.key(".ssh/id_ed25519", "ed25519")
			s.takes(c.key(".ssh/id_rsa", "rsa").PublicKey())
		}},
		{name: "an ecdsa key by its name", setUp: func(c *client, s *server) {
			c.SSH.PrivateKey = "~/keys/mine"
			s.takes(c.key("keys/mine", "ecdsa").PublicKey())
		}},
		{name: "the agent", setUp: func(c *client, s *server) {
			key := newPrivate(c.t, "rsa")
			c.agent(newPrivate(c.t, "ed25519"), key)
			s.takes(signer(c.t, key).PublicKey())
		}},
		{name: "an agent that is gone, and a usual key", setUp: func(c *client, s *server) {
			c.AgentSocket = "/nowhere"
			s.takes(c.key(".ssh/id_ed25519", "ed25519").PublicKey())
		}},
		{name: "the named key, whatever the agent has", setUp: func(c *client, s *server) {
			var many []any
			for range 10 {
				many = append(many, newPrivate(c.t, "ed25519"))
			}
			c.agent(many...)
			c.SSH.PrivateKey = "~/mine"
			s.takes(c.key("mine", "ed25519").PublicKey())
			s.config.MaxAuthTries = 1
		}},
		{name: "a certificate", setUp: func(c *client, s *server) {
			authority := newKey(c.t, "ed25519")
			c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), authority, time.Now().Add(time.Hour))
			s.takesCertificates(authority.PublicKey())
		}},
		{name: "an rsa certificate of a locked key", asked: 1, setUp: func(c *client, s *server) {
			authority := newKey(c.t, "rsa")
			c.person(passphrase)
			c.certificate(".ssh/id_rsa-cert.pub", c.locked(".ssh/id_rsa", "rsa"), authority, time.Now().Add(time.Hour))
			s.takesCertificates(authority.PublicKey())
		}},
		{name: "a passphrase from a file", setUp: func(c *client, s *server) {
			c.file("phrase", passphrase+"\n", 0o600)
			c.SSH.PassphraseFile = "~/phrase"
			c.person()
			s.takes(c.locked(".ssh/id_ecdsa", "ecdsa"))
		}},
		{name: "a passphrase from a person who mistypes", asked: 3, setUp: func(c *client, s *server) {
			c.person("", "wrong", passphrase)
			s.takes(c.locked(".ssh/id_ed25519", "ed25519"))
		}},
		{name: "a locked key that the host doesn't take is not asked for", setUp: func(c *client, s *server) {
			c.person()
			c.locked(".ssh/id_ed25519", "ed25519")
			s.takes(c.key(".ssh/id_rsa", "rsa").PublicKey())
		}},
		{name: "a locked key that the agent has", setUp: func(c *client, s *server) {
			c.person()
			c.SSH.PrivateKey = "~/mine"
			s.takes(c.locked("mine", "ed25519"))
			c.agent(c.unlocked("mine"))
		}},
		{name: "an old key that doesn't tell its public part", asked: 1, setUp: func(c *client, s *server) {
			c.person(passphrase)
			c.SSH.PrivateKey = "~/mine"
			s.takes(c.locked("mine", "pem"))
		}},
		{name: "an old key that the host doesn't take is not asked for", setUp: func(c *client, s *server) {
			c.person()
			c.file(".ssh/id_ecdsa.pub", string(ssh.MarshalAuthorizedKey(c.locked(".ssh/id_ecdsa", "pem"))), 0o644)
			s.takes(c.key(".ssh/id_rsa", "rsa").PublicKey())
		}},
		{name: "the password", setUp: func(c *client, s *server) { c.Password = NewSecret(password); s.takesPassword() }},
		{name: "the password of a file before that of the environment", setUp: func(c *client, s *server) {
			c.Password = NewSecret("another")
			c.file("pw", password+"\r\n", 0o400)
			c.SSH.PasswordFile = "~/pw"
			s.takesPassword()
		}},
		{name: "the password as an answer", setUp: func(c *client, s *server) { c.Password = NewSecret(password); s.asks("Password:") }},
		{name: "a key that isn't taken, then the password", setUp: func(c *client, s *server) {
			c.key(".ssh/id_ed25519", "ed25519")
			c.Password = NewSecret(password)
			s.takes()
			keys := s.config.PublicKeyCallback
			s.takesPassword()
			s.config.PublicKeyCallback = keys
		}},
		{name: "a key and the password, both", setUp: func(c *client, s *server) {
			c.Password = NewSecret(password)
			s.takesPassword()
			byPassword := s.config
			s.takes(c.key(".ssh/id_ed25519", "ed25519").PublicKey())
			byKey := s.config.PublicKeyCallback
			s.config.PublicKeyCallback = func(m ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
				if _, err := byKey(m, k); err != nil {
					return nil, err
				}
				return nil, &ssh.PartialSuccessError{Next: ssh.ServerAuthCallbacks{PasswordCallback: byPassword.PasswordCallback}}
			}
		}},

		{name: "nothing", want: []string{"there is no key and no password that it would take", `it lets in by "publickey"`, "name a key in ssh.private_key"},
			setUp: func(_ *client, s *server) { s.takes() }},
		{name: "nothing, and it takes passwords alone", want: []string{"there is no key and no password that it would take", `it lets in by "password"`, "ssh.password_file"},
			setUp: func(c *client, s *server) { c.key(".ssh/id_rsa", "rsa"); s.takesPassword() }},
		{name: "a key, and it wants a password as well", want: []string{"it wants more than the key HOME/.ssh/id_ed25519; it lets in by \"password\"", "ssh.password_file"},
			setUp: func(c *client, s *server) {
				s.takesPassword()
				next := ssh.ServerAuthCallbacks{PasswordCallback: s.config.PasswordCallback}
				c.key(".ssh/id_ed25519", "ed25519")
				s.config = &ssh.ServerConfig{PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
					return nil, &ssh.PartialSuccessError{Next: next}
				}}
			}},
		{name: "no key that it takes", want: []string{"it takes none of the key of the agent, ed25519 SHA256:", "the key HOME/.ssh/id_ed25519, the key HOME/.ssh/id_rsa; it lets in by"},
			setUp: func(c *client, s *server) {
				c.agent(newPrivate(c.t, "ed25519"))
				c.key(".ssh/id_ed25519", "ed25519")
				c.key(".ssh/id_rsa", "rsa")
				s.takes()
			}},
		{name: "too many keys", want: []string{"it ended the login after the key of the agent, ", "too many authentication failures", "name the key that it takes in ssh.private_key"},
			setUp: func(c *client, s *server) {
				c.agent(newPrivate(c.t, "ed25519"), newPrivate(c.t, "ed25519"), newPrivate(c.t, "ed25519"))
				s.takes(c.key(".ssh/id_ed25519", "ed25519").PublicKey())
				s.config.MaxAuthTries = 1
			}},
		{name: "a wrong password", want: []string{"it doesn't take the password; it lets in by", "see whether that is the user's password"},
			setUp: func(c *client, s *server) { c.Password = NewSecret("wrong-" + password); s.takesPassword() }},
		{name: "a wrong password counts once", want: []string{"it doesn't take the password; "},
			setUp: func(c *client, s *server) {
				c.Password = NewSecret("wrong-" + password)
				s.asks("Password:")
				answers := s.config.KeyboardInteractiveCallback
				s.takesPassword()
				s.config.KeyboardInteractiveCallback = answers
			}},
		{name: "a question that shows the answer", want: []string{"it asks for more than a password", "Code!"},
			setUp: func(c *client, s *server) { c.Password = NewSecret(password); s.asks("Code!") }},
		{name: "a second question", want: []string{"it asks for more than a password", "New password:"},
			setUp: func(c *client, s *server) { c.Password = NewSecret(password); s.asks("Password:", "New password:") }},
		{name: "nobody to ask", want: []string{"HOME/.ssh/id_ed25519 needs a passphrase, and there is no terminal", "ssh.private_key_passphrase_file", "ssh-add 'HOME/.ssh/id_ed25519'"},
			setUp: func(c *client, s *server) { s.takes(c.locked(".ssh/id_ed25519", "ed25519")) }},
		{name: "a wrong passphrase in the file", want: []string{"what HOME/phrase holds is not the passphrase of HOME/.ssh/id_ed25519"},
			setUp: func(c *client, s *server) {
				c.file("phrase", "x"+passphrase, 0o600)
				c.SSH.PassphraseFile = "~/phrase"
				s.takes(c.locked(".ssh/id_ed25519", "ed25519"))
			}},
		{name: "a person who doesn't know it", asked: 3, want: []string{"HOME/.ssh/id_ed25519 needs another passphrase than the 3 that were given"},
			setUp: func(c *client, s *server) {
				c.person("a", "b", "c", "d")
				s.takes(c.locked(".ssh/id_ed25519", "ed25519"))
			}},
		{name: "a named key that is not there", want: []string{"ssh.private_key: open HOME/mine: no such file"},
			setUp: func(c *client, _ *server) { c.SSH.PrivateKey = "~/mine" }},
		{name: "a key that others can read", want: []string{"ssh.private_key: HOME/mine is a secret that others may use (its mode is 0640)", "chmod 600 'HOME/mine'"},
			setUp: func(c *client, _ *server) {
				c.key("mine", "ed25519")
				c.SSH.PrivateKey = "~/mine"
				if err := os.Chmod(filepath.Join(c.Home, "mine"), 0o640); err != nil {
					c.t.Fatal(err)
				}
			}},
		{name: "a usual key that others can read", want: []string{"HOME/.ssh/id_rsa is a secret that others may use"},
			setUp: func(c *client, s *server) {
				s.takes(c.key(".ssh/id_rsa", "rsa").PublicKey())
				if err := os.Chmod(filepath.Join(c.Home, ".ssh/id_rsa"), 0o604); err != nil {
					c.t.Fatal(err)
				}
			}},
		{name: "a public key", want: []string{"HOME/mine.pub is a public key; name the private one: HOME/mine"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine.pub"
				c.file("mine.pub", string(ssh.MarshalAuthorizedKey(newKey(c.t, "ed25519").PublicKey())), 0o600)
			}},
		{name: "a key with its public one behind it", setUp: func(c *client, s *server) {
			key := c.key("mine", "ed25519").PublicKey()
			text, err := os.ReadFile(filepath.Join(c.Home, "mine"))
			if err != nil {
				c.t.Fatal(err)
			}
			c.file("mine", string(text)+string(ssh.MarshalAuthorizedKey(key)), 0o600)
			c.SSH.PrivateKey = "~/mine"
			s.takes(key)
		}},
		{name: "a public key that others can read", want: []string{"ssh.private_key: HOME/mine.pub is a public key; name the private one: HOME/mine"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine.pub"
				c.file("mine.pub", string(ssh.MarshalAuthorizedKey(newKey(c.t, "ed25519").PublicKey())), 0o644)
			}},
		{name: "a certificate for a key", want: []string{"HOME/mine-cert.pub is a certificate; name the private key that it lies beside as FILE-cert.pub: HOME/mine"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine-cert.pub"
				c.certificate("mine-cert.pub", newKey(c.t, "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour))
			}},
		{name: "an empty file", want: []string{"HOME/mine is empty; name the file of a private key"},
			setUp: func(c *client, _ *server) { c.SSH.PrivateKey = "~/mine"; c.file("mine", "\n", 0o600) }},
		{name: "a certificate of TLS", want: []string{"HOME/mine is a certificate of TLS, not a key; name a private key"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine"
				c.file("mine", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0o644)
			}},
		{name: "a key encrypted otherwise", want: []string{"encrypted in a way that can't be read here (PKCS #8); have it encrypted anew: ssh-keygen -p -f 'HOME/mine'"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine"
				c.file("mine", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", 0o600)
			}},
		{name: "another PEM", want: []string{`HOME/mine is not a private key that can be read: unsupported key type "DH PARAMETERS"; see what it is: ssh-keygen -yf 'HOME/mine'`},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine"
				c.file("mine", "-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n", 0o600)
			}},
		{name: "a key without its line breaks", want: []string{"HOME/mine is not a private key that can be read: it is cut off, or has lost its line breaks"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine"
				c.file("mine", "-----BEGIN OPENSSH PRIVATE KEY----- "+password+" -----END OPENSSH PRIVATE KEY-----", 0o600)
			}},
		{name: "a key of PuTTY", want: []string{"HOME/mine is a key of PuTTY; change it into one of OpenSSH, and name that: puttygen 'HOME/mine' -O"},
			setUp: func(c *client, _ *server) {
				c.SSH.PrivateKey = "~/mine"
				c.file("mine", "PuTTY-User-Key-File-3: ssh-ed25519\n", 0o600)
			}},
		{name: "no key at all", want: []string{"HOME/mine is not a private key that can be read"},
			setUp: func(c *client, _ *server) { c.SSH.PrivateKey = "~/mine"; c.file("mine", password, 0o600) }},
		{name: "a directory", want: []string{"HOME/mine is not a plain file"},
			setUp: func(c *client, _ *server) { c.SSH.PrivateKey = "~/mine"; c.file("mine/x", "", 0o600) }},
		{name: "a password file that others can read", want: []string{"ssh.password_file: HOME/pw is a secret that others may use (its mode is 0644)"},
			setUp: func(c *client, _ *server) { c.SSH.PasswordFile = "~/pw"; c.file("pw", password, 0o644) }},
		{name: "an empty password file", want: []string{"HOME/pw is empty"},
			setUp: func(c *client, _ *server) { c.SSH.PasswordFile = "~/pw"; c.file("pw", "\n", 0o600) }},
		{name: "a password file of two lines", want: []string{"HOME/pw holds more than one line"},
			setUp: func(c *client, _ *server) { c.SSH.PasswordFile = "~/pw"; c.file("pw", password+"\nx\n", 0o600) }},
		{name: "an expired certificate", want: []string{"HOME/.ssh/id_ed25519-cert.pub was good until ", "have the key signed anew"},
			setUp: func(c *client, s *server) {
				authority := newKey(c.t, "ed25519")
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), authority, time.Now().Add(-time.Hour))
				s.takesCertificates(authority.PublicKey())
			}},
		{name: "a certificate that the host doesn't take", want: []string{
			`it takes none of the key HOME/.ssh/id_ed25519 with its certificate (for "root", good until `, "Z, signed by ed25519 SHA256:", "), the key HOME/.ssh/id_ed25519; it lets in by",
			"see that sshd there trusts who signed the certificate (TrustedUserCAKeys) and the user is one of those it is for; sshd's log there says why it was refused; or see that the user's authorized_keys",
		},
			setUp: func(c *client, s *server) {
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour))
				s.takesCertificates(newKey(c.t, "ed25519").PublicKey())
			}},
		{name: "a certificate for others", want: []string{`HOME/.ssh/id_ed25519-cert.pub is for "ann, bob", and not for root`},
			setUp: func(c *client, s *server) {
				authority := newKey(c.t, "ed25519")
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), authority, time.Now().Add(time.Hour),
					func(cert *ssh.Certificate) { cert.ValidPrincipals = []string{"ann", "bob"} })
				s.takesCertificates(authority.PublicKey())
			}},
		{name: "a certificate for others that the host takes for root", setUp: func(c *client, s *server) {
			c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour),
				func(cert *ssh.Certificate) { cert.ValidPrincipals = []string{"ann"} })
			s.config = &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
				if _, certified := key.(*ssh.Certificate); !certified {
					return nil, errors.New("no certificate")
				}
				return nil, nil
			}}
		}},
		{name: "a certificate for nobody", want: []string{"HOME/.ssh/id_ed25519-cert.pub names nobody whom it is for: have the key signed with ssh-keygen -n root"},
			setUp: func(c *client, s *server) {
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour),
					func(cert *ssh.Certificate) { cert.ValidPrincipals = nil })
				s.takes()
			}},
		{name: "a certificate of the future", want: []string{"HOME/.ssh/id_ed25519-cert.pub is good from ", "and no sooner: see the clock of this machine"},
			setUp: func(c *client, s *server) {
				authority := newKey(c.t, "ed25519")
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), authority, time.Now().Add(2*time.Hour),
					func(cert *ssh.Certificate) { cert.ValidAfter = uint64(time.Now().Add(time.Hour).Unix()) })
				s.takesCertificates(authority.PublicKey())
			}},
		{name: "a certificate of a host", want: []string{"HOME/.ssh/id_ed25519-cert.pub is the certificate of a host, not of a user"},
			setUp: func(c *client, s *server) {
				c.certificate(".ssh/id_ed25519-cert.pub", c.key(".ssh/id_ed25519", "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour),
					func(cert *ssh.Certificate) { cert.CertType = ssh.HostCert })
				s.takes()
			}},
		{name: "a certificate of the agent", want: []string{"it doesn't take the key of the agent, ed25519 SHA256:", ` with its certificate (for "root", good for ever, signed by ed25519 SHA256:`},
			setUp: func(c *client, s *server) {
				key := newPrivate(c.t, "ed25519")
				cert := &ssh.Certificate{Key: signer(c.t, key).PublicKey(), CertType: ssh.UserCert, ValidPrincipals: []string{"root"}, ValidBefore: ssh.CertTimeInfinity}
				if err := cert.SignCert(rand.Reader, newKey(c.t, "ed25519")); err != nil {
					c.t.Fatal(err)
				}
				c.agentWith(agent.AddedKey{PrivateKey: key, Certificate: cert})
				s.takes()
			}},
		{name: "a certificate of another key", want: []string{"HOME/.ssh/id_ed25519-cert.pub is the certificate of another key, ed25519 SHA256:", "than HOME/.ssh/id_ed25519"},
			setUp: func(c *client, s *server) {
				c.key(".ssh/id_ed25519", "ed25519")
				c.certificate(".ssh/id_ed25519-cert.pub", newKey(c.t, "ed25519").PublicKey(), newKey(c.t, "ed25519"), time.Now().Add(time.Hour))
				s.takes()
			}},
		{name: "an agent that is gone", want: []string{"the agent of SSH_AUTH_SOCK can't be asked"},
			setUp: func(c *client, s *server) { c.AgentSocket = "/nowhere"; s.takes() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, settings := serve(t)
			s.exec = says
			var log bytes.Buffer
			settings.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c := &client{t: t, Settings: settings}
			tt.setUp(c, s)
			_, err := reach(t, c.Settings).Exec(t.Context(), Command{Args: []string{"x"}})
			for i := range tt.want {
				tt.want[i] = strings.ReplaceAll(tt.want[i], "HOME", settings.Home)
			}
			if tt.want != nil {
				want(t, err, ErrAuth, false, tt.want...)
			} else if err != nil {
				t.Error(err)
			}
			if len(c.asked) != tt.asked {
				t.Errorf("asked %q", c.asked)
			}
			within := struct{ settings Settings }{c.Settings}
			noSecrets(t, fmt.Sprintln(err), fmt.Sprintf("%+v %#v", err, err), log.String(), fmt.Sprint(c.asked), fmt.Sprintf("%+v %#v", within, within), fmt.Sprintf("%v %+v %#v %s %q %x", c.Settings, c.Settings, c.Settings.Password, c.Password, c.Password, c.Password))
			if s.dials > 1 {
				t.Errorf("%d connections: what is refused for good was tried again", s.dials)
			}
		})
	}
}

func noSecrets(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range []string{password, passphrase, fmt.Sprintf("%x", password)} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret in: %s", text)
			}
		}
	}
}

// A passphrase is asked for once, however many hosts and logins need it, and no
// limit of time runs while it is.
func TestAskedOnce(t *testing.T) {
	s, settings := serve(t)
	s.exec = says
	c := &client{t: t, Settings: settings}
	s.takes(c.locked(".ssh/id_ed25519", "ed25519"))
	settings = c.Settings
	settings.SSH.HostKeyFingerprint = ssh.FingerprintSHA256(s.keys[0].PublicKey())
	settings.SSH.ConnectTimeout = 5
	asked := 0
	settings.Ask = func(context.Context, string) (Secret, error) {
		asked++
		time.Sleep(time.Minute)
		return NewSecret(passphrase), nil
	}
	synctest.Test(t, func(t *testing.T) {
		hosts := New(settings)
		defer hosts.Close()
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() { run(t, hosts.Host("root", fmt.Sprint("host", i))) })
		}
		all.Wait()
		s.each(func(m *memConn) { _ = m.Close() })
		run(t, hosts.Host("root", "host0"))
	})
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// Who is asked can give up, and so can who waits for the answer.
func TestAskedInVain(t *testing.T) {
	s, settings := serve(t)
	c := &client{t: t, Settings: settings}
	s.takes(c.locked(".ssh/id_ed25519", "ed25519"))
	settings.SSH.HostKeyFingerprint = ssh.FingerprintSHA256(s.keys[0].PublicKey())
	settings.Ask = func(ctx context.Context, _ string) (Secret, error) {
		<-ctx.Done()
		return Secret{}, context.Cause(ctx)
	}
	synctest.Test(t, func(t *testing.T) {
		hosts := New(settings)
		time.AfterFunc(time.Hour, hosts.Close)
		var all sync.WaitGroup
		for i := range 2 {
			all.Go(func() {
				_, err := hosts.Host("root", fmt.Sprint("host", i)).Exec(t.Context(), Command{Args: []string{"x"}})
				want(t, err, errClosed, false)
			})
		}
		all.Wait()
	})
}

// An agent that says nothing is not waited for.
func TestSilentAgent(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := l.Accept()
		if err == nil {
			_, err = conn.Read(make([]byte, 1))
		}
		if err != nil {
			t.Error(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Error(err)
		}
	}()
	keys, _, err := Settings{AgentSocket: socket}.agentKeys(ctx)
	if keys != nil || err == nil || !strings.Contains(err.Error(), "doesn't tell its keys") {
		t.Errorf("got %v, %v", keys, err)
	}
}

// A host is dialled at the port of the settings, an IPv6 address in brackets.
func TestAddress(t *testing.T) {
	for host, tests := range map[string]map[int]string{
		"host":    {0: "host:22", 2222: "host:2222"},
		"fd00::1": {0: "[fd00::1]:22", 2222: "[fd00::1]:2222"},
	} {
		for port, address := range tests {
			dialled := make(chan string, dials)
			s := Settings{Home: t.TempDir(), Dial: func(_ context.Context, _, address string) (net.Conn, error) {
				dialled <- address
				return nil, errors.New("enough")
			}}
			s.SSH.Port = port
			hosts := New(s)
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			go func() {
				_, err := hosts.Host("root", host).Exec(ctx, Command{Args: []string{"x"}})
				failed <- err
			}()
			got := <-dialled
			cancel()
			hosts.Close()
			want(t, <-failed, ErrUnreachable, false)
			if got != address {
				t.Errorf("got %s, want %s", got, address)
			}
		}
	}
}
