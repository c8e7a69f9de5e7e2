package state

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"
)

// Set is a set of addresses: masked, disjoint, merged and sorted prefixes, so
// that equal sets are equal slices. The zero Set is nobody. Use SetOf or the
// methods to make one; a Set is never changed in place.
type Set []netip.Prefix

// Everybody is every IPv4 address: what the word any stands for.
var Everybody = Set{netip.PrefixFrom(netip.IPv4Unspecified(), 0)}

// SetOf returns the set of all addresses in the prefixes. Invalid ones count
// for nothing.
func SetOf(prefixes ...netip.Prefix) Set {
	all := make(Set, 0, len(prefixes))
	for _, p := range prefixes {
		if p.IsValid() {
			all = append(all, p.Masked())
		}
	}
	slices.SortFunc(all, func(p, q netip.Prefix) int {
		return cmp.Or(p.Addr().Compare(q.Addr()), cmp.Compare(p.Bits(), q.Bits()))
	})
	var out Set
	for _, p := range all {
		if len(out) == 0 || !out[len(out)-1].Overlaps(p) {
			out = append(out, p).merged()
		}
	}
	return out
}

// merged puts one network in the place of the last two prefixes where they are
// its halves, and so on.
func (s Set) merged() Set {
	for n := len(s); n > 1 && s[n-2].Bits() == s[n-1].Bits(); n-- {
		whole := netip.PrefixFrom(s[n-2].Addr(), s[n-2].Bits()-1).Masked()
		if !whole.Contains(s[n-1].Addr()) {
			break
		}
		s = append(s[:n-2], whole)
	}
	return s
}

// Check says what in a set that was read from a file is none.
func (s Set) Check() error {
	if !s.Equal(SetOf(s...)) {
		return errors.New("these are not networks without host bits, in their order, merged as far as they can be")
	}
	return nil
}

// SetOfRange returns the addresses from first to last, both included.
func SetOfRange(first, last netip.Addr) Set {
	return Set(netipx.IPRangeFrom(first, last).Prefixes())
}

// Union returns the addresses in any of the sets.
func Union(sets ...Set) Set {
	var longest Set
	for _, s := range sets {
		if len(s) > len(longest) {
			longest = s
		}
	}
	if !slices.ContainsFunc(sets, func(s Set) bool { return !longest.Covers(s) }) {
		return longest
	}
	return SetOf(slices.Concat(sets...)...)
}

// Intersect returns the addresses that are in both sets. What both have of a
// prefix and its sibling they have as a whole, so that there is nothing to merge.
func (s Set) Intersect(t Set) Set {
	if len(s) > len(t) {
		s, t = t, s
	}
	switch {
	case t.Covers(s):
		return s
	case s.Covers(t):
		return t
	}
	var out Set
	for _, p := range s {
		for _, q := range t[t.reaching(p.Addr()):] {
			if !q.Overlaps(p) {
				break
			}
			out = append(out, longer(p, q))
		}
	}
	return out
}

// reaching is the index of the first prefix with the address, or behind it. The
// nearer it is to the front, the sooner it is found.
func (s Set) reaching(a netip.Addr) int {
	end := 1
	for end < len(s) && s[end].Addr().Less(a) {
		end *= 2
	}
	i, found := slices.BinarySearchFunc(s[:min(end+1, len(s))], a, func(p netip.Prefix, a netip.Addr) int { return p.Addr().Compare(a) })
	if !found && i > 0 && s[i-1].Contains(a) {
		return i - 1
	}
	return i
}

// longer is what two prefixes have in common of which one holds the other.
func longer(p, q netip.Prefix) netip.Prefix {
	if p.Bits() > q.Bits() {
		return p
	}
	return q
}

// Minus returns the addresses of s that are not in t.
func (s Set) Minus(t Set) Set {
	switch {
	case t.Empty():
		return s
	case t.Covers(s):
		return nil
	}
	b := s.builder()
	b.RemoveSet(t.ipset())
	return build(b)
}

// Contains reports whether the address is in the set.
func (s Set) Contains(a netip.Addr) bool {
	i := s.reaching(a)
	return i < len(s) && s[i].Contains(a)
}

// Covers reports whether every address of t is in s. Both are merged: what s has
// of a prefix as a whole is in one of its own.
func (s Set) Covers(t Set) bool {
	for _, p := range t {
		s = s[s.reaching(p.Addr()):]
		if len(s) == 0 || s[0].Bits() > p.Bits() || !s[0].Overlaps(p) {
			return false
		}
	}
	return true
}

// Overlaps reports whether an address is in both sets.
func (s Set) Overlaps(t Set) bool { return !s.Intersect(t).Empty() }

// Empty reports whether the set is nobody.
func (s Set) Empty() bool { return len(s) == 0 }

// Equal reports whether both sets have the same addresses.
func (s Set) Equal(t Set) bool { return slices.Equal(s, t) }

// IsEverybody reports whether every IPv4 address is in the set.
func (s Set) IsEverybody() bool { return s.Covers(Everybody) }

// Count returns the number of IPv4 addresses in the set.
func (s Set) Count() uint64 {
	var n uint64
	for _, p := range s {
		if p.Addr().Is4() {
			n += 1 << (32 - p.Bits())
		}
	}
	return n
}

// Strings gives each prefix in its canonical spelling: a single address
// without its length. Everybody is "any", nobody gives no strings.
func (s Set) Strings() []string {
	if s.Equal(Everybody) {
		return []string{"any"}
	}
	var out []string
	for _, p := range s {
		if p.IsSingleIP() {
			out = append(out, p.Addr().String())
		} else {
			out = append(out, p.String())
		}
	}
	return out
}

// String gives the prefixes, separated by ", "; "nobody" for the empty set.
func (s Set) String() string {
	if s.Empty() {
		return "nobody"
	}
	return strings.Join(s.Strings(), ", ")
}

// Brief gives what Strings gives, or, where that is shorter, the network that
// they all lie in and who of it is not in the set: any without one address comes
// to 32 networks, and is "any but 10.0.0.1".
func (s Set) Brief() []string {
	whole := s.enclosing()
	rest := whole.Minus(s)
	if rest.Empty() || len(rest) >= len(s) {
		return s.Strings()
	}
	out := rest.Strings()
	out[0] = whole.String() + " but " + out[0]
	return out
}

// enclosing is the smallest network that has all of the set in it; nobody where
// there is none, since it has addresses of both families.
func (s Set) enclosing() Set {
	if s.Empty() || s[0].Addr().Is4() != s[len(s)-1].Addr().Is4() {
		return nil
	}
	whole := s[0]
	for !whole.Overlaps(s[len(s)-1]) {
		whole = netip.PrefixFrom(whole.Addr(), whole.Bits()-1).Masked()
	}
	return Set{whole}
}

func (s Set) builder() *netipx.IPSetBuilder {
	var b netipx.IPSetBuilder
	for _, p := range s {
		b.AddPrefix(p)
	}
	return &b
}

func (s Set) ipset() *netipx.IPSet { return mustSet(s.builder()) }

func build(b *netipx.IPSetBuilder) Set {
	p := mustSet(b).Prefixes()
	if len(p) == 0 {
		return nil
	}
	return Set(p)
}

// mustSet panics where the builder was given something invalid, which SetOf
// keeps out.
func mustSet(b *netipx.IPSetBuilder) *netipx.IPSet {
	s, err := b.IPSet()
	if err != nil {
		panic(err)
	}
	return s
}
