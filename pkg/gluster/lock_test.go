package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

func lock(t *testing.T, d Tree) Lock {
	t.Helper()
	l, err := d.Lock(t.Context(), func(holder string) { t.Errorf("waited for %s", holder) })
	ok(t, err)
	return l
}

func TestLockLeavesItsFile(t *testing.T) { eachTree(t, testLockLeavesItsFile) }

func testLockLeavesItsFile(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	l := lock(t, d)
	for name, want := range map[string]fs.FileMode{".glusterd-shares": fs.ModeDir | 0700, ".glusterd-shares/lock": 0600} {
		if st, err := os.Lstat(filepath.Join(dir, name)); err != nil || st.Mode() != want {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, ".glusterd-shares/lock"))
	host, _ := os.Hostname()
	if want := fmt.Sprintf("process %d of ", os.Getpid()); err != nil || !strings.HasPrefix(string(b), want) || !strings.Contains(string(b), " on "+host+" at ") || strings.Count(string(b), "\n") != 1 {
		t.Errorf("the file holds %q, %v", b, err)
	}
	ok(t, l.Close(), l.Close())
	ok(t, lock(t, d).Close())
}

// Who comes second waits, is told who holds the lock, and gets it in the end; so does
// one on another machine.
func TestLockExcludes(t *testing.T) { eachTree(t, testLockExcludes) }

func testLockExcludes(t *testing.T, k kindOfTree) {
	first, dir := k.tree(t)
	for _, second := range []Tree{k.open(t, dir), openTree(t, dir)} {
		told := waitFor(t, second, lock(t, first), dir)
		if len(told) != 2 || !strings.HasPrefix(told[0], "process ") || told[1] != `an\x1b[2Jother` {
			t.Errorf("told %q", told)
		}
	}
	told := waitFor(t, first, lock(t, openTree(t, dir)), dir)
	if len(told) != 2 || !strings.HasPrefix(told[0], "process ") {
		t.Errorf("told %q", told)
	}
}

// waitFor takes the lock which is held until who waits for it has been told of two
// holders, and gives them.
func waitFor(t *testing.T, second Tree, held Lock, dir string) (told []string) {
	t.Helper()
	l, err := second.Lock(t.Context(), func(holder string) {
		if told = append(told, holder); len(told) == 1 {
			ok(t, os.WriteFile(filepath.Join(dir, ".glusterd-shares/lock"), []byte("an\x1b[2Jother\nline"), 0600))
		} else {
			ok(t, held.Close())
		}
	})
	ok(t, err, l.Close())
	return told
}

// Who comes second has the lock no later than a second after it is free.
func TestLockIsTriedOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, dir := tree(t)
		second := openTree(t, dir)
		l := lock(t, first)
		go func() {
			time.Sleep(10 * time.Second)
			ok(t, l.Close())
		}()
		start := time.Now()
		l2, err := second.Lock(t.Context(), nil)
		ok(t, err)
		if took := time.Since(start); took < 10*time.Second || took > 10*time.Second+maxPoll {
			t.Errorf("had it after %v", took)
		}
		ok(t, l2.Close())
	})
}

func TestLockGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, dir := tree(t)
		second := openTree(t, dir)
		l := lock(t, first)
		ok(t, os.WriteFile(filepath.Join(dir, ".glusterd-shares/lock"), []byte(strings.Repeat("x", 5000)), 0600))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := second.Lock(ctx, nil)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "not had: another run holds it, last taken by "+strings.Repeat("x", maxHolder)+":") {
			t.Errorf("got %v", err)
		}
		ok(t, l.Close())
		if _, err := second.Lock(ctx, nil); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "was not tried") {
			t.Errorf("after the context ended: %v", err)
		}
	})
}

// Who left no name is not made up.
func TestHeldByOther(t *testing.T) {
	for holder, want := range map[string]string{"": "another run holds it", "n1": "another run holds it, last taken by n1"} {
		if got := (&heldByOther{holder}).Error(); got != want {
			t.Errorf("%q: got %q, want %q", holder, got, want)
		}
	}
}

