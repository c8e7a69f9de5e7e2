//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Where the volume is not mounted, the program mounts it and unmounts it.
func TestTheMachineIsLeftAsItWas(t *testing.T) {
	cases := []struct {
		name, base, made string
		volumes          int
	}{
		{"the mount point's base is not there", "", "true", 1},
		{"it is there", "", "mkdir -m 0711 $1 && mkdir $1/else", 1},
		{"the directories above it are not there", "/deep/er", "true", 1},
		{"two volumes", "", "true", 2},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			b := onBed(t)
			var state State
			for range c.volumes {
				state.Volumes = append(state.Volumes, Volume{Name: b.FreshVolume(), Shares: []string{"name: alpha, access: [10.0.0.1]"}})
			}
			base := "/run/base-" + state.Volumes[0].Name
			b.Run("sh", "-c", c.made, "sh", base)
			state.Top = "mount_point_base: " + base + c.base
			before := b.look(state, base)
			b.Apply(state)
			b.Eventually(func() string { // the process behind a mount ends a little after that
				if after := b.look(state, base); after != before {
					return fmt.Sprintf("before:\n%s\nafter:\n%s", before, after)
				}
				return ""
			})
			for _, v := range state.Volumes {
				b.ExpectMounts(v.Name, grants{"alpha": "1"})
			}
		})
	}
}

// look lists what mounts of the volumes would leave on the server: the mounts,
// directories for them, the processes behind them.
func (b *Bed) look(s State, base string) string {
	b.Helper()
	var names []string
	for _, v := range s.Volumes {
		names = append(names, v.Name)
	}
	return b.Run("sh", "-c", `
		grep fuse /proc/self/mountinfo
		find "$2" -printf '%p %m\n' 2>&1
		pgrep --ns $$ --nslist net -af "[g]lusterfs .*[=/]($1)( |$)"; true`, "sh", strings.Join(names, "|"), base)
}

// Where the volume is mounted already, that mount is used and stays.
func TestAMountThatIsThere(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	dir := "/run/mounted-" + vol
	b.Run("mkdir", dir)
	b.do("mount", vol, dir)
	b.Cleanup(func() { b.Run("umount", dir) })
	before := b.Run("cat", "/proc/self/mountinfo")
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	state.Top = "mount_point_base: /dev/null/nowhere"
	b.Apply(state)
	if after := b.Run("cat", "/proc/self/mountinfo"); after != before {
		b.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	b.Run("test", "-d", dir+"/alpha")
}
