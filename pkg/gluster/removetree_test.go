package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

const doomed = TrashDir + "/20261125T162030Z-alpha-abcdefgh"

// trash opens a tree with an entry in its trash, and something beside it.
func trash(t *testing.T, k kindOfTree) (d Tree, dir, entry string) {
	t.Helper()
	d, dir = k.tree(t)
	entry = filepath.Join(dir, doomed)
	ok(t,
		os.MkdirAll(filepath.Join(entry, "data"), 0o700),
		os.MkdirAll(filepath.Join(dir, "beside/below"), 0o700),
		os.WriteFile(filepath.Join(dir, "beside/file"), []byte("data"), 0o600),
	)
	return d, dir, entry
}

// removeAll removes the entry, so many names at a time, and returns how many
// calls that took.
func removeAll(t *testing.T, d Tree, most int) (calls int) {
	t.Helper()
	for all := false; !all; calls++ {
		removed, done, err := d.RemoveSome(doomed, most)
		ok(t, err)
		if removed == 0 && !done {
			t.Fatal("nothing was removed, and more is to be")
		}
		all = done
	}
	return calls
}

// untouched fails where anything beside the trash is not as it was.
func untouched(t *testing.T, dir string) {
	t.Helper()
	var got []string
	ok(t, filepath.WalkDir(filepath.Join(dir, "beside"), func(p string, _ fs.DirEntry, err error) error {
		got = append(got, filepath.Base(p))
		return err
	}))
	text, err := os.ReadFile(filepath.Join(dir, "beside/file"))
	if want := []string{"beside", "below", "file"}; !slices.Equal(got, want) || err != nil || string(text) != "data" {
		t.Errorf("beside the trash are %q, and the file holds %q (%v)", got, text, err)
	}
}

func vanished(t *testing.T, p string) {
	t.Helper()
	if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", p, err)
	}
}

// Symlinks are removed and not followed, hard links lose one name, and names may
// hold any bytes.
func TestRemoveSome(t *testing.T) { eachTree(t, testRemoveSome) }

func testRemoveSome(t *testing.T, k kindOfTree) {
	for _, most := range []int{1, 2, 7, 1000} {
		d, dir, entry := trash(t, k)
		data := filepath.Join(entry, "data")
		clutter(t, data)
		ok(t,
			os.Symlink(filepath.Join(dir, "beside"), filepath.Join(data, "out")),
			os.Symlink("../../../../beside/file", filepath.Join(data, "outfile")),
			os.Link(filepath.Join(dir, "beside/file"), filepath.Join(data, "teams/hard")),
			os.WriteFile(filepath.Join(data, "odd \n\xff\x01*?[$(reboot)"), nil, 0),
			os.Mkdir(filepath.Join(data, "-rf"), 0o700),
			os.Mkdir(filepath.Join(data, "teams/alpha/..."), 0o700),
		)
		removeAll(t, d, most)
		vanished(t, entry)
		untouched(t, dir)
	}
}

// A tree that is deeper than descriptors can be open is removed all the same.
func TestRemoveADeepTree(t *testing.T) { eachTree(t, testRemoveADeepTree) }

func testRemoveADeepTree(t *testing.T, k kindOfTree) {
	d, dir, entry := trash(t, k)
	fd, err := unix.Open(filepath.Join(entry, "data"), unix.O_PATH, 0)
	ok(t, err)
	for range 600 {
		ok(t, unix.Mkdirat(fd, "d", 0o700))
		next, err := unix.Openat(fd, "d", unix.O_PATH, 0)
		ok(t, err, unix.Close(fd))
		fd = next
	}
	ok(t, unix.Close(fd))
	removeAll(t, d, 500)
	vanished(t, entry)
	untouched(t, dir)
}

func TestRemoveAWideTree(t *testing.T) { eachTree(t, testRemoveAWideTree) }

