package health

import (
	"testing"
	"time"
)

func TestStuck(t *testing.T) {
	now := time.Now()
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, tt := range []struct {
		name string
		p    pulse
		want string
	}{
		{"nothing in hand", pulse{bound: time.Hour, last: ago(9 * time.Hour)}, ""},
		{"signs", pulse{bound: time.Hour, at: "g1:/gv0", last: ago(time.Hour - 1)}, ""},
		{"no bound", pulse{at: "g1:/gv0", last: ago(9 * time.Hour)}, ""},
		{"silent", pulse{bound: time.Hour, at: "g1:/gv0", last: ago(time.Hour)}, "no sign of the look at g1:/gv0 for 1h0m0s"},
	} {
		if got := tt.p.stuck(now); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
