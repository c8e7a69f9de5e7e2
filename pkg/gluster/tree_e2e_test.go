//go:build e2e

// What only root can set up: mounts, owners, devices, full file systems.

package gluster

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

func mountTmpfs(t *testing.T, dir, options string) {
	t.Helper()
	ok(t, os.MkdirAll(dir, 0700), unix.Mount("tmpfs", dir, "tmpfs", 0, options))
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

func TestTreeStaysOnItsMount(t *testing.T) { eachTree(t, testTreeStaysOnItsMount) }

func testTreeStaysOnItsMount(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.MkdirAll(dir+"/a/bind", 0700), os.MkdirAll(dir+"/b/in", 0700))
	ok(t, unix.Mount(dir+"/b", dir+"/a/bind", "", unix.MS_BIND, ""))
	t.Cleanup(func() { _ = unix.Unmount(dir+"/a/bind", unix.MNT_DETACH) })
	mountTmpfs(t, dir+"/tmpfs", "")
	for p, what := range map[string]string{
		"/a/bind": "a mount point", "/a/bind/in": "a mount point at /a/bind",
		"/tmpfs": "another file system", "/tmpfs/x": "another file system at /tmpfs",
	} {
		if got, err := statOne(d, p); err != nil || got.Kind != state.NotADirectory || got.What != what {
			t.Errorf("%s: %+v, %v", p, got, err)
		}
		if err := d.Mkdir(p+"/new", 0700); !errors.Is(err, ErrUnsafe) {
			t.Errorf("mkdir %s/new: %v", p, err)
		}
		if err := d.Chmod(p, 0777); !errors.Is(err, ErrUnsafe) {
			t.Errorf("chmod %s: %v", p, err)
		}
	}
	inside := k.open(t, dir+"/a/bind")
	if got, err := statOne(inside, "/in"); err != nil || got.Kind != state.Directory {
		t.Errorf("a tree in the mount: %+v, %v", got, err)
	}
}

func TestChown(t *testing.T) { eachTree(t, testChown) }

func testChown(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.MkdirAll(dir+"/a/in", 0700))
	uid, gid := uint32(70001), uint32(70002)
	for _, tt := range []struct {
		uid, gid         *uint32
		wantUID, wantGID uint32
	}{{&uid, nil, 70001, 0}, {nil, &gid, 70001, 70002}, {nil, nil, 70001, 70002}} {
		ok(t, d.Chown("/a", tt.uid, tt.gid))
		if got, err := statOne(d, "/a"); err != nil || got.UID != tt.wantUID || got.GID != tt.wantGID {
			t.Errorf("got %+v, %v; want %d, %d", got, err, tt.wantUID, tt.wantGID)
		}
	}
	if got, _ := statOne(d, "/a/in"); got.UID != 0 || got.GID != 0 {
		t.Errorf("what is in the directory is %+v", got)
	}
}

// The kernel drops the setgid bit of a foreign group without a word.
func TestChmodReadsBack(t *testing.T) {
	d, dir := tree(t)
	ok(t, os.Mkdir(dir+"/a", 0755), os.Chown(dir+"/a", 65534, 70002))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ok(t, unix.Setfsuid(65534))
	err := d.Chmod("/a", 02775)
	ok(t, unix.Setfsuid(0))
	if err == nil || !strings.Contains(err.Error(), "is 0775 after it was set to 2775") {
		t.Errorf("got %v", err)
	}
}

func TestLockRefusesADevice(t *testing.T) { eachTree(t, testLockRefusesADevice) }

func testLockRefusesADevice(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.Mkdir(dir+"/.glusterd-shares", 0700), unix.Mknod(dir+"/.glusterd-shares/lock", unix.S_IFCHR|0600, int(unix.Mkdev(1, 7))))
	if _, err := d.Lock(t.Context(), nil); !errors.Is(err, ErrUnsafe) || !strings.Contains(err.Error(), "is a device") {
		t.Errorf("got %v", err)
	}
}

func TestLockOnAFullVolume(t *testing.T) { eachTree(t, testLockOnAFullVolume) }

func testLockOnAFullVolume(t *testing.T, k kindOfTree) {
	dir := filepath.Join(t.TempDir(), "volume")
	mountTmpfs(t, dir, "size=64k,nr_inodes=4")
	d := k.open(t, dir)
	ok(t, os.Mkdir(dir+"/1", 0700), os.Mkdir(dir+"/2", 0700), os.Mkdir(dir+"/3", 0700))
	for range 2 { // for want of the directory, then of the file
		if _, err := d.Lock(t.Context(), nil); !errors.Is(err, state.ErrNoLock) {
			t.Errorf("got %v", err)
		}
		ok(t, os.RemoveAll(dir+"/3"))
		_ = os.Mkdir(dir+"/.glusterd-shares", 0700)
	}
	ok(t, os.Remove(dir+"/2"))
	ok(t, lock(t, d).Close(), os.Truncate(dir+"/.glusterd-shares/lock", 0))
	if err := os.WriteFile(dir+"/fill", make([]byte, 1<<20), 0600); err == nil {
		t.Fatal("the volume is not full")
	}
	again, err := d.Lock(t.Context(), nil)
	if err != nil {
		t.Fatalf("with the file there: %v", err)
	}
	ok(t, again.Close())
}

