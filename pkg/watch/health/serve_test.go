package health_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
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

// door is a listener at which a test comes in.
type door struct {
	net.Listener
	conns chan net.Conn
	shut  chan struct{}
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.conns:
		return c, nil
	case <-d.shut:
		return nil, net.ErrClosed
	}
}

func (d *door) Close() error {
	close(d.shut)
	return nil
}

func (d *door) Addr() net.Addr { return &net.TCPAddr{} }

// visitor is a connection to a daemon, from the other side.
type visitor struct {
	net.Conn
	answers *bufio.Reader
}

// crowded serves the handler, and lets the test be with a way to come in. No time goes
// by unless everybody waits.
func crowded(t *testing.T, h http.HandlerFunc, test func(t *testing.T, come func() visitor)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		d, ended := &door{conns: make(chan net.Conn), shut: make(chan struct{})}, make(chan error)
		go func() { ended <- health.Serve(ctx, d, h, slog.New(slog.DiscardHandler)) }()
		start := time.Now()
		test(t, func() visitor {
			ours, theirs := net.Pipe()
			d.conns <- theirs
			return visitor{ours, bufio.NewReader(ours)}
		})
		if waited := time.Since(start); waited > 0 {
			t.Errorf("somebody had to wait for %v", waited)
		}
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// say sends text, as far as anybody reads it.
func (v visitor) say(text string) { go func() { _, _ = io.WriteString(v, text) }() }

// isAnswered asks something, and keeps the connection.
func (v visitor) isAnswered(t *testing.T) {
	t.Helper()
	v.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	v.hears(t)
}

func (v visitor) hears(t *testing.T) {
	t.Helper()
	r, err := http.ReadResponse(v.answers, nil)
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err != nil {
		t.Errorf("it is not answered: %v", err)
	}
	synctest.Wait()
}

// isOut reports whether the connection was closed from the other side.
func (v visitor) isOut() bool {
	synctest.Wait()
	_ = v.SetReadDeadline(time.Now())
	_, err := v.answers.Peek(1)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// However many connections there are, whoever comes is answered at once, and there are
// no more of them than the daemon has descriptors to spare for.
func TestServeIsNotOverrun(t *testing.T) {
	for name, stay := range map[string]func(*testing.T, visitor){
		"says nothing":     func(*testing.T, visitor) {},
		"was answered":     func(t *testing.T, v visitor) { v.isAnswered(t) },
		"begins to ask":    func(_ *testing.T, v visitor) { v.say("G") },
		"asks for nothing": func(_ *testing.T, v visitor) { v.say("GET / HTTP/1.1\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			crowded(t, func(http.ResponseWriter, *http.Request) {}, func(t *testing.T, come func() visitor) {
				var crowd []visitor
				for range health.MaxConnections {
					v := come()
					stay(t, v)
					crowd = append(crowd, v)
					synctest.Wait()
				}
				for range 3 {
					v := come()
					v.isAnswered(t)
					crowd = append(crowd, v)
				}
				for i, v := range crowd {
					if i < 3 != v.isOut() {
						t.Errorf("the connection number %d is out: %t", i+1, i >= 3)
					}
				}
			})
		})
	}
}

// Who is being answered doesn't make room while somebody waits who is not.
func TestServeFinishesAnswers(t *testing.T) {
	var answer chan struct{}
	slowly := func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-answer
		}
	}
	crowded(t, slowly, func(t *testing.T, come func() visitor) {
		answer = make(chan struct{})
		slow := come()
		slow.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		for range 2 * health.MaxConnections {
			come().isAnswered(t)
		}
		answer <- struct{}{}
		slow.hears(t)
	})
}

// Who asks now and then, over the same connection, stays longer than who never does.
func TestServeKeepsWhoAsks(t *testing.T) {
	crowded(t, func(http.ResponseWriter, *http.Request) {}, func(t *testing.T, come func() visitor) {
		regular := come()
		for range health.MaxConnections - 1 {
			come()
		}
		synctest.Wait()
		regular.isAnswered(t)
		come().isAnswered(t)
		if regular.isOut() {
			t.Error("the one that asks made room")
		}
	})
}
