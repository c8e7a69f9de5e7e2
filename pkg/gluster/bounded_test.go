package gluster

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBounded(t *testing.T) {
	no := errors.New("no")
	if v, err := bounded(t.Context(), func() (int, error) { return 7, no }, nil); v != 7 || err != no {
		t.Errorf("got %d, %v", v, err)
	}
	for _, tt := range []struct {
		name string
		err  error
		late int
	}{{"what comes late is handed on", nil, 7}, {"but not an error", no, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("too slow"))
				defer cancel()
				late := 0
				v, err := bounded(ctx, func() (int, error) { time.Sleep(time.Minute); return 7, tt.err }, func(v int) { late = v })
				if v != 0 || err == nil || err.Error() != "too slow" {
					t.Errorf("got %d, %v", v, err)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if late != tt.late {
					t.Errorf("late is %d, want %d", late, tt.late)
				}
			})
		})
	}
}
