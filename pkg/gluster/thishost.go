package gluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
)

// Local reports whether host is a name or an address of this machine. A name
// that nobody knows, and that is not what the machine calls itself, is not;
// where the resolver doesn't say whether it knows the name, that is an error.
func (l *Local) Local(ctx context.Context, host string) (bool, error) {
	name, err := os.Hostname()
	if err != nil {
		return false, fmt.Errorf("the name of this machine: %w", err)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false, fmt.Errorf("the addresses of this machine: %w", err)
	}
	m := machine{name: name, resolve: net.DefaultResolver.LookupNetIP}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			m.addrs = append(m.addrs, p.Addr())
		}
	}
	return m.is(ctx, host)
}

// machine is what a host name is compared with.
type machine struct {
	name    string
	addrs   []netip.Addr
	resolve func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

func (m machine) is(ctx context.Context, host string) (bool, error) {
	if strings.EqualFold(host, "localhost") || strings.EqualFold(host, m.name) {
		return true, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return m.has(a), nil
	}
	found, err := m.resolve(ctx, "ip", host)
	var dns *net.DNSError
	switch {
	case err == nil:
		return slices.ContainsFunc(found, m.has), nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.As(err, &dns) && dns.IsNotFound:
		return false, nil
	}
	return false, fmt.Errorf("whether %s is this machine is not known: %w; write an address of this machine in the target, or mend the resolving of names", host, err)
}

// has reports whether the address is this machine's. All of 127.0.0.0/8 is:
// Debian gives the machine's own name 127.0.1.1.
func (m machine) has(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || slices.ContainsFunc(m.addrs, func(b netip.Addr) bool { return b.Unmap().WithZone("") == a })
}
