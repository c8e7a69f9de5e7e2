package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// DirTree is a Tree over an open directory. It stays on the mount that the
// directory is of.
type DirTree struct {
	root  *os.File
	dev   uint64
	mount uint64
	undo  func() error // what Close has to do besides; may be nil
}

var _ Tree = (*DirTree)(nil)

// OpenTree opens a directory of this machine as the root of a tree. Symlinks
// on the way to it are followed, below it none is.
func OpenTree(rootDir string) (*DirTree, error) {
	resolved, err := filepath.EvalSymlinks(rootDir)
	if err != nil {
		return nil, err
	}
	return openRoot(resolved)
}

// openRoot opens a directory whose path leads through no symlink.
func openRoot(dir string) (*DirTree, error) {
	fd, err := uninterrupted(func() (int, error) {
		return unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	t := &DirTree{root: os.NewFile(uintptr(fd), dir)}
	st, err := fstat(fd)
	if err == nil {
		t.dev = st.Dev
		t.mount, err = mountID(fd)
	}
	if err != nil {
		_ = t.Close()
		return nil, &fs.PathError{Op: "stat", Path: dir, Err: err}
	}
	return t, nil
}

// atRoot calls f with the descriptor of the root. It stays open until f comes
// back even where Close comes first, as it does beside a call into a mount that
// hangs: the number must not become that of another file under it.
func (t *DirTree) atRoot(f func(root int) error) error {
	c, err := t.root.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := c.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// Close implements Tree. It doesn't wait for what is still at work in the tree.
func (t *DirTree) Close() error {
	err := t.root.Close()
	if t.undo != nil {
		err = errors.Join(err, t.undo())
	}
	return err
}

// Stat implements Tree. What is in the way of a path is reported like what is
// at its end, with the place where it is.
func (t *DirTree) Stat(paths ...string) ([]state.Dir, error) {
	var out []state.Dir
	for _, p := range paths {
		d, err := t.stat(p)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (t *DirTree) stat(p string) (state.Dir, error) {
	fd, err := t.walk(p)
	if err != nil {
		return insteadOf(p, err)
	}
	defer unix.Close(fd)
	st, err := fstat(fd)
	if err != nil {
		return state.Dir{}, &fs.PathError{Op: "stat", Path: p, Err: err}
	}
	return state.Dir{Kind: state.Directory, Mode: st.Mode & 07777, UID: st.Uid, GID: st.Gid}, nil
}

// insteadOf is what is at a path that can't be walked to the end.
func insteadOf(p string, err error) (state.Dir, error) {
	in, is := errors.AsType[*obstacle](err)
	switch {
	case is && in.at == p:
		return state.Dir{Kind: state.NotADirectory, What: in.what}, nil
	case is:
		return state.Dir{Kind: state.NotADirectory, What: in.what + " at " + in.at}, nil
	case errors.Is(err, fs.ErrNotExist):
		return state.Dir{Kind: state.Missing}, nil
	}
	return state.Dir{}, err
}

// Mkdir implements Tree. The directory has exactly the given permission, be
// the umask or a default ACL what they are; setgid is inherited.
func (t *DirTree) Mkdir(p string, mode uint32) error {
	if _, err := components(p); err != nil {
		return err
	}
	parent, err := t.walk(path.Dir(p))
	if err != nil {
		return err
	}
	defer unix.Close(parent)
	name := path.Base(p)
	if err := uninterruptedly(func() error { return unix.Mkdirat(parent, name, mode&0777) }); err != nil {
		return &fs.PathError{Op: "mkdir", Path: p, Err: err}
	}
	fd, err := t.step(parent, name, p)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	st, err := fstat(fd)
	if err != nil {
		return &fs.PathError{Op: "stat", Path: p, Err: err}
	}
	return chmodFD(fd, p, st.Mode&07000|mode&0777)
}

// Chown implements Tree.
func (t *DirTree) Chown(p string, uid, gid *uint32) error {
	fd, err := t.walk(p)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	err = uninterruptedly(func() error {
		return unix.Fchownat(fd, "", orStay(uid), orStay(gid), unix.AT_EMPTY_PATH)
	})
	if err != nil {
		return &fs.PathError{Op: "chown", Path: p, Err: err}
	}
	return nil
}

// orStay is the id, or what tells chown to leave it as it is.
func orStay(id *uint32) int {
	if id == nil {
		return -1
	}
	return int(*id)
}

// Chmod implements Tree. It is an error where the file system keeps another
// mode than the one given, as it does with the setgid bit of a group that the
// caller is not in.
func (t *DirTree) Chmod(p string, mode uint32) error {
	fd, err := t.walk(p)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return chmodFD(fd, p, mode)
}

// chmodFD gives the file behind a descriptor exactly this mode, if it hasn't
// got it. The descriptor may be an O_PATH one, which fchmod doesn't take.
func chmodFD(fd int, p string, mode uint32) error {
	st, err := fstat(fd)
	if err == nil && st.Mode&07777 != mode {
		err = uninterruptedly(func() error { return unix.Chmod("/proc/self/fd/"+strconv.Itoa(fd), mode) })
		if err == nil {
			st, err = fstat(fd)
		}
	}
	if err != nil {
		return &fs.PathError{Op: "chmod", Path: p, Err: err}
	}
	return kept(p, st.Mode&07777, mode)
}

// kept is an error where a directory has got another mode than it was given.
func kept(p string, got, mode uint32) error {
	if got == mode {
		return nil
	}
	return fmt.Errorf("chmod %s: the mode is %04o after it was set to %04o; the setgid bit needs root or a member of the directory's group", p, got, mode)
}

// Space implements Tree.
func (t *DirTree) Space() (uint64, error) {
	st, err := t.statfs()
	if err != nil {
		return 0, &fs.PathError{Op: "statfs", Path: "/", Err: err}
	}
	return st.Blocks * uint64(st.Frsize), nil
}

// statfs asks the root for its file system.
func (t *DirTree) statfs() (st unix.Statfs_t, err error) {
	err = t.atRoot(func(root int) error {
		return uninterruptedly(func() error { return unix.Fstatfs(root, &st) })
	})
	return st, err
}
