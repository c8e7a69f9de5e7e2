package files

import (
	"crypto/sha256"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/state"
)

// fake is a sight of files that are only a text. newFake makes one.
type fake struct {
	events chan struct{} // as the real one: room for one

	mu     sync.Mutex
	text   text
	reads  int
	parses int
	hung   chan struct{} // reading waits until this is closed; nil: it does not wait
	closed int
}

func newFake() *fake { return &fake{events: make(chan struct{}, 1)} }

func (f *fake) read() content {
	f.mu.Lock()
	hung := f.hung
	f.reads++
	f.mu.Unlock()
	if hung != nil {
		<-hung
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return seen{f.text, f}
}

func (f *fake) stirred() <-chan struct{} { return f.events }

func (f *fake) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
}

func (f *fake) stir() {
	select {
	case f.events <- struct{}{}:
	default:
	}
}

func (f *fake) write(t text) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text = t
}

func (f *fake) hang() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hung = make(chan struct{})
}

func (f *fake) answer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.hung)
	f.hung = nil
}

// text is the content of all files. It is bad where it begins with a small letter, and
// has no end where it ends with a dash.
type text string

// seen is a text as it was read.
type seen struct {
	text
	from *fake
}

func (s seen) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(s.text)) }

func (s seen) Ended() bool { return !strings.HasSuffix(string(s.text), "-") }

func (s seen) Parse() (state.Desired, error) {
	s.from.mu.Lock()
	defer s.from.mu.Unlock()
	s.from.parses++
	if first, _ := utf8.DecodeRuneInString(string(s.text)); s.text == "" || unicode.IsLower(first) {
		return state.Desired{}, errors.New(string(s.text))
	}
	return state.Desired{Files: []string{string(s.text)}}, nil
}

func diff(want, got any) string {
	return gocmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{}))
}
