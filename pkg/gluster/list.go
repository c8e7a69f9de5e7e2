package gluster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// List implements Tree.
func (t *DirTree) List(p string, most int) (names []string, more bool, err error) {
	dir, err := t.openList(p)
	if err != nil {
		return nil, false, err
	}
	defer dir.Close()
	entries, err := dir.ReadDir(most + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("list %s: %w", escape(p, maxShownText), err)
	}
	for _, e := range entries[:min(len(entries), most)] {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, len(entries) > most, nil
}

// openList opens the directory at the path for reading what is in it. It goes
// by the name of its descriptor, so that what is asked of an entry, where the
// file system doesn't tell of which kind it is, is asked of this directory
// whatever became of the path.
func (t *DirTree) openList(p string) (*os.File, error) {
	at, err := t.walk(p)
	if err != nil {
		return nil, err
	}
	defer unix.Close(at)
	fd, err := uninterrupted(func() (int, error) {
		return unix.Openat(at, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: p, Err: err}
	}
	return os.NewFile(uintptr(fd), fmt.Sprintf("/proc/self/fd/%d", fd)), nil
}
