package mountd

import (
	"os"
	"slices"
	"testing"
)

// TestMounts holds the simulator to what a real server was seen to answer.
func TestMounts(t *testing.T) {
	f, err := os.Open("testdata/mounts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, err := ReadCases(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			newCluster().run(t, c)
		})
	}
}

// cluster is as much of glusterd as the cases need.
type cluster struct {
	volumes Config
	entries map[string]Kind
	server  Server
}

func newCluster() *cluster {
	c := &cluster{
		volumes: Config{
			"gvt":  {Started: true, Options: map[string]string{"nfs.export-volumes": "off", "nfs.disable": "off"}},
			"gvt2": {Started: true, Options: map[string]string{"nfs.export-volumes": "off", "nfs.disable": "on"}},
		},
		entries: map[string]Kind{"gvt/": Directory, "gvt2/": Directory, "gvt2/t1": Directory},
	}
	for _, dir := range []string{"s1", "s2", "s3", "s3/sub", "a", "a/b"} {
		c.entries["gvt/"+dir] = Directory
	}
	c.server.Hosts = CaseHosts
	c.server.Lookup = func(volume, path string) Entry { return Entry{Kind: c.entries[volume+path]} }
	c.server.Start(c.volumes)
	return c
}

func (c *cluster) run(t *testing.T, mounts Case) {
	for _, s := range mounts.Steps {
		if s.Verb != Mount {
			if err := c.do(s); err != nil {
				t.Fatalf("mounts.txt:%d: %v", s.Line, err)
			}
			continue
		}
		for _, w := range s.Want {
			if got := c.server.Mount(Clients[w.Client], s.Path); got != w.Verdict {
				t.Errorf("mounts.txt:%d: mount %s: %s gets %s; want %s", s.Line, s.Path, w.Client, got, w.Verdict)
			}
		}
	}
}

func (c *cluster) do(s Step) error {
	switch s.Verb {
	case Set:
		for pair := range slices.Chunk(s.Args, 2) {
			c.set(s.Volume, pair[0], pair[1])
		}
	case Reset:
		delete(c.volumes[s.Volume].Options, s.Args[0])
	case Start, Stop:
		v := c.volumes[s.Volume]
		v.Started = s.Verb == Start
		c.volumes[s.Volume] = v
		c.server.Start(c.volumes)
	case Restart:
		c.server.Start(c.volumes)
	case Mkdir:
		c.entries[s.Path[1:]] = Directory
	case Touch:
		c.entries[s.Path[1:]] = Other
	case Remove:
		delete(c.entries, s.Path[1:])
	}
	return c.server.Reload(c.volumes)
}

func (c *cluster) set(volume, key, value string) {
	global := []string{"nfs.export-volumes", "nfs.export-dirs", "nfs.addr-namelookup", "nfs.exports-auth-enable"}
	for name, v := range c.volumes {
		if name == volume || slices.Contains(global, key) {
			v.Options[key] = collapseSlashes(value)
		}
	}
}

// collapseSlashes is what glusterd does to nfs.export-dir; no other value in
// the cases has two slashes in a row.
func collapseSlashes(s string) string {
	return string(slices.CompactFunc([]byte(s), func(a, b byte) bool { return a == '/' && b == '/' }))
}
