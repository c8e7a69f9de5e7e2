package gluster

import (
	"context"
	"errors"
	"io"

	"glusterd-shares/pkg/state"
)

// Host is where gluster runs and a volume's directories lie: this machine,
// another one, or the sandbox.
type Host interface {
	// Reach makes sure that the host can be asked. It connects to one that is
	// another machine, for which there may be no time in that of a command.
	Reach(ctx context.Context) error

	// Gluster runs the gluster command-line tool with the given arguments
	// and no shell between. stdin may be empty. An answer with a non-zero
	// code is no error here: err tells only that there is no answer (the
	// program can't be started, the context ended); the answer then holds
	// what there was of it.
	Gluster(ctx context.Context, stdin string, args ...string) (Answer, error)

	// Open finds the volume's live root, proves that it is the one of the
	// volume with this id, and mounts it where it is not mounted yet.
	Open(ctx context.Context, v state.VolumeInfo) (Tree, error)

	// Numbers looks up the numbers of users and of groups as the host knows
	// them. A name that is a number stands for itself; one that the host
	// doesn't know is missing from the result.
	Numbers(ctx context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error)

	// Names look up what the numbers of a user and of a group are called; one
	// that nobody knows has no name.
	Names(ctx context.Context, uid, gid uint32) (owner, group string, err error)

	// Local reports whether the name or address is this host itself.
	Local(ctx context.Context, host string) (bool, error)
}

// Answer is what a command left behind.
type Answer struct {
	Stdout, Stderr string // as they came, capped
	Code           int    // exit status; -1 where it was killed
}

// Tree is the proven root of a volume. All paths are from that root, begin
// with a slash and are clean. No method follows a symlink or crosses a mount
// point; where the path leads through one, the error wraps ErrUnsafe.
type Tree interface {
	// Stat tells what is at each of the paths, in their order: over a network
	// it costs the same for one as for all. A missing file is no error; that
	// one can't be looked at is an error for all.
	Stat(paths ...string) ([]state.Dir, error)

	// List names the directories in the one at the path, sorted, without
	// what is no directory. It reads no more than most entries of any kind,
	// which come in the file system's order; more reports whether there are.
	List(path string, most int) (names []string, more bool, err error)

	// Mkdir makes one directory; its parent must be there. Where something
	// is there already the error wraps fs.ErrExist.
	Mkdir(path string, mode uint32) error

	// Chown and Chmod change the one directory, never what is in it. A nil
	// owner or group stays.
	Chown(path string, uid, gid *uint32) error
	Chmod(path string, mode uint32) error

	// Identity tells the directory at each of the paths, in their order, from
	// any other that may come to stand there. That one is missing, or none, is an
	// error for all.
	Identity(paths ...string) ([]state.FileID, error)

	// Rename moves a directory with all that is in it. It refuses to where
	// anything has the new name, and where the directory is not the one with
	// this identity: nothing is moved then.
	Rename(from, to string, id state.FileID) error

	// Names gives what is in a directory, of whatever kind and in no order: so
	// many names at most.
	Names(path string, most int) ([]string, error)

	// ReadFile reads a plain file. That it is longer than so many bytes is an
	// error.
	ReadFile(path string, most int) ([]byte, error)

	// WriteFile makes a file that is root's alone, and comes back when it is
	// on disk. Where something is there already the error wraps fs.ErrExist.
	WriteFile(path string, text []byte) error

	// Remove removes a file or an empty directory. The path has to lie in
	// TrashDir.
	Remove(path string) error

	// RemoveSome removes up to so many of the names at the path and below it,
	// which has to lie in TrashDir, and tells how many, and whether it came to
	// the end. It goes on where others fail; at the end the error tells of the
	// first. A symlink is removed and never followed, and what is on another
	// mount stays.
	RemoveSome(path string, most int) (removed int, all bool, err error)

	// Space is how many bytes the volume holds, used or not.
	Space() (uint64, error)

	// Lock takes the volume's lock, /.glusterd-shares/lock, and waits for it
	// as long as the context lasts. waiting, which may be nil, is called when
	// it has to wait and whenever the holder changes, with who holds it as
	// far as known. Only one holder has the lock at a time, on any machine;
	// it is let go by Close, or by the end of the process or of the connection
	// to where the volume is.
	Lock(ctx context.Context, waiting func(holder string)) (Lock, error)

	// Close lets go of the tree and undoes a mount that Open has made.
	Close() error
}

// Lock is a volume's lock in the hands of who took it.
type Lock = interface {
	// Held makes sure that the lock is still had. A brick that restarts has
	// forgotten who held it (Gluster 10.3), and tells nobody. The error
	// wraps state.ErrNoLock where something else stands in the place of the
	// lock now.
	Held(ctx context.Context) error

	io.Closer
}

// ErrUnsafe: the path leads through a symlink, a mount point or something else
// that is not a directory of this volume.
var ErrUnsafe = errors.New("not a plain directory of this volume")
