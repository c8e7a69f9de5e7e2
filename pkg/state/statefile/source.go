package statefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"glusterd-shares/pkg/state"
)

// source is where the text of a state file comes from.
type source struct {
	name string // as positions show it
	open func() (io.ReadCloser, error)
}

// stdinSource reads what the program is given.
func stdinSource(stdin io.Reader) source {
	return source{"stdin", func() (io.ReadCloser, error) { return io.NopCloser(stdin), nil }}
}

// namedSource reads a file that the user has named. It may be a pipe, as a
// shell makes one for <(command).
func namedSource(name string) source {
	return source{name, func() (io.ReadCloser, error) { return os.Open(name) }}
}

// foundSource reads a file that was found in a directory, or is read again and
// again. Whatever has come into its place, to open and read it waits for nobody.
func foundSource(name string) source {
	return source{name, func() (io.ReadCloser, error) {
		f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = errors.New("it is " + kindOf(info))
		}
		if err != nil {
			f.Close()
			return nil, err
		}
		return f, nil
	}}
}

// read returns the text, or the beginning of one that has more bytes than most.
func (s source) read(most int) ([]byte, error) {
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, int64(most)))
}

// readAll gives the texts of the sources, and no more of them than shows that
// they are too much.
func readAll(sources []source) (files []File, unread []state.Problem) {
	left := maxBytes + 1
	for _, src := range sources {
		if left == 0 {
			break
		}
		text, err := src.read(left)
		if err != nil {
			unread = append(unread, unreadable(src.name, "the state file", err))
			continue
		}
		left -= len(text)
		files = append(files, File{src.name, text})
	}
	return files, unread
}

// unreadable tells why a file or a directory can't be read: what the system says
// of it, without the name, which the position has.
func unreadable(name, what string, err error) state.Problem {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err
	}
	return state.Problem{Pos: state.Pos{File: name}, Text: fmt.Sprintf("%s can't be read: %v", what, err)}
}

// kindOf says what something is that is no regular file.
func kindOf(info fs.FileInfo) string {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
