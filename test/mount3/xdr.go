package mount3

import (
	"encoding/binary"
	"fmt"
)

// encoder collects values in XDR (RFC 4506).
type encoder []byte

func (e *encoder) uint32(v uint32) { *e = binary.BigEndian.AppendUint32(*e, v) }

// string appends a string, or opaque bytes: its length, its bytes, and zeros
// up to a multiple of four.
func (e *encoder) string(s string) {
	e.uint32(uint32(len(s)))
	*e = append(*e, s...)
	*e = append(*e, make([]byte, padding(len(s)))...)
}

// decoder takes values off a message. Its first failure sticks, and what is
// taken after it is zero.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) uint32() uint32 {
	b := d.take(4)
	if d.err != nil {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}

func (d *decoder) opaque() []byte {
	n := int(d.uint32())
	b := d.take(n)
	d.take(padding(n))
	return b
}

func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.rest) {
		d.err = fmt.Errorf("the answer ends early: %d bytes are left where %d should follow", len(d.rest), n)
	}
	if d.err != nil {
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func padding(n int) int { return -n & 3 }
