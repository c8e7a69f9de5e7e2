package mountd

import (
	"net/netip"
	"strconv"
	"strings"
)

// gate is nfs.rpc-auth-allow and nfs.rpc-auth-reject of one volume.
type gate struct {
	allow     string
	reject    string
	hasReject bool
}

// readGate gives what stands in the server's configuration: allow is "*"
// where it is not set, reject has no default.
func readGate(options map[string]string) gate {
	g := gate{allow: "*"}
	if v, ok := options["nfs.rpc-auth-allow"]; ok {
		g.allow = v
	}
	g.reject, g.hasReject = options["nfs.rpc-auth-reject"]
	return g
}

// admits is rpcsvc_auth_check (rpcsvc.c:2998).
func (g gate) admits(client netip.Addr, lookUpNames bool, hosts Hosts) bool {
	if g.hasReject && g.reject == "*" {
		return false
	}
	if !g.hasReject && g.allow == "*" {
		return true
	}
	var name string
	if lookUpNames {
		var ok bool
		if name, ok = hosts.name(client); !ok {
			return false
		}
	}
	return !listed(g.reject, client, name) && listed(g.allow, client, name)
}

// listed is rpcsvc_transport_peer_check_search (rpcsvc.c:2856).
func listed(list string, client netip.Addr, name string) bool {
	for _, pattern := range split(list, ",") {
		if fnmatch(pattern, client.String()) || name != "" && fnmatch(pattern, name) || inSubnet(pattern, client) {
			return true
		}
	}
	return false
}

// inSubnet is rpcsvc_match_subnet_v4 (rpcsvc.c:3181): /32 and longer match
// nobody, and the address is read by inet_pton, which takes dotted quads only.
func inSubnet(pattern string, client netip.Addr) bool {
	address, length, ok := strings.Cut(pattern, "/")
	if !ok {
		return false
	}
	prefix := atoi(length)
	a, err := netip.ParseAddr(address)
	if err != nil || !a.Is4() || prefix < 0 || prefix > 31 {
		return false
	}
	return maskMatch(client, a, netmask(prefix))
}

// atoi is C's: the digits at the beginning count, and without any it is 0.
// What is too long for an int loses its first bits.
func atoi(s string) int {
	end := 0
	for end < len(s) && (isDigit(s[end]) || end == 0 && (s[0] == '-' || s[0] == '+')) {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64) // beyond that it is the nearest, as in C
	return int(int32(n))
}
