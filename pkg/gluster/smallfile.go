package gluster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// Names implements Tree.
func (t *DirTree) Names(p string, most int) ([]string, error) {
	dir, err := t.openDir(p)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(most)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// openDir opens a directory to be read.
func (t *DirTree) openDir(p string) (*os.File, error) {
	fd, err := t.walk(p)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return readable(fd, p)
}

// readable opens the very directory behind an O_PATH descriptor for reading.
func readable(fd int, p string) (*os.File, error) {
	read, err := uninterrupted(func() (int, error) {
		return unix.Openat(fd, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: p, Err: err}
	}
	return os.NewFile(uintptr(read), p), nil
}

var errTooLong = errors.New("too long to be read")

func tooLong(p string, most int) error {
	return fmt.Errorf("%s is longer than %d bytes: %w", escape(p, maxShownText), most, errTooLong)
}

// ReadFile implements Tree. It opens nothing that is no plain file: to open a
// device or a named pipe can have consequences.
func (t *DirTree) ReadFile(p string, most int) ([]byte, error) {
	parent, err := t.walk(path.Dir(p))
	if err != nil {
		return nil, err
	}
	defer unix.Close(parent)
	fd, err := uninterrupted(func() (int, error) {
		return unix.Openat(parent, path.Base(p), unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: p, Err: err}
	}
	defer unix.Close(fd)
	st, err := fstat(fd)
	switch {
	case err != nil:
		return nil, &fs.PathError{Op: "stat", Path: p, Err: err}
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return nil, &obstacle{p, whatIs(parent, path.Base(p))}
	}
	f, err := reopen(fd)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(text) > most {
		err = tooLong(p, most)
	}
	return text, err
}

// WriteFile implements Tree.
func (t *DirTree) WriteFile(p string, text []byte) error {
	dir, err := t.openDir(path.Dir(p))
	if err != nil {
		return err
	}
	defer dir.Close()
	const made = unix.O_WRONLY | unix.O_CREAT | unix.O_EXCL | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, err := uninterrupted(func() (int, error) { return unix.Openat(int(dir.Fd()), path.Base(p), made, 0600) })
	if err != nil {
		return &fs.PathError{Op: "create", Path: p, Err: err}
	}
	f := os.NewFile(uintptr(fd), p)
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = dir.Sync()
	}
	return err
}
