package statefile

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// parseClient reads an address or a network. Whatever Gluster, a shell or a
// reader could understand in two ways is a fault that says what to write.
func parseClient(word string) (netip.Prefix, fault) {
	var none netip.Prefix
	switch {
	case strings.TrimSpace(word) == "":
		return none, fault{"the client is empty", "write a group, any, an address or a network"}
	case strings.TrimSpace(word) != word:
		return none, fault{quote(word) + " has blanks around it", "write " + strings.TrimSpace(word)}
	case meansEverybody(word):
		return none, fault{quote(word) + " is not how everybody is written", "write any, if that is meant"}
	case strings.ContainsAny(word, ", \t\n|"):
		return none, fault{quote(word) + " looks like several clients", "make each an item of the list"}
	case strings.ContainsAny(word, "*?"):
		return none, wildcardFault(word)
	case strings.HasPrefix(word, "@"):
		return none, fault{quote(word) + " looks like a netgroup, which is not known here", "name the addresses as a group in host_groups"}
	}
	if first, last, ok := strings.Cut(word, "-"); ok {
		if f := rangeFault(word, first, last); f.found() {
			return none, f
		}
	}
	p, f := parsePrefix(word)
	if !f.found() {
		f = neverClient(word, p)
	}
	if f.found() {
		return none, f
	}
	return p, fault{}
}

func parsePrefix(word string) (netip.Prefix, fault) {
	if addr, length, ok := strings.Cut(word, "/"); ok {
		return parseNetwork(word, addr, length)
	}
	a, f := parseAddress(word, "")
	if f.found() {
		return netip.Prefix{}, f
	}
	return netip.PrefixFrom(a, a.BitLen()), fault{}
}

// never are the addresses that no client comes from: of "this" network, multicast,
// and reserved ones with the broadcast address among them. Not those of
// loopback: a server can be its own client.
var never = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("224.0.0.0/3"), netip.MustParsePrefix("ff00::/8"),
}

// neverClient is the fault of an address that no client can have, or of a
// network with no other address in it.
func neverClient(word string, p netip.Prefix) fault {
	within := func(n netip.Prefix) bool { return n.Bits() <= p.Bits() && n.Contains(p.Addr()) }
	if !slices.ContainsFunc(never, within) {
		return fault{}
	}
	what := "reserved"
	if p.Addr().IsMulticast() {
		what = "multicast"
	}
	return fault{quote(word) + " is " + what + ": no client has such an address", "write the one that the client comes from"}
}

var dotted = regexp.MustCompile(`^[0-9]+(\.[0-9]*)*$`)

// parseAddress reads one address. length is what follows it in the file, slash
// included, and is only for the messages.
func parseAddress(addr, length string) (netip.Addr, fault) {
	var none netip.Addr
	if dotted.MatchString(addr) {
		if f := dottedFault(addr, length); f.found() {
			return none, f
		}
	}
	a, err := netip.ParseAddr(addr)
	switch word := addr + length; {
	case err != nil:
		return none, notAnAddress(word)
	case a.Zone() != "":
		return none, fault{quote(word) + " has a zone, which means something on one machine only", "write " + a.WithZone("").String() + length}
	case a.Is4In6():
		return none, fault{quote(word) + " is an IPv4 address in the spelling of IPv6", "write " + a.Unmap().String()}
	}
	return a, fault{}
}

