package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/await"
	"glusterd-shares/pkg/gluster"
)

const (
	// maxSessions is what sshd takes on one connection where nobody has set
	// MaxSessions.
	maxSessions = 10

	// opens is how often a session is tried on a connection that has no other.
	opens = 6

	// settling is how long sshd may take to notice that a session is over.
	settling = 50 * time.Millisecond
)

// session is a channel on which one thing can be run.
type session struct {
	ssh.Channel
	told <-chan *ssh.Request // what the host tells of it, to be read to its end
	line *line
}

// session opens a session. Nothing has been asked of the host when it fails.
func (h *Host) session(ctx context.Context, lasting bool) (session, error) {
	for lost := 0; ; {
		l, err := h.take(ctx, lasting)
		if err != nil {
			return session{}, err
		}
		s, err := h.openOn(ctx, l, lasting)
		switch {
		case err == nil:
			return s, nil
		case errors.Is(err, errFull):
			continue
		case !errors.Is(err, errOver) || lost == 1 || gluster.IsUnbroken(ctx):
			return session{}, h.noSession(err)
		}
		lost++
	}
}

// openOn opens the session that is reserved on a connection. Where it fails the
// session is given back.
func (h *Host) openOn(ctx context.Context, l *line, lasting bool) (session, error) {
	for n := 1; ; n++ {
		if spare := h.takeSpare(l); spare != nil { // it may have come before this one's own
			if s, err := spare.ready(ctx); err == nil {
				h.provide(l)
				return s, nil
			}
		}
		s, left, err := await.For(ctx, l.session, func(s session, err error) {
			if err == nil {
				s.discard()
			}
			h.give(l, lasting)
		})
		if err == nil {
			h.provide(l)
		}
		if err == nil || left {
			return s, err
		}
		h.settings.Log.DebugContext(ctx, "ssh: no session", "host", h.shown, "error", err)
		if err = h.noRoom(ctx, l, n, err); err != nil {
			h.give(l, lasting)
			return session{}, err
		}
	}
}

var (
	errFull = errors.New("the connection takes no more sessions")
	errOver = errors.New("the connection is over")
)

// noRoom is told that a session was not had the n-th time. It returns nil when it
// is worth another try: sshd may not have noticed that another session is over.
func (h *Host) noRoom(ctx context.Context, l *line, n int, err error) error {
	if _, refused := errors.AsType[*ssh.OpenChannelError](err); !refused {
		l.end(err)
		return fmt.Errorf("%w: %w", errOver, err)
	}
	if n > 1 && h.full(l, n == opens) {
		return errFull
	}
	if n == opens {
		return err
	}
	return wait(ctx, settling<<(n-1))
}

func (l *line) session() (session, error) {
	c, told, err := l.client.OpenChannel("session", nil)
	return session{c, told, l}, err
}

func (h *Host) noSession(err error) error {
	e := &Error{Host: h.shown, Kind: ErrUnreachable, Text: "no session", Err: err}
	if _, refused := errors.AsType[*ssh.OpenChannelError](err); refused {
		e.Kind, e.Text = ErrRefused, "it opens no session"
		e.Mend = "see MaxSessions in its sshd_config"
	}
	return e
}

// full is told that the host took no further session on a connection. Where there
// are others they are as many as it takes, the spare one among them; unless one was
// over just now, which sshd may still count, and this was not the last try.
func (h *Host) full(l *line, last bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	others := l.busy - 1
	if l.spare != nil {
		others++
	}
	if others == 0 || !last && time.Since(l.ended) < settling {
		return false
	}
	l.most = min(l.most, others)
	h.most = min(h.most, l.most)
	return true
}
