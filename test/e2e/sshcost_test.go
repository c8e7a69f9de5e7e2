//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// A plan that finds nothing to do takes one connection, and as many commands for 300
// shares as for one.
func TestCostOverSSH(t *testing.T) {
	b := onBed(t).overSSH("sudo")
	vol := b.FreshVolume()
	dir := "/run/mounted-" + vol
	b.Run("mkdir", dir)
	b.do("mount", vol, dir)
	b.Cleanup(func() { b.Run("umount", dir) })
	commands := 0
	for _, n := range []int{1, 300} {
		var declared []string
		for i := range n {
			clients := "10.0.0.1"
			if i >= 200 { // more would not fit into what Gluster takes
				clients = ""
			}
			declared = append(declared, fmt.Sprintf("name: d%d, access: [%s]", i, clients))
		}
		state := shares(vol, declared...)
		b.here().Apply(state)
		logins, sessions := b.logged(), b.sessions()
		b.expect(exitDone, "plan", "-f", b.File(state), "--detailed-exitcode")
		took := b.sessions() - sessions
		if connections := b.logged() - logins; connections != 1 {
			b.Errorf("a plan for %d shares takes %d connections", n, connections)
		}
		if commands == 0 {
			commands = took
		}
		if took != commands || took > 4 {
			b.Errorf("a plan for %d shares takes %d commands, for one share %d", n, took, commands)
		}
	}
	b.Logf("a plan takes %d commands", commands)
}

// sessions is how many commands sshd has run so far.
func (b *Bed) sessions() int {
	b.Helper()
	return strings.Count(b.Run("cat", "/var/log/glusterfs/sshd"), "Starting session: command ")
}