// A mount that hangs doesn't keep its lock from being closed, nor from being
// closed again.
func TestCloseOfALockOnAHungMount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &held{release: func() error { time.Sleep(time.Hour); return nil }}
		start := time.Now()
		err := l.Close()
		if took := time.Since(start); took != proofTimeout || err == nil || !strings.Contains(err.Error(), "let go of the lock of the volume: no answer") {
			t.Errorf("got %v after %v", err, took)
		}
		if again := l.Close(); again != err || time.Since(start) != proofTimeout {
			t.Errorf("again: %v", again)
		}
		time.Sleep(2 * time.Hour)
	})
}

// A new file in the place of the held one is another lock; who holds the old
// one can't know. But who has just opened the old one must not take it for it.
func TestLockOfAReplacedFile(t *testing.T) {
	d, dir := tree(t)
	ok(t, lock(t, d).Close())
	at, err := d.walk(lockDir)
	ok(t, err)
	defer syscall.Close(at)
	f, err := openLock(at)
	ok(t, err)
	defer f.Close()
	if !isStill(at, f) {
		t.Error("the file is not what it is")
	}
	name := filepath.Join(dir, ".glusterd-shares/lock")
	ok(t, os.Rename(name, name+".old"), os.WriteFile(name, nil, 0600))
	if isStill(at, f) {
		t.Error("the file is taken for another")
	}
	ok(t, os.Remove(name))
	if isStill(at, f) {
		t.Error("the file is taken for one that is gone")
	}
}

// lose lets go of a lock behind the back of who has it, as a brick does that
// restarts.
func lose(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob("/proc/[0-9]*/fd/[0-9]*")
	ok(t, err)
	for _, fd := range found {
		if to, _ := os.Readlink(fd); to == dir+"/.glusterd-shares/lock" {
			unlockOf(t, fd)
		}
	}
}

// unlockOf lets go of the lock of an open file of some process.
func unlockOf(t *testing.T, name string) {
	t.Helper()
	parts := strings.Split(name, "/") // /proc/PID/fd/N
	pid, pidErr := strconv.Atoi(parts[2])
	n, nErr := strconv.Atoi(parts[4])
	process, err := unix.PidfdOpen(pid, 0)
	ok(t, pidErr, nErr, err)
	defer unix.Close(process)
	fd, err := unix.PidfdGetfd(process, n, 0)
	ok(t, err)
	defer unix.Close(fd)
	ok(t, unix.Flock(fd, unix.LOCK_UN))
}

func TestLockIsHeld(t *testing.T) { eachTree(t, testLockIsHeld) }

func testLockIsHeld(t *testing.T, k kindOfTree) {
	file := "/.glusterd-shares/lock"
	tests := []struct {
		name, want string // the error; empty: none
		noLock     bool
		happens    func(t *testing.T, dir string)
	}{
		{"nothing happens", "", false, func(*testing.T, string) {}},
		{"a client writes into it", "", false, func(t *testing.T, dir string) { ok(t, os.WriteFile(dir+file, []byte("mine"), 0600)) }},
		{"it is lost", "lock was lost", false, lose},
		{"another run has it", "the volume's lock was lost, as it is when a brick restarts or the connection to the host ends: another run holds it, last taken by process ", false, func(t *testing.T, dir string) {
			lose(t, dir)
			l := lock(t, openTree(t, dir))
			t.Cleanup(func() { ok(t, l.Close()) })
		}},
		{"a client replaces it", "somebody has put something else", true, func(t *testing.T, dir string) {
			ok(t, os.Remove(dir+file), os.WriteFile(dir+file, nil, 0600))
		}},
		{"a client removes it", "somebody has put something else", true, func(t *testing.T, dir string) { ok(t, os.Remove(dir+file)) }},
		{"a client removes its directory", "somebody has put something else", true, func(t *testing.T, dir string) {
			ok(t, os.RemoveAll(dir+lockDir))
		}},
		{"a client puts a symlink there", "/.glusterd-shares is a symlink", true, func(t *testing.T, dir string) {
			ok(t, os.Rename(dir+lockDir, dir+"/x"), os.Symlink("x", dir+lockDir))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, dir := k.tree(t)
			l := lock(t, d)
			defer l.Close()
			tt.happens(t, dir)
			err := l.Held(t.Context())
			switch {
			case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			case errors.Is(err, state.ErrNoLock) != tt.noLock:
				t.Errorf("that nobody can lock the volume is not %v: %v", tt.noLock, err)
			}
		})
	}
}

