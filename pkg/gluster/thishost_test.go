package gluster

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
)

func TestMachineIs(t *testing.T) {
	m := machine{
		name:  "node1.example.com",
		addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("2001:db8::1")},
		resolve: func(_ context.Context, network, host string) ([]netip.Addr, error) {
			found := map[string][]netip.Addr{
				"gluster": {netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("::ffff:10.0.0.1")},
				"node2":   {netip.MustParseAddr("10.0.0.2")},
				"debian":  {netip.MustParseAddr("127.0.1.1")},
			}[host]
			if network != "ip" || found == nil {
				return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
			}
			return found, nil
		},
	}
	for host, want := range map[string]bool{
		"localhost": true, "Node1.Example.com": true, "node1": false, "gluster": true, "node2": false, "debian": true,
		"10.0.0.1": true, "10.0.0.2": false, "127.0.0.1": true, "::1": true, "fe80::1": true, "2001:db8::1": true, "2001:db8::2": false, "nowhere": false,
	} {
		if got, err := m.is(t.Context(), host); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", host, got, err, want)
		}
	}
}

// A resolver that gives no answer says nothing about a name. What this machine
// calls itself and its addresses need none.
func TestMachineIsWithoutAResolver(t *testing.T) {
	for name, failure := range map[string]error{
		"time-out":       &net.DNSError{Err: "i/o timeout", Name: "gluster", IsTimeout: true, IsTemporary: true},
		"server failure": &net.DNSError{Err: "server misbehaving", Name: "gluster", IsTemporary: true},
		"refused":        &net.DNSError{Err: "connection refused", Name: "gluster"},
		"something else": errors.New("something else"),
	} {
		t.Run(name, func(t *testing.T) {
			m := machine{
				name:    "node1",
				addrs:   []netip.Addr{netip.MustParseAddr("10.0.0.1")},
				resolve: func(context.Context, string, string) ([]netip.Addr, error) { return nil, failure },
			}
			for host, want := range map[string]bool{"node1": true, "localhost": true, "10.0.0.1": true, "10.0.0.2": false} {
				if got, err := m.is(t.Context(), host); got != want || err != nil {
					t.Errorf("%s: %v, %v; want %v", host, got, err, want)
				}
			}
			_, err := m.is(t.Context(), "gluster")
			if !errors.Is(err, failure) || !strings.Contains(err.Error(), "gluster is this machine") || !strings.Contains(err.Error(), "write an address of this machine") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMachineIsTellsWhyTheContextEnded(t *testing.T) {
	over := errors.New("the time is over")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	m := machine{resolve: func(ctx context.Context, _, host string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "operation was canceled", Name: host, UnwrapErr: ctx.Err()}
	}}
	if _, err := m.is(ctx, "gluster"); !errors.Is(err, over) {
		t.Errorf("got %v", err)
	}
}

func TestLocalIsItself(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{name: true, "localhost": true, "127.0.0.1": true, "192.0.2.1": false} {
		if got, err := (&Local{}).Local(t.Context(), host); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", host, got, err, want)
		}
	}
}
