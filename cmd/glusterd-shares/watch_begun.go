package main

import (
	"strings"
	"sync"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/watch"
)

// begun keeps which steps of the apply in hand have begun. Nothing else tells of
// them where the program has to end before the apply does.
type begun struct {
	mu    sync.Mutex
	steps []string
}

// step takes in that one begins, as apply.Options.Progress. One that is tried again
// is the same step.
func (b *begun) step(n, _ int, a diff.Action) {
	c := watch.ChangeOf(a)
	text := strings.TrimSpace(c.Action + " " + c.Path)
	if c.Old != "" || c.New != "" {
		text += ": " + strings.TrimPrefix(c.Old+" -> "+c.New, " -> ")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n > len(b.steps) {
		b.steps = append(b.steps, text)
	}
}

// over takes in that the apply has ended, and tells itself what came of it.
func (b *begun) over() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.steps = nil
}

func (b *begun) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.steps, "; ")
}
