package gluster

import (
	"context"
	"errors"
	"net/netip"
	"os"
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
				return nil, errors.New("no such host")
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
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.is(ctx, "nowhere"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
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
