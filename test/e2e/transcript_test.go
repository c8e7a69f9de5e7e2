//go:build e2e

package e2e

import (
	"context"
	"strings"
	"sync"
)

// transcript collects what a program writes, for who waits for a word of it. Its
// zero value is empty.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // closed when there is more, or an end; nil: nobody waits
	done bool
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wake()
	return t.text.Write(p)
}

// end tells that nothing more will be written.
func (t *transcript) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = true
	t.wake()
}

func (t *transcript) wake() {
	if t.more != nil {
		close(t.more)
		t.more = nil
	}
}

// await waits until the word was written, and reports whether it was.
func (t *transcript) await(ctx context.Context, word string) bool {
	for {
		t.mu.Lock()
		has, done := strings.Contains(t.text.String(), word), t.done
		if t.more == nil {
			t.more = make(chan struct{})
		}
		more := t.more
		t.mu.Unlock()
		if has || done {
			return has
		}
		select {
		case <-more:
		case <-ctx.Done():
			return false
		}
	}
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
