package remote

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/await"
	"glusterd-shares/pkg/gluster"
)

// Process is something at work on a host, on a session of its own.
type Process struct {
	// Stdout and Stderr are what it prints. Both have to be read, or it comes to
	// a stop.
	Stdout, Stderr io.Reader

	host    *Host
	session session
	closing sync.Once

	// What the host told of the end; to be read when done is closed.
	done chan struct{}
	told bool // there was an exit status or a signal
	code int  // exit status; -1 where it was killed
}

// begin opens a session and has the login shell run the line, over a new connection
// where the one that there was has gone. Nothing was run when it fails.
func (h *Host) begin(ctx context.Context, lasting bool, line string) (*Process, error) {
	p, err := h.beginOnce(ctx, lasting, line)
	if e, is := errors.AsType[*Error](err); is && e.Gone && !gluster.IsUnbroken(ctx) {
		return h.beginOnce(ctx, lasting, line)
	}
	return p, err
}

func (h *Host) beginOnce(ctx context.Context, lasting bool, line string) (*Process, error) {
	s, err := h.session(ctx, lasting)
	if err != nil {
		return nil, err
	}
	p := &Process{Stdout: s, Stderr: s.Stderr(), host: h, session: s, done: make(chan struct{}), code: -1}
	go p.follow(lasting)
	payload := ssh.Marshal(struct{ Line string }{line})
	taken, left, err := await.For(ctx, func() (bool, error) { return s.SendRequest("exec", true, payload) }, func(bool, error) {})
	if taken {
		return p, nil
	}
	p.Close()
	if err == nil {
		return nil, &Error{Host: h.shown, Kind: ErrRefused, Text: "it refuses to run any command"}
	}
	if !left {
		err = p.whyLost(err)
	}
	e := p.lost(err)
	e.Text, e.Ran = "no session", false
	return nil, e
}

// follow reads what the host tells until the session is over, and gives it back.
func (p *Process) follow(lasting bool) {
	for r := range p.session.told {
		switch r.Type {
		case "exit-status":
			var status struct{ Status uint32 }
			if ssh.Unmarshal(r.Payload, &status) == nil {
				p.told, p.code = true, int(status.Status)
			}
		case "exit-signal":
			p.told = true
		}
		if r.WantReply {
			_ = r.Reply(false, nil) // the connection's end is told elsewhere
		}
	}
	p.host.finish(p.session.line, lasting)
	close(p.done)
}

// Write writes to the stdin of what is at work.
func (p *Process) Write(b []byte) (int, error) { return p.session.Write(b) }

// CloseWrite is the end of its stdin.
func (p *Process) CloseWrite() error { return p.session.CloseWrite() }

// Close ends it: it gets a signal, and its streams are closed. Close doesn't wait,
// since the connection may be frozen.
func (p *Process) Close() {
	p.closing.Do(func() {
		go func() {
			// Not every sshd hands on a signal, and a session may be over.
			_, _ = p.session.SendRequest("signal", false, ssh.Marshal(struct{ Signal string }{string(ssh.SIGTERM)}))
			_ = p.session.Channel.Close()
		}()
	})
}

// Wait waits for the end and gives the exit status, -1 where it was killed. The
// error tells that the end isn't known.
func (p *Process) Wait(ctx context.Context) (code int, err error) {
	select {
	case <-p.done:
	case <-ctx.Done():
		return -1, p.lost(context.Cause(ctx))
	}
	if !p.told {
		return -1, p.lost(p.whyLost(io.EOF))
	}
	return p.code, nil
}

// whyLost is why the connection went away, if it did, which says more than what
// the session says. The sessions of a connection end a little before it does.
func (p *Process) whyLost(err error) error {
	select {
	case <-p.session.line.gone:
		return p.session.line.cause
	case <-time.After(settling):
	}
	if errors.Is(err, io.EOF) {
		return errors.New("the session ended without a word")
	}
	return err
}

// lost is the error of something that may have been done.
func (p *Process) lost(err error) *Error {
	return &Error{Host: p.host.shown, Kind: ErrLost, Text: "no answer", Err: err, Ran: true, Gone: p.session.line.over()}
}
