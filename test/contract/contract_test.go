package contract

import (
	"embed"
	"flag"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

var (
	update  = flag.Bool("update", false, "write what the sandbox answers into testdata")
	onReal  = flag.Bool("real", false, "run the cases on this machine's Gluster as well, and compare")
	bricks  = flag.String("bricks", "/var/tmp", "where a real Gluster's bricks are made")
	volumes = []string{"gvtc", "gvtd"} // of the cases
)

// testdata goes into the test's program, which may be run elsewhere.
//
//go:embed testdata
var testdata embed.FS

func suites(t *testing.T) []*suite {
	t.Helper()
	paths, err := fs.Glob(testdata, "testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []*suite
	for _, path := range paths {
		out = append(out, readSuite(t, path))
	}
	return out
}

// TestContract holds the sandbox to testdata.
func TestContract(t *testing.T) {
	for _, s := range suites(t) {
		answers := map[*contractCase][][]string{}
		t.Run(filepath.Base(s.path), func(t *testing.T) {
			for _, c := range s.cases {
				t.Run(c.name, func(t *testing.T) {
					c.check(t, newSandbox(t, nil), func(i int, got []string) {
						answers[c] = append(answers[c], got)
					})
				})
			}
		})
		if *update {
			s.write(t, answers)
		}
	}
}

// check runs a case and compares it with what it wants.
func (c *contractCase) check(t *testing.T, on *cluster, note func(i int, got []string)) {
	for i, s := range c.steps {
		got := on.do(t, s.words).lines()
		note(i, got)
		if !*update && !slices.Equal(got, s.want) {
			t.Errorf("%s\n got %q\nwant %q", s.line, got, s.want)
		}
	}
}

// newSandbox makes a fresh sandbox with the volumes of the cases, and beside
// them those that are given, with their options.
func newSandbox(t *testing.T, others []gluster.Volume) *cluster {
	t.Helper()
	const host = "gluster1.test"
	s, err := sandbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{host: s.Host(host), restart: func() error { return s.Restart(host) }, locks: map[string]io.Closer{}}
	names := slices.Clone(volumes)
	for _, v := range others {
		names = append(names, v.Name)
	}
	for _, name := range names {
		if err := s.Ensure(state.Target{Host: host, Volume: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range others {
		c.set(t, v.Name, v.Options)
	}
	c.reset(t, volumes, nil)
	v := c.volumes(t)[volumes[0]]
	c.root = brick(v)
	c.open(t, func() (gluster.Tree, error) { return c.host.Open(t.Context(), v.Info()) })
	return c
}
