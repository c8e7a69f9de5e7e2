package gnfs

import (
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// maxRanges and maxStates bound what a pattern is taken apart into, and the
// time that this takes. Patterns that people write (10.0.0.*, 10.0.[12].?) stay
// far below; *1 would come to millions of ranges.
const (
	maxRanges = 4096
	maxStates = 512
)

// globSet returns the IPv4 addresses whose text the shell pattern matches. ok
// is false where that can't be told: the pattern is too wild, or uses a
// character class by name.
func globSet(pattern string) (set state.Set, ok bool) {
	g, ok := compileGlob(pattern)
	if !ok {
		return nil, false
	}
	w := globWalk{glob: g, memo: map[globState][]addrRange{}}
	ranges := w.from(globState{octet: 0, live: g.overStars(1)})
	if w.overflow {
		return nil, false
	}
	var sets []state.Set
	for _, r := range ranges {
		sets = append(sets, state.SetOfRange(addrOf(r.first), addrOf(r.last)))
	}
	return state.Union(sets...), true
}

// glob is a pattern as an automaton. Its elements, each any run of bytes or one
// byte of a set, are numbered; bit n stands for "before element n", and the
// bit behind the last element for the end.
type glob struct {
	elements int
	stars    uint64      // the elements that are any run of bytes
	matches  [256]uint64 // for each byte, the other elements that match it
}

func compileGlob(pattern string) (*glob, bool) {
	var g glob
	for i := 0; i < len(pattern); {
		bytes, length, ok := globElement(pattern[i:])
		if !ok || g.elements == 63 { // one bit is for the end
			return nil, false
		}
		i += length
		at := uint64(1) << g.elements
		switch {
		case bytes != nil:
			for b, match := range bytes {
				if match {
					g.matches[b] |= at
				}
			}
		case g.stars&(at>>1) != 0:
			continue // two stars are one
		default:
			g.stars |= at
		}
		g.elements++
	}
	return &g, true
}

// globElement reads the element at the start of s: the bytes that it matches,
// nil for a star, and its length.
func globElement(s string) (bytes *[256]bool, length int, ok bool) {
	bytes = new([256]bool)
	switch s[0] {
	case '*':
		return nil, 1, true
	case '?':
		for b := range bytes {
			bytes[b] = true
		}
	case '[':
		return globClass(s)
	case '\\':
		return nil, 0, false
	default:
		bytes[s[0]] = true
	}
	return bytes, 1, true
}

// globClass reads a bracket expression. One that is never closed is a bracket
// like any other byte.
func globClass(s string) (bytes *[256]bool, length int, ok bool) {
	bytes = new([256]bool)
	i := 1
	negated := i < len(s) && (s[i] == '!' || s[i] == '^')
	if negated {
		i++
	}
	for first := i; i < len(s); i++ {
		if s[i] == ']' && i > first {
			for b := range bytes {
				bytes[b] = bytes[b] != negated
			}
			return bytes, i + 1, true
		}
		if s[i] == '[' && i+1 < len(s) && strings.IndexByte(":.=", s[i+1]) >= 0 || s[i] == '\\' {
			return nil, 0, false
		}
		low, high := s[i], s[i]
		if i+2 < len(s) && s[i+1] == '-' && s[i+2] != ']' {
			high = s[i+2]
			i += 2
		}
		for b := int(low); b <= int(high); b++ {
			bytes[b] = true
		}
	}
	return &[256]bool{'[': true}, 1, true
}

// read moves the live positions over the text.
func (g *glob) read(live uint64, text string) uint64 {
	for i := range len(text) {
		live = g.overStars(live&g.stars | live&g.matches[text[i]]<<1)
	}
	return live
}

// overStars adds the positions behind stars that stand for nothing.
func (g *glob) overStars(live uint64) uint64 { return live | live&g.stars<<1 }

func (g *glob) done(live uint64) bool { return live>>g.elements&1 != 0 }

type addrRange struct{ first, last uint32 }

// globState is how far an address has been read: octets done, and the pattern's
// positions that are still possible.
type globState struct {
	octet int
	live  uint64
}

type globWalk struct {
	*glob
	memo     map[globState][]addrRange
	overflow bool
}

// from returns the addresses below 2^(8*(4-octet)) that lead from the state to
// the end of the pattern.
func (w *globWalk) from(s globState) []addrRange {
	if s.octet == 4 && w.done(s.live) {
		return []addrRange{{0, 0}}
	}
	if s.octet == 4 || s.live == 0 || w.overflow {
		return nil
	}
	if r, ok := w.memo[s]; ok {
		return r
	}
	var out []addrRange
	for v := range uint32(256) {
		text := strconv.Itoa(int(v))
		if s.octet < 3 {
			text += "."
		}
		below := w.from(globState{s.octet + 1, w.read(s.live, text)})
		out = appendRanges(out, below, v<<(8*(3-s.octet)))
		if len(out) > maxRanges || len(w.memo) > maxStates {
			w.overflow = true
			return nil
		}
	}
	w.memo[s] = out
	return out
}

// appendRanges adds the ranges, moved up, and joins what touches.
func appendRanges(to, ranges []addrRange, up uint32) []addrRange {
	for _, r := range ranges {
		r.first, r.last = r.first+up, r.last+up
		if last := len(to) - 1; last >= 0 && to[last].last+1 == r.first {
			to[last].last = r.last
		} else {
			to = append(to, r)
		}
	}
	return to
}
