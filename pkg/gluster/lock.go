package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

const (
	lockDir  = "/.glusterd-shares"
	lockName = "lock"
	lockPath = lockDir + "/" + lockName

	firstPoll = 50 * time.Millisecond
	maxPoll   = time.Second

	maxHolder = 200 // bytes of the lock's file that are read
)

// Lock implements Tree with flock on a file of the volume. Clients of the
// volume may reach the file, and so may have put anything in its place: what
// is not a plain file of its own is refused, not followed. A client that
// removes the file while it is held can let a second holder in; that can't be
// kept out.
func (t *DirTree) Lock(ctx context.Context, waiting func(holder string)) (Lock, error) {
	if ctx.Err() != nil {
		return nil, notTried(ctx)
	}
	start, poll := time.Now(), firstPoll
	var seen *heldByOther
	for {
		l, err := bounded(ctx, t.tryLock, func(l *held) { _ = l.Close() })
		var busy *heldByOther
		switch {
		case err == nil:
			return l, nil
		case errors.As(err, &busy):
			if waiting != nil && (seen == nil || *seen != *busy) {
				waiting(busy.holder)
			}
			seen = busy
		case ctx.Err() == nil:
			return nil, err
		}
		if cause := wait(ctx, poll); cause != nil {
			return nil, notHad(seen, time.Since(start), cause)
		}
		poll = min(poll*3/2, maxPoll)
	}
}

// notTried is the error where the time is over before the lock was tried.
func notTried(ctx context.Context) error {
	return fmt.Errorf("the lock of the volume was not tried: %w", context.Cause(ctx))
}

// notHad is the error of a wait that ended without the lock.
func notHad(seen *heldByOther, after time.Duration, cause error) error {
	after = after.Round(time.Millisecond)
	if seen == nil {
		return fmt.Errorf("no answer about the lock of the volume in %v: %w; see whether its mount hangs", after, cause)
	}
	return fmt.Errorf("the lock of the volume was not had: %w: %w; wait for that run to end, or see what it does", seen, cause)
}

// heldByOther is the reason to try again. The holder is who last wrote a name
// into the file; who has the lock now may have failed to.
type heldByOther struct{ holder string }

func (h *heldByOther) Error() string {
	if h.holder == "" {
		return "another run holds it"
	}
	return "another run holds it, last taken by " + h.holder
}

// tryLock takes the lock or says at once who has it. It opens the file each
// time, since another may stand there now.
func (t *DirTree) tryLock() (*held, error) {
	dir, err := t.openLockDir()
	if err != nil {
		return nil, err
	}
	defer unix.Close(dir)
	f, err := openLock(dir)
	if err != nil {
		return nil, err
	}
	err = tryFlock(f)
	if err == nil && !isStill(dir, f) {
		err = &heldByOther{"somebody who has just replaced the file"}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	writeHolder(f)
	var using sync.Mutex // a question that was left behind still has the file
	return &held{
		still:   func() error { using.Lock(); defer using.Unlock(); return t.stillHeld(f) },
		release: func() error { using.Lock(); defer using.Unlock(); return unlock(f) },
	}, nil
}

// tryFlock locks the file, or says at once that another run has it.
func tryFlock(f *os.File) error {
	err := uninterruptedly(func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) })
	if errors.Is(err, unix.EWOULDBLOCK) {
		return &heldByOther{readHolder(f)}
	} else if err != nil {
		return fmt.Errorf("flock %s: %w", lockPath, err)
	}
	return nil
}

// stillHeld asks for the lock that this run has twice: by another descriptor it
// must not be had, else nobody has it any more; by the one that has it, it must
// be had, else another run has it. What stands in the file says nothing.
func (t *DirTree) stillHeld(f *os.File) error {
	if _, err := fstat(int(f.Fd())); err != nil {
		return &fs.PathError{Op: "stat", Path: lockPath, Err: err}
	}
	dir, err := t.walk(lockDir)
	if errors.Is(err, fs.ErrNotExist) {
		return errReplaced
	} else if err != nil {
		return hostile(err)
	}
	defer unix.Close(dir)
	if !isStill(dir, f) {
		return errReplaced
	}
	again, err := reopen(int(f.Fd()))
	if err != nil {
		return err
	}
	defer again.Close()
	var busy *heldByOther
	if err := tryFlock(again); err == nil {
		return errors.Join(errLost, unlock(again))
	} else if !errors.As(err, &busy) {
		return err
	}
	if err := tryFlock(f); err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	return nil
}

var (
	errReplaced = fmt.Errorf("%w: somebody has put something else in the place of %s", state.ErrNoLock, lockPath)
	errLost     = fmt.Errorf("%w, as it is when a brick restarts or the connection to the host ends", state.ErrLockLost)
)

