package remote

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"
)

const (
	// dials is how often a connection is tried that fails at once for a reason
	// that may pass, firstWait the time after the first; it doubles.
	dials     = 5
	firstWait = 200 * time.Millisecond
)

// connect makes a connection, all within ssh.connect_timeout, but for the time in which
// a person is asked. One that is refused is tried again; one that gets no answer has
// taken its time already, and what a host says no to stays a no, as does a name that
// nobody knows.
func (h *Host) connect(ctx context.Context) (*line, error) {
	limit := h.settings.connectTimeout()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limited := newPatience(limit, func() { cancel(errSlow{limit}) })
	defer limited.stop()

	var before error // why the try before failed
	for n := 1; ; n++ {
		l, err := h.dialAnyKey(ctx, limited)
		if err != nil && ctx.Err() != nil && before != nil {
			return nil, before
		}
		if err == nil || n == dials || !errors.Is(err, ErrUnreachable) || isUnknownName(err) || ctx.Err() != nil {
			return l, err
		}
		before = err
		d := firstWait << (n - 1)
		d = d/2 + rand.N(d/2)
		h.settings.Log.DebugContext(ctx, "ssh: trying again", "host", h.shown, "in", d, "error", err)
		if wait(ctx, d) != nil {
			return nil, err
		}
	}
}

// wait sleeps. It returns why the context ended where that came first.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// dialAnyKey connects with each kind of the host's keys that may be the right one.
func (h *Host) dialAnyKey(ctx context.Context, limited *patience) (*line, error) {
	keys, err := h.hostKeys()
	if err != nil {
		return nil, err
	}
	for {
		l, err := h.dial(ctx, keys, limited)
		if !errors.Is(err, ErrHostKey) || !keys.again() {
			return l, err
		}
	}
}

func (h *Host) hostKeys() (hostKeys, error) {
	if f := h.settings.SSH.HostKeyFingerprint; f != "" {
		return &pinned{host: h.shown, fingerprint: f}, nil
	}
	return readKnown(h.settings.path(h.settings.SSH.KnownHosts), h.shown, h.host, strconv.Itoa(h.settings.SSH.Port))
}

// errSlow is why a connection was given up that took too long.
type errSlow struct{ limit time.Duration }

func (e errSlow) Error() string { return fmt.Sprintf("no connection in %v", e.limit) }
func (errSlow) Unwrap() error   { return context.DeadlineExceeded }

// dial makes one connection.
func (h *Host) dial(ctx context.Context, keys hostKeys, limited *patience) (*line, error) {
	login, err := h.keyring.login(ctx, h.shown, h.means(ctx, limited))
	if err != nil {
		return nil, err
	}
	defer login.end()
	conn, err := h.settings.Dial(ctx, "tcp", net.JoinHostPort(h.host, strconv.Itoa(h.settings.SSH.Port)))
	if err != nil {
		return nil, h.unreachable(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() {
		_ = conn.Close() // whatever waits for it ends now
		login.end()
	})
	client, err := handshake(conn, h.clientConfig(login, keys))
	if !stop() || err != nil {
		return nil, h.noLine(ctx, conn, login, keys, err)
	}
	h.settings.Log.DebugContext(ctx, "ssh: connected", "host", h.shown, "version", string(client.ServerVersion()))
	return newLine(client, conn), nil
}

func (h *Host) means(ctx context.Context, limit *patience) means {
	turn := h.keyring.turn
	m := means{user: h.user, turn: func() (func(), error) {
		resume := limit.pause()
		select {
		case turn <- struct{}{}:
			return func() { <-turn; resume() }, nil
		case <-ctx.Done():
			resume()
			return nil, context.Cause(ctx)
		}
	}}
	if ask := h.settings.Ask; ask != nil {
		m.ask = func(prompt string) (Secret, error) { return ask(ctx, prompt) }
	}
	return m
}

func (h *Host) clientConfig(l *login, keys hostKeys) *ssh.ClientConfig {
	return &ssh.ClientConfig{
		User:              h.user,
		ClientVersion:     "SSH-2.0-glusterd-shares",
		AuthCallback:      l.next,
		HostKeyAlgorithms: keys.algorithms(),
		HostKeyCallback:   func(_ string, _ net.Addr, key ssh.PublicKey) error { return keys.check(key) },
		BannerCallback: func(text string) error {
			h.settings.Log.Debug("ssh: banner", "host", h.shown, "text", text)
			return nil
		},
	}
}

func handshake(conn net.Conn, config *ssh.ClientConfig) (*ssh.Client, error) {
	c, channels, requests, err := ssh.NewClientConn(conn, "", config)
	if err != nil {
		return nil, err
	}
	return ssh.NewClient(c, channels, requests), nil
}

// noLine says why there is no connection.
func (h *Host) noLine(ctx context.Context, conn net.Conn, l *login, keys hostKeys, err error) error {
	_ = conn.Close()
	switch no, is := errors.AsType[*ssh.AlgorithmNegotiationError](err); {
	case ctx.Err() != nil:
		return h.unreachable(ctx, err)
	case is && no.What == "host key":
		return keys.none(no.RequestedAlgorithms)
	case is:
		return &Error{Host: h.shown, Kind: ErrRefused, Text: "there is no way to talk that both sides know", Err: no}
	}
	if own := l.explain(err); own != nil {
		return own
	}
	return h.unreachable(ctx, err)
}

// unreachable says why the host can't be reached now.
func (h *Host) unreachable(ctx context.Context, err error) error {
	e := &Error{Host: h.shown, Kind: ErrUnreachable, Text: "no connection", Err: err}
	if isUnknownName(err) {
		e.Mend = "correct the host in the target, or see to it that its name is known here; aliases of ~/.ssh/config are not"
		return e
	}
	if ctx.Err() == nil {
		e.Mend = "see whether the host is up and its sshd runs: systemctl status ssh (Debian) or sshd (Red Hat)"
		return e
	}
	e.Text, e.Err = "it was given up", context.Cause(ctx)
	if _, slow := errors.AsType[errSlow](e.Err); slow {
		e.Text, e.Mend = "it doesn't answer", "see whether the host is up and lets SSH through, or raise ssh.connect_timeout"
	}
	return e
}

// isUnknownName reports whether a host has a name that nobody knows.
func isUnknownName(err error) bool {
	unknown, is := errors.AsType[*net.DNSError](err)
	return is && unknown.IsNotFound
}
