package remote

import (
	"context"

	"golang.org/x/crypto/ssh"
)

// spare is a session that is opened before anybody wants it, beside what is at work:
// so that a command which comes after another one doesn't cost the round trip for it.
// Whoever wants a session takes the spare one first: it stands in nobody's way.
type spare struct {
	done    chan struct{} // closed when it is had, or not
	session session       // to be read after done, as err
	err     error
}

// provide opens a spare session where the connection has room for it.
func (h *Host) provide(l *line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.spare != nil || l.noSpare || l.busy >= l.most {
		return
	}
	s := &spare{done: make(chan struct{})}
	l.spare = s
	go func() {
		s.session, s.err = l.session()
		if s.err != nil {
			h.mu.Lock()
			l.noSpare = true
			if l.spare == s {
				l.spare = nil
			}
			h.mu.Unlock()
		}
		close(s.done)
	}()
}

// takeSpare gives the spare session of a connection, if it has one.
func (h *Host) takeSpare(l *line) *spare {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := l.spare
	l.spare = nil
	return s
}

// ready waits for the session. Who doesn't wait to the end leaves it to be closed.
func (s *spare) ready(ctx context.Context) (session, error) {
	select {
	case <-s.done:
		return s.session, s.err
	case <-ctx.Done():
	}
	go func() {
		<-s.done
		if s.err == nil {
			s.session.discard()
		}
	}()
	return session{}, context.Cause(ctx)
}

// discard closes a session for which nobody waits any more.
func (s session) discard() {
	_ = s.Close()
	go ssh.DiscardRequests(s.told)
}
