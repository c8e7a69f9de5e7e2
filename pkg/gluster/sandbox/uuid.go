package sandbox

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// uuid makes an id of what it is the id of: the same in every sandbox, so that
// a rehearsal prints the same each time.
func uuid(of ...string) string {
	h := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	h[6] = h[6]&0x0f | 0x80 // version 8, RFC 9562: made as its maker likes
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
