package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestList(t *testing.T) { eachTree(t, testList) }

func testList(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	clutter(t, dir)
	const hostile = "\x1b[2J\n\xff .."
	ok(t, os.Mkdir(filepath.Join(dir, hostile), 0700), os.Mkdir(filepath.Join(dir, ".hidden"), 0))
	names, more, err := d.List("/", 100)
	if want := []string{hostile, ".hidden", "teams"}; !slices.Equal(names, want) || more || err != nil {
		t.Errorf("got %q, %v, %v; want %q", names, more, err, want)
	}
	for p, want := range map[string]error{"/none": fs.ErrNotExist, "/link": ErrUnsafe, "/up": ErrUnsafe, "/file": ErrUnsafe, "/pipe": ErrUnsafe, "/link/alpha": ErrUnsafe} {
		if names, _, err := d.List(p, 100); !errors.Is(err, want) || len(names) > 0 {
			t.Errorf("%s: %q, %v, want %v", p, names, err, want)
		}
	}
	for _, p := range []string{"", "teams", "/teams/", "/../etc", "/teams/.."} {
		if names, _, err := d.List(p, 100); err == nil || !strings.Contains(err.Error(), "not a clean path") {
			t.Errorf("%q: %q, %v", p, names, err)
		}
	}
}

// What is there beyond the bound is not read, and that is told.
func TestListIsBounded(t *testing.T) { eachTree(t, testListIsBounded) }

func testListIsBounded(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	for i := range 300 {
		ok(t, os.Mkdir(filepath.Join(dir, fmt.Sprint(i)), 0700))
	}
	for most, want := range map[int]int{0: 0, 1: 1, 299: 299, 300: 300, 301: 300} {
		names, more, err := d.List("/", most)
		if len(names) != want || more != (most < 300) || err != nil {
			t.Errorf("of 300 at most %d: %d, %v, %v", most, len(names), more, err)
		}
		if !slices.IsSorted(names) {
			t.Errorf("not sorted: %q", names)
		}
	}
}

// A list is of the directory that was opened, whatever becomes of the path.
func TestListFollowsItsDirectory(t *testing.T) {
	d, dir := tree(t)
	ok(t, os.MkdirAll(filepath.Join(dir, "a/in"), 0700))
	f, err := d.openList("/a")
	ok(t, err)
	defer f.Close()
	ok(t, os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")), os.Symlink("/", filepath.Join(dir, "a")))
	if info, err := os.Lstat(f.Name() + "/in"); err != nil || !info.IsDir() {
		t.Errorf("what is asked of an entry is asked elsewhere: %v, %v", info, err)
	}
	if entries, err := f.ReadDir(-1); err != nil || len(entries) != 1 || entries[0].Name() != "in" {
		t.Errorf("got %v, %v", entries, err)
	}
}
