package contract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/test/shell"
)

// mostCommands is what a plan with nothing to do may cost from another machine.
const mostCommands = 7

// TestRealFar works on a real Gluster as if from another machine.
func TestRealFar(t *testing.T) {
	if !*onReal {
		return
	}
	r := newReal(t)
	t.Run("its own mount", func(t *testing.T) { ownMount(t, r) })
	t.Run("a mount that stays", func(t *testing.T) { stuckMount(t, r) })
	t.Run("a mount that is lost", func(t *testing.T) { lostMount(t, r) })
	for _, n := range []int{1, 300} {
		t.Run(fmt.Sprintf("cost of %d shares", n), func(t *testing.T) { cost(t, r, n) })
	}
	t.Run("from here and from there", func(t *testing.T) { fromBoth(t, r) })
}

// remote is this machine from another one, with a base for mounts that is its own.
func (r *realGluster) remote(t *testing.T) (*gluster.Far, *shell.Shell) {
	s := &shell.Shell{}
	return &gluster.Far{Name: "far", Shell: thisShell{s}, MountPointBase: filepath.Join(t.TempDir(), "deep/er/base")}, s
}

// info is the volume of the cases.
func (r *realGluster) info(t *testing.T) state.VolumeInfo { return r.volumes(t)[volumes[0]].Info() }

// check fails where any of the errors is one.
func check(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// A volume that is not mounted is mounted for as long as the tree is open, and
// nothing is left of that.
func ownMount(t *testing.T, r *realGluster) {
	far, _ := r.remote(t)
	tree, err := far.Open(t.Context(), r.info(t))
	check(t, err, tree.Mkdir("/own", 0o750))
	dirs, err := tree.Stat("/own", "/none", "/")
	if check(t, err); dirs[0].Kind != state.Directory || dirs[0].Mode != 0o750 || dirs[1].Kind != state.Missing || dirs[2].Kind != state.Directory {
		t.Errorf("there are %+v", dirs)
	}
	if space, err := tree.Space(); space == 0 || err != nil {
		t.Errorf("the volume holds %d bytes, %v", space, err)
	}
	mounts := mountedBelow(t, far.MountPointBase)
	if len(mounts) != 1 {
		t.Errorf("mounted are %q", mounts)
	}
	check(t, tree.Close())
	if mounts := mountedBelow(t, far.MountPointBase); len(mounts) > 0 {
		t.Errorf("still mounted are %q", mounts)
	}
	if _, err := os.Stat(filepath.Dir(filepath.Dir(far.MountPointBase))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was made for the mount is still there: %v", err)
	}
}

// A mount that can't be taken away is told, and stays whole.
func stuckMount(t *testing.T, r *realGluster) {
	far, s := r.remote(t)
	bin := t.TempDir()
	check(t, os.WriteFile(filepath.Join(bin, "umount"), []byte("#!/bin/sh\necho 'umount: target is busy' >&2\nexit 32\n"), 0o700))
	s.Path = bin + ":" + os.Getenv("PATH")
	tree, err := far.Open(t.Context(), r.info(t))
	check(t, err)
	mounts := mountedBelow(t, far.MountPointBase)
	if err := tree.Close(); err == nil || len(mounts) != 1 || !strings.Contains(err.Error(), "unmount "+mounts[0]+": umount: target is busy") {
		t.Errorf("of %q: %v", mounts, err)
	}
	for _, m := range mounts {
		check(t, unix.Unmount(m, 0), os.RemoveAll(far.MountPointBase))
	}
}

// mountedBelow are the mount points below a directory.
func mountedBelow(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mountinfo")
	check(t, err)
	var out []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); strings.HasPrefix(fields[4], dir+"/") {
			out = append(out, fields[4])
		}
	}
	return out
}

// sessions is a shell that remembers what lasts there.
type sessions struct {
	thisShell
	held []gluster.Session
}

func (s *sessions) Hold(ctx context.Context, argv ...string) (gluster.Session, error) {
	session, err := s.thisShell.Hold(ctx, argv...)
	s.held = append(s.held, session)
	return session, err
}

