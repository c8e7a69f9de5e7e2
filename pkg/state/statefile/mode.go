package statefile

import (
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// mode reads a directory's mode.
func (d *decoder) mode(v value) state.Mode {
	bits, ok := modeBits(v.Value)
	if !ok {
		d.problem(v, quote(v.Value)+" is not a mode", `write three or four octal digits, such as "0755"`)
	}
	return state.Mode{Bits: bits, Managed: true}
}

func modeBits(s string) (bits uint32, ok bool) {
	n, err := strconv.ParseUint(s, 8, 32)
	return uint32(n), err == nil && (len(s) == 3 || len(s) == 4)
}

// modeHint tells how to write a mode that stands there as a number: in quotes.
// It makes no guess where that would be no mode: 493 may be meant in decimal, and
// be a slip of the hand as well.
func modeHint(scalar string) string {
	octal := strings.TrimPrefix(scalar, "0o")
	if _, ok := modeBits(octal); !ok {
		return ""
	}
	return "quote it: " + quote(octal)
}
