package gnfs

import (
	"net/netip"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// gate is who may mount anything of a volume: nfs.rpc-auth-allow without
// nfs.rpc-auth-reject, which wins.
type gate struct {
	allow, reject state.Set

	// A list is vague that holds a pattern of which can't be told whom it
	// means.
	vagueAllow, vagueReject bool
}

func (g gate) admits() state.Set { return g.allow.Minus(g.reject) }

func parseGate(settings map[string]string) gate {
	var g gate
	allow, set := settings[optAllow]
	if !set {
		allow = "*"
	}
	g.allow, g.vagueAllow = parseAddrList(allow)
	g.reject, g.vagueReject = parseAddrList(settings[optReject])
	return g
}

// parseAddrList reads a comma-separated list as rpcsvc matches it: patterns
// against the text of the client's address, then networks. Host names never
// match, since they are only looked up with nfs.addr-namelookup, beside which
// no gate of addresses is written.
func parseAddrList(value string) (set state.Set, vague bool) {
	var sets []state.Set
	for item := range strings.SplitSeq(value, ",") {
		if item == "" {
			continue
		}
		s, ok := parseAddrItem(item)
		vague = vague || !ok
		sets = append(sets, s)
	}
	return state.Union(sets...), vague
}

// parseAddrItem reads one item. It may be pattern and network at once:
// 10.0.0.0/2[4] is no pattern that an address matches, but the network /2.
func parseAddrItem(item string) (s state.Set, ok bool) {
	host, length, isNet := strings.Cut(item, "/")
	if isNet {
		s = parseSubnet(host, length)
	}
	if strings.ContainsAny(item, "*?[\\") {
		matches, ok := globSet(item)
		return state.Union(s, matches), ok
	}
	if a, err := netip.ParseAddr(item); err == nil && a.Is4() && !a.IsUnspecified() {
		s = state.SetOf(netip.PrefixFrom(a, 32))
	}
	return s, true
}

// parseSubnet is rpcsvc_match_subnet_v4: it takes /1 to /31; /0 leaves the
// mask whole and so means the one address; /32 and longer mean nobody.
func parseSubnet(host, length string) state.Set {
	a, err := netip.ParseAddr(host)
	bits := leadingInt(length)
	if err != nil || !a.Is4() || bits < 0 || bits > 31 {
		return nil
	}
	if bits == 0 {
		bits = 32
	}
	return state.SetOf(clientPrefix(a, bits))
}

// leadingInt is C's atoi for what stands behind a slash, -1 for what it would
// take as negative.
func leadingInt(s string) int {
	if strings.HasPrefix(s, "-") {
		return -1
	}
	s = strings.TrimPrefix(s, "+")
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits == 0 {
		return 0
	}
	n, err := strconv.Atoi(s[:digits])
	if err != nil {
		return -1
	}
	return n
}

// formatGate prints the gate that admits the addresses. A star is for those
// who wrote any.
func formatGate(s state.Set, anybody bool) string {
	switch {
	case anybody:
		return "*"
	case s.Empty():
		return closedGate
	}
	return strings.Join(spell(s), ",")
}
