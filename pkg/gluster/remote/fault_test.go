package remote

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

var markOf = regexp.MustCompile(`[A-Z2-7]{26}:ready`)

// begins is an exec of a server that runs nothing: it reads the script, says that
// the command begins, and does what the test wants.
func begins(then func(c ssh.Channel, script string, stdin *bufio.Reader)) func(ssh.Channel, string) {
	return func(c ssh.Channel, _ string) {
		stdin := bufio.NewReader(c)
		script, err := stdin.ReadString('\n')
		if err != nil {
			exit(c, 1)
			return
		}
		for _, stream := range []io.Writer{c, c.Stderr()} {
			_, _ = fmt.Fprintf(stream, "\n%s\n", markOf.FindString(script))
		}
		then(c, script, stdin)
	}
}

// says is an exec that prints the command's last word and succeeds.
var says = begins(func(c ssh.Channel, script string, _ *bufio.Reader) {
	words := strings.Fields(script)
	_, _ = io.WriteString(c, strings.Join(words[len(words)-7:], " "))
	exit(c, 0)
})

// bubble runs a test in a bubble of time, with a server and the host of it. All
// connections are closed at its end.
func bubble(t *testing.T, f func(t *testing.T, s *server, h *Host)) {
	s, settings := serve(t)
	s.exec = says
	synctest.Test(t, func(t *testing.T) {
		hosts := New(settings)
		defer func() {
			hosts.Close()
			s.each(func(c *memConn) { _ = c.Close() })
		}()
		f(t, s, hosts.Host("root", "host"))
	})
}

// run is a command that is not to fail.
func run(t *testing.T, h *Host) {
	t.Helper()
	if _, err := h.Exec(t.Context(), Command{Args: []string{"x"}}); err != nil {
		t.Errorf("%v", err)
	}
}

// want checks what an error is and whether the command may have been run.
func want(t *testing.T, err, kind error, ran bool, parts ...string) {
	t.Helper()
	if !errors.Is(err, kind) || errors.Is(err, gluster.ErrNotRun) == ran {
		t.Errorf("got %v; not %q, or wrong of whether it ran", err, kind)
	}
	for _, p := range parts {
		if err == nil || !strings.Contains(err.Error(), p) {
			t.Errorf("%q is not in: %v", p, err)
		}
	}
}

func TestOneConnectionForAll(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() { run(t, h) })
		}
		all.Wait()
		run(t, h)
		if s.dials != 1 {
			t.Errorf("%d connections", s.dials)
		}
	})
}

// A connection can be had before there is a command for it.
func TestConnect(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.exec = func(ssh.Channel, string) { t.Error("something was run") }
		for range 2 {
			if err := h.Connect(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if s.dials != 1 {
			t.Errorf("%d connections", s.dials)
		}
		s.keys[0] = newKey(t, "ed25519")
		s.each(func(c *memConn) { _ = c.Close() })
		synctest.Wait()
		want(t, h.Connect(t.Context()), ErrHostKey, false)
	})
}

// However few sessions the host takes on a connection, all commands are run, also
// beside processes that go on.
func TestFewSessions(t *testing.T) {
	for _, n := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, h *Host) {
				s.sessions, s.linger = n, settling/2
				var runs atomic.Int64
				s.exec = begins(func(c ssh.Channel, script string, stdin *bufio.Reader) {
					if strings.Contains(script, "'hold'") {
						_, _ = io.Copy(io.Discard, stdin)
					} else {
						time.Sleep(time.Second + time.Duration(runs.Add(1)%5)*settling/5)
					}
					exit(c, 0)
				})
				var all sync.WaitGroup
				var held []*Process
				for range 2 {
					p, err := h.Start(t.Context(), Command{Args: []string{"hold"}})
					if err != nil {
						t.Fatal(err)
					}
					held = append(held, p)
					for range 10 {
						all.Go(func() { run(t, h) })
					}
					all.Wait()
				}
				if most := 2/n + 1; s.dials > most {
					t.Errorf("%d connections, not %d", s.dials, most)
				}
				for _, p := range held {
					if err := p.CloseWrite(); err != nil {
						t.Error(err)
					}
					if code, err := p.Wait(t.Context()); code != 0 || err != nil {
						t.Errorf("got %d, %v", code, err)
					}
				}
				run(t, h)
			})
		})
	}
}

