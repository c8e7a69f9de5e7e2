package watch

import (
	"testing"
	"time"
)

func TestSpread(t *testing.T) {
	for chance, want := range map[float64]time.Duration{0: 9 * time.Minute, 0.5: 10 * time.Minute, 1: 11 * time.Minute} {
		if got := spread(10*time.Minute, chance); got != want {
			t.Errorf("by %v it is %v, want %v", chance, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 6: 160 * time.Second, 7: 5 * time.Minute, 1e6: 5 * time.Minute} {
		if got := backoff(failures); got != want {
			t.Errorf("after %d it is %v, want %v", failures, got, want)
		}
	}
}
