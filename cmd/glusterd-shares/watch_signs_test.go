package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
)

// refusing is a target whose directories can't be changed.
type refusing struct{ apply.Target }

var errRefused = errors.New("no")

func (refusing) MakeDir(context.Context, string, state.Perm) error { return errRefused }
func (refusing) SetPerm(context.Context, string, state.Perm) error { return errRefused }
func (refusing) Retire(context.Context, state.Retirement) error    { return errRefused }

// Each step on a directory is a sign of life, also one that fails.
func TestStepsAreSignsOfLife(t *testing.T) {
	signs := 0
	target := signing{refusing{}, func() { signs++ }}
	for _, err := range []error{
		target.MakeDir(t.Context(), "/a", state.Perm{}),
		target.SetPerm(t.Context(), "/a", state.Perm{}),
		target.Retire(t.Context(), state.Retirement{}),
	} {
		if !errors.Is(err, errRefused) {
			t.Errorf("the step came to %v", err)
		}
	}
	if signs != 3 {
		t.Errorf("%d signs, want 3", signs)
	}
}

func TestStuckAfter(t *testing.T) {
	for lockTimeout, want := range map[time.Duration]time.Duration{
		0:           0, // it may wait for ever
		time.Minute: time.Hour + time.Minute,
	} {
		if got := stuckAfter(lockTimeout); got != want {
			t.Errorf("with a lock timeout of %v it is stuck after %v, want %v", lockTimeout, got, want)
		}
	}
}
