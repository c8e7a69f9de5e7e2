package state

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// universe is small, so that random sets meet: a /28, the addresses beside it
// and one far away.
var universe = func() []netip.Addr {
	out := []netip.Addr{netip.MustParseAddr("200.0.0.1")}
	a := netip.MustParseAddr("9.255.255.255")
	for range 18 {
		out = append(out, a)
		a = a.Next()
	}
	return out
}()

// model is a set as the list of addresses that it ought to hold.
type model map[netip.Addr]bool

func randomPrefixes(r *rand.Rand) ([]netip.Prefix, model) {
	var prefixes []netip.Prefix
	m := model{}
	for range r.IntN(5) {
		bits := 27 + r.IntN(6)
		if r.IntN(20) == 0 {
			bits = r.IntN(2)
		}
		p := netip.PrefixFrom(universe[r.IntN(len(universe))], bits)
		prefixes = append(prefixes, p)
		for _, a := range universe {
			m[a] = m[a] || p.Contains(a)
		}
	}
	return prefixes, m
}

func checkSet(t *testing.T, what string, got Set, want func(netip.Addr) bool) {
	t.Helper()
	for _, a := range universe {
		if got.Contains(a) != want(a) {
			t.Fatalf("%s is %v: %v should be in it: %v", what, got, a, want(a))
		}
	}
}

// checkCanonical tells sets apart only by what is in them: masked, sorted,
// disjoint, nothing left to merge, and nil for nobody.
func checkCanonical(t *testing.T, s Set) {
	t.Helper()
	if len(s) == 0 && s != nil {
		t.Fatal("nobody is not nil")
	}
	for i, p := range s {
		if p != p.Masked() {
			t.Fatalf("%v: %v has host bits", s, p)
		}
		if i == 0 {
			continue
		}
		prev := s[i-1]
		if prev.Overlaps(p) || !prev.Addr().Less(p.Addr()) {
			t.Fatalf("%v: %v and %v overlap or are not in order", s, prev, p)
		}
		if prev.Bits() == p.Bits() && netip.PrefixFrom(prev.Addr(), p.Bits()-1).Masked().Contains(p.Addr()) {
			t.Fatalf("%v: %v and %v are one network", s, prev, p)
		}
	}
}

func TestSetAlgebra(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		pa, ma := randomPrefixes(r)
		pb, mb := randomPrefixes(r)
		a, b := SetOf(pa...), SetOf(pb...)

		checkSet(t, "a", a, func(x netip.Addr) bool { return ma[x] })
		checkSet(t, "a or b", Union(a, b), func(x netip.Addr) bool { return ma[x] || mb[x] })
		checkSet(t, "a and b", a.Intersect(b), func(x netip.Addr) bool { return ma[x] && mb[x] })
		checkSet(t, "a without b", a.Minus(b), func(x netip.Addr) bool { return ma[x] && !mb[x] })
		for _, s := range []Set{a, b, Union(a, b), a.Intersect(b), a.Minus(b)} {
			checkCanonical(t, s)
		}
		checkRelations(t, a, b)
		if t.Failed() {
			t.Fatalf("seed %d: a %v, b %v", seed, pa, pb)
		}
	}
}

// checkRelations checks what the algebra says of itself, over all addresses
// and not only those of the universe.
func checkRelations(t *testing.T, a, b Set) {
	t.Helper()
	both, onlyA, onlyB := a.Intersect(b), a.Minus(b), b.Minus(a)
	if got := Union(both, onlyA, onlyB); !got.Equal(Union(a, b)) {
		t.Errorf("the three parts make %v, not the union %v", got, Union(a, b))
	}
	if a.Overlaps(b) == both.Empty() {
		t.Errorf("Overlaps is %v, the intersection %v", a.Overlaps(b), both)
	}
	if a.Covers(b) != onlyB.Empty() || a.Covers(b) != Union(a, b).Equal(a) {
		t.Errorf("Covers is %v, what is missing is %v, the union %v", a.Covers(b), onlyB, Union(a, b))
	}
	if a.Equal(b) != (onlyA.Empty() && onlyB.Empty()) {
		t.Errorf("Equal is %v, the differences %v and %v", a.Equal(b), onlyA, onlyB)
	}
	if n := both.Count() + onlyA.Count(); n != a.Count() {
		t.Errorf("the parts of a count %d, a %d", n, a.Count())
	}
}