// What clients of the volume may have put there is refused, and not touched.
func TestLockRefusesWhatIsNotItsOwn(t *testing.T) { eachTree(t, testLockRefusesWhatIsNotItsOwn) }

func testLockRefusesWhatIsNotItsOwn(t *testing.T, k kindOfTree) {
	tests := []struct {
		name, want string
		put        func(dir string) error
	}{
		{"directory is a symlink", "/.glusterd-shares is a symlink", func(dir string) error {
			return errors.Join(os.Mkdir(dir+"/victim", 0755), os.Symlink("victim", dir+"/.glusterd-shares"))
		}},
		{"directory is a file", "/.glusterd-shares is a file", func(dir string) error { return os.WriteFile(dir+"/.glusterd-shares", nil, 0644) }},
		{"symlink", "lock is a symlink", func(dir string) error {
			return errors.Join(os.WriteFile(dir+"/victim", []byte("data"), 0644), os.Mkdir(dir+"/.glusterd-shares", 0700), os.Symlink("../victim", dir+"/.glusterd-shares/lock"))
		}},
		{"hard link", "lock is a file with a second name", func(dir string) error {
			return errors.Join(os.WriteFile(dir+"/victim", []byte("data"), 0644), os.Mkdir(dir+"/.glusterd-shares", 0700), os.Link(dir+"/victim", dir+"/.glusterd-shares/lock"))
		}},
		{"named pipe", "lock is a named pipe", func(dir string) error {
			return errors.Join(os.Mkdir(dir+"/.glusterd-shares", 0700), syscall.Mkfifo(dir+"/.glusterd-shares/lock", 0644))
		}},
		{"socket", "lock is a socket", func(dir string) error {
			return errors.Join(os.Mkdir(dir+"/.glusterd-shares", 0700), syscall.Mknod(dir+"/.glusterd-shares/lock", syscall.S_IFSOCK|0644, 0))
		}},
		{"directory", "lock is a directory", func(dir string) error { return os.MkdirAll(dir+"/.glusterd-shares/lock", 0700) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, dir := k.tree(t)
			ok(t, tt.put(dir))
			before := listing(t, dir)
			_, err := d.Lock(t.Context(), nil)
			if !errors.Is(err, ErrUnsafe) || !errors.Is(err, state.ErrNoLock) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "move that away") {
				t.Errorf("got %v", err)
			}
			if after := listing(t, dir); !slices.Equal(before, after) {
				t.Errorf("before %q\nafter  %q", before, after)
			}
		})
	}
}

// listing gives the name, mode and size of all that is there.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	ok(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := e.Info()
		if err == nil {
			out = append(out, fmt.Sprint(strings.TrimPrefix(p, dir), " ", st.Mode(), " ", st.Size()))
		}
		return err
	}))
	return out
}

func TestLockNarrowsPermissions(t *testing.T) { eachTree(t, testLockNarrowsPermissions) }

func testLockNarrowsPermissions(t *testing.T, k kindOfTree) {
	d, dir := k.tree(t)
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	ok(t, os.Mkdir(dir+"/.glusterd-shares", 0777), os.WriteFile(dir+"/.glusterd-shares/lock", []byte("old"), 0666))
	ok(t, lock(t, d).Close())
	got := listing(t, dir)
	if len(got) != 3 || !strings.Contains(got[1], " drwx------ ") || !strings.Contains(got[2], " -rw------- ") {
		t.Errorf("got %q", got)
	}
}

func TestNoSpace(t *testing.T) {
	for errno, want := range map[error]bool{syscall.ENOSPC: true, syscall.EDQUOT: true, syscall.EACCES: false} {
		err := noSpace(&fs.PathError{Op: "create", Path: lockPath, Err: errno})
		if errors.Is(err, state.ErrNoLock) != want || !errors.Is(err, errno) {
			t.Errorf("%v: %v", errno, err)
		}
	}
}
