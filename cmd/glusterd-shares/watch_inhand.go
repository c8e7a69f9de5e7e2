package main

import (
	"slices"
	"strings"
	"sync"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/watch"
)

// inHand keeps which steps of an apply have begun and not ended. Nothing else tells of
// them where the program has to end before they do.
type inHand struct {
	mu    sync.Mutex
	steps []string
}

// begins takes in that a step begins, as apply.Options.Progress.
func (h *inHand) begins(_, _ int, a diff.Action) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = append(h.steps, stepText(a))
}

// ended takes in that a step has ended, as apply.Options.Ended.
func (h *inHand) ended(s apply.Step, _ apply.Outcome) {
	text := stepText(s.Action)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = slices.DeleteFunc(h.steps, func(t string) bool { return t == text })
}

// over takes in that the apply has ended.
func (h *inHand) over() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = nil
}

func (h *inHand) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(slices.Compact(slices.Clone(h.steps)), "; ")
}

func stepText(a diff.Action) string {
	c := watch.ChangeOf(a)
	text := strings.TrimSpace(c.Action + " " + c.Path)
	if c.Old != "" || c.New != "" {
		text += ": " + strings.TrimPrefix(c.Old+" -> "+c.New, " -> ")
	}
	return text
}
