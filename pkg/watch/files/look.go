package files

import (
	"crypto/sha256"
	"encoding/hex"

	"glusterd-shares/pkg/state"
)

// Look is what a look at the state files gave, once they had come to rest.
type Look struct {
	Hash    Hash          // equal for equal content, whatever happened in between
	Desired state.Desired // what the files ask for; the zero value where Err is not nil

	// Err is why there is nothing that they ask for: mistakes in them, or that
	// they can't be read, are gone or are empty. statefile.Problems gets out what
	// is wrong where; it has nothing to get out where reading them hangs.
	Err error

	unended bool // a text may be half of what somebody is writing
}

// Hash is of the names and the contents of all state files, and of what stood in
// the way of reading them.
type Hash [sha256.Size]byte

// String gives the beginning of the hash, enough to tell contents apart in a log.
func (h Hash) String() string { return hex.EncodeToString(h[:6]) }