func TestNoSessionAtAll(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.sessions = -1
		start := time.Now()
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrRefused, false, "it opens no session", "MaxSessions")
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// A connection that is frozen ends every command in bounded time, and nobody knows
// what has become of it; the next command has a new connection.
func TestFrozen(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.exec = begins(func(ssh.Channel, string, *bufio.Reader) { s.each((*memConn).freeze) })
		start := time.Now()
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrLost, true, "ssh root@host: ", "no sign of life for 30s")
		if took := time.Since(start); took > aliveEvery+aliveWithin {
			t.Errorf("it took %v", took)
		}
		s.exec = says
		run(t, h)
		if s.dials != 2 {
			t.Errorf("%d connections", s.dials)
		}
	})
}

// The caller doesn't wait for a connection that is frozen longer than it wants to.
func TestFrozenAndGivenUp(t *testing.T) {
	enough := errors.New("enough")
	for _, tt := range []struct {
		name string
		do   func(context.Context, *Host) error
	}{
		{"a command", func(ctx context.Context, h *Host) error {
			_, err := h.Exec(ctx, Command{Args: []string{"x"}})
			return err
		}},
		{"a process", func(ctx context.Context, h *Host) error {
			_, err := h.Start(ctx, Command{Args: []string{"x"}})
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, h *Host) {
				run(t, h)
				s.each((*memConn).freeze)
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, enough)
				defer cancel()
				start := time.Now()
				err := tt.do(ctx, h)
				want(t, err, enough, false, "no session")
				if took := time.Since(start); took != time.Second {
					t.Errorf("it took %v", took)
				}
				run(t, h) // after the frozen connection is found out
			})
		})
	}
}

// A command that is not wanted any more gets a signal and loses its streams. What
// it has printed is told.
func TestGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		signals := make(chan string, 1)
		s.exec = begins(func(c ssh.Channel, _ string, stdin *bufio.Reader) {
			_, _ = io.WriteString(c, "so far")
			_, err := io.Copy(io.Discard, stdin)
			signals <- fmt.Sprint("the end of stdin ", err)
			time.Sleep(time.Hour)
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		ans, err := h.Exec(ctx, Command{Args: []string{"x"}})
		want(t, err, context.DeadlineExceeded, true)
		if ans.Stdout != "so far" || ans.Code != -1 {
			t.Errorf("got %+v", ans)
		}
		if got := <-signals; got != "the end of stdin <nil>" {
			t.Errorf("got %q", got)
		}
		time.Sleep(2 * time.Hour)
	})
}

// A login shell that hangs, or reads what is for the command, never comes to run it.
func TestNeverBegun(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		ended := make(chan struct{})
		s.exec = func(c ssh.Channel, _ string) {
			<-ended
			_, _ = io.Copy(io.Discard, c)
			exit(c, 1)
		}
		never := func(err error, start time.Time) {
			t.Helper()
			want(t, err, ErrLost, true, "no answer: the login shell has not begun the command in 40s; see what it runs first")
			if took := time.Since(start); took != beginTimeout {
				t.Errorf("it took %v", took)
			}
		}
		start := time.Now()
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		never(err, start)
		start = time.Now()
		_, err = h.Start(t.Context(), Command{Args: []string{"hold"}})
		never(err, start)

		close(ended)
		start = time.Now()
		_, err = h.Start(t.Context(), Command{Args: []string{"hold"}})
		never(err, start)
		_, err = h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrRefused, false, "something else ran in place of the command")
	})
}

// A connection that is made anew is told of, and why, and the first one is not.
func TestConnectedAgain(t *testing.T) {
	s, settings := serve(t)
	s.exec = says
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		settings.Log = slog.New(slog.NewTextHandler(&log, nil)) // from level info on
		hosts := New(settings)
		defer hosts.Close()
		h := hosts.Host("root", "host")
		run(t, h)
		if log.Len() > 0 {
			t.Errorf("the first one is told of: %s", &log)
		}
		s.each(func(c *memConn) { _ = c.Close() })
		s.noDial = func(n int) error {
			if n < 4 {
				return errors.New("refused")
			}
			return nil
		}
		run(t, h)
		run(t, h)
		want := `level=INFO msg="ssh: connected again" host=root@host lost="the other side closed it"`
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), want) {
			t.Errorf("%s is not what is told: %s", want, &log)
		}
	})
}

// What was cut off is not run again.
func TestCutOff(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		ran := 0
		s.exec = begins(func(c ssh.Channel, _ string, _ *bufio.Reader) {
			ran++
			_, _ = io.WriteString(c, "half of")
			time.Sleep(time.Second)
			s.each(func(c *memConn) { _ = c.Close() })
		})
		ans, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrLost, true, "the other side closed it")
		if ans.Stdout != "half of" || ran != 1 {
			t.Errorf("got %+v, ran %d times", ans, ran)
		}
	})
}

