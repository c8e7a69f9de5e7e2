package gluster

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// TrashDir is where retired directories go, each into a directory of its own.
// Nothing is ever deleted but what lies in there.
const TrashDir = lockDir + "/trash"

const (
	// deepest is how many directories are open at once. What lies deeper is
	// moved up first.
	deepest = 64

	// namesAtOnce is how many names of a directory are read at a time.
	namesAtOnce = 500
)

// mustBeTrash takes a path only if it lies in the trash: at an entry or below it.
func mustBeTrash(p string) error {
	if _, err := components(p); err != nil {
		return err
	}
	if !strings.HasPrefix(p, TrashDir+"/") {
		return fmt.Errorf("%s is not in the trash: nothing else is ever deleted", escape(p, maxShownText))
	}
	return nil
}

// Remove implements Tree.
func (t *DirTree) Remove(p string) error {
	if err := mustBeTrash(p); err != nil {
		return err
	}
	parent, err := t.walk(path.Dir(p))
	if err != nil {
		return err
	}
	defer unix.Close(parent)
	isDir, err := unlink(parent, path.Base(p))
	if isDir {
		err = rmdir(parent, path.Base(p))
	}
	if err != nil {
		return &fs.PathError{Op: "remove", Path: p, Err: err}
	}
	return nil
}

// RemoveSome implements Tree. Every name is removed from an open directory, so
// that no symlink is followed, and no directory is entered that is not of this
// mount.
func (t *DirTree) RemoveSome(p string, most int) (removed int, all bool, err error) {
	if err := mustBeTrash(p); err != nil {
		return 0, false, err
	}
	parent, err := t.walk(path.Dir(p))
	if err != nil {
		return 0, false, err
	}
	defer unix.Close(parent)
	r := removal{tree: t, most: most}
	r.remove(parent, path.Base(p), p, 0)
	if r.most == 0 {
		return r.removed, false, nil // what failed is told by the last call
	}
	return r.removed, true, r.failed
}

// removal is one call of RemoveSome.
type removal struct {
	tree    *DirTree
	top     *os.File // the directory that is removed, once it is open
	most    int      // names that may still be removed
	removed int
	failed  error // the first of the names that can't be removed
}

// remove removes a name, with all that is in it.
func (r *removal) remove(parent int, name, at string, depth int) {
	if r.most == 0 {
		return
	}
	isDir, err := unlink(parent, name)
	if isDir {
		if err = r.empty(parent, name, at, depth); err == nil && r.most > 0 {
			err = rmdir(parent, name)
		}
	}
	switch {
	case r.most == 0:
	case err == nil:
		r.most--
		r.removed++
	case r.failed == nil && !errors.Is(err, fs.ErrNotExist): // somebody else may remove things too
		r.failed = fmt.Errorf("remove %s: %w", escape(at, maxShownText), err)
	}
}

// empty removes all that is in a directory, again and again until nothing more
// goes: a file system may pass over names while others are removed.
func (r *removal) empty(parent int, name, at string, depth int) error {
	fd, err := r.tree.step(parent, name, at)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if depth == deepest {
		return r.moveUp(parent, name)
	}
	dir, err := readable(fd, at)
	if err != nil {
		return err
	}
	defer dir.Close()
	if depth == 0 {
		r.top = dir
	}
	for {
		before := r.removed
		if err := r.pass(dir, at, depth); err != nil || r.removed == before || r.most == 0 {
			return err
		}
		if _, err := dir.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
}

// pass goes through a directory once.
func (r *removal) pass(dir *os.File, at string, depth int) error {
	for r.most > 0 {
		names, err := dir.Readdirnames(namesAtOnce)
		for _, n := range names {
			r.remove(int(dir.Fd()), n, at+"/"+n, depth+1)
		}
		if errors.Is(err, io.EOF) || err == nil && len(names) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// moveUp moves a directory that lies too deep to be removed by open descriptors
// to the top of what is being removed, under a name that nothing has. It counts
// as removed from where it was, so that the top is gone through again.
func (r *removal) moveUp(parent int, name string) error {
	err := renameFree(parent, name, int(r.top.Fd()), "deep-"+rand.Text())
	if err == nil {
		r.most--
		r.removed++
		err = fs.ErrNotExist // there is nothing left here to be removed
	}
	return err
}

// unlink removes a name that is no directory, and tells where it is one.
func unlink(dir int, name string) (isDir bool, err error) {
	err = uninterruptedly(func() error { return unix.Unlinkat(dir, name, 0) })
	return errors.Is(err, unix.EISDIR), err
}

func rmdir(dir int, name string) error {
	return uninterruptedly(func() error { return unix.Unlinkat(dir, name, unix.AT_REMOVEDIR) })
}
