package state

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

func randomAccess(r *rand.Rand) Access {
	rw, _ := randomPrefixes(r)
	ro, _ := randomPrefixes(r)
	a := Access{RW: SetOf(rw...)}
	a.RO = SetOf(ro...).Minus(a.RW)
	return a
}

// level is what an access gives one address: 0 nothing, 1 ro, 2 rw.
func (a Access) level(x netip.Addr) int {
	switch {
	case a.RW.Contains(x):
		return 2
	case a.RO.Contains(x):
		return 1
	}
	return 0
}

func TestAccessAlgebra(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 2))
		a, b := randomAccess(r), randomAccess(r)
		both, more := a.Intersect(b), a.Minus(b)
		for _, x := range universe {
			la, lb := a.level(x), b.level(x)
			if got := both.level(x); got != min(la, lb) {
				t.Errorf("both give %v %d, want the lower of %d and %d", x, got, la, lb)
			}
			want := 0
			if la > lb {
				want = la
			}
			if got := more.level(x); got != want {
				t.Errorf("a without b gives %v %d, want %d", x, got, want)
			}
			if got := a.All().Contains(x); got != (la > 0) {
				t.Errorf("All holds %v: %v", x, got)
			}
		}
		if twice := both.RW.Intersect(both.RO); !twice.Empty() {
			t.Errorf("both give %v two levels", twice)
		}
		if got := a.Equal(b); got != (a.Minus(b).Empty() && b.Minus(a).Empty()) {
			t.Errorf("Equal is %v", got)
		}
		if t.Failed() {
			t.Fatalf("seed %d: a %v, b %v", seed, a, b)
		}
	}
}

func setOf(words ...string) Set {
	var out []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		} else {
			out = append(out, netip.MustParsePrefix(w))
		}
	}
	return SetOf(out...)
}

func TestShareClients(t *testing.T) {
	tests := []struct {
		name  string
		rules []Rule
		want  Access
	}{
		{"nobody", nil, Access{}},
		{"an empty group", []Rule{{Word: "web"}}, Access{}},
		{"one", []Rule{{To: setOf("10.0.0.1"), Level: ReadWrite}}, Access{RW: setOf("10.0.0.1")}},
		{"no level is rw", []Rule{{To: setOf("10.0.0.1")}}, Access{RW: setOf("10.0.0.1")}},
		{"two levels",
			[]Rule{{To: setOf("10.0.0.1"), Level: ReadWrite}, {To: setOf("10.0.0.2"), Level: ReadOnly}},
			Access{RW: setOf("10.0.0.1"), RO: setOf("10.0.0.2")}},
		{"the highest wins, named last",
			[]Rule{{To: setOf("10.0.0.0/30"), Level: ReadOnly}, {To: setOf("10.0.0.1"), Level: ReadWrite}},
			Access{RW: setOf("10.0.0.1"), RO: setOf("10.0.0.0", "10.0.0.2/31")}},
		{"the highest wins, named first",
			[]Rule{{To: setOf("10.0.0.0/30"), Level: ReadWrite}, {To: setOf("10.0.0.1"), Level: ReadOnly}},
			Access{RW: setOf("10.0.0.0/30")}},
	}
	for _, test := range tests {
		if got := (Share{Access: test.rules}).Clients(); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
