package gluster

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// tree opens a fresh directory as a tree.
func tree(t *testing.T) (*DirTree, string) {
	t.Helper()
	dir := t.TempDir()
	return openTree(t, dir), dir
}

func openTree(t *testing.T, dir string) *DirTree {
	t.Helper()
	d, err := OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// statOne is what is at one path.
func statOne(d Tree, p string) (state.Dir, error) {
	dirs, err := d.Stat(p)
	if err != nil {
		return state.Dir{}, err
	}
	return dirs[0], nil
}

func ok(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// clutter puts one thing of each kind into the directory.
func clutter(t *testing.T, dir string) {
	t.Helper()
	ok(t,
		os.MkdirAll(filepath.Join(dir, "teams/alpha"), 0750),
		os.Symlink("teams", filepath.Join(dir, "link")),
		os.Symlink("..", filepath.Join(dir, "up")),
		os.Symlink("nowhere", filepath.Join(dir, "dangling")),
		os.WriteFile(filepath.Join(dir, "file"), nil, 0600),
		syscall.Mkfifo(filepath.Join(dir, "pipe"), 0600),
		syscall.Mknod(filepath.Join(dir, "socket"), syscall.S_IFSOCK|0600, 0),
	)
}

func TestStat(t *testing.T) { eachTree(t, testStat) }

func testStat(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	ok(t, os.Chmod(filepath.Join(dir, "teams"), 0751|fs.ModeSetgid|fs.ModeSticky))
	tests := []struct {
		path string
		kind state.DirKind
		what string
		mode uint32
	}{
		{"/teams", state.Directory, "", 03751},
		{"/teams/alpha", state.Directory, "", 0750},
		{"/none", state.Missing, "", 0},
		{"/none/deeper", state.Missing, "", 0},
		{"/link", state.NotADirectory, "a symlink", 0},
		{"/link/alpha", state.NotADirectory, "a symlink at /link", 0},
		{"/up", state.NotADirectory, "a symlink", 0},
		{"/dangling/x", state.NotADirectory, "a symlink at /dangling", 0},
		{"/file", state.NotADirectory, "a file", 0},
		{"/file/x/y", state.NotADirectory, "a file at /file", 0},
		{"/pipe", state.NotADirectory, "a named pipe", 0},
		{"/socket", state.NotADirectory, "a socket", 0},
	}
	for _, tt := range tests {
		got, err := statOne(d, tt.path)
		want := state.Dir{Kind: tt.kind, What: tt.what, Mode: tt.mode}
		if tt.kind == state.Directory {
			want.UID, want.GID = uint32(os.Getuid()), uint32(os.Getgid())
		}
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", tt.path, got, err, want)
		}
	}
	if got, err := statOne(d, "/"); err != nil || got.Kind != state.Directory {
		t.Errorf("/: %+v, %v", got, err)
	}
}

// Only a path that is clean and begins with a slash is walked.
func TestPaths(t *testing.T) { eachTree(t, testPaths) }

func testPaths(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.Mkdir(filepath.Join(dir, "a"), 0700))
	for _, p := range []string{"", "a", ".", "/a/", "//a", "/a/../a", "/..", "/a/..", "/./a", "/a/.", "/a\x00", "/a//b"} {
		_, statErr := d.Stat("/", p)
		for op, err := range map[string]error{
			"stat": statErr, "mkdir": d.Mkdir(p, 0700), "chmod": d.Chmod(p, 0700), "chown": d.Chown(p, nil, nil),
		} {
			if err == nil || !strings.Contains(err.Error(), "not a clean path") {
				t.Errorf("%s %q: %v", op, p, err)
			}
		}
	}
	if _, err := statOne(d, "/"+strings.Repeat("x", 256)); !errors.Is(err, unix.ENAMETOOLONG) {
		t.Errorf("a long name: %v", err)
	}
}

func TestMkdir(t *testing.T) { eachTree(t, testMkdir) }

func testMkdir(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	old := syscall.Umask(0077)
	defer syscall.Umask(old)
	for p, mode := range map[string]uint32{"/new": 0755, "/new2": 0700, "/teams/alpha/deep": 0777, "/write-only": 0300, "/none": 0} {
		ok(t, d.Mkdir(p, mode))
		if got, err := statOne(d, p); err != nil || got.Mode != mode {
			t.Errorf("%s: %+v, %v; want mode %04o", p, got, err, mode)
		}
	}
	tests := []struct {
		path string
		want error
	}{
		{"/new", fs.ErrExist}, {"/file", fs.ErrExist}, {"/dangling", fs.ErrExist}, {"/", fs.ErrExist},
		{"/missing/x", fs.ErrNotExist},
		{"/link/x", ErrUnsafe}, {"/up/x", ErrUnsafe}, {"/file/x", ErrUnsafe}, {"/pipe/x", ErrUnsafe},
	}
	for _, tt := range tests {
		if err := d.Mkdir(tt.path, 0700); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.path, err, tt.want)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "teams/x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory was made through a symlink: %v", err)
	}
}

func TestMkdirInheritsSetgid(t *testing.T) { eachTree(t, testMkdirInheritsSetgid) }

