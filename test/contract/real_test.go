package contract

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/test/shell"
)

// TestReal runs every case on the sandbox and on a real Gluster, and compares
// the answers to the byte. The real one is left as it was found.
func TestReal(t *testing.T) {
	if !*onReal {
		return
	}
	r := newReal(t)
	ran, far, differ := 0, 0, 0
	for _, s := range suites(t) {
		for _, c := range s.cases {
			if c.sandboxOnly != "" {
				t.Logf("%s: not on a real Gluster: %s", c.name, c.sandboxOnly)
				continue
			}
			same := t.Run(c.name, func(t *testing.T) {
				ran++
				c.compare(t, newSandbox(t, r.others), r.fresh(t))
			})
			same = same && (!c.inVolume() || t.Run(c.name+", from another machine", func(t *testing.T) {
				far++
				c.compare(t, newSandbox(t, r.others), r.far(t))
			}))
			if !same {
				differ++
			}
		}
	}
	if ran == 0 || far == 0 {
		t.Fatal("no case was run")
	}
	if differ == 0 {
		fmt.Printf("contract: %d of them from another machine\n", far)
		fmt.Printf("contract: %d cases, sandbox = gluster\n", ran)
	}
}

// inVolume reports whether the case does anything in the volume itself.
func (c *contractCase) inVolume() bool {
	return slices.ContainsFunc(c.steps, func(s step) bool { return treeOps[s.words[0]] != nil })
}

func (c *contractCase) compare(t *testing.T, sandboxed, real *cluster) {
	for _, s := range c.steps {
		want, got := real.do(t, s.words), sandboxed.do(t, s.words)
		switch {
		case got.answer != nil && *got.answer != *want.answer:
			t.Errorf("%s\nsandbox: %+v\ngluster: %+v", s.line, *got.answer, *want.answer)
		case got.line != want.line:
			t.Errorf("%s\nsandbox: %s\ngluster: %s", s.line, got.line, want.line)
		}
	}
}

// realGluster is this machine's, with the volumes of the cases.
type realGluster struct {
	cluster
	dir    string           // of the bricks and the mount
	others []gluster.Volume // that were there before
}

func newReal(t *testing.T) *realGluster {
	dir, err := os.MkdirTemp(*bricks, "contract-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := &realGluster{dir: dir, cluster: cluster{host: &gluster.Local{}}}
	for _, v := range r.volumes(t) {
		r.others = append(r.others, v)
	}
	slices.SortFunc(r.others, func(a, b gluster.Volume) int { return strings.Compare(a.Name, b.Name) })
	for _, name := range volumes {
		r.create(t, name)
	}
	t.Cleanup(func() {
		for _, name := range volumes {
			r.remove(t, name)
		}
		r.reset(t, nil, r.others)
	})
	return r
}

// create makes a volume and starts it.
func (r *realGluster) create(t *testing.T, name string) {
	t.Helper()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	path, err := os.MkdirTemp(r.dir, name)
	if err == nil {
		err = os.Chmod(path, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.must(t, "volume", "create", name, host+":"+path, "force")
	r.must(t, "volume", "start", name)
}

func (r *realGluster) remove(t *testing.T, name string) {
	t.Helper()
	r.must(t, "volume", "stop", name, "force")
	r.must(t, "volume", "delete", name)
}

// fresh gives the cluster as a case finds it: options as they were, and an
// empty volume, mounted. A volume with options of the user's or of quota is made
// anew, since they can't be reset (10.3).
func (r *realGluster) fresh(t *testing.T) *cluster {
	c := r.emptied(t)
	c.open(t, func() (gluster.Tree, error) { return gluster.OpenTree(c.root) })
	return c
}

// far gives the same as it is reached from another machine, by nothing but commands.
func (r *realGluster) far(t *testing.T) *cluster {
	c := r.emptied(t)
	c.host = &gluster.Far{Name: "far", Shell: thisShell{&shell.Shell{}}, MountPointBase: filepath.Join(r.dir, "base")}
	v := c.volumes(t)[volumes[0]]
	c.open(t, func() (gluster.Tree, error) { return c.host.Open(t.Context(), v.Info()) })
	return c
}

// thisShell is this machine, as if it were another one.
type thisShell struct{ *shell.Shell }

func (thisShell) Connect(context.Context) error { return nil }

func (s thisShell) Run(ctx context.Context, stdin string, argv ...string) (gluster.Answer, error) {
	ans, err := s.Shell.Run(ctx, stdin, argv...)
	return gluster.Answer(ans), err
}

func (s thisShell) Hold(_ context.Context, argv ...string) (gluster.Session, error) {
	return s.Shell.Hold(argv...)
}

// emptied gives the cluster as a case finds it, but for the trees.
func (r *realGluster) emptied(t *testing.T) *cluster {
	for name, v := range r.volumes(t) {
		stays := func(key string) bool { return strings.HasPrefix(key, "user.") || strings.HasPrefix(key, "features.") }
		if slices.Contains(volumes, name) && slices.ContainsFunc(slices.Collect(maps.Keys(v.Options)), stays) {
			r.remove(t, name)
			r.create(t, name)
		}
	}
	r.must(t, "volume", "start", volumes[0], "force")
	r.reset(t, volumes, r.others)
	c := &cluster{host: r.host, locks: map[string]io.Closer{}, root: r.mount(t)}
	empty(t, c.root)
	return c
}

// empty removes what earlier cases have left.
func empty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// mount mounts the volume for as long as the test lasts.
func (r *realGluster) mount(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(r.dir, "mount")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	mount := exec.Command("glusterfs", "--process-name", "fuse", "--volfile-server=localhost", "--volfile-id=/"+volumes[0], dir)
	if out, err := mount.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}
