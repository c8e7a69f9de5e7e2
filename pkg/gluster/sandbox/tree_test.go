package sandbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

func openTree(t *testing.T, s *Sandbox, volume string) gluster.Tree {
	t.Helper()
	tree, err := s.Host("h").Open(t.Context(), state.VolumeInfo{Name: volume, ID: uuid("h", volume), Started: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

func TestOwnersAreRecorded(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	tree := openTree(t, s, "gv0")
	uid, gid := uint32(4711), uint32(4712)
	if err := errors.Join(
		tree.Mkdir("/a", 0o700),
		tree.Chown("/a", &uid, &gid),
		tree.Chmod("/a", 0o2770),
		tree.Chown("/a", nil, nil),
		tree.Mkdir("/a/b", 0o700),
	); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]state.Dir{
		"/":    {Kind: state.Directory, Mode: 0o755},
		"/a":   {Kind: state.Directory, Mode: 0o2770, UID: uid, GID: gid},
		"/a/b": {Kind: state.Directory, Mode: 0o2700, UID: 0, GID: gid}, // setgid is inherited
		"/c":   {},
	} {
		if got, err := openTree(t, s, "gv0").Stat(path); err != nil || got[0] != want {
			t.Errorf("Stat(%s) = %+v, %v; want %+v", path, got, err, want)
		}
	}
}

func TestTreeIsSafe(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	tree := openTree(t, s, "gv0")
	brick := filepath.Join(s.dir, "h", "gv0", "brick")
	if err := errors.Join(os.Symlink("/", filepath.Join(brick, "out")), tree.Mkdir("/a", 0o700)); err != nil {
		t.Fatal(err)
	}
	var root uint32
	if err := tree.Chown("/out", &root, nil); !errors.Is(err, gluster.ErrUnsafe) {
		t.Errorf("chown of a symlink: %v; want %v", err, gluster.ErrUnsafe)
	}
	if err := tree.Mkdir("/a", 0o700); !errors.Is(err, fs.ErrExist) {
		t.Errorf("mkdir of what is there: %v; want %v", err, fs.ErrExist)
	}
}

// The lock keeps others out, and is let go by Close.
func TestLock(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	lock, err := openTree(t, s, "gv0").Lock(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	waited := func(string) { cancel() }
	if second, err := openTree(t, s, "gv0").Lock(ctx, waited); err == nil {
		second.Close()
		t.Fatal("a second holder got the lock")
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := openTree(t, s, "gv0").Lock(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	third.Close()
}

func TestTreeSteps(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	tree := openTree(t, s, "gv0")
	s.watch("mkdir gv0 /a")
	if err := tree.Mkdir("/a", 0o700); err == nil || err.Error() != "killed" {
		t.Errorf("mkdir: %v; want the step's error", err)
	}
	if d, err := tree.Stat("/a"); err != nil || d[0].Kind != state.Missing {
		t.Errorf("after a step that failed there is %+v, %v", d, err)
	}
}

func TestOpenWrongVolume(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	for _, v := range []state.VolumeInfo{{Name: "gv1", ID: uuid("h", "gv1")}, {Name: "gv0", ID: uuid("h", "gv1")}} {
		if tree, err := s.Host("h").Open(t.Context(), v); err == nil {
			tree.Close()
			t.Errorf("Open(%+v) succeeded", v)
		}
	}
}

func TestNumbers(t *testing.T) {
	s := open(t)
	got, _, err := s.Host("h").Numbers(t.Context(), []string{"root", "4711", "alice", "bob"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got["root"] != 0 || got["4711"] != 4711 {
		t.Errorf("got %v", got)
	}
	if a, b := got["alice"], got["bob"]; a == b || a < firstID || b < firstID {
		t.Errorf("alice is %d and bob %d; want two numbers from %d on", a, b, firstID)
	}
	_, again, err := s.Host("other").Numbers(t.Context(), nil, []string{"alice"})
	if err != nil || again["alice"] != got["alice"] {
		t.Errorf("alice is %v, %v elsewhere; want %d", again, err, got["alice"])
	}
}
