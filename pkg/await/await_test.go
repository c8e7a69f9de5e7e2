package await_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/await"
)

var errNo, errEnough = errors.New("no"), errors.New("enough")

func TestFor(t *testing.T) {
	for name, f := range map[string]struct {
		takes time.Duration
		left  bool
		value int
		err   error
	}{
		"in time": {time.Second, false, 7, errNo},
		"late":    {time.Hour, true, 0, errEnough},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errEnough)
			defer cancel()
			start, late := time.Now(), 0
			v, left, err := await.For(ctx, func() (int, error) { time.Sleep(f.takes); return 7, errNo }, func(v int, err error) {
				if late = v; err != errNo {
					t.Errorf("%s: it came with %v", name, err)
				}
			})
			if v != f.value || left != f.left || err != f.err {
				t.Errorf("%s: it gives %d, %t, %v", name, v, left, err)
			}
			if waited := time.Since(start); waited != min(f.takes, time.Minute) {
				t.Errorf("%s: it waited for %v", name, waited)
			}
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			if late != 0 != f.left {
				t.Errorf("%s: what came late is %d", name, late)
			}
		})
	}
}