// openLockDir opens the directory of the lock, and makes it where it is
// missing.
func (t *DirTree) openLockDir() (int, error) {
	fd, err := t.walk(lockDir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := t.Mkdir(lockDir, 0700); err != nil && !errors.Is(err, fs.ErrExist) {
			return -1, noSpace(err)
		}
		fd, err = t.walk(lockDir)
	}
	if err != nil {
		return -1, hostile(err)
	}
	if err := narrow(fd, lockDir, 0700); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// openLock opens the file of the lock, and makes it where it is missing.
func openLock(dir int) (*os.File, error) {
	const made = unix.O_RDWR | unix.O_CREAT | unix.O_EXCL | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, err := openLockPath(dir)
	if errors.Is(err, unix.ENOENT) {
		fd, err = uninterrupted(func() (int, error) { return unix.Openat(dir, lockName, made, 0600) })
		if err == nil {
			return os.NewFile(uintptr(fd), lockPath), nil
		}
		if !errors.Is(err, unix.EEXIST) {
			return nil, noSpace(&fs.PathError{Op: "create", Path: lockPath, Err: err})
		}
		fd, err = openLockPath(dir)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: lockPath, Err: err}
	}
	defer unix.Close(fd)
	if err := checkLock(dir, fd); err != nil {
		return nil, err
	}
	return reopen(fd)
}

// openLockPath gets hold of what stands at the lock's name without opening it:
// to open a device or a named pipe can have consequences.
func openLockPath(dir int) (int, error) {
	return uninterrupted(func() (int, error) {
		return unix.Openat(dir, lockName, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
}

// checkLock refuses what is not a plain file, or a file that has another name
// too: the holder is written into it.
func checkLock(dir, fd int) error {
	st, err := fstat(fd)
	switch {
	case err != nil:
		return &fs.PathError{Op: "stat", Path: lockPath, Err: err}
	case st.Mode&unix.S_IFMT == unix.S_IFDIR:
		return hostile(&obstacle{lockPath, "a directory"})
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return hostile(&obstacle{lockPath, whatIs(dir, lockName)})
	case st.Nlink > 1:
		return hostile(&obstacle{lockPath, "a file with a second name"})
	}
	return narrow(fd, lockPath, 0600)
}

// reopen opens the very file behind an O_PATH descriptor: for writing, or only
// for reading where that is all that can be had; flock takes either.
func reopen(fd int) (*os.File, error) {
	name := "/proc/self/fd/" + strconv.Itoa(fd)
	open := func(mode int) (int, error) {
		return uninterrupted(func() (int, error) {
			return unix.Open(name, mode|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		})
	}
	f, err := open(unix.O_RDWR)
	if err != nil {
		f, err = open(unix.O_RDONLY)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: lockPath, Err: err}
	}
	return os.NewFile(uintptr(f), lockPath), nil
}

// narrow takes away all permissions beyond those that may be there.
func narrow(fd int, p string, may uint32) error {
	st, err := fstat(fd)
	if err != nil {
		return &fs.PathError{Op: "stat", Path: p, Err: err}
	}
	if mode := st.Mode & 07777; mode&^may != 0 {
		return chmodFD(fd, p, mode&may)
	}
	return nil
}

// isStill reports whether the open file is the one that stands at the lock's
// name.
func isStill(dir int, f *os.File) bool {
	fd, err := openLockPath(dir)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	now, err := fstat(fd)
	if err != nil {
		return false
	}
	mine, err := fstat(int(f.Fd()))
	return err == nil && now.Ino == mine.Ino && now.Dev == mine.Dev
}

func hostile(err error) error {
	if !errors.Is(err, ErrUnsafe) {
		return err
	}
	return fmt.Errorf("%w: %w; move that away, by a mount of the volume", state.ErrNoLock, err)
}

func noSpace(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fmt.Errorf("%w: %w; make room on the volume", state.ErrNoLock, err)
	}
	return err
}

// readHolder gives the first line of the file, fit for a terminal. It may be
// that of an earlier holder.
func readHolder(f *os.File) string {
	b := make([]byte, maxHolder)
	n, _ := f.ReadAt(b, 0)
	return holderIn(string(b[:n]))
}

// holderIn gives the first line of a text, fit for a terminal.
func holderIn(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return escape(strings.ToValidUTF8(line, "?"), maxHolder)
}

// writeHolder says in the file who has the lock. It may fail, on a full volume
// for one: the lock is the flock, not the text.
func writeHolder(f *os.File) {
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(holderNow()+"\n"), 0)
	}
}

// holderNow says who takes the lock now.
func holderNow() string {
	name, host := thisUser()
	return fmt.Sprintf("process %d of %s on %s at %s", os.Getpid(), name, host, time.Now().UTC().Format(time.RFC3339))
}

// held is the lock. Close lets go of it and may be called twice. It waits for a
// mount that hangs for proofTimeout only; the lock then goes with the process.
type held struct {
	still   func() error
	release func() error
	once    sync.Once
	err     error
}

func (l *held) Close() error {
	l.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), proofTimeout)
		defer cancel()
		_, err := look(ctx, func() (struct{}, error) { return struct{}{}, l.release() })
		if err != nil {
			l.err = fmt.Errorf("let go of the lock of the volume: %w", err)
		}
	})
	return l.err
}

// Held implements Lock.
func (l *held) Held(ctx context.Context) error {
	_, err := look(ctx, func() (struct{}, error) { return struct{}{}, l.still() })
	if err != nil {
		return fmt.Errorf("the lock of the volume is not certain to be this run's any more: %w", err)
	}
	return nil
}

func unlock(f *os.File) error {
	// A process being started may have the descriptor too, for a moment.
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN)
	return f.Close()
}
