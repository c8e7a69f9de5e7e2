package gluster

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"glusterd-shares/pkg/state"
)

// identity is that of a directory that is there.
func identity(t *testing.T, d Tree, p string) state.FileID {
	t.Helper()
	ids, err := d.Identity(p)
	ok(t, err)
	return ids[0]
}

func TestRename(t *testing.T) { eachTree(t, testRename) }

func testRename(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	ok(t, os.WriteFile(filepath.Join(dir, "teams/alpha/file"), []byte("data"), 0o600), os.Mkdir(filepath.Join(dir, "empty"), 0o700))
	alpha := identity(t, d, "/teams/alpha")
	for _, tt := range []struct {
		from, to string
		id       state.FileID
		want     error
	}{
		{"/teams/alpha", "/empty", alpha, fs.ErrExist},
		{"/teams/alpha", "/file", alpha, fs.ErrExist},
		{"/teams/alpha", "/dangling", alpha, fs.ErrExist},
		{"/teams/alpha", "/link/x", alpha, ErrUnsafe},
		{"/link/alpha", "/x", alpha, ErrUnsafe},
		{"/link", "/x", alpha, ErrUnsafe},
		{"/file", "/x", alpha, ErrUnsafe},
		{"/none", "/x", alpha, fs.ErrNotExist},
		{"/teams/alpha", "/none/x", alpha, fs.ErrNotExist},
		{"/teams/alpha", "/x", identity(t, d, "/empty"), nil},
		{"/", "/x", alpha, nil},
		{"/teams/alpha", "/", alpha, nil},
	} {
		err := d.Rename(tt.from, tt.to, tt.id)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s to %s: %v, want %v", tt.from, tt.to, err, tt.want)
		}
		if identity(t, d, "/teams/alpha") != alpha {
			t.Fatalf("%s to %s moved it", tt.from, tt.to)
		}
	}
	ok(t, d.Rename("/teams/alpha", "/x", alpha))
	if text, err := os.ReadFile(filepath.Join(dir, "x/file")); err != nil || string(text) != "data" {
		t.Errorf("what was in it: %q, %v", text, err)
	}
	if identity(t, d, "/x") != alpha {
		t.Error("it is another directory now")
	}
}

// Of many directories each is told from the others; one that is missing, or none,
// is an error for all.
func TestIdentity(t *testing.T) { eachTree(t, testIdentity) }

func testIdentity(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	paths := []string{"/teams/alpha", "/", "/teams", "/teams/alpha"}
	ids, err := d.Identity(paths...)
	ok(t, err)
	for i, p := range paths {
		var st syscall.Stat_t
		ok(t, syscall.Stat(filepath.Join(dir, p), &st))
		want := state.FileID{Device: st.Dev, Inode: st.Ino}
		if ids[i].Device == 0 { // on another machine it says nothing
			want.Device = 0
		}
		if ids[i] != want {
			t.Errorf("%s: %+v, want %+v", p, ids[i], want)
		}
	}
	for p, want := range map[string]error{"/none": fs.ErrNotExist, "/link": ErrUnsafe, "/link/alpha": ErrUnsafe, "/file": ErrUnsafe} {
		if ids, err := d.Identity("/teams", p, "/"); !errors.Is(err, want) || ids != nil {
			t.Errorf("%s: %v, %v", p, ids, err)
		}
	}
}

func TestSmallFiles(t *testing.T) { eachTree(t, testSmallFiles) }

func testSmallFiles(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	ok(t, d.WriteFile("/teams/note", []byte("text")))
	if st, err := os.Stat(filepath.Join(dir, "teams/note")); err != nil || st.Mode() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
	if text, err := d.ReadFile("/teams/note", 4); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := d.ReadFile("/teams/note", 3); err == nil {
		t.Error("more was read than may be")
	}
	for p, want := range map[string]error{
		"/link": ErrUnsafe, "/link/note": ErrUnsafe, "/pipe": ErrUnsafe, "/teams": ErrUnsafe, "/socket": ErrUnsafe,
		"/dangling": ErrUnsafe, "/none": fs.ErrNotExist,
	} {
		if _, err := d.ReadFile(p, 100); !errors.Is(err, want) {
			t.Errorf("read %s: %v, want %v", p, err, want)
		}
	}
	for p, want := range map[string]error{
		"/teams/note": fs.ErrExist, "/dangling": fs.ErrExist, "/pipe": fs.ErrExist, "/link/x": ErrUnsafe, "/none/x": fs.ErrNotExist,
	} {
		if err := d.WriteFile(p, []byte("other")); !errors.Is(err, want) {
			t.Errorf("write %s: %v, want %v", p, err, want)
		}
	}
	names, err := d.Names("/teams", 10)
	if err != nil || len(names) != 2 {
		t.Errorf("%q, %v", names, err)
	}
	if names, err = d.Names("/teams", 1); err != nil || len(names) != 1 {
		t.Errorf("%q, %v", names, err)
	}
	for p, want := range map[string]error{"/link": ErrUnsafe, "/file": ErrUnsafe, "/none": fs.ErrNotExist} {
		if _, err := d.Names(p, 10); !errors.Is(err, want) {
			t.Errorf("list %s: %v, want %v", p, err, want)
		}
	}
}
