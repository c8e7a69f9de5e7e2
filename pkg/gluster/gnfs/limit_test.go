package gnfs

import (
	"net/netip"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// What is written may be 4000 bytes long and not one more.
func TestLimit(t *testing.T) {
	const around = len("/(10.0.0.1)")
	for _, test := range []struct {
		length int
		fits   bool
	}{{maxOption - 1, true}, {maxOption, true}, {maxOption + 1, false}} {
		v := state.Volume{Shares: []state.Share{{
			Name:   strings.Repeat("n", test.length-around),
			Access: []state.Rule{{To: state.SetOf(netip.MustParsePrefix("10.0.0.1/32"))}},
		}}}
		want := Server{}.Want(v, state.Actual{
			Serving: state.Serving{Volume: "gv", Settings: map[string]string{optDisable: "on"}},
			Server:  state.ServerStatus{Built: true},
		})
		if n := len(want.Next.Settings[optExportDir]); n != test.length {
			t.Fatalf("the value is %d bytes long, not %d", n, test.length)
		}
		if fits := len(want.Problems) == 0; fits != test.fits {
			t.Errorf("%d bytes: %v", test.length, want.Problems)
		}
	}
}

// The problem names what takes up the most, and how much.
func TestLongest(t *testing.T) {
	v := newVolume("gv", map[string]string{optExportDir: "/b(10.0.0.1),/a(10.0.0.2),/long(10.0.0.1|10.0.0.2),/c(10.1),/d(10.1),/e(10.1)"}, false)
	want := "; 6 entries, the longest: /long 24, /b 12, /a 12, /c 8, /d 8"
	if got := longest(v, optExportDir); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	v = newVolume("gv", map[string]string{optExportDir: "/b(10.0.0.1),/a,/long(10.0.0.1|10.0.0.2)", optAllow: "10.0.0.0/28,10.0.1.0/28"}, false)
	want = "; it admits the clients of 3 entries, the longest: /a 23, /long 17, /b 8"
	if got := longest(v, optAllow); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