// A connection that went away while nobody used it is made anew.
func TestReconnect(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		for n := 1; n <= 3; n++ {
			run(t, h)
			if s.dials != n {
				t.Errorf("%d connections, not %d", s.dials, n)
			}
			s.each(func(c *memConn) { _ = c.Close() })
		}
	})
}

// Who wanted a connection first may give up; the others get it all the same.
func TestOneOfManyGivesUp(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.noDial = func(int) error { time.Sleep(3 * time.Second); return nil }
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			_, err := h.Exec(impatient, Command{Args: []string{"x"}})
			want(t, err, context.DeadlineExceeded, false)
		})
		synctest.Wait()
		for range 3 {
			all.Go(func() { run(t, h) })
		}
		all.Wait()
		if s.dials != 1 {
			t.Errorf("%d connections", s.dials)
		}
	})
}

func TestRefusedForAWhile(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.noDial = func(n int) error {
			if n < dials {
				return syscall.ECONNREFUSED
			}
			return nil
		}
		run(t, h)
		if s.dials != dials {
			t.Errorf("%d connections", s.dials)
		}
	})
}

func TestRefusedForGood(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.noDial = func(int) error { return syscall.ECONNREFUSED }
		start := time.Now()
		var all sync.WaitGroup
		for range 10 { // all get the answer to the tries that they waited for
			all.Go(func() {
				_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
				want(t, err, ErrUnreachable, false, "connection refused", "see whether the host is up")
			})
		}
		all.Wait()
		if took := time.Since(start); s.dials != dials || took > 4*time.Second {
			t.Errorf("%d connections in %v", s.dials, took)
		}
	})
}

// All tries together take no longer than a connection may.
func TestRefusedSlowly(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.noDial = func(int) error { time.Sleep(6 * time.Second); return syscall.EHOSTUNREACH }
		start := time.Now()
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrUnreachable, false, "no route to host", "see whether the host is up")
		if took := time.Since(start); s.dials != 3 || took > 19*time.Second {
			t.Errorf("%d connections in %v", s.dials, took)
		}
	})
}

// Nobody waits long for a host that could not be reached before. When it can be, that
// was found out meanwhile.
func TestStillAway(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		const slow = 6 * time.Second
		var up atomic.Bool
		s.noDial = func(int) error {
			time.Sleep(slow)
			if up.Load() {
				return nil
			}
			return syscall.EHOSTUNREACH
		}
		for n := range 3 {
			start := time.Now()
			_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
			want(t, err, ErrUnreachable, false, "no route to host")
			if took := time.Since(start); n > 0 && took > awayWait {
				t.Errorf("it took %v", took)
			}
		}
		time.Sleep(time.Minute) // the try that was left behind is over
		up.Store(true)
		if _, err := h.Exec(t.Context(), Command{Args: []string{"x"}}); !errors.Is(err, ErrUnreachable) {
			t.Errorf("got %v", err)
		}
		time.Sleep(slow)
		run(t, h)
	})
}

// A name that nobody knows is not asked for again.
func TestUnknownName(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.noDial = func(int) error { return &net.DNSError{Err: "no such host", Name: "host", IsNotFound: true} }
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrUnreachable, false, "no such host", "correct the host in the target")
		if s.dials != 1 {
			t.Errorf("%d connections", s.dials)
		}
	})
}

