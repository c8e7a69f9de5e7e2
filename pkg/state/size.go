package state

import (
	"fmt"
	"strconv"
)

// Size is how large a directory may grow with all that is in it, or nothing
// where that is not managed.
type Size struct {
	Bytes   uint64 // 0: without a limit
	Managed bool
}

// NoLimit is what a size without a limit is called.
const NoLimit = "none"

// String gives a managed size as a state file writes it.
func (s Size) String() string {
	if s.Bytes == 0 {
		return NoLimit
	}
	return ExactBytes(s.Bytes)
}

// Units are the words for powers of 1024, from the first on.
var Units = [...]string{"KiB", "MiB", "GiB", "TiB", "PiB"}

// ExactBytes gives a number of bytes in the largest unit that needs no
// fraction: 1536MiB, or 1000 where none does.
func ExactBytes(n uint64) string {
	unit := ""
	for _, u := range Units {
		if n == 0 || n%1024 != 0 {
			break
		}
		n /= 1024
		unit = u
	}
	return strconv.FormatUint(n, 10) + unit
}

// AboutBytes gives a number of bytes to three digits, for reading: 1.5GiB.
func AboutBytes(n uint64) string {
	if n < 1024 {
		return strconv.FormatUint(n, 10) + " bytes"
	}
	f, unit := float64(n), ""
	for _, u := range Units {
		f, unit = f/1024, u
		if f < 1000 {
			break
		}
	}
	switch {
	case f < 10:
		return fmt.Sprintf("%.2f%s", f, unit)
	case f < 100:
		return fmt.Sprintf("%.1f%s", f, unit)
	}
	return fmt.Sprintf("%.0f%s", f, unit)
}

// Quota is what limits the directories of a volume, as far as its shares
// declare sizes.
type Quota struct {
	On bool `json:"on"` // off: no directory has a limit, and what is used is not counted

	// Usage is that of each directory that is there and was asked for: those
	// that declare a size, or all declared ones. Nil where quota is off.
	Usage map[string]Usage `json:"usage"`

	// UsageUnread is why Usage could not be read, where no share declares a
	// size; empty where it could.
	UsageUnread string `json:"usage_unread"`

	// Limited are the directories that have a limit, as far as that is asked:
	// where a share is to go. Unlisted is why they can't be told; empty where
	// they can.
	Limited  []string `json:"limited"`
	Unlisted string   `json:"unlisted"`

	// Space is how many bytes the volume holds, used or not; 0 where that
	// was not asked.
	Space uint64 `json:"space"`
}

// Usage is how much a directory may hold and how much it holds.
type Usage struct {
	Limit uint64 `json:"limit"` // bytes; 0: there is none
	Used  uint64 `json:"used"`  // bytes, as far as Gluster has counted
}

// Limit is the limit that a directory is to have.
type Limit struct {
	Path  string // from the volume's root
	Bytes uint64 // 0: none
}
