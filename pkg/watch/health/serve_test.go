package health_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/watch/health"
)

// served is a daemon at an address, until end is called; how it ended then comes.
func served(t *testing.T) (address string, l net.Listener, end func(), ended chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := newDaemon("")
	ctx, cancel := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() {
		ended <- health.Serve(ctx, l, health.Handler(d.board, d.metrics, d.about), slog.New(slog.DiscardHandler))
	}()
	return l.Addr().String(), l, cancel, ended
}

// A web page that has its own name lead to this machine learns nothing.
func TestServeToItself(t *testing.T) {
	address, _, end, ended := served(t)
	_, port, _ := net.SplitHostPort(address)
	for host, want := range map[string]int{
		address: http.StatusOK, "localhost:" + port: http.StatusOK, "localhost": http.StatusOK, "[::1]:" + port: http.StatusOK,
		"evil.example:" + port: http.StatusMisdirectedRequest, "evil.example": http.StatusMisdirectedRequest, "": http.StatusOK,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/status", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("asked as %q: %d, want %d", host, answer.StatusCode, want)
		}
	}
	end()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// It ends when it is told to, also where somebody has a connection and asks nothing.
func TestServeEnds(t *testing.T) {
	address, _, end, ended := served(t)
	silent, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	r, err := http.Get("http://" + address + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || string(body) != "live\n" {
		t.Errorf("it says %q, %v", body, err)
	}
	end()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if err := silent.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the silent one's connection is still there: %v", err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("it listens on")
	}
}

// That it can't go on is told.
func TestServeFails(t *testing.T) {
	_, l, _, ended := served(t)
	l.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("it ended with %v, want that the listener is closed", err)
	}
}

// crowd is a listener that has as many connections to give as are asked for, of
// people who say nothing.
type crowd struct {
	net.Listener
	came atomic.Int32
	over atomic.Bool
}

func (c *crowd) Accept() (net.Conn, error) {
	if c.over.Load() {
		return nil, net.ErrClosed
	}
	c.came.Add(1)
	_, conn := net.Pipe()
	return conn, nil
}

func (c *crowd) Close() error {
	c.over.Store(true)
	return nil
}

func (c *crowd) Addr() net.Addr { return &net.TCPAddr{} }

// However many come, no more are let in than it has descriptors to spare for. Who
// says nothing has to make room after a while.
func TestServeIsNotOverrun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		c, ended := &crowd{}, make(chan error)
		go func() { ended <- health.Serve(ctx, c, http.NotFoundHandler(), slog.New(slog.DiscardHandler)) }()
		synctest.Wait()
		if n := c.came.Load(); n != health.MaxConnections {
			t.Errorf("%d connections at once, want %d", n, health.MaxConnections)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := c.came.Load(); n < 2*health.MaxConnections {
			t.Errorf("after a minute %d have come: the first ones made no room", n)
		}
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