func testRemoveAWideTree(t *testing.T, k kindOfTree) {
	d, dir, entry := trash(t, k)
	for i := range 1200 {
		ok(t, os.WriteFile(filepath.Join(entry, "data", fmt.Sprint(i)), nil, 0o600))
	}
	if calls := removeAll(t, d, 200); calls < 6 {
		t.Errorf("it took %d calls of 200 names", calls)
	}
	vanished(t, entry)
	untouched(t, dir)
}

// What becomes a symlink while it is removed is not followed.
func TestRemoveWhatIsSwapped(t *testing.T) { eachTree(t, testRemoveWhatIsSwapped) }

func testRemoveWhatIsSwapped(t *testing.T, k kindOfTree) {
	for range 2 {
		d, dir, entry := trash(t, k)
		data := filepath.Join(entry, "data")
		for i := range 20 {
			in := filepath.Join(data, fmt.Sprint(i), "below")
			ok(t, os.MkdirAll(in, 0o700), os.WriteFile(filepath.Join(in, "file"), nil, 0o600))
		}
		swapped := make(chan struct{})
		go func() {
			defer close(swapped)
			for i := range 2000 {
				at := filepath.Join(data, fmt.Sprint(i%20))
				_ = os.Rename(at, at+".real")
				_ = os.Symlink(filepath.Join(dir, "beside"), at)
				_ = os.Remove(at)
				_ = os.Rename(at+".real", at)
			}
		}()
		for all := false; !all; {
			_, all, _ = d.RemoveSome(doomed, 20) // what is swapped may fail to be removed
			untouched(t, dir)
		}
		<-swapped
		removeAll(t, d, 500)
		vanished(t, entry)
		untouched(t, dir)
	}
}

// Only what lies in an entry of the trash is ever removed.
func TestRemoveOnlyInTheTrash(t *testing.T) { eachTree(t, testRemoveOnlyInTheTrash) }

func testRemoveOnlyInTheTrash(t *testing.T, k kindOfTree) {
	d, dir, _ := trash(t, k)
	ok(t, os.Symlink("../../beside", filepath.Join(dir, TrashDir, "link")))
	for _, p := range []string{"/", "/beside", "/beside/file", lockDir, TrashDir, TrashDir + "/../../beside", TrashDir + "x/y", "beside", ""} {
		if _, _, err := d.RemoveSome(p, 10); err == nil {
			t.Errorf("removed %q", p)
		}
		if err := d.Remove(p); err == nil {
			t.Errorf("removed %q", p)
		}
	}
	for _, p := range []string{TrashDir + "/link/file", TrashDir + "/link/below"} {
		if _, _, err := d.RemoveSome(p, 10); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", p, err)
		}
		if err := d.Remove(p); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", p, err)
		}
	}
	untouched(t, dir)
}

func TestRemove(t *testing.T) { eachTree(t, testRemove) }

func testRemove(t *testing.T, k kindOfTree) {
	d, dir, entry := trash(t, k)
	if err := d.Remove(doomed); !errors.Is(err, unix.ENOTEMPTY) {
		t.Errorf("a directory with something in it: %v", err)
	}
	ok(t, os.WriteFile(filepath.Join(entry, "note.json"), nil, 0o600), d.Remove(doomed+"/note.json"), d.Remove(doomed+"/data"), d.Remove(doomed))
	vanished(t, entry)
	if err := d.Remove(doomed); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is gone: %v", err)
	}
	untouched(t, dir)
}

// Names that vanish while they are removed are no error.
func TestRemoveWhatIsGone(t *testing.T) { eachTree(t, testRemoveWhatIsGone) }

func testRemoveWhatIsGone(t *testing.T, k kindOfTree) {
	d, dir, entry := trash(t, k)
	ok(t, os.RemoveAll(entry))
	if _, all, err := d.RemoveSome(doomed, 10); !all || err != nil {
		t.Errorf("%t, %v", all, err)
	}
	untouched(t, dir)
}
