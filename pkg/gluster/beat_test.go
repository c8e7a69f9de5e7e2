package gluster

import (
	"bufio"
	"context"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// What lasts is told again and again that somebody is there.
func TestBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, told := io.Pipe()
		out, says := io.Pipe()
		start := time.Now()
		var beats []time.Duration
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = io.WriteString(says, "\x00")
			for lines := bufio.NewScanner(in); lines.Scan(); {
				if lines.Text() != "" {
					t.Errorf("told %q", lines.Text())
				}
				beats = append(beats, time.Since(start))
			}
		}()
		c, err := (&Far{Shell: holding{talk{out, told}}}).hold(t.Context(), "")
		ok(t, err)
		time.Sleep(40 * time.Second)
		ok(t, c.Close(), c.Close())
		<-ended
		if want := []time.Duration{beatEvery, 2 * beatEvery}; !slices.Equal(beats, want) {
			t.Errorf("told after %v", beats)
		}
	})
}

// holding is a shell on which one session is had.
type holding struct{ Session }

func (h holding) Connect(context.Context) error { return nil }
func (h holding) Run(context.Context, string, ...string) (Answer, error) {
	return Answer{Code: -1}, ErrNotRun
}

func (h holding) Hold(_ context.Context, argv ...string) (Session, error) {
	return marking{h.Session, argv[4]}, nil
}

// marking is a session whose only answer is the mark.
type marking struct {
	Session
	mark string
}

func (m marking) Read(p []byte) (int, error) {
	n, err := m.Session.Read(p)
	if n > 0 {
		n = copy(p, m.mark+"\x00")
	}
	return n, err
}

// A lock of which nobody is heard any more is let go of, though the connection is
// there still.
func TestTheLockGoesWithItsHolder(t *testing.T) {
	for _, sh := range shells() {
		t.Run(sh, func(t *testing.T) {
			program(t, "timeout", "shift\nexec /usr/bin/timeout 1 \"$@\"\n")
			dir := t.TempDir()
			d, _ := openFar(t, sh, dir)
			l := lock(t, d)
			ok(t, l.Held(t.Context()))
			here, err := openTree(t, dir).Lock(t.Context(), nil) // before the first beat
			ok(t, err)
			if err := l.Held(t.Context()); err == nil {
				t.Error("it is had twice")
			}
			ok(t, l.Close(), here.Close())
		})
	}
}

// Who asks again, after an answer that was waited for in vain, gets the answer to that
// question and not to the one before.
func TestAnswersBelongToTheirQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out, says := io.Pipe()
		bound := &io.LimitedReader{R: out}
		c := &conversation{host: &Far{}, mark: "m", bound: bound, reader: bufio.NewReader(bound)}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.next(ctx, "ask"); err == nil {
			t.Fatal("an answer that nobody gave")
		}
		got := make(chan []string)
		go func() {
			fields, err := c.next(context.Background(), "ask")
			ok(t, err)
			got <- fields
		}()
		_, err := io.WriteString(says, "first\x00m\x00second\x00m\x00")
		ok(t, err)
		if fields := <-got; !slices.Equal(fields, []string{"second"}) {
			t.Errorf("got %q", fields)
		}
	})
}
