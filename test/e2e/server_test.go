//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// glusterd 10.3 says for three seconds of a server that it has just started
// that it does not run. It runs.
func TestAServerThatHasJustStarted(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
		b.Gluster("volume", "start", vol, "force")
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.2]"))
		b.ExpectMounts(vol, grants{"alpha": "2"})
	})
}

// To serve one more volume glusterd starts the server anew. That is no death:
// to revive it would only cut off everybody once more.
func TestAServerThatIsStartedAnew(t *testing.T) {
	b := onBed(t)
	one, two := b.FreshVolume(), b.FreshVolume()
	b.Apply(shares(one, "name: alpha, access: [10.0.0.1]"))
	b.settle()
	before := len(b.Writes())
	b.Apply(shares(two, "name: alpha, access: [10.0.0.2]"))
	for _, line := range b.Writes()[before:] {
		if strings.Contains(line, "volume start") {
			b.Errorf("the server was revived: %s", line)
		}
	}
	b.ExpectMounts(one, grants{"alpha": "1"})
	b.ExpectMounts(two, grants{"alpha": "2"})
}

// glusterd 10.3 tells the server of a change only if the server's configuration
// then has another size or another checksum. Its checksum is an exclusive or of
// every fourth byte, which two addresses that change places leave as it is.
func TestAChangeOfTheSameLength(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]", "name: gamma, access: [any]"))
		b.ExpectMounts(vol, grants{"alpha": "1", "beta": "2", "gamma": "1 2 3 4"})
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.2]", "name: beta, access: [10.0.0.1]", "name: gamma, access: [any]"))
		b.ExpectMounts(vol, grants{"alpha": "2", "beta": "1", "gamma": "1 2 3 4"})
	})
}

// A server that is dead is not ours to revive before a change: the plan says
// what does.
func TestADeadServer(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
	b.awaitNFSServer(vol)
	b.Run("sh", "-c", "kill -9 $(cat /run/gluster/nfs/nfs.pid)")
	state := shares(vol, "name: alpha, access: [10.0.0.2]")
	b.Refused(state, "volume start "+vol+" force")
	b.Gluster("volume", "start", vol, "force")
	b.awaitNFSServer(vol)
	b.Apply(state)
	b.ExpectMounts(vol, grants{"alpha": "2"})
}
