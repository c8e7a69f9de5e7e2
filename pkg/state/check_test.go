package state

import (
	"net/netip"
	"testing"
)

// What is read from a file may be what no part of this program makes.
func TestCheck(t *testing.T) {
	prefixes := func(words ...string) Set {
		var out Set
		for _, w := range words {
			out = append(out, netip.MustParsePrefix(w))
		}
		return out
	}
	for _, tt := range []struct {
		name string
		of   interface{ Check() error }
		ok   bool
	}{
		{"nobody", Set(nil), true},
		{"a set", prefixes("10.0.0.0/24", "10.0.2.0/24"), true},
		{"host bits", prefixes("10.0.0.1/24"), false},
		{"another order", prefixes("10.0.2.0/24", "10.0.0.0/24"), false},
		{"twice", prefixes("10.0.0.0/24", "10.0.0.0/24"), false},
		{"one in another", prefixes("10.0.0.0/24", "10.0.0.1/32"), false},
		{"two halves", prefixes("10.0.0.0/25", "10.0.0.128/25"), false},
		{"an access", Access{RW: prefixes("10.0.0.0/25"), RO: prefixes("10.0.0.128/25")}, true},
		{"two levels", Access{RW: prefixes("10.0.0.0/25"), RO: prefixes("10.0.0.0/24")}, false},
		{"a directory", Dir{Mode: 0o7777}, true},
		{"no mode", Dir{Mode: 0o10000}, false},
	} {
		if err := tt.of.Check(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestTrashName(t *testing.T) {
	long := "/" + string(make([]byte, 100))
	for _, tt := range []struct{ dir, id string }{
		{"/alpha", "20261125T162030Z-alpha-abcdefgh"},
		{"/teams/al-pha", "20261125T162030Z-teams-al-pha-abcdefgh"},
		{long, "20261125T162030Z-" + long[1:61] + "-abcdefgh"},
	} {
		if got := TrashNameOf(tt.id); got != TrashName(tt.dir) {
			t.Errorf("%q is %q in the trash, and the name in %q is %q", tt.dir, TrashName(tt.dir), tt.id, got)
		}
	}
	for _, id := range []string{"", "alpha", "20261125T162030Z", "20261125T162030Z-alpha"} {
		if got := TrashNameOf(id); got != "" {
			t.Errorf("the name in %q is %q", id, got)
		}
	}
}
