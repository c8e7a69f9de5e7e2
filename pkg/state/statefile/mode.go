package statefile

import (
	"fmt"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// mode reads a directory's mode.
func (d *decoder) mode(v value) state.Mode {
	bits, err := strconv.ParseUint(v.Value, 8, 32)
	if n := len(v.Value); err != nil || n < 3 || n > 4 {
		d.problem(v, quote(v.Value)+" is not a mode", `write three or four octal digits, such as "0755"`)
	}
	return state.Mode{Bits: uint32(bits), Managed: true}
}

// modeHint tells how to write a mode that stands there as a number: in quotes,
// or, where it can only be meant in decimal, as the same bits in octal.
func modeHint(scalar string) string {
	octal := strings.TrimPrefix(scalar, "0o")
	if n, err := strconv.ParseUint(octal, 8, 32); err == nil && n <= 0o7777 {
		return fmt.Sprintf(`quote it: "%04o"`, n)
	}
	if n, err := strconv.ParseUint(scalar, 10, 32); err == nil && n <= 0o7777 {
		return fmt.Sprintf(`write it in octal and in quotes: "%04o"`, n)
	}
	return ""
}
