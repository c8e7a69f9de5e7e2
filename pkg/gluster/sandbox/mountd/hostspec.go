package mountd

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// hostspec is one client of an entry of nfs.export-dir. The zero hostspec, which
// "(|)" leaves, matches nobody.
type hostspec struct {
	host string // an address in any form that inet_aton takes, or a name
	mask uint32
}

// errCrash tells that Gluster-NFS does not refuse the value but dies of it.
var errCrash = errors.New("null pointer")

// errHostspec tells that Gluster-NFS refuses the value.
var errHostspec = errors.New("invalid host")

// parseHostspec is mnt3_export_fill_hostspec (mount3.c:3104).
func parseHostspec(s string) (hostspec, error) {
	t := strtok{rest: s}
	host, ok := t.next("/")
	if !ok {
		return hostspec{}, errCrash // strlen(NULL): seen with "(/)"
	}
	if !ValidIPv4(host) && !ValidHostName(host) {
		return hostspec{}, errHostspec
	}
	prefix := 32
	if length, ok := t.next("/"); ok {
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 || n > 32 {
			return hostspec{}, errHostspec
		}
		prefix = n
	}
	return hostspec{host: host, mask: netmask(prefix)}, nil
}

// netmask shifts as the processor does: by 32 is by 0, so that /0 masks like
// /32 (mount3.c:3176, rpcsvc.c:3230).
func netmask(prefix int) uint32 { return ^uint32(0) << ((32 - prefix) & 31) }

// matches is the loop's body of mnt3_verify_auth (mount3.c:1445): names are
// looked up at each mount, and all their addresses count.
func (h hostspec) matches(client netip.Addr, hosts Hosts) bool {
	if h.host == "" {
		return false
	}
	addrs := hosts.addrs(h.host)
	if a, ok := inetAton(h.host); ok {
		addrs = []netip.Addr{a}
	}
	for _, a := range addrs {
		if maskMatch(client, a, h.mask) {
			return true
		}
	}
	return false
}

func maskMatch(a, b netip.Addr, mask uint32) bool { return (number(a)^number(b))&mask == 0 }

func number(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// ValidIPv4 is valid_ipv4_address without wildcards (common-utils.c:2485). It
// lets ".10.0.0.1" through, and signs.
func ValidIPv4(s string) bool {
	if s == "" || strings.Contains(s, "..") || !isDigit(s[len(s)-1]) {
		return false
	}
	octets := split(s, ".")
	for _, o := range octets {
		if n, err := strconv.Atoi(o); err != nil || n < 0 || n > 255 {
			return false
		}
	}
	return len(octets) == 4
}

// ValidHostName is valid_host_name (common-utils.c:2427).
func ValidHostName(s string) bool {
	const longest = 255 // _POSIX_HOST_NAME_MAX
	if s == "" || len(s) > longest || !isAlnum(s[len(s)-1]) || strings.Contains(s, "..") {
		return false
	}
	for _, label := range split(s, ".") {
		if !isAlnum(label[0]) || !isAlnum(label[len(label)-1]) {
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
