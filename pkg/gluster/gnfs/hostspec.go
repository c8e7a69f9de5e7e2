package gnfs

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// clients is whom an entry of nfs.export-dir names.
type clients struct {
	open  bool      // it names nobody and so admits everybody
	set   state.Set // addresses and networks
	names []string  // what the server looks up at each mount
}

// all are the addresses it admits, names left aside.
func (c clients) all() state.Set {
	if c.open {
		return state.Everybody
	}
	return c.set
}

func (c clients) equal(d clients) bool {
	return c.open == d.open && c.set.Equal(d.set) && slices.Equal(c.names, d.names)
}

// parseClients reads what stands behind the opening parenthesis of an entry as
// mnt3_export_parse_auth_param does: up to the first ")" that follows anything,
// split at "|", empty parts skipped. Nothing at all means open to everybody.
func parseClients(s string) (clients, error) {
	s = strings.TrimLeft(s, ")")
	if s == "" {
		return clients{open: true}, nil
	}
	list, _, _ := strings.Cut(s, ")")
	var c clients
	var nets []netip.Prefix
	for spec := range strings.SplitSeq(list, "|") {
		if spec == "" {
			continue
		}
		p, name, err := parseHostSpec(spec)
		if err != nil {
			return clients{}, err
		}
		if name != "" {
			c.names = append(c.names, name)
		} else if p.IsValid() {
			nets = append(nets, p)
		}
	}
	c.set = state.SetOf(nets...)
	return c, nil
}

// parseHostSpec reads one client as mnt3_export_fill_hostspec does. An error is
// what makes the server give up on the whole list. The prefix is invalid for a
// client that can't exist.
func parseHostSpec(spec string) (p netip.Prefix, name string, err error) {
	parts := strings.FieldsFunc(spec, func(r rune) bool { return r == '/' })
	if len(parts) == 0 || !validHostName(parts[0]) && !validAddress(parts[0]) {
		return p, "", fmt.Errorf("%q is neither an IPv4 address nor the name of a host", spec)
	}
	bits := 32
	if len(parts) > 1 {
		bits, err = strconv.Atoi(parts[1])
		if err != nil || bits < 0 || bits > 32 {
			return p, "", fmt.Errorf("%q has no prefix length from 0 to 32", spec)
		}
	}
	addr, ok := parseLooseAddr(parts[0])
	if !ok {
		return p, spec, nil
	}
	if bits == 0 { // a shift by 32 leaves the mask as it is: the one address
		bits = 32
	}
	return clientPrefix(addr, bits), "", nil
}

// clientPrefix is the network, or no valid prefix for the one address that is
// no client's.
func clientPrefix(addr netip.Addr, bits int) netip.Prefix {
	if bits == 32 && addr.IsUnspecified() {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

// validAddress is libglusterfs' valid_ipv4_address: four numbers, which may have
// signs (10.3, common-utils.c:2485). Such a one is looked up like a name.
func validAddress(s string) bool {
	octets := strings.FieldsFunc(s, func(r rune) bool { return r == '.' })
	for _, o := range octets {
		if n, err := strconv.Atoi(o); err != nil || n < 0 || n > 255 {
			return false
		}
	}
	return len(octets) == 4 && !strings.Contains(s, "..") && !strings.HasSuffix(s, ".")
}

// validHostName is libglusterfs' valid_host_name, which lets every IPv4 address
// without signs through as well: labels of letters, digits and inner hyphens.
func validHostName(s string) bool {
	if s == "" || len(s) > 255 || strings.Contains(s, "..") || !isAlnum(s[len(s)-1]) {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimLeft(s, "."), ".") {
		if label == "" || !isAlnum(label[0]) || !isAlnum(label[len(label)-1]) {
			return false
		}
		for i := range len(label) {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

func isAlnum(c byte) bool { return '0' <= c && c <= '9' || isLetter(c) }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// parseLooseAddr reads an IPv4 address in any form that the C library takes
// without asking a name server: one to four numbers, decimal, octal (0) or
// hexadecimal (0x), of which the last fills what is left. 010.0.0.1 is 8.0.0.1.
func parseLooseAddr(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var addr uint64
	for i, part := range parts {
		if len(part) > 1 && strings.ContainsRune("bBoO", rune(part[1])) || strings.Contains(part, "_") {
			return netip.Addr{}, false // numbers in Go, not in C
		}
		n, err := strconv.ParseUint(part, 0, 32)
		limit, shift := uint64(255), 8*(3-i)
		if i == len(parts)-1 {
			limit, shift = 1<<(8*(4-i))-1, 0
		}
		if err != nil || n > limit {
			return netip.Addr{}, false
		}
		addr |= n << shift
	}
	return addrOf(uint32(addr)), true
}

func addrOf(n uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}
