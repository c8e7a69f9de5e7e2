package gnfs

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// gate is who may mount anything of a volume: nfs.rpc-auth-allow without
// nfs.rpc-auth-reject, which wins.
type gate struct {
	allow, reject state.Set

	// doubt is why can't be told who else is let through; empty where it
	// can. The list holds a pattern that is too wild, or names of hosts that
	// are looked up.
	doubt string

	vagueReject bool // the other list holds such a pattern
}

func (g gate) admits() state.Set { return g.allow.Minus(g.reject) }

// mayAdmit is which of the clients may get through besides.
func (g gate) mayAdmit(clients state.Set) state.Doubt {
	if g.doubt == "" {
		return state.Doubt{}
	}
	clients = clients.Minus(g.allow).Minus(g.reject)
	if clients.Empty() {
		return state.Doubt{}
	}
	return state.Doubt{Clients: clients, Why: g.doubt}
}

// parseGate reads the volume's lists. Names in them count where the server
// looks clients up, with nfs.addr-namelookup.
func parseGate(settings map[string]string, looksUp bool) gate {
	var g gate
	var vague bool
	allow, set := settings[optAllow]
	if !set {
		allow = "*"
	}
	g.allow, vague = parseAddrList(allow)
	g.reject, g.vagueReject = parseAddrList(settings[optReject])
	switch {
	case vague:
		g.doubt = fmt.Sprintf("%s is %q", optAllow, allow)
	case looksUp && !g.allow.IsEverybody() && holdsNames(allow):
		g.doubt = fmt.Sprintf("%s is %q, and %s is on", optAllow, allow, optNameLookup)
	}
	return g
}

// parseAddrList reads a comma-separated list as rpcsvc matches it: patterns
// against the text of the client's address, then networks. A list is vague that
// holds a pattern of which can't be told whom it means. Host names count for
// nobody.
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
	set = state.Union(sets...)
	return set, vague && !set.IsEverybody()
}

// holdsNames reports whether an item of the list may match the name of a host:
// one with a letter, or a pattern that begins with anything.
func holdsNames(list string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(item string) bool {
		letter := strings.ContainsFunc(item, func(r rune) bool { return r > 0x7f || isLetter(byte(r)) })
		return letter || strings.HasPrefix(item, "*") || strings.HasPrefix(item, "?") || strings.HasPrefix(item, "[")
	})
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

// leadingInt is C's atoi for what stands behind a slash: 0 where there are no
// digits, also behind a sign, and of what is too long for an int its last bits.
func leadingInt(s string) int {
	unsigned := s
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		unsigned = s[1:]
	}
	rest := strings.TrimLeft(unsigned, "0123456789")
	n, err := strconv.ParseInt(strings.TrimSuffix(s, rest), 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return int(int32(n))
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
