package gluster

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The first answers fail in one way, then all is well.
func TestRetry(t *testing.T) {
	busy := Answer{Stdout: sample(t, "volume-set-locked.xml")}
	down := Answer{Stdout: sample(t, "glusterd-down.txt"), Code: 1}
	no := Answer{Stdout: sample(t, "volume-set-badpath.xml")}
	tests := []struct {
		name   string
		ans    Answer
		bad    int // how many
		write  bool
		calls  int
		waited time.Duration // with a jitter of 0: half of 200 ms, 400 ms, ...
		want   string
	}{
		{"at once", busy, 0, true, 1, 0, ""},
		{"a busy write", busy, 3, true, 4, 700 * time.Millisecond, ""},
		{"a busy read", busy, 1, false, 2, 100 * time.Millisecond, ""},
		{"busy for ever", busy, 99, true, 10, 100*time.Millisecond*(1+2+4+8+16+32) + 3*4*time.Second, "busy"},
		{"down, read", down, 2, false, 3, 300 * time.Millisecond, ""},
		{"down for ever, read", down, 99, false, 5, 1500 * time.Millisecond, "down"},
		{"down, write", down, 1, true, 1, 0, "down unknown"},
		{"refused", no, 1, false, 1, 0, ""},
		{"refused, write", no, 1, true, 1, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, h := client(Answer{}, nil)
				h.answer = func(context.Context, []string) (Answer, error) {
					if len(h.calls) <= tt.bad {
						return tt.ans, nil
					}
					return Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil
				}
				start := time.Now()
				_, err := c.retry(t.Context(), tt.write, []string{"x"})
				if len(h.calls) != tt.calls || time.Since(start) != tt.waited || kinds(err) != tt.want {
					t.Errorf("%d calls in %v, %v; want %d in %v, %q", len(h.calls), time.Since(start), err, tt.calls, tt.waited, tt.want)
				}
				if wantErr := tt.bad >= tt.calls; (err != nil) != wantErr {
					t.Errorf("error %v, want one: %v", err, wantErr)
				}
			})
		})
	}
}

func TestRetryIsBoundedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, h := client(Answer{}, nil)
		h.answer = func(context.Context, []string) (Answer, error) {
			time.Sleep(100 * time.Second)
			return Answer{Stdout: sample(t, "volume-set-locked.xml")}, nil
		}
		_, err := c.read(t.Context(), "x")
		if len(h.calls) != 2 || kinds(err) != "busy" {
			t.Errorf("%d calls, %v; want 2", len(h.calls), err)
		}
	})
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
		defer cancel()
		c, h := client(Answer{Stdout: sample(t, "volume-set-locked.xml")}, nil)
		_, err := c.read(ctx, "x")
		if len(h.calls) != 2 || kinds(err) != "busy" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%d calls, %v; want 2, busy and the deadline", len(h.calls), err)
		}
	})
}

func TestCommandIsBounded(t *testing.T) {
	for _, write := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c, h := client(Answer{}, nil)
			h.answer = func(ctx context.Context, _ []string) (Answer, error) {
				<-ctx.Done()
				return Answer{Code: -1}, ctx.Err()
			}
			start := time.Now()
			_, err := c.retry(t.Context(), write, []string{"x"})
			if took := time.Since(start); took != commandTimeout || len(h.calls) != 1 {
				t.Errorf("%d calls in %v", len(h.calls), took)
			}
			if errors.Is(err, ErrUnknownOutcome) != write || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no answer in 2m30s") {
				t.Errorf("write %v: got %v", write, err)
			}
		})
	}
}

func TestBackoffJitter(t *testing.T) {
	tests := []struct {
		n      int
		jitter float64
		want   time.Duration
	}{
		{1, 0, 100 * time.Millisecond},
		{1, 0.5, 150 * time.Millisecond},
		{4, 0.25, 1000 * time.Millisecond},
		{30, 0, 4 * time.Second},
		{30, 1, 8 * time.Second},
	}
	for _, tt := range tests {
		c := Client{Jitter: func() float64 { return tt.jitter }}
		if got := c.backoff(tt.n); got != tt.want {
			t.Errorf("backoff(%d) with %v = %v, want %v", tt.n, tt.jitter, got, tt.want)
		}
	}
}