// A host that says nothing is given up in time, wherever it falls silent.
func TestSilent(t *testing.T) {
	silent := map[string]func(*Settings){
		"no connection": func(s *Settings) {
			s.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		},
		"no word": func(s *Settings) {
			s.Dial = func(context.Context, string, string) (net.Conn, error) {
				here, _ := memPipe()
				return here, nil
			}
		},
		"no key": func(s *Settings) {
			s.Dial = func(context.Context, string, string) (net.Conn, error) {
				here, there := memPipe()
				_, err := io.WriteString(there, "SSH-2.0-OpenSSH_9.2\r\n")
				return here, err
			}
		},
	}
	for name, how := range silent {
		t.Run(name, func(t *testing.T) {
			_, settings := serve(t)
			settings.SSH.ConnectTimeout = 7
			how(&settings)
			synctest.Test(t, func(t *testing.T) {
				hosts := New(settings)
				defer hosts.Close()
				start := time.Now()
				_, err := hosts.Host("root", "host").Exec(t.Context(), Command{Args: []string{"x"}})
				want(t, err, ErrUnreachable, false, "it doesn't answer: no connection in 7s; ", "ssh.connect_timeout")
				if took := time.Since(start); took != 7*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// What went with the connection is told from what ended otherwise.
func TestConnectionLost(t *testing.T) {
	enough := errors.New("enough")
	for name, tt := range map[string]struct {
		ends func(c ssh.Channel, s *server, giveUp func())
		lost bool
	}{
		"closed":    {func(_ ssh.Channel, s *server, _ func()) { s.each(func(c *memConn) { _ = c.Close() }) }, true},
		"frozen":    {func(_ ssh.Channel, s *server, _ func()) { s.each((*memConn).freeze) }, true},
		"given up":  {func(_ ssh.Channel, _ *server, giveUp func()) { giveUp() }, false},
		"no answer": {func(ssh.Channel, *server, func()) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, h *Host) {
				ctx, cancel := context.WithCancelCause(t.Context())
				s.exec = begins(func(c ssh.Channel, _ string, _ *bufio.Reader) {
					tt.ends(c, s, func() { cancel(enough) })
					if name != "no answer" {
						time.Sleep(time.Hour)
					}
				})
				_, err := h.Run(ctx, "", "x")
				if errors.Is(err, gluster.ErrConnectionLost) != tt.lost || errors.Is(err, state.ErrConnection) != tt.lost || errors.Is(err, gluster.ErrNotRun) {
					t.Errorf("got %v", err)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// So is what lasts: it has not ended by itself.
func TestConnectionLostUnderWhatLasts(t *testing.T) {
	for name, lost := range map[string]bool{"closed": true, "ended": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, h *Host) {
				s.exec = begins(func(c ssh.Channel, _ string, stdin *bufio.Reader) {
					_, _ = stdin.ReadString('\n')
					if lost {
						s.each(func(c *memConn) { _ = c.Close() })
					} else {
						exit(c, 0)
					}
				})
				held, err := h.Hold(t.Context(), "x")
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(held, "\n"); err != nil {
					t.Error(err)
				}
				if _, err := held.Read(make([]byte, 1)); errors.Is(err, gluster.ErrConnectionLost) != lost || errors.Is(err, io.EOF) == lost {
					t.Errorf("got %v", err)
				}
				_, err = io.WriteString(held, "\n")
				if lost && !errors.Is(err, gluster.ErrConnectionLost) {
					t.Errorf("got %v", err)
				}
				if err := held.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What changes something under a lock is not begun over another connection than the
// lock was taken on: not when the old one has gone, nor when it goes just then.
func TestUnbroken(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		never := func() {
			t.Helper()
			_, err := h.Run(gluster.Unbroken(t.Context()), "", "x")
			if !errors.Is(err, gluster.ErrNotRun) {
				t.Errorf("got %v", err)
			}
		}
		never()
		run(t, h)
		if _, err := h.Run(gluster.Unbroken(t.Context()), "", "x"); err != nil || s.dials != 1 {
			t.Errorf("%d connections, %v", s.dials, err)
		}
		s.each((*memConn).freeze)
		never()
		never()
		if s.dials != 1 {
			t.Errorf("%d connections", s.dials)
		}
		run(t, h)
	})
}

// A host that takes one session on a connection is asked over a second one while the
// first one is there.
func TestUnbrokenWithOneSession(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		s.sessions = 1
		s.exec = begins(func(c ssh.Channel, script string, stdin *bufio.Reader) {
			if strings.Contains(script, "'hold'") {
				_, _ = io.Copy(io.Discard, stdin)
			}
			exit(c, 0)
		})
		held, err := h.Hold(t.Context(), "hold")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Run(gluster.Unbroken(t.Context()), "", "x"); err != nil || s.dials != 2 {
			t.Errorf("%d connections, %v", s.dials, err)
		}
		if err := held.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A spare session is nobody's: it keeps no command waiting, and where the host takes
// few sessions there is none.
func TestSpareSession(t *testing.T) {
	for _, n := range []int{0, 1, 2, 10} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			bubble(t, func(t *testing.T, s *server, h *Host) {
				s.sessions = n
				s.exec = begins(func(c ssh.Channel, _ string, _ *bufio.Reader) {
					time.Sleep(time.Second)
					exit(c, 0)
				})
				atOnce := n
				if n == 0 {
					atOnce = maxSessions
				}
				for range 3 {
					start := time.Now()
					var all sync.WaitGroup
					for range atOnce {
						all.Go(func() { run(t, h) })
					}
					all.Wait()
					if took := time.Since(start); took > 1500*time.Millisecond {
						t.Errorf("%d commands at once took %v", atOnce, took)
					}
				}
				if s.dials != 1 {
					t.Errorf("%d connections", s.dials)
				}
			})
		})
	}
}