// dottedFault says what is wrong with numbers and dots that should be IPv4.
func dottedFault(addr, length string) fault {
	fields := strings.Split(addr, ".")
	if len(fields) != 4 {
		return fault{quote(addr+length) + " is not a whole address", "write its four numbers, with dots between them"}
	}
	plain := make([]string, len(fields))
	for i, field := range fields {
		n, err := strconv.ParseUint(field, 10, 16)
		if err != nil || n > 255 {
			return fault{quote(addr+length) + " is not an address", "write four numbers from 0 to 255"}
		}
		plain[i] = strconv.FormatUint(n, 10)
	}
	if mend := strings.Join(plain, "."); mend != addr {
		return fault{quote(addr+length) + " has leading zeros, which some readers take for octal", "write " + mend + length}
	}
	return fault{}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*\.)+[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*\.?$`)

func notAnAddress(word string) fault {
	inner := strings.TrimSuffix(strings.TrimPrefix(word, "["), "]")
	if a, err := netip.ParseAddr(inner); err == nil && inner != word {
		return fault{quote(word) + " stands in brackets", "write " + a.String()}
	}
	if a, err := netip.ParseAddrPort(word); err == nil {
		return fault{quote(word) + " names a port, but clients are addresses", "write " + a.Addr().String()}
	}
	if hostName.MatchString(word) {
		return fault{quote(word) + " is the name of a host, and what it resolves to can change", "write its address"}
	}
	return fault{quote(word) + " is neither a group nor an address nor a network", "write one of these, or any"}
}

// parseNetwork reads addr/length, which is what word consists of.
func parseNetwork(word, addr, length string) (netip.Prefix, fault) {
	var none netip.Prefix
	a, f := parseAddress(addr, "/"+length)
	if f.found() {
		return none, f
	}
	if mask, err := netip.ParseAddr(length); err == nil && mask.Is4() {
		return none, maskFault(word, a, mask)
	}
	bits, err := strconv.Atoi(length)
	if err != nil || strconv.Itoa(bits) != length || bits < 0 || bits > a.BitLen() {
		return none, fault{quote(word) + " is not a network", fmt.Sprintf("write a length from 1 to %d after the slash", a.BitLen())}
	}
	p := netip.PrefixFrom(a, bits)
	switch {
	case bits == 0:
		return none, fault{quote(word) + " is everybody", "write any, if that is meant"}
	case p.Masked() != p:
		return none, fault{quote(word) + " has bits set behind its length", fmt.Sprintf("write %s for the network or %s for the one address", p.Masked(), a)}
	case p.IsSingleIP() && a.IsUnspecified():
		return none, fault{quote(word) + " is no client's address", "write any, if everybody is meant"}
	}
	return p, fault{}
}

// maskFault is the fault of a network that is written with its mask.
func maskFault(word string, a, mask netip.Addr) fault {
	var ones int
	for _, b := range mask.AsSlice() {
		for ; b&0x80 != 0; b <<= 1 {
			ones++
		}
	}
	p := netip.PrefixFrom(a, ones).Masked()
	mend := "write the length of the network after the slash, such as 10.0.0.0/24"
	if a.Is4() && ones > 0 && maskOf(ones) == mask {
		mend = "write " + p.String()
	}
	return fault{quote(word) + " has a mask instead of a length", mend}
}

func maskOf(ones int) netip.Addr {
	m := ^uint32(0) << (32 - ones)
	return netip.AddrFrom4([4]byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)})
}

var octets = regexp.MustCompile(`^([0-9]+\.){1,3}(\*\.){0,2}\*$`)

// wildcardFault is the fault of 10.0.0.* and its like.
func wildcardFault(word string) fault {
	f := fault{quote(word) + " is a wildcard", "write addresses and networks, such as 10.0.0.0/24"}
	if !octets.MatchString(word) {
		return f
	}
	known := strings.Split(word[:strings.Index(word, ".*")], ".")
	a, err := netip.ParseAddr(strings.Join(append(known, "0", "0", "0")[:4], "."))
	if err == nil && len(known) < 4 {
		f.mend = "write " + netip.PrefixFrom(a, 8*len(known)).String()
	}
	return f
}

// rangeFault is the fault of 10.0.0.1-10.0.0.9, none where word isn't one.
func rangeFault(word, first, last string) fault {
	const most = 8
	a, err1 := netip.ParseAddr(first)
	b, err2 := netip.ParseAddr(last)
	if err1 != nil {
		return fault{}
	}
	f := fault{quote(word) + " is a range", "write the networks that it is made of"}
	if err2 != nil {
		return f
	}
	if nets := state.SetOfRange(a, b).Strings(); 0 < len(nets) && len(nets) <= most {
		f.mend = "write " + strings.Join(nets, ", ")
	}
	return f
}
