package statefile

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

const (
	sizePattern = `^(none|[1-9][0-9]*(KiB|MiB|GiB|TiB|PiB)?)$`

	// maxSize is the largest limit that Gluster takes.
	maxSize = math.MaxInt64
)

var (
	sizeShape = shape{
		forms: textForm | numberForm, what: "a size such as 400GiB, a number of bytes, or none",
		pattern: sizePattern, min: 1, max: maxSize, hint: sizeHint,
	}

	exactSize = regexp.MustCompile(sizePattern)

	// looseSize is what can be meant for a size: a number, a fraction of a unit
	// perhaps, and the unit in any of its spellings.
	looseSize = regexp.MustCompile(`(?i)^\+?([0-9]+(?:\.[0-9]+)?) ?([kmgtp]?)(i?)(?:b?|bytes?)$`)
)

// sizeHint is for numbers that YAML has in another form than decimal digits.
func sizeHint(scalar string) string { return sizeFault(scalar).mend }

// size reads a limit.
func (d *decoder) size(v value) state.Size {
	if v.Value == state.NoLimit {
		return state.Size{Managed: true}
	}
	if d.fault(v, sizeFault(v.Value)) {
		return state.Size{Managed: true}
	}
	n, _ := bytesOf(v.Value)
	return state.Size{Bytes: n.Uint64(), Managed: true}
}

// bytesOf is how many bytes an exact size stands for.
func bytesOf(s string) (*big.Int, bool) {
	if !exactSize.MatchString(s) || s == state.NoLimit {
		return nil, false
	}
	digits := strings.TrimRight(s, "KMGTPiB")
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, false
	}
	power := slices.Index(state.Units[:], s[len(digits):]) + 1 // 0: plain bytes
	return n.Lsh(n, uint(10*power)), true
}

// sizeFault is why a text is no size, and what is probably meant.
func sizeFault(s string) fault {
	if n, ok := bytesOf(s); ok {
		if n.Cmp(big.NewInt(maxSize)) > 0 {
			return fault{quote(s) + " is more than Gluster can limit", "write at most " + strconv.Itoa(maxSize) + " bytes, or none"}
		}
		return fault{}
	}
	meant, ok := looseSizeOf(s)
	switch {
	case strings.EqualFold(s, state.NoLimit):
		return fault{quote(s) + " is not a size", "write " + state.NoLimit}
	case !ok:
		return fault{quote(s) + " is not a size", "write one such as 400GiB, with KiB, MiB, GiB, TiB or PiB, a number of bytes, or none"}
	case meant.number.Sign() == 0:
		return fault{quote(s) + " would let nothing be written", "write none for a directory without a limit"}
	case meant.ambiguous:
		return fault{quote(s) + " is ambiguous", fmt.Sprintf("write %s, which is what Gluster takes it for, or %s, which it is elsewhere",
			exactly(meant.bytes(1024)), meant.bytes(1000))}
	}
	return fault{quote(s) + " is not how a size is written", "write " + exactly(meant.bytes(1024))}
}

// sizeMeant is a size as somebody may have meant it.
type sizeMeant struct {
	number    *big.Rat
	power     int  // of its unit; 0: bytes
	ambiguous bool // the unit is one of 1000 to some and of 1024 to others
}

func looseSizeOf(s string) (sizeMeant, bool) {
	m := looseSize.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return sizeMeant{}, false
	}
	number, ok := new(big.Rat).SetString(m[1])
	meant := sizeMeant{number: number}
	if m[2] != "" {
		meant.power = strings.Index("KMGTP", strings.ToUpper(m[2])) + 1
		meant.ambiguous = m[3] == ""
	}
	return meant, ok && (meant.power > 0 || number.IsInt())
}

// bytes is how many bytes the size comes to, rounded down, with units that are
// powers of base.
func (m sizeMeant) bytes(base int64) *big.Int {
	unit := new(big.Int).Exp(big.NewInt(base), big.NewInt(int64(m.power)), nil)
	product := new(big.Rat).Mul(m.number, new(big.Rat).SetInt(unit))
	return new(big.Int).Quo(product.Num(), product.Denom())
}

// exactly is how a number of bytes is written in a state file.
func exactly(n *big.Int) string {
	if !n.IsUint64() {
		return n.String()
	}
	return state.ExactBytes(n.Uint64())
}
