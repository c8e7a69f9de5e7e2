package health

import (
	"testing"
	"time"
)

func TestAgo(t *testing.T) {
	at := time.Date(2026, 1, 31, 23, 59, 0, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		at   time.Time
		past time.Duration
		want string
	}{
		{time.Time{}, 0, "never"},
		{at, 0, "2026-01-31 22:59:00 (just now)"},
		{at, -time.Hour, "2026-01-31 22:59:00 (just now)"}, // the clock was put back
		{at, 59 * time.Second, "2026-01-31 22:59:00 (just now)"},
		{at, 90 * time.Second, "2026-01-31 22:59:00 (1 min ago)"},
		{at, 47*time.Hour + 59*time.Minute, "2026-01-31 22:59:00 (47 h ago)"},
		{at, 50 * time.Hour, "2026-01-31 22:59:00 (2 days ago)"},
	} {
		if got := ago(tt.at, at.Add(tt.past)); got != tt.want {
			t.Errorf("after %v: %q, want %q", tt.past, got, tt.want)
		}
	}
}
