package state

import (
	"math"
	"strconv"
)

// ParseAccount reads the number of a user or group. The highest one means "leave it as
// it is" to chown and is nobody's.
func ParseAccount(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n != math.MaxUint32
}
