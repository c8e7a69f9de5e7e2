package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// TestMounts runs the cases of mountd through the sandbox's own commands: what
// a volume set leads to must be what a real one leads to.
func TestMounts(t *testing.T) {
	f, err := os.Open("mountd/testdata/mounts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, err := mountd.ReadCases(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t)
			for _, step := range c.Steps {
				b.do(step)
			}
		})
	}
}

// bed is a fresh sandbox as the cases want it.
type bed struct {
	*testing.T
	*Sandbox
}

func newBed(t *testing.T) bed {
	b := bed{t, open(t)}
	ensure(t, b.Sandbox, "gvt", "gvt2")
	b.set("gvt", "nfs.export-volumes", "off", "nfs.disable", "off")
	for _, dir := range []string{"gvt/s1", "gvt/s2", "gvt/s3/sub", "gvt/a/b", "gvt2/t1"} {
		if err := os.MkdirAll(b.path("/"+dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// path is where /VOLUME/PATH lies.
func (b bed) path(p string) string {
	volume, rest, _ := strings.Cut(p[1:], "/")
	return filepath.Join(b.dir, "h", volume, "brick", rest)
}

func (b bed) set(args ...string) {
	b.Helper()
	succeed(b.T, b.Sandbox, append([]string{"volume", "set"}, args...)...)
}

func (b bed) do(s mountd.Step) {
	b.Helper()
	var err error
	switch s.Verb {
	case mountd.Mount:
		b.mount(s)
	case mountd.Mkdir:
		err = os.Mkdir(b.path(s.Path), 0o755)
	case mountd.Touch:
		err = os.WriteFile(b.path(s.Path), nil, 0o644)
	case mountd.Remove:
		err = os.Remove(b.path(s.Path))
	case mountd.Restart:
		succeed(b.T, b.Sandbox, "volume", "start", "gvt", "force")
	default:
		succeed(b.T, b.Sandbox, append([]string{"volume", string(s.Verb), s.Volume}, s.Args...)...)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func (b bed) mount(s mountd.Step) {
	b.Helper()
	server, err := b.Served("h")
	if err != nil {
		b.Fatal(err)
	}
	server.Hosts = mountd.CaseHosts
	for _, w := range s.Want {
		if got := server.Mount(mountd.Clients[w.Client], s.Path); got != w.Verdict {
			b.Errorf("mounts.txt:%d: mount %s: %s gets %s; want %s", s.Line, s.Path, w.Client, got, w.Verdict)
		}
	}
}