// The work on large sets that are the same or nobody doesn't grow with them: a
// state file may name one group in thousands of shares.
func TestSetsThatAreTheSame(t *testing.T) {
	var hosts []netip.Prefix
	for i := range 1000 {
		hosts = append(hosts, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 7), byte(i << 1)}), 32))
	}
	s := SetOf(hosts...)
	for what, f := range map[string]func(){
		"the union with nobody":        func() { Union(s) },
		"the union with a part":        func() { Union(s[:500], s) },
		"what it shares with a part":   func() { s.Intersect(s[:500]) },
		"without itself":               func() { s.Minus(s) },
		"without nobody":               func() { s.Minus(nil) },
		"nobody without it":            func() { Set(nil).Minus(s) },
		"that it covers itself":        func() { s.Covers(s) },
		"that it covers a part":        func() { s.Covers(s[:500]) },
		"that a part doesn't cover it": func() { s[:500].Covers(s) },
		"that it overlaps itself":      func() { s.Overlaps(s) },
	} {
		if n := testing.AllocsPerRun(10, f); n > 1 {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
}

func TestSetStrings(t *testing.T) {
	tests := []struct {
		prefixes []string
		want     []string
		text     string
		count    uint64
	}{
		{nil, nil, "nobody", 0},
		{[]string{"10.0.0.1/32"}, []string{"10.0.0.1"}, "10.0.0.1", 1},
		{[]string{"10.0.0.2/32", "10.0.0.1/32"}, []string{"10.0.0.1", "10.0.0.2"}, "10.0.0.1, 10.0.0.2", 2},
		{[]string{"10.0.0.0/25", "10.0.0.128/25"}, []string{"10.0.0.0/24"}, "10.0.0.0/24", 256},
		{[]string{"10.0.0.77/24"}, []string{"10.0.0.0/24"}, "10.0.0.0/24", 256},
		{[]string{"10.0.0.0/24", "10.0.0.7/32"}, []string{"10.0.0.0/24"}, "10.0.0.0/24", 256},
		{[]string{"0.0.0.0/1", "128.0.0.0/1"}, []string{"any"}, "any", 1 << 32},
		{[]string{"fd00::1/128"}, []string{"fd00::1"}, "fd00::1", 0},
	}
	for _, test := range tests {
		var prefixes []netip.Prefix
		for _, p := range test.prefixes {
			prefixes = append(prefixes, netip.MustParsePrefix(p))
		}
		s := SetOf(prefixes...)
		if got := s.Strings(); !slices.Equal(got, test.want) {
			t.Errorf("%v: Strings %q, want %q", test.prefixes, got, test.want)
		}
		if got := s.String(); got != test.text {
			t.Errorf("%v: String %q, want %q", test.prefixes, got, test.text)
		}
		if got := s.Count(); got != test.count {
			t.Errorf("%v: Count %d, want %d", test.prefixes, got, test.count)
		}
	}
}

func TestBrief(t *testing.T) {
	of := func(prefixes ...string) Set {
		var out []netip.Prefix
		for _, p := range prefixes {
			out = append(out, netip.MustParsePrefix(p))
		}
		return SetOf(out...)
	}
	for _, tt := range []struct {
		set  Set
		want string
	}{
		{nil, ""},
		{of("10.0.0.1/32", "10.0.1.0/24"), "10.0.0.1, 10.0.1.0/24"},
		{Everybody, "any"},
		{Everybody.Minus(of("10.0.0.1/32")), "any but 10.0.0.1"},
		{Everybody.Minus(of("10.0.0.1/32", "10.0.1.0/24")), "any but 10.0.0.1, 10.0.1.0/24"},
		{of("fd00::1/128", "fd00::3/128", "fd00::5/128"), "fd00::1, fd00::3, fd00::5"},
		{of("128.0.0.0/1"), "128.0.0.0/1"}, // no shorter the other way
		{of("10.0.0.0/30").Minus(of("10.0.0.1/32")), "10.0.0.0/30 but 10.0.0.1"},
		{of("10.0.0.0/9").Minus(of("10.0.0.1/32", "10.64.0.0/24")), "10.0.0.0/9 but 10.0.0.1, 10.64.0.0/24"},
		{Union(of("10.0.0.0/9").Minus(of("10.0.0.1/32")), of("fd00::1/128")), strings.Join(Union(of("10.0.0.0/9").Minus(of("10.0.0.1/32")), of("fd00::1/128")).Strings(), ", ")},
		{of("0.0.0.0/32", "255.255.255.255/32"), "0.0.0.0, 255.255.255.255"},
	} {
		if got := strings.Join(tt.set.Brief(), ", "); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.set, got, tt.want)
		}
	}
}

func TestEverybody(t *testing.T) {
	halves := SetOf(netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1"))
	if !halves.Equal(Everybody) || !halves.IsEverybody() {
		t.Errorf("both halves are %v, not everybody", halves)
	}
	allButOne := Everybody.Minus(SetOf(netip.MustParsePrefix("10.0.0.1/32")))
	if allButOne.IsEverybody() || allButOne.Count() != 1<<32-1 {
		t.Errorf("without one address: %d addresses, everybody: %v", allButOne.Count(), allButOne.IsEverybody())
	}
	if Set(nil).IsEverybody() {
		t.Error("nobody is everybody")
	}
}

func TestSetOfTakesInvalidForNothing(t *testing.T) {
	if s := SetOf(netip.Prefix{}); s != nil {
		t.Errorf("an invalid prefix makes %v", s)
	}
}

func TestSetOfRange(t *testing.T) {
	for i, first := range universe[1:] {
		for _, last := range universe[1+i:] {
			s := SetOfRange(first, last)
			checkCanonical(t, s)
			checkSet(t, first.String()+" to "+last.String(), s, func(a netip.Addr) bool {
				return !a.Less(first) && !last.Less(a)
			})
		}
	}
}