func TestRemoveUnmounts(t *testing.T) {
	parent := t.TempDir()
	p, err := makeMountPoint(filepath.Join(parent, "base"), gvt)
	ok(t, err)
	mountTmpfs(t, p.point(), "")
	ok(t, os.WriteFile(p.point()+"/data", nil, 0600))
	m, err := findMount(p.point())
	if err != nil || m.fstype != "tmpfs" {
		t.Errorf("got %+v, %v", m, err)
	}
	used, err := os.Open(p.point())
	ok(t, err)
	defer used.Close()
	ok(t, p.remove())
	if got := listing(t, parent); len(got) != 1 {
		t.Errorf("left behind: %q", got)
	}
	if _, err := findMount(p.point()); err == nil || !strings.Contains(err.Error(), "nothing is mounted") {
		t.Errorf("got %v", err)
	}
	q, err := makeMountPoint(filepath.Join(parent, "base"), gvt)
	ok(t, err, q.remove()) // nothing was mounted
}

// A file that can only be opened for reading can be locked too; the holder
// stays unsaid.
func TestLockOfAFileThatCantBeWritten(t *testing.T) { eachTree(t, testLockOfAFileThatCantBeWritten) }

func testLockOfAFileThatCantBeWritten(t *testing.T, k kindOfTree) {
	dir := filepath.Join(t.TempDir(), "volume")
	mountTmpfs(t, dir, "")
	ok(t, lock(t, k.open(t, dir)).Close(), os.WriteFile(dir+"/.glusterd-shares/lock", []byte("before"), 0600))
	ok(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	l := lock(t, k.open(t, dir))
	if b, err := os.ReadFile(dir + "/.glusterd-shares/lock"); err != nil || string(b) != "before" {
		t.Errorf("the file holds %q, %v", b, err)
	}
	ok(t, l.Close())
}

// What is mounted in a directory is neither emptied nor removed, be it another
// file system, a bind mount of a directory or one of a file; the rest goes, and
// when the mounts are gone so does what is left.
func TestRemoveStaysOnItsMount(t *testing.T) {
	d, dir, entry := trash(t, kindOfTree{open: func(t *testing.T, dir string) Tree { return openTree(t, dir) }})
	data := filepath.Join(entry, "data")
	ok(t, os.MkdirAll(data+"/bind", 0700), os.MkdirAll(data+"/deep/er", 0700),
		os.WriteFile(data+"/deep/file", nil, 0600), os.WriteFile(data+"/plain", nil, 0600))
	mountTmpfs(t, data+"/deep/tmpfs", "")
	ok(t, os.WriteFile(data+"/deep/tmpfs/precious", nil, 0600))
	for from, to := range map[string]string{"beside": data + "/bind", "beside/file": data + "/deep/file"} {
		ok(t, unix.Mount(filepath.Join(dir, from), to, "", unix.MS_BIND, ""))
		t.Cleanup(func() { _ = unix.Unmount(to, unix.MNT_DETACH) })
	}
	for range 2 { // what can't be removed keeps nothing else, however often it is tried
		removed, all := 0, false
		var err error
		for !all {
			var n int
			n, all, err = d.RemoveSome(doomed, 1)
			removed += n
		}
		if err == nil || removed > 2 {
			t.Fatalf("%d removed, %v", removed, err)
		}
	}
	vanished(t, data+"/plain")
	vanished(t, data+"/deep/er")
	untouched(t, dir)
	if _, err := os.Stat(data + "/deep/tmpfs/precious"); err != nil {
		t.Error(err)
	}
	for _, mount := range []string{"/bind", "/deep/file", "/deep/tmpfs"} {
		ok(t, unix.Unmount(data+mount, unix.MNT_DETACH))
	}
	removeAll(t, d, 10)
	vanished(t, entry)
	untouched(t, dir)
}

// The far side removes nothing where something is mounted in there, and says what.
func TestFarSideRemovesNoMount(t *testing.T) {
	d, dir, entry := trash(t, kindOfTree{open: func(t *testing.T, dir string) Tree {
		tree, _ := openFar(t, "sh", dir)
		return tree
	}})
	at := filepath.Join(entry, "data/a b\\c")
	ok(t, os.Mkdir(at, 0700), unix.Mount(filepath.Join(dir, "beside"), at, "", unix.MS_BIND, ""))
	t.Cleanup(func() { _ = unix.Unmount(at, unix.MNT_DETACH) })
	for p, refused := range map[string]bool{doomed: true, doomed + "/data": true, doomed + "/data/a": false} {
		removed, _, err := d.RemoveSome(p, 10)
		if removed > 0 || refused != errors.Is(err, ErrUnsafe) || refused && !strings.Contains(err.Error(), `a b\c is mounted`) {
			t.Errorf("%s: %d, %v", p, removed, err)
		}
	}
	untouched(t, dir)
	ok(t, unix.Unmount(at, unix.MNT_DETACH))
	removeAll(t, d, 10)
	vanished(t, entry)
	untouched(t, dir)
}

// A directory is moved neither from nor to another mount.
func TestRenameStaysOnItsMount(t *testing.T) { eachTree(t, testRenameStaysOnItsMount) }

func testRenameStaysOnItsMount(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.MkdirAll(dir+"/a/in", 0700), os.MkdirAll(dir+"/bind", 0700))
	mountTmpfs(t, dir+"/tmpfs", "")
	ok(t, unix.Mount(dir+"/a", dir+"/bind", "", unix.MS_BIND, ""))
	t.Cleanup(func() { _ = unix.Unmount(dir+"/bind", unix.MNT_DETACH) })
	id := identity(t, d, "/a/in")
	for from, to := range map[string]string{"/a/in": "/bind/x", "/bind/in": "/x", "/tmpfs": "/x", "/bind": "/y"} {
		if err := d.Rename(from, to, id); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s to %s: %v", from, to, err)
		}
	}
	if err := d.Rename("/a/in", "/tmpfs/x", id); !errors.Is(err, ErrUnsafe) {
		t.Errorf("to another file system: %v", err)
	}
}
