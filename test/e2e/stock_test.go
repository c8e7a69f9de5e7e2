//go:build e2e

package e2e

import "testing"

// Debian's own Gluster takes every option of the NFS server and serves nothing.
func TestAGlusterWithoutAnNFSServer(t *testing.T) {
	b := onBed(t)
	b.instance += "stock"
	if err := raise(b.instance, "off"); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := lower(b.instance); err != nil {
			b.Error(err)
		}
	})
	for _, disable := range []string{"on", "off"} {
		vol := b.FreshVolume()
		b.Set(vol, "nfs.disable", disable)
		b.Refused(shares(vol, "name: alpha, access: [10.0.0.1]"), "no NFS server", "--enable-gnfs")
	}
}
