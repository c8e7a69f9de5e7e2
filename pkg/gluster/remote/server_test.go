package remote

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"glusterd-shares/test/sshserver"
)

// server is an SSH server in memory, with the faults that a test wants.
type server struct {
	config   *ssh.ServerConfig
	keys     []ssh.Signer // of the host
	sessions int          // on a connection; 0: any number, less: none
	linger   time.Duration
	noDial   func(n int) error

	// exec runs a command; nil: /bin/sh -c does, as a login shell of that name.
	exec func(c ssh.Channel, command string)

	mu    sync.Mutex
	dials int
	conns []*memConn // the server's ends
}

// serve makes a server that lets everybody in, and the settings to reach it.
func serve(t *testing.T) (*server, Settings) {
	t.Helper()
	s := &server{config: &ssh.ServerConfig{NoClientAuth: true}, keys: []ssh.Signer{newKey(t, "ed25519")}}
	settings := Settings{Home: t.TempDir(), Dial: s.dial}
	known := filepath.Join(settings.Home, ".ssh", "known_hosts")
	write(t, known, knownhosts.Line([]string{"host"}, s.keys[0].PublicKey())+"\n", 0o600)
	return s, settings
}

// reach is the host of such settings. It is closed before the test ends.
func reach(t *testing.T, settings Settings) *Host {
	t.Helper()
	hosts := New(settings)
	t.Cleanup(hosts.Close)
	return hosts.Host("root", "host")
}

func (s *server) dial(context.Context, string, string) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials++
	if s.noDial != nil {
		if err := s.noDial(s.dials); err != nil {
			return nil, err
		}
	}
	here, there := memPipe()
	s.conns = append(s.conns, there)
	go s.handle(there)
	return here, nil
}

// each does something to all connections.
func (s *server) each(f func(*memConn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		f(c)
	}
}

func (s *server) handle(conn net.Conn) {
	sshserver.Server{Config: s.config, Keys: s.keys, Sessions: s.sessions, Linger: s.linger, Exec: s.run}.Serve(conn)
}

func (s *server) run(c ssh.Channel, command string) {
	if s.exec == nil {
		loginShell("/bin/sh", "", nil)(c, command)
	} else {
		s.exec(c, command)
	}
}

var (
	loginShell = sshserver.LoginShell
	exit       = sshserver.Exit
)

// memConn is one end of a connection in memory. Writes never wait, so that time
// goes on in a bubble when the other end is frozen.
type memConn struct{ in, out *memHalf }

type memHalf struct {
	mu     sync.Mutex
	more   *sync.Cond
	buf    []byte
	closed bool
	frozen bool
}

func memPipe() (a, b *memConn) {
	x, y := &memHalf{}, &memHalf{}
	x.more, y.more = sync.NewCond(&x.mu), sync.NewCond(&y.mu)
	return &memConn{x, y}, &memConn{y, x}
}

func (c *memConn) Read(p []byte) (int, error) {
	h := c.in
	h.mu.Lock()
	defer h.mu.Unlock()
	for !h.closed && (h.frozen || len(h.buf) == 0) {
		h.more.Wait()
	}
	if len(h.buf) == 0 || h.frozen {
		return 0, io.EOF
	}
	n := copy(p, h.buf)
	h.buf = h.buf[n:]
	return n, nil
}

func (c *memConn) Write(p []byte) (int, error) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.closed {
		return 0, io.ErrClosedPipe
	}
	c.out.buf = append(c.out.buf, p...)
	c.out.more.Broadcast()
	return len(p), nil
}

func (c *memConn) Close() error {
	for _, h := range []*memHalf{c.in, c.out} {
		h.mu.Lock()
		h.closed = true
		h.more.Broadcast()
		h.mu.Unlock()
	}
	return nil
}

// freeze lets nothing through any more, in either direction.
func (c *memConn) freeze() {
	for _, h := range []*memHalf{c.in, c.out} {
		h.mu.Lock()
		h.frozen = true
		h.mu.Unlock()
	}
}

func (c *memConn) LocalAddr() net.Addr  { return place("here") }
func (c *memConn) RemoteAddr() net.Addr { return place("there") }

// Nothing here sets a deadline.
func (c *memConn) SetDeadline(time.Time) error      { return errors.ErrUnsupported }
func (c *memConn) SetReadDeadline(time.Time) error  { return errors.ErrUnsupported }
func (c *memConn) SetWriteDeadline(time.Time) error { return errors.ErrUnsupported }

// newKey makes a key: ed25519, ecdsa or rsa.
func newKey(t testing.TB, kind string) ssh.Signer {
	t.Helper()
	return signer(t, newPrivate(t, kind))
}

func signer(t testing.TB, key any) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newPrivate(t testing.TB, kind string) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "ecdsa":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		err = fmt.Errorf("no such kind of keys: %s", kind)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// write makes a file, and the directories that it lies in.
func write(t testing.TB, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}
