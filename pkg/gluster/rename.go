package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// Identity implements Tree.
func (t *DirTree) Identity(paths ...string) ([]state.FileID, error) {
	var out []state.FileID
	for _, p := range paths {
		id, err := t.identity(p)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func (t *DirTree) identity(p string) (state.FileID, error) {
	fd, err := t.walk(p)
	if err != nil {
		return state.FileID{}, err
	}
	defer unix.Close(fd)
	return identityOf(fd, p)
}

func identityOf(fd int, p string) (state.FileID, error) {
	st, err := fstat(fd)
	if err != nil {
		return state.FileID{}, &fs.PathError{Op: "stat", Path: p, Err: err}
	}
	return state.FileID{Device: st.Dev, Inode: st.Ino}, nil
}

// Rename implements Tree. Both parents are opened first, so that the directory
// goes from and to where they are, whatever becomes of the paths.
func (t *DirTree) Rename(from, to string, id state.FileID) error {
	if err := notRoot(from, to); err != nil {
		return err
	}
	source, err := t.walk(path.Dir(from))
	if err != nil {
		return err
	}
	defer unix.Close(source)
	target, err := t.walk(path.Dir(to))
	if err != nil {
		return err
	}
	defer unix.Close(target)
	if err := t.isThe(source, from, id); err != nil {
		return err
	}
	if err := renameFree(source, path.Base(from), target, path.Base(to)); err != nil {
		return &fs.PathError{Op: "rename", Path: from + " to " + to, Err: err}
	}
	if err := t.isThe(target, to, id); err != nil {
		// Another one was put in its place between the look and the rename.
		back := renameFree(target, path.Base(to), source, path.Base(from))
		return errors.Join(err, back)
	}
	return nil
}

func notRoot(paths ...string) error {
	for _, p := range paths {
		names, err := components(p)
		if err == nil && len(names) == 0 {
			err = errors.New("the root of a volume stays where it is")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isThe refuses what is not the directory that is meant.
func (t *DirTree) isThe(parent int, p string, id state.FileID) error {
	fd, err := t.step(parent, path.Base(p), p)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	found, err := identityOf(fd, p)
	if err == nil && found != id {
		err = another(p)
	}
	return err
}

// another is the error where a directory is not the one that is meant.
func another(p string) error {
	return fmt.Errorf("%s is another directory than the one that was looked at", escape(p, maxShownText))
}

// renameFree renames to a name that nothing has. Where the file system can't
// promise that (GlusterFS 10.3 takes no flags) it is looked up first; what could
// come in between and be lost is an empty directory, since rename replaces
// nothing else by a directory.
func renameFree(fromDir int, from string, toDir int, to string) error {
	err := uninterruptedly(func() error {
		return unix.Renameat2(fromDir, from, toDir, to, unix.RENAME_NOREPLACE)
	})
	if !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS) && !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	_, err = uninterrupted(func() (st unix.Stat_t, err error) {
		err = unix.Fstatat(toDir, to, &st, unix.AT_SYMLINK_NOFOLLOW)
		return st, err
	})
	switch {
	case err == nil:
		return unix.EEXIST
	case !errors.Is(err, unix.ENOENT):
		return err
	}
	return uninterruptedly(func() error { return unix.Renameat(fromDir, from, toDir, to) })
}
