package mountd

import (
	"net/netip"
	"slices"
	"strings"
)

// Hosts are names of addresses, as the lines of /etc/hosts. The zero value
// knows no name.
type Hosts []HostNames

// HostNames are the names of one address; the first is what a reverse lookup
// gives.
type HostNames struct {
	Addr  netip.Addr
	Names []string
}

func (h Hosts) addrs(name string) []netip.Addr {
	var out []netip.Addr
	for _, line := range h {
		if slices.ContainsFunc(line.Names, func(n string) bool { return strings.EqualFold(n, name) }) {
			out = append(out, line.Addr)
		}
	}
	return out
}

// name is a reverse lookup. It fails without a name: that is what
// getnameinfo does where no name server answers; one that answers that there
// is no name would make it give the address instead.
func (h Hosts) name(a netip.Addr) (name string, ok bool) {
	for _, line := range h {
		if line.Addr == a && len(line.Names) > 0 {
			return line.Names[0], true
		}
	}
	return "", false
}
