//go:build e2e

package e2e

import "testing"

// Where the volume is not mounted, the program mounts it and unmounts it.
func TestTheMachineIsLeftAsItWas(t *testing.T) {
	cases := []struct{ name, made string }{
		{"the mount point's base is not there", "true"},
		{"it is there", "mkdir -m 0711 $1 && mkdir $1/else"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := onBed(t)
			vol := b.FreshVolume()
			base := "/run/base-" + vol
			b.Run("sh", "-c", c.made, "sh", base)
			before := b.look(vol, base)
			state := shares(vol, "name: alpha, access: [10.0.0.1]")
			state.Top = "mount_point_base: " + base
			b.Apply(state)
			if after := b.look(vol, base); after != before {
				b.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
			b.ExpectMounts(vol, grants{"alpha": "1"})
		})
	}
}

// look lists what a mount of a volume would leave on the server: the mount, a
// directory for it, the process behind it.
func (b *Bed) look(vol, base string) string {
	b.Helper()
	return b.Run("sh", "-c", `
		grep fuse /proc/self/mountinfo
		find "$2" -printf '%p %m\n' 2>&1
		pgrep -af "[g]lusterfs .*[=/]$1( |$)"; true`, "sh", vol, base)
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
