package main

import (
	"context"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
)

// signing is a target that gives a sign of life after each step on a directory.
// Thousands of them may come one after the other, and no gluster command with them.
type signing struct {
	apply.Target
	sign func()
}

// MakeDir implements apply.Target.
func (s signing) MakeDir(ctx context.Context, path string, perm state.Perm) error {
	defer s.sign()
	return s.Target.MakeDir(ctx, path, perm)
}

// SetPerm implements apply.Target.
func (s signing) SetPerm(ctx context.Context, path string, perm state.Perm) error {
	defer s.sign()
	return s.Target.SetPerm(ctx, path, perm)
}

// Announce implements apply.Target.
func (s signing) Announce(ctx context.Context, r state.Retirement) error {
	defer s.sign()
	return s.Target.Announce(ctx, r)
}

// Retire implements apply.Target.
func (s signing) Retire(ctx context.Context, r state.Retirement) error {
	defer s.sign()
	return s.Target.Retire(ctx, r)
}
