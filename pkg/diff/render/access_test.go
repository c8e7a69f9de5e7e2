package render

import (
	"net/netip"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

func TestWords(t *testing.T) {
	of := func(prefixes ...string) state.Set {
		var out []netip.Prefix
		for _, p := range prefixes {
			out = append(out, netip.MustParsePrefix(p))
		}
		return state.SetOf(out...)
	}
	for _, tt := range []struct {
		set  state.Set
		want string
	}{
		{nil, ""},
		{of("10.0.0.1/32", "10.0.1.0/24"), "10.0.0.1, 10.0.1.0/24"},
		{state.Everybody, "any"},
		{state.Everybody.Minus(of("10.0.0.1/32")), "any but 10.0.0.1"},
		{state.Everybody.Minus(of("10.0.0.1/32", "10.0.1.0/24")), "any but 10.0.0.1, 10.0.1.0/24"},
		{of("128.0.0.0/1"), "128.0.0.0/1"}, // no shorter the other way
	} {
		if got := strings.Join(words(tt.set), ", "); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.set, got, tt.want)
		}
	}
}
