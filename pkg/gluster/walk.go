package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// obstacle is something on a path that must not be walked through.
type obstacle struct {
	at   string // the path from the root of the volume
	what string // such as "a symlink"
}

func (o *obstacle) Error() string { return escape(o.at, maxShownText) + " is " + o.what }
func (o *obstacle) Unwrap() error { return ErrUnsafe }

// components splits a path from the root of the volume. The root has none.
func components(p string) ([]string, error) {
	if !strings.HasPrefix(p, "/") || path.Clean(p) != p || strings.ContainsRune(p, 0) {
		return nil, fmt.Errorf("%q is not a clean path that begins with a slash", escape(p, maxShownText))
	}
	if p == "/" {
		return nil, nil
	}
	return strings.Split(p[1:], "/"), nil
}

// walk opens the directory at the path, one component after the other. The
// descriptor is for looking and passing on only (O_PATH) and the caller's to
// close. The error wraps fs.ErrNotExist where something is missing, and is an
// *obstacle where something else is in the way.
func (t *DirTree) walk(p string) (int, error) {
	names, err := components(p)
	if err != nil {
		return -1, err
	}
	var fd int
	err = t.atRoot(func(root int) (err error) { fd, err = openPath(root, "."); return err })
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: "/", Err: err}
	}
	at := ""
	for _, name := range names {
		at += "/" + name
		next, err := t.step(fd, name, at)
		_ = unix.Close(fd)
		if err != nil {
			return -1, err
		}
		fd = next
	}
	return fd, nil
}

// step opens one directory in another. at is the path of it, for errors.
func (t *DirTree) step(dir int, name, at string) (int, error) {
	fd, err := openPath(dir, name)
	if errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		return -1, &obstacle{at, whatIs(dir, name)}
	}
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: at, Err: err}
	}
	if err := t.sameMount(fd, at); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func openPath(dir int, name string) (int, error) {
	return uninterrupted(func() (int, error) {
		return unix.Openat(dir, name, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
}

// sameMount returns an obstacle where the directory is not of the mount that
// the tree is. A bind mount has the st_dev of its source, a btrfs subvolume
// the mount of its parent: both are compared.
func (t *DirTree) sameMount(fd int, at string) error {
	st, err := fstat(fd)
	if err != nil {
		return &fs.PathError{Op: "stat", Path: at, Err: err}
	}
	id, err := mountID(fd)
	switch {
	case err != nil:
		return &fs.PathError{Op: "stat", Path: at, Err: err}
	case st.Dev != t.dev:
		return &obstacle{at, "another file system"}
	case id != t.mount:
		return &obstacle{at, "a mount point"}
	}
	return nil
}

func fstat(fd int) (unix.Stat_t, error) {
	return uninterrupted(func() (st unix.Stat_t, err error) {
		err = unix.Fstat(fd, &st)
		return st, err
	})
}

// mountID returns the mount that an open file is of, as mountinfo numbers it.
// (statx gives it too, but only since Linux 5.8.)
func mountID(fd int) (uint64, error) {
	info, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(info)) {
		if v, ok := strings.CutPrefix(line, "mnt_id:"); ok {
			return strconv.ParseUint(strings.TrimSpace(v), 10, 64)
		}
	}
	return 0, errors.New("fdinfo has no mnt_id")
}

// whatIs says in words what stands where a directory should.
func whatIs(dir int, name string) string {
	st, err := uninterrupted(func() (st unix.Stat_t, err error) {
		err = unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		return st, err
	})
	if err != nil {
		return "not a directory"
	}
	return kindOf(st.Mode)
}

// changing is in the way where a directory came to stand since then.
const changing = "something that changes while it is looked at"

// kindOf says in words of which kind something is that is no directory.
func kindOf(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFLNK:
		return "a symlink"
	case unix.S_IFREG:
		return "a file"
	case unix.S_IFSOCK:
		return "a socket"
	case unix.S_IFIFO:
		return "a named pipe"
	case unix.S_IFBLK, unix.S_IFCHR:
		return "a device"
	}
	return changing
}
