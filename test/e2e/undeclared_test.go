//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// exported is a volume with an entry put in by hand, behind a gate.
func (b *Bed) exported(entry, gate string) string {
	b.Helper()
	vol := b.FreshVolume()
	b.On(vol, "mkdir", "legacy")
	b.Set(vol, "nfs.export-volumes", "off")
	b.Set(vol, "nfs.export-dir", entry, "nfs.rpc-auth-allow", gate, "nfs.disable", "off")
	return vol
}

func TestUndeclaredExportsAreKeptToTheByte(t *testing.T) {
	entries := []string{
		"/legacy(10.0.0.2|10.0.0.0/25)",
		"/legacy(10.0.0.0/25|10.0.0.2|10.0.0.2)",
		"/legacy(10.0.0.2)trailing",
	}
	for _, entry := range some(t, 3, entries) {
		t.Run(entry, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.exported(entry, "10.0.0.2")
				b.ExpectMounts(vol, grants{"legacy": "2"})
				b.Apply(shares(vol, "name: alpha, access: [10.0.1.3]"))
				b.ExpectMounts(vol, grants{"legacy": "2", "alpha": "3"})
				if got := b.Options(vol)["nfs.export-dir"]; !strings.Contains(","+got+",", ","+entry+",") {
					b.Errorf("nfs.export-dir is %s; %s is not in it", got, entry)
				}
			})
		})
	}
}

// What a share's access would do to an entry that nobody declared is a reason
// to do nothing.
func TestUndeclaredExportsInTheWay(t *testing.T) {
	cases := []struct {
		name, entry, gate string
		share             string
		mounts            grants // as they are before and stay
	}{
		{"open to all behind a gate that would be widened",
			"/legacy", "10.0.0.1", "name: alpha, access: [10.0.0.2]", grants{"legacy": "1"}},
		{"a network behind a gate that would be widened",
			"/legacy(10.0.0.0/24)", "10.0.0.1", "name: alpha, access: [10.0.0.2]", grants{"legacy": "1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.exported(c.entry, c.gate)
				b.ExpectMounts(vol, c.mounts)
				b.Refused(shares(vol, c.share), "/legacy")
				b.ExpectMounts(vol, c.mounts)
			})
		})
	}
}

// An entry that Gluster-NFS can't read takes exports down, of other volumes too,
// and the whole server at its next start.
func TestABrokenUndeclaredExport(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol, other := b.exported("/legacy(10.0.0.1)", "10.0.0.1"), b.FreshVolume()
		b.Set(vol, "nfs.export-dir", "/legacy(10.0.0.*)")
		b.ExpectMounts(vol, grants{"legacy": ""})
		b.Refused(shares(vol, "name: alpha, access: [10.0.0.1]"), "/legacy")
		b.Refused(shares(other, "name: alpha, access: [10.0.0.1]"), vol)
		b.ExpectMounts(vol, grants{"legacy": ""})
	})
}

func TestUndeclaredExportsAreRevoked(t *testing.T) {
	for _, entry := range []string{"/legacy", "/legacy(10.0.0.0/24)"} {
		t.Run(entry, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.exported(entry, "10.0.0.1")
				b.Apply(State{Volumes: []Volume{{
					Name: vol, Keys: "undeclared: revoke", Shares: []string{"name: alpha, access: [10.0.0.2]"},
				}}})
				b.ExpectMounts(vol, grants{"legacy": "", "alpha": "2"})
			})
		})
	}
}
