package files

import (
	"context"
	"crypto/sha256"
	"time"

	"glusterd-shares/pkg/state"
)

// pause is how long two readings lie apart.
const pause = 100 * time.Millisecond

// sight is how the state files are seen.
type sight interface {
	// read gives what the files hold. Whatever happens to them after it has begun
	// to read shows in what it gives, or in stirred. It lasts as long as the file
	// system lets it wait. Calls don't overlap.
	read() content

	// stirred has a value after something has happened to the files.
	stirred() <-chan struct{}

	// close lets go of everything; read is not called any more.
	close()
}

// content is what the state files held when they were read once.
type content interface {
	Hash() [sha256.Size]byte
	Ended() bool // it is not half of a text that somebody is writing, as far as that can be told
	Parse() (state.Desired, error)
}

// settle looks: it reads until it has the same twice. Content that is known, from
// Looks that may be nil, is taken as it is and not understood afresh. The result is
// nil where the files are changing, or ctx has ended.
func settle(ctx context.Context, s sight, known ...*Look) *Look {
	first := s.read().Hash()
	for _, look := range known {
		if look != nil && look.Hash == first {
			return look
		}
	}
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(pause):
	}
	second := s.read()
	if second.Hash() != first || ctx.Err() != nil {
		return nil
	}
	desired, err := second.Parse()
	return &Look{Hash: first, Desired: desired, Err: err, unended: !second.Ended()}
}
