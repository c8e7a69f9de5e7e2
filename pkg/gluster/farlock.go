package gluster

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"glusterd-shares/pkg/state"
)

// farPoll is how many seconds lie between two tries for the lock. No more than one
// command waits for it.
const farPoll = "0.5"

// Lock implements Tree with flock there, by a program that lets go of it when the
// connection ends. So a lock that went with the connection before it was had can be
// asked for again.
func (t *farTree) Lock(ctx context.Context, waiting func(holder string)) (Lock, error) {
	if ctx.Err() != nil {
		return nil, notTried(ctx)
	}
	return asked(ctx, func(int) (Lock, error) { return t.lock(ctx, waiting) })
}

func (t *farTree) lock(ctx context.Context, waiting func(holder string)) (Lock, error) {
	start := time.Now()
	c, err := t.beginLock(ctx)
	if err != nil {
		return nil, err
	}
	var seen *heldByOther
	for {
		fields, err := c.next(ctx, "lock")
		switch {
		case err == nil && field(fields, 0) == "held" && lockProgram.MatchString(field(fields, 1)):
			return t.held(c, field(fields, 1)), nil
		case err == nil && field(fields, 0) == "busy":
			busy := heldByOther{holderIn(field(fields, 1))}
			if waiting != nil && (seen == nil || *seen != busy) {
				waiting(busy.holder)
			}
			seen = &busy
			continue
		case err == nil:
			err = c.host.told(errNotUnderstood)
		case ctx.Err() != nil:
			err = notHad(seen, time.Since(start), context.Cause(ctx))
		}
		return nil, errors.Join(noLock(err), c.Close())
	}
}

// beginLock starts the program that takes the lock, at a root that is there.
func (t *farTree) beginLock(ctx context.Context) (*conversation, error) {
	if _, err := look(ctx, func() ([]state.FileID, error) { return t.Identity("/") }); err != nil {
		return nil, err
	}
	t.mu.Lock()
	root := t.root
	t.mu.Unlock()
	return t.host.hold(ctx, lockScript, append(root.args(), "", holderNow(), farPoll)...)
}

// lockProgram is how a program that has a lock is known there: its number, and when it
// began. Of anything less could not be told that it has ended.
var lockProgram = regexp.MustCompile(`^[0-9]+:[0-9]+$`)

// held is the lock in the hands of the program that is talked to, until it is let go
// of: what is changed meanwhile is not begun there where that program has ended.
func (t *farTree) held(c *conversation, program string) *held {
	t.host.locked.Store(&program)
	return &held{still: func() error { return stillFar(c) }, release: func() error {
		defer t.host.locked.CompareAndSwap(&program, nil) // another lock may be had by then
		return c.Close()
	}}
}

// noLock is the error of a lock that nobody can take.
func noLock(err error) error { return noSpace(hostile(err)) }

// stillFar asks whether the lock is still had.
func stillFar(c *conversation) error {
	var fields []string
	err := c.tell("still")
	if err == nil {
		fields, err = c.next(context.Background(), "lock")
	}
	if errors.Is(err, errEnded) {
		return fmt.Errorf("%w with the connection: %w", state.ErrLockLost, err)
	}
	if err == nil && field(fields, 0) != "held" {
		err = errNotUnderstood
	}
	return hostile(err)
}
