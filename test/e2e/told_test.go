//go:build e2e

package e2e

import "testing"

// glusterd 10.3 takes a swap of two clients of the same length for no change at
// all: volume info shows it, and the NFS server goes by the old list.
func TestAChangeThatGlusterdOverlooked(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	const other = "name: gamma, access: [10.0.1.3]"
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]", other))
	b.Set(vol, "nfs.export-dir", "/alpha(10.0.0.2),/beta(10.0.0.1),/gamma(10.0.1.3)")
	b.ExpectMounts(vol, grants{"alpha": "1", "beta": "2", "gamma": "3"})

	swapped := shares(vol, "name: alpha, access: [10.0.0.2]", "name: beta, access: [10.0.0.1]", other)
	b.Pending(swapped)
	b.Apply(swapped)
	b.ExpectMounts(vol, grants{"alpha": "2", "beta": "1", "gamma": "3"})
}
