package gnfs

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// randomSet returns somebody: a few networks of all sizes, rarely nearly
// everybody.
func randomSet(r *rand.Rand) state.Set {
	var s state.Set
	for s.Empty() || r.IntN(3) > 0 {
		bits := 8 + r.IntN(25)
		if r.IntN(15) == 0 {
			bits = r.IntN(3)
		}
		p := netip.PrefixFrom(addrOf(r.Uint32()), bits)
		if r.IntN(2) == 0 {
			p = netip.PrefixFrom(addrOf(0x0a000000|r.Uint32N(256)), 28+r.IntN(5))
		}
		if r.IntN(12) == 0 {
			s = s.Minus(state.SetOf(p))
		} else {
			s = state.Union(s, state.SetOf(p))
		}
	}
	return s.Minus(state.SetOf(netip.MustParsePrefix("0.0.0.0/32"))) // who is nobody
}

// Printing and parsing is the identity: the server reads back who was meant,
// not one more and not one less.
func TestPrintThenParse(t *testing.T) {
	for seed := range uint64(3000) {
		want := randomSet(rand.New(rand.NewPCG(seed, 4)))
		text := formatEntry("/teams/alpha", want)
		entries := parseEntries(text)
		if len(entries) != 1 || entries[0].broken != nil || entries[0].dir() != "/teams/alpha" || !entries[0].plain() {
			t.Fatalf("seed %d: %q is read as %+v", seed, text, entries)
		}
		if got := entries[0].clients; got.open || got.names != nil || !got.set.Equal(want) {
			t.Fatalf("seed %d: %v is printed %q, which is %+v", seed, want, text, got)
		}
		gate := formatGate(want, false)
		if got, vague := parseAddrList(gate); vague || !got.Equal(want) {
			t.Fatalf("seed %d: %v is printed %q, which is %v", seed, want, gate, got)
		}
	}
}

func TestFormat(t *testing.T) {
	set := func(prefixes ...string) state.Set {
		var out []netip.Prefix
		for _, p := range prefixes {
			out = append(out, netip.MustParsePrefix(p))
		}
		return state.SetOf(out...)
	}
	tests := []struct {
		set         state.Set
		entry, gate string
	}{
		{set("10.0.0.1/32"), "/s(10.0.0.1)", "10.0.0.1"},
		{set("10.0.0.2/32", "10.0.0.1/32"), "/s(10.0.0.1|10.0.0.2)", "10.0.0.1,10.0.0.2"},
		{set("10.0.0.0/25", "10.0.0.128/25"), "/s(10.0.0.0/24)", "10.0.0.0/24"},
		{set("10.0.0.0/31"), "/s(10.0.0.0/31)", "10.0.0.0/31"},
		{state.Everybody, "/s(0.0.0.0/1|128.0.0.0/1)", "0.0.0.0/1,128.0.0.0/1"},
	}
	for _, test := range tests {
		if got := formatEntry("/s", test.set); got != test.entry {
			t.Errorf("the entry of %v is %q, want %q", test.set, got, test.entry)
		}
		if got := formatGate(test.set, false); got != test.gate {
			t.Errorf("the gate of %v is %q, want %q", test.set, got, test.gate)
		}
	}
	if got := formatGate(state.Everybody, true); got != "*" {
		t.Errorf("the gate for any is %q", got)
	}
	if got := formatGate(nil, false); got != closedGate {
		t.Errorf("the gate for nobody is %q", got)
	}
}

func TestClosedIsClosed(t *testing.T) {
	entries := parseEntries(closedEntry)
	if len(entries) != 1 || !entries[0].own() || entries[0].broken != nil || !entries[0].clients.all().Empty() {
		t.Errorf("%q is read as %+v", closedEntry, entries)
	}
	if gate, vague := parseAddrList(closedGate); vague || !gate.Empty() {
		t.Errorf("%q lets %v through", closedGate, gate)
	}
	judge := judgeOf(map[string]string{optExportDir: closedEntry, optAllow: closedGate})
	for _, c := range clientsAsked {
		for _, path := range []string{"/gv", "/gv/", "/gv/.glusterd-shares/closed", "/gv/.glusterd-shares", "/gv/alpha"} {
			if got := judge.Mount(c, path); got == "OK" {
				t.Errorf("%v mounts %s", c, path)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	rule := func(to string, level state.Level, line int) state.Rule {
		return state.Rule{
			Word: to, To: state.SetOf(netip.MustParsePrefix(to)), Level: level,
			Pos: state.Pos{File: "state.yaml", Line: line}, Path: "access",
		}
	}
	volume := state.Volume{
		Target: state.Target{Host: "h", Volume: "gv0"},
		Shares: []state.Share{
			{Name: "fine", Access: []state.Rule{rule("10.0.0.1/32", state.ReadWrite, 1)}},
			{Name: "nobody"},
			{Name: "wrong", Access: []state.Rule{
				rule("10.0.0.1/32", state.ReadOnly, 2),
				rule("fd00::/64", state.ReadWrite, 3),
				rule("fd00::1/128", state.ReadOnly, 4),
			}},
		},
	}
	want := []string{
		"state.yaml:2: access: Gluster-NFS can't give a client of a directory read access only; write level: rw or leave the client out; " +
			"to make a whole volume read-only: gluster volume set gv0 nfs.volume-access read-only",
		"state.yaml:3: access: Gluster-NFS knows no IPv6: fd00::/64; write the client's IPv4 address",
		"state.yaml:4: access: Gluster-NFS can't give a client of a directory read access only; write level: rw or leave the client out; " +
			"to make a whole volume read-only: gluster volume set gv0 nfs.volume-access read-only",
		"state.yaml:4: access: Gluster-NFS knows no IPv6: fd00::1; write the client's IPv4 address",
	}
	var got []string
	for _, p := range (Server{}).Check(volume) {
		got = append(got, p.Error())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
