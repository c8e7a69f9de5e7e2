package remote

import (
	"context"
	"errors"
	"sync"
	"time"

	"glusterd-shares/pkg/gluster"
)

// Host is one machine, and one user there. Its methods may be called by several
// goroutines at once.
type Host struct {
	settings   Settings
	keyring    *keyring
	user, host string
	shown      string // user@host, for errors

	mu      sync.Mutex
	lines   []*line       // those that are alive, as far as known
	dialing *dialing      // a connection that is being made; nil: none is
	lost    error         // why the last connection went that was lost; nil: there was none, or another one since
	away    error         // why the host could not be reached when that was tried last; nil: it could, or was not tried
	changed chan struct{} // closed, and made anew, when a session may be had
	most    int           // how many sessions a new connection is taken to have
	closed  bool
}

// dialing is a connection that is being made, for all who wait for one.
type dialing struct {
	done    chan struct{} // closed when it is made, or not
	err     error         // why it isn't; to be read after done
	abandon func()
}

func newHost(s Settings, k *keyring, user, host string) *Host {
	return &Host{settings: s, keyring: k, user: user, host: host, shown: s.shown(user, host), most: maxSessions, changed: make(chan struct{})}
}

// String gives the host as user@host.
func (h *Host) String() string { return h.shown }

func (h *Host) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, l := range h.lines {
		l.end(errClosed)
	}
	h.lines = nil
	if h.dialing != nil {
		h.dialing.abandon()
	}
	h.tell()
}

// errClosed: there is nobody left who would want an answer.
var errClosed = errors.New("it is not needed any more")

// tell wakes all who wait for a session. The lock must be held.
func (h *Host) tell() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// Connect makes sure that there is a connection. Who does so first doesn't find the
// time for it, in which a person may be asked, in that of a command.
func (h *Host) Connect(ctx context.Context) error {
	l, err := h.take(ctx, false)
	if err == nil {
		h.give(l, false)
	}
	return err
}

// take reserves a session on a connection that has one left, and makes a
// connection where there is none. Where the host takes no more sessions it waits
// until one is over. Only where all of them are lasting, which may be for ever,
// it makes a further connection: a lock that is held must not keep out the
// commands under it. For a host that could not be reached before nobody waits long:
// the connection goes on being made, for who asks next.
func (h *Host) take(ctx context.Context, lasting bool) (*line, error) {
	enough, away := h.wasAway()
	for {
		l, made, changed, err := h.reserve(ctx, lasting)
		if l != nil || err != nil {
			return l, err
		}
		select {
		case <-changed:
		case <-enough:
			return nil, away
		case <-ctx.Done():
			return nil, &Error{Host: h.shown, Kind: ErrUnreachable, Text: "no session", Err: context.Cause(ctx)}
		}
		if err := made.failure(); err != nil {
			return nil, err
		}
	}
}

// awayWait is how long a connection is waited for to a host that could not be reached
// when that was tried before.
const awayWait = 2 * time.Second

// wasAway tells when it is to be the answer that the host could not be reached before, and
// why it could not; never where it could.
func (h *Host) wasAway() (enough <-chan time.Time, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.away == nil || len(h.lines) > 0 {
		return nil, nil
	}
	return time.After(awayWait), h.away
}

// failure is why the connection could not be made; nil where it was, or will be, or
// where none was to be made.
func (d *dialing) failure() error {
	if d == nil {
		return nil
	}
	select {
	case <-d.done:
		return d.err
	default:
		return nil
	}
}

// reserve is one look for a session: there is one, or there is something to wait
// for.
func (h *Host) reserve(ctx context.Context, lasting bool) (*line, *dialing, <-chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, nil, nil, &Error{Host: h.shown, Kind: ErrUnreachable, Text: "no session", Err: errClosed}
	}
	h.forget()
	if len(h.lines) == 0 && gluster.IsUnbroken(ctx) {
		return nil, nil, nil, &Error{Host: h.shown, Kind: ErrLost, Text: "the connection is lost", Mend: "over another one this is not begun"}
	}
	waitable := false
	for _, l := range h.lines {
		if l.busy < l.most {
			l.busy++
			if lasting {
				l.lasting++
			}
			return l, nil, nil, nil
		}
		waitable = waitable || l.busy > l.lasting
	}
	if h.dialing == nil && !waitable {
		h.dialing = h.startDialing(ctx)
	}
	return nil, h.dialing, h.changed, nil
}

// forget drops the connections that are over. The lock must be held.
func (h *Host) forget() {
	alive := h.lines[:0]
	for _, l := range h.lines {
		if l.over() {
			h.lost = l.cause
		} else {
			alive = append(alive, l)
		}
	}
	clear(h.lines[len(alive):])
	h.lines = alive
}

// startDialing makes a connection for all who want one: it doesn't end with the
// context of the first of them.
func (h *Host) startDialing(ctx context.Context) *dialing {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	d := &dialing{done: make(chan struct{}), abandon: func() { cancel(errClosed) }}
	lost := h.lost
	go func() {
		l, err := h.connect(ctx)
		if err == nil && lost != nil {
			h.settings.Log.InfoContext(ctx, "ssh: connected again", "host", h.shown, "lost", lost)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		cancel(nil)
		switch {
		case err == nil && h.closed:
			l.end(errClosed)
		case err == nil:
			l.most, h.lost = h.most, nil
			h.lines = append(h.lines, l)
		}
		if h.away = nil; errors.Is(err, ErrUnreachable) {
			h.away = err
		}
		d.err = err
		h.dialing = nil
		close(d.done)
		h.tell()
	}()
	return d
}

// give gives a session back.
func (h *Host) give(l *line, lasting bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l.busy--
	if lasting {
		l.lasting--
	}
	h.tell()
}

// finish gives a session back that is over.
func (h *Host) finish(l *line, lasting bool) {
	h.mu.Lock()
	l.ended = time.Now()
	h.mu.Unlock()
	h.give(l, lasting)
}
