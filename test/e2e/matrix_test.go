//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// TestMatrix holds Gluster-NFS itself to the cases that the sandbox's simulator
// of it is held to: who may mount what with which options.
func TestMatrix(t *testing.T) {
	f, err := os.Open("../../pkg/gluster/sandbox/mountd/testdata/mounts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, err := mountd.ReadCases(f)
	if err != nil {
		t.Fatal(err)
	}
	newBed(t, instance).makeMatrix()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			b := onBed(t)
			b.Cleanup(func() { b.restoreMatrix(c.Breaks) })
			for _, s := range c.Steps {
				b.step(s)
			}
		})
	}
}

// The volumes of the matrix with the options that a case starts from.
var matrixVolumes = map[string]map[string]string{
	"gvt":  {"nfs.export-volumes": "off", "nfs.disable": "off"},
	"gvt2": {"nfs.export-volumes": "off", "nfs.disable": "on"},
}

func (b *Bed) makeMatrix() {
	b.Helper()
	for _, vol := range slices.Sorted(maps.Keys(matrixVolumes)) {
		b.MakeVolume(vol)
	}
	b.On("gvt", "mkdir", "-p", "s1", "s2", "s3/sub", "a/b")
	b.On("gvt2", "mkdir", "t1")
	b.restoreMatrix(false)
}

// restoreMatrix sets the options that a case starts from. A case that breaks
// the server leaves one that has to be restarted.
func (b *Bed) restoreMatrix(restart bool) {
	b.Helper()
	for _, vol := range slices.Sorted(maps.Keys(matrixVolumes)) {
		b.restoreOptions(vol, matrixVolumes[vol])
	}
	if restart {
		b.Gluster("volume", "start", "gvt", "force")
	}
	b.awaitNFSServer("gvt")
}

func (b *Bed) restoreOptions(vol string, want map[string]string) {
	b.Helper()
	have := b.Options(vol)
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, keep := want[key]; !keep && strings.HasPrefix(key, "nfs.") {
			b.Gluster("volume", "reset", vol, key)
		}
	}
	var set []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if have[key] != want[key] {
			set = append(set, key, want[key])
		}
	}
	if set != nil {
		b.Set(vol, set...)
	}
}

func (b *Bed) step(s mountd.Step) {
	b.Helper()
	vol, path, _ := strings.Cut(strings.TrimPrefix(s.Path, "/"), "/")
	switch s.Verb {
	case mountd.Set:
		b.Set(s.Volume, s.Args...)
		if strings.Contains(strings.Join(s.Args, " "), "nfs.disable off") {
			b.awaitMountService()
		}
	case mountd.Reset:
		b.Gluster("volume", "reset", s.Volume, s.Args[0])
	case mountd.Start, mountd.Stop:
		b.Gluster("volume", string(s.Verb), s.Volume)
	case mountd.Restart:
		b.Gluster("volume", "start", "gvt", "force")
	case mountd.Mkdir:
		b.On(vol, "mkdir", path)
	case mountd.Touch:
		b.On(vol, "touch", path)
	case mountd.Remove:
		b.On(vol, "rm", "-d", path)
	case mountd.Mount:
		b.expectVerdicts(s)
	default:
		b.Fatalf("mounts.txt:%d: the verb %s is not known here", s.Line, s.Verb)
	}
}

// awaitMountService waits until a server that was started has read its
// configuration: what is set sooner is not a change to it but what it starts
// with.
func (b *Bed) awaitMountService() {
	b.Helper()
	b.Eventually(func() string {
		if got := b.Client(1).Ask("/")["/"]; !slices.Contains(refusals, got) {
			return "asked for / the NFS server says " + got
		}
		return ""
	})
}

func (b *Bed) expectVerdicts(s mountd.Step) {
	b.Helper()
	for _, w := range s.Want {
		var n int
		if _, err := fmt.Sscanf(w.Client, "c%d", &n); err != nil {
			b.Fatalf("mounts.txt:%d: client %q: %v", s.Line, w.Client, err)
		}
		b.Eventually(func() string {
			if got := b.Client(n).Ask(s.Path)[s.Path]; got != string(w.Verdict) {
				return fmt.Sprintf("mounts.txt:%d: mount %s: %s gets %s; want %s", s.Line, s.Path, w.Client, got, w.Verdict)
			}
			return ""
		})
	}
}