// With the connection goes the mount. The next look brings it back; a change doesn't,
// since the lock went as well.
func lostMount(t *testing.T, r *realGluster) {
	far, s := r.remote(t)
	held := &sessions{thisShell: thisShell{s}}
	far.Shell = held
	tree, err := far.Open(t.Context(), r.info(t))
	check(t, err)
	defer tree.Close()
	check(t, tree.Mkdir("/lost", 0o700), held.held[len(held.held)-1].Close())
	if mounts := mountedBelow(t, far.MountPointBase); len(mounts) > 0 {
		t.Errorf("still mounted are %q", mounts)
	}
	if tree.Chmod("/lost", 0o711) == nil {
		t.Error("what was to be changed was another root")
	}
	_, err = tree.Stat("/lost")
	check(t, err, tree.Chmod("/lost", 0o711))
	dirs, err := tree.Stat("/lost")
	if check(t, err); dirs[0].Mode != 0o711 || len(held.held) != 4 {
		t.Errorf("there is %+v after %d sessions", dirs, len(held.held))
	}
}

// A plan costs the same whatever the number of shares.
func cost(t *testing.T, r *realGluster, shares int) {
	c := r.emptied(t)
	c.must(t, "volume", "quota", volumes[0], "enable")
	far, s := r.remote(t)
	v := state.Volume{Target: state.Target{Host: "far", Volume: volumes[0]}}
	for i := range shares {
		name := fmt.Sprintf("share%d", i)
		v.Shares = append(v.Shares, state.Share{
			Name: name, Owner: "daemon", Group: "users", Size: state.Size{Bytes: 1 << 30, Managed: true},
		})
		check(t, os.Mkdir(filepath.Join(c.root, name), 0o755))
	}
	e := gluster.NewEndpoint(far, &gluster.Client{Host: far}, v, gnfs.Server{})
	defer e.Close()
	for _, look := range []struct {
		name string
		most int
	}{{"first", mostCommands}, {"next", mostCommands - 3}} {
		before := s.Commands()
		a, err := e.Observe(t.Context())
		if check(t, err); len(a.Dirs) != shares || len(a.Problems) > 0 || a.Quota.Space == 0 || a.Owners["daemon"] == 0 {
			t.Fatalf("saw %d directories, problems %v, %d bytes, owners %v", len(a.Dirs), a.Problems, a.Quota.Space, a.Owners)
		}
		took := s.Commands() - before
		t.Logf("the %s look at %d shares took %d commands", look.name, shares, took)
		if took > look.most {
			t.Errorf("that is more than %d", look.most)
		}
	}
}

// A lock that is had here is not had there; what is moved to the trash from there
// is found there, and deleted.
func fromBoth(t *testing.T, r *realGluster) {
	c := r.emptied(t)
	here, err := gluster.OpenTree(c.root)
	check(t, err)
	defer here.Close()
	far, _ := r.remote(t)
	share := state.Share{Name: "alpha", Absent: true, OnDelete: state.Purge}
	e := gluster.NewEndpoint(far, &gluster.Client{Host: far}, state.Volume{Target: state.Target{Host: "far", Volume: volumes[0]}, Shares: []state.Share{share}}, gnfs.Server{})
	defer e.Close()
	check(t, here.Mkdir("/alpha", 0o700), os.MkdirAll(filepath.Join(c.root, "alpha/in"), 0o700))
	for i := range 700 {
		check(t, os.WriteFile(filepath.Join(c.root, "alpha/in", fmt.Sprint(i)), nil, 0o600))
	}
	a, err := e.Observe(t.Context())
	check(t, err)

	held, err := here.Lock(t.Context(), nil)
	check(t, err)
	var told []string
	l, err := e.Lock(t.Context(), func(holder string) {
		told = append(told, holder)
		check(t, held.Close())
	})
	check(t, err, l.Held(t.Context()))
	if len(told) != 1 || !strings.HasPrefix(told[0], "process ") {
		t.Errorf("told %q", told)
	}
	waits, stop := context.WithCancel(t.Context())
	if _, err := here.Lock(waits, func(string) { stop() }); err == nil {
		t.Error("the lock was had here while it is held there")
	}

	d := a.Dirs["/alpha"]
	check(t, e.Retire(t.Context(), state.Retirement{Path: "/alpha", How: state.Purge, ID: a.Leaving["/alpha"].ID, Mode: d.Mode, UID: d.UID, GID: d.GID}), l.Close())
	left, err := os.ReadDir(filepath.Join(c.root, gluster.TrashDir))
	if check(t, err); len(left) > 0 {
		t.Errorf("in the trash is %v", left)
	}
	if _, err := os.Stat(filepath.Join(c.root, "alpha")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is still there: %v", err)
	}
}
