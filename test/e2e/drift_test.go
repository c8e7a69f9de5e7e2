//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// What was changed by hand is seen by plan and repaired by apply.
func TestDrift(t *testing.T) {
	cases := []struct {
		name  string
		drift func(b *Bed, vol string)
	}{
		{"a client added by hand", func(b *Bed, vol string) {
			b.Set(vol, "nfs.export-dir", "/alpha(10.0.0.1|10.0.0.2)", "nfs.rpc-auth-allow", "10.0.0.1,10.0.0.2")
		}},
		{"an export dropped", func(b *Bed, vol string) { b.Gluster("volume", "reset", vol, "nfs.export-dir") }},
		{"an export that nobody can mount", func(b *Bed, vol string) { b.Set(vol, "nfs.export-dir", "/alpha/(10.0.0.1)") }},
		{"an export that all can mount", func(b *Bed, vol string) { b.Set(vol, "nfs.export-dir", "/alpha") }},
		{"an export twice", func(b *Bed, vol string) { b.Set(vol, "nfs.export-dir", "/alpha(10.0.0.2),/alpha(10.0.0.1)") }},
		{"a gate that admits nobody", func(b *Bed, vol string) { b.Set(vol, "nfs.rpc-auth-allow", "10.0.0.1/32") }},
		{"no gate", func(b *Bed, vol string) { b.Gluster("volume", "reset", vol, "nfs.rpc-auth-allow") }},
		{"the whole volume exported", func(b *Bed, vol string) { b.Set(vol, "nfs.export-volumes", "on") }},
		{"the NFS server switched off", func(b *Bed, vol string) { b.Set(vol, "nfs.disable", "on") }},
		{"the directory removed", func(b *Bed, vol string) { b.On(vol, "rmdir", "alpha") }},
		{"the mode changed", func(b *Bed, vol string) { b.On(vol, "chmod", "0777", "alpha") }},
		{"the owner changed", func(b *Bed, vol string) { b.On(vol, "chown", "1:1", "alpha") }},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.FreshVolume()
				state := shares(vol, `name: alpha, owner: root, group: games, mode: "2770", access: [10.0.0.1]`)
				b.Apply(state)
				c.drift(b, vol)
				b.Pending(state)
				b.Apply(state)
				b.ExpectMounts(vol, grants{"alpha": "1"})
				b.ExpectStat(vol, "alpha", "root games 2770")
			})
		})
	}
}

// What the server understands the same is no drift, however it is written.
func TestNoDrift(t *testing.T) {
	cases := []struct {
		name    string
		options []string
	}{
		{"another order", []string{"nfs.export-dir", "/alpha(10.0.1.3|10.0.0.0/25)", "nfs.rpc-auth-allow", "10.0.1.3,10.0.0.0/25"}},
		{"a client twice", []string{"nfs.export-dir", "/alpha(10.0.0.0/25|10.0.0.1|10.0.1.3)"}},
		{"a network in halves", []string{"nfs.export-dir", "/alpha(10.0.0.0/26|10.0.0.64/26|10.0.1.3)"}},
		{"a switch spelled otherwise", []string{"nfs.export-volumes", "NO"}},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.FreshVolume()
				state := shares(vol, "name: alpha, access: [10.0.0.0/25, 10.0.1.3]")
				b.Apply(state)
				b.Set(vol, c.options...)
				b.Unchanged(vol, func() { b.Apply(state) })
				b.ExpectMounts(vol, grants{"alpha": "1 2 3"})
			})
		})
	}
}

func TestASecondRunWritesNothing(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, `name: alpha, mode: "2770", access: [10.0.0.1]`, "name: beta, access: []")
	b.Apply(state)
	traces := func() string {
		return strings.Join(b.Writes(), "") + b.On(vol, "find", ".", "-printf", "%p %i %m %u %g %T@ %C@\n")
	}
	before := traces()
	b.Apply(state)
	if after := traces(); after != before {
		b.Errorf("before the second run:\n%s\nafter it:\n%s", before, after)
	}
}

func TestAPlanIsTheSameBytesEachTime(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: gone, access: [10.0.0.2]"))
	file := b.File(shares(vol, "name: alpha, access: [10.0.0.2]", `name: beta, mode: "0750", access: [10.0.1.3]`))
	for _, format := range []string{"text", "json"} {
		plan := func() string { return b.expect(exitDone, "plan", "-f", file, "-o", format).Stdout }
		first := plan()
		if !strings.Contains(first, "beta") {
			b.Errorf("the %s plan does not name what it makes:\n%s", format, first)
		}
		if second := plan(); second != first {
			b.Errorf("the %s plans differ:\n%s\n%s", format, first, second)
		}
	}
}