func testMkdirInheritsSetgid(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	ok(t, os.Mkdir(filepath.Join(dir, "g"), 0700), os.Chmod(filepath.Join(dir, "g"), 0700|fs.ModeSetgid))
	old := syscall.Umask(0077)
	defer syscall.Umask(old)
	ok(t, d.Mkdir("/g/sub", 0755))
	if got, err := statOne(d, "/g/sub"); err != nil || got.Mode != 02755 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestChmod(t *testing.T) { eachTree(t, testChmod) }

func testChmod(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	for _, mode := range []uint32{0700, 02770, 01777, 04755, 07777, 0500} {
		ok(t, d.Chmod("/teams", mode))
		if got, err := statOne(d, "/teams"); err != nil || got.Mode != mode {
			t.Errorf("%+v, %v; want mode %04o", got, err, mode)
		}
	}
	ok(t, os.Chmod(filepath.Join(dir, "teams"), 0700))
	if got, _ := statOne(d, "/teams/alpha"); got.Mode != 0750 {
		t.Errorf("what is in the directory has the mode %04o", got.Mode)
	}
	for p, want := range map[string]error{"/link": ErrUnsafe, "/file": ErrUnsafe, "/up/x": ErrUnsafe, "/none": fs.ErrNotExist} {
		if err := d.Chmod(p, 0); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", p, err, want)
		}
		id := uint32(os.Getuid())
		if err := d.Chown(p, &id, nil); !errors.Is(err, want) {
			t.Errorf("chown %s: %v, want %v", p, err, want)
		}
	}
}

// On this machine also a directory that its owner can't get into any more is reached;
// the far side needs root for that.
func TestChmodOfAClosedDirectory(t *testing.T) {
	d, dir := tree(t)
	clutter(t, dir)
	for _, mode := range []uint32{0, 0111, 0700} {
		ok(t, d.Chmod("/teams", mode))
		if got, err := statOne(d, "/teams"); err != nil || got.Mode != mode {
			t.Errorf("%+v, %v; want mode %04o", got, err, mode)
		}
	}
}

func TestChownToItself(t *testing.T) { eachTree(t, testChownToItself) }

func testChownToItself(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	uid, gid := uint32(os.Getuid()), uint32(os.Getgid())
	ok(t, d.Chown("/teams", &uid, &gid), d.Chown("/teams", &uid, nil), d.Chown("/teams", nil, nil), d.Chown("/teams", nil, &gid))
	if got, _ := statOne(d, "/teams"); got.UID != uid || got.GID != gid {
		t.Errorf("got %+v", got)
	}
}

func TestOpenTree(t *testing.T) {
	_, dir := tree(t)
	clutter(t, dir)
	if got, err := statOne(openTree(t, filepath.Join(dir, "link")), "/alpha"); err != nil || got.Kind != state.Directory {
		t.Errorf("a root behind a symlink: %+v, %v", got, err)
	}
	for _, name := range []string{"file", "none", "dangling", "pipe"} {
		if d, err := OpenTree(filepath.Join(dir, name)); err == nil {
			t.Errorf("opened %s: %v", name, d)
		}
	}
}

// The tree stays where it was opened, whatever becomes of the path.
func TestTreeFollowsItsRoot(t *testing.T) {
	dir := t.TempDir()
	ok(t, os.Mkdir(filepath.Join(dir, "a"), 0700))
	d := openTree(t, filepath.Join(dir, "a"))
	ok(t, os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")), os.Mkdir(filepath.Join(dir, "a"), 0700), d.Mkdir("/x", 0700))
	if _, err := os.Stat(filepath.Join(dir, "b/x")); err != nil {
		t.Error(err)
	}
}

// Close doesn't wait for a call that is still at the root, which may never come
// back, and doesn't let go of the number under it: it could become another
// file's. What comes after Close has no root any more.
func TestCloseBesideACall(t *testing.T) {
	d, err := OpenTree(t.TempDir())
	ok(t, err)
	closed := make(chan error)
	err = d.atRoot(func(root int) error {
		go func() { closed <- d.Close() }()
		ok(t, <-closed)
		st, err := fstat(root)
		if err != nil || st.Dev != d.dev {
			t.Errorf("the call has lost its root: %+v, %v", st, err)
		}
		f, err := os.Open(t.TempDir())
		ok(t, err)
		defer f.Close()
		if int(f.Fd()) == root {
			t.Error("the root is another directory now")
		}
		return unix.EXDEV
	})
	if err != unix.EXDEV {
		t.Errorf("got %v from the call", err)
	}
	_, statErr := statOne(d, "/a")
	_, lockErr := d.Lock(t.Context(), nil)
	_, _, listErr := d.List("/", 1)
	for op, err := range map[string]error{"stat": statErr, "list": listErr, "mkdir": d.Mkdir("/a", 0700), "lock": lockErr} {
		if err == nil || !strings.Contains(err.Error(), "closed file") {
			t.Errorf("%s after Close: %v", op, err)
		}
	}
}

// No path that is taken leaves the root, and each component is a plain name.
func FuzzComponents(f *testing.F) {
	for _, p := range []string{"/", "/a/b", "/a/../b", "//", "a", "/a\x00b", "/.glusterd-shares/lock"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		names, err := components(p)
		if err != nil {
			return
		}
		if "/"+strings.Join(names, "/") != p || path.Clean(p) != p {
			t.Errorf("%q is %q", p, names)
		}
		for _, n := range names {
			if n == "" || n == "." || n == ".." || strings.ContainsAny(n, "/\x00") {
				t.Errorf("%q has the component %q", p, n)
			}
		}
	})
}
