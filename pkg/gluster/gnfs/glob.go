package gnfs

import (
	"slices"
	"strconv"

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
	steps, ok := compileGlob(pattern)
	if !ok {
		return nil, false
	}
	w := globWalk{steps: steps, memo: map[globState][]addrRange{}}
	ranges := w.from(globState{octet: 0, live: w.closure(1)})
	if w.overflow {
		return nil, false
	}
	var sets []state.Set
	for _, r := range ranges {
		sets = append(sets, state.SetOfRange(addrOf(r.first), addrOf(r.last)))
	}
	return state.Union(sets...), true
}

// globStep is one element of a pattern: any run of bytes, or one byte of a set.
type globStep struct {
	star bool
	ok   [256]bool
}

func compileGlob(pattern string) ([]globStep, bool) {
	var out []globStep
	for i := 0; i < len(pattern); {
		var s globStep
		n := 1
		switch c := pattern[i]; c {
		case '*':
			s.star = true
		case '?':
			for b := range s.ok {
				s.ok[b] = true
			}
		case '[':
			var ok bool
			if n, ok = s.class(pattern[i:]); !ok {
				return nil, false
			}
		case '\\':
			return nil, false
		default:
			s.ok[c] = true
		}
		i += n
		if !s.star || len(out) == 0 || !out[len(out)-1].star {
			out = append(out, s)
		}
	}
	return out, len(out) < 63 // one bit each, and one for the end
}

// class reads a bracket expression at the start of s and returns its length.
// One that is never closed is a bracket like any other byte.
func (g *globStep) class(s string) (length int, ok bool) {
	i := 1
	negated := i < len(s) && (s[i] == '!' || s[i] == '^')
	if negated {
		i++
	}
	for first := i; i < len(s); i++ {
		if s[i] == ']' && i > first {
			if negated {
				for b := range g.ok {
					g.ok[b] = !g.ok[b]
				}
			}
			return i + 1, true
		}
		if s[i] == '[' && i+1 < len(s) && (s[i+1] == ':' || s[i+1] == '.' || s[i+1] == '=') || s[i] == '\\' {
			return 0, false
		}
		lo, hi := s[i], s[i]
		if i+2 < len(s) && s[i+1] == '-' && s[i+2] != ']' {
			hi = s[i+2]
			i += 2
		}
		for b := int(lo); b <= int(hi); b++ {
			g.ok[b] = true
		}
	}
	g.ok = [256]bool{'[': true}
	return 1, true
}

type addrRange struct{ first, last uint32 }

// globState is how far an address has been read: octets done, and the pattern's
// positions that are still possible, a bit each.
type globState struct {
	octet int
	live  uint64
}

type globWalk struct {
	steps    []globStep
	memo     map[globState][]addrRange
	overflow bool
}

// from returns the addresses below 2^(8*(4-octet)) that lead from the state to
// the end of the pattern.
func (w *globWalk) from(s globState) []addrRange {
	if s.octet == 4 {
		if s.live&(1<<len(w.steps)) != 0 {
			return []addrRange{{0, 0}}
		}
		return nil
	}
	if s.live == 0 || w.overflow {
		return nil
	}
	if r, ok := w.memo[s]; ok {
		return r
	}
	var out []addrRange
	shift := 8 * (3 - s.octet)
	for v := range uint32(256) {
		text := strconv.Itoa(int(v))
		if s.octet < 3 {
			text += "."
		}
		for _, r := range w.from(globState{s.octet + 1, w.read(s.live, text)}) {
			r.first, r.last = r.first+v<<shift, r.last+v<<shift
			if last := len(out) - 1; last >= 0 && out[last].last+1 == r.first {
				out[last].last = r.last
			} else {
				out = append(out, r)
			}
		}
		if len(out) > maxRanges || len(w.memo) > maxStates {
			w.overflow = true
			return nil
		}
	}
	w.memo[s] = slices.Clip(out)
	return out
}

// read moves the live positions over the text.
func (w *globWalk) read(live uint64, text string) uint64 {
	for i := range len(text) {
		var next uint64
		for p, step := range w.steps {
			if live&(1<<p) == 0 {
				continue
			}
			if step.star {
				next |= 1 << p
			} else if step.ok[text[i]] {
				next |= 1 << (p + 1)
			}
		}
		live = w.closure(next)
	}
	return live
}

// closure adds the positions that are reached over a star that stands for
// nothing.
func (w *globWalk) closure(live uint64) uint64 {
	for p, step := range w.steps {
		if step.star && live&(1<<p) != 0 {
			live |= 1 << (p + 1)
		}
	}
	return live
}
