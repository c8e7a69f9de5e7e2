//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// doctor tells what is missing, one thing after the other, and nothing once it is
// mended.
func TestDoctor(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	text := shares(vol, "name: alpha, size: 1GiB, access: [10.0.0.1]")
	well := []string{"ok nfs-server there is one; it does not serve this volume yet", "ok settings nothing is in the way of a plan"}
	b.doctor(text, 0, well...)
	b.Gluster("volume", "stop", vol)
	b.doctor(text, 1, "bad volume the volume "+vol+" is not started", "not asked directories")
	b.Gluster("volume", "start", vol)
	b.Apply(text)
	b.awaitNFSServer(vol)
	b.doctor(text, 0, "ok quota is on", "ok nfs-server runs on 1 node")

	b.Run("sh", "-c", "kill -9 $(cat /run/gluster/nfs/nfs.pid)")
	b.doctor(text, 1, "bad nfs-server it is not running on")
	b.Gluster("volume", "start", vol, "force")
	b.awaitNFSServer(vol)
	b.Set(vol, "nfs.exports-auth-enable", "on")
	b.doctor(text, 1, "bad settings nfs.exports-auth-enable is on")
	b.Set(vol, "nfs.exports-auth-enable", "off")

	b.KillGlusterd()
	b.doctor(text, 1, "bad glusterd ", "not asked volume")
	b.do("glusterd")
	b.awaitNFSServer(vol)
	b.doctor(text, 0, "ok glusterd answers")
}

// doctor runs it, and checks its exit code and how checks have come out.
func (b *Bed) doctor(s State, code int, want ...string) {
	b.Helper()
	r := b.expect(code, "doctor", "-f", b.File(s))
	said := strings.Join(strings.Fields(r.Stdout), " ")
	for _, w := range want {
		if !strings.Contains(said, w) {
			b.Errorf("it does not say %q:\n%s", w, r.Stdout)
		}
	}
}
