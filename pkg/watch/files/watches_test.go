package files

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Where the kernel gives out no watches, the poll sees what happens, and why it has
// to is logged once.
func TestPollWhereNothingIsWatched(t *testing.T) {
	for _, c := range []struct {
		name string
		open func() (notifier, error)
		want string // in the log
	}{
		{"no instance", noInstance, "raise=fs.inotify.max_user_instances"},
		{"no watch", noWatch, "raise=fs.inotify.max_user_watches"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			state := filepath.Join(dir, "state.yaml")
			ok(t, save(state, contentOf("1")))
			var log bytes.Buffer
			w, err := New([]string{state}, Options{Poll: 50 * time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))})
			ok(t, err)
			w.sight.(*disk).watches.open = c.open
			s := stage{dir: dir}
			var end func()
			s.looks, end = running(t, w)
			for _, version := range []string{"1", "2", "3", "1"} {
				ok(t, save(state, contentOf(version)))
				s.see(t, version)
			}
			end()
			if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, c.want) || !strings.Contains(got, "level=WARN") {
				t.Errorf("logged\n%s", got)
			}
		})
	}
}

func noInstance() (notifier, error) {
	return notifier{}, os.NewSyscallError("inotify_init", syscall.EMFILE)
}

func noWatch() (notifier, error) {
	n, err := openNotifier()
	n.Add = func(string) error { return syscall.ENOSPC }
	return n, err
}

// Events that were lost may have been of the files, and after an error of another
// kind the watches are set anew.
func TestErrorsAreEvents(t *testing.T) {
	for err, broken := range map[error]bool{fsnotify.ErrEventOverflow: false, syscall.EIO: true} {
		heard, errs := make(chan struct{}, 1), make(chan error, 2)
		w := &watch{heard: heard, notifier: notifier{errors: errs}}
		errs <- err
		errs <- fsnotify.ErrEventOverflow
		for len(errs) > 0 {
			if !w.hear() {
				t.Errorf("%v: nothing is heard any more", err)
			}
		}
		if len(heard) != 1 || w.broken.Load() != broken {
			t.Errorf("%v: %d values, broken %v", err, len(heard), w.broken.Load())
		}
	}
}

// Where the ways change while they are being watched, they are found again.
func TestCoverWhileWaysChange(t *testing.T) {
	dir := tree(t)
	ok(t, errors.Join(os.Mkdir("one", 0o755), os.Mkdir("two", 0o755), os.Symlink("one", "data")))
	w := newWatches(Options{}.withDefaults())
	defer w.end()
	w.open = func() (notifier, error) {
		n, err := openNotifier()
		add := n.Add
		n.Add = func(path string) error {
			if path == dir && w.current.ways.equal(waysTo([]string{"data/x.yaml"})) {
				os.Symlink("two", "data.new")
				os.Rename("data.new", "data")
			}
			return add(path)
		}
		return n, err
	}
	w.cover([]string{"data/x.yaml"})
	if two := filepath.Join(dir, "two"); !w.current.names[two]["x.yaml"] {
		t.Errorf("%s is not watched, but %v", two, w.current.names)
	}
}

// Nothing is left of a Run that has ended: no descriptor, no goroutine.
func TestNothingIsLeft(t *testing.T) {
	before := descriptors(t)
	dir := t.TempDir()
	s := stage{dir: dir}
	for range 5 {
		ok(t, save(filepath.Join(dir, "state.yaml"), contentOf("1")))
		w, err := New([]string{dir}, Options{Quiet: time.Millisecond, Poll: time.Hour})
		ok(t, err)
		var end func()
		s.looks, end = running(t, w)
		s.see(t, "1")
		ok(t, os.MkdirAll(filepath.Join(dir, "more"), 0o755)) // the watches are set anew
		ok(t, save(filepath.Join(dir, "state.yaml"), contentOf("2")))
		s.see(t, "2")
		end()
		ok(t, os.Remove(filepath.Join(dir, "more")))
	}
	for late := time.Now().Add(patient); descriptors(t) != before || len(goroutines()) > 0; runtime.Gosched() {
		if time.Now().After(late) {
			t.Fatalf("%d descriptors of inotify were open, and now %d; still running:\n%s", before, descriptors(t), strings.Join(goroutines(), "\n\n"))
		}
	}
}

// descriptors counts those of inotify.
func descriptors(t *testing.T) (n int) {
	t.Helper()
	open, err := filepath.Glob("/proc/self/fd/*")
	ok(t, err)
	for _, name := range open {
		if target, err := os.Readlink(name); err == nil && strings.Contains(target, "inotify") {
			n++
		}
	}
	return n
}

// goroutines are those of the package and of fsnotify that run no test.
func goroutines() (out []string) {
	buf := make([]byte, 1<<20)
	for _, stack := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		ours := strings.Contains(stack, "watch/files.") || strings.Contains(stack, "fsnotify.")
		if ours && !strings.Contains(stack, "testing.") {
			out = append(out, stack)
		}
	}
	return out
}

// What could not be watched is watched as soon as the kernel lets it.
func TestWatchesAreMended(t *testing.T) {
	tree(t)
	w := newWatches(Options{}.withDefaults())
	defer w.end()
	for _, open := range []func() (notifier, error){noInstance, noWatch, openNotifier} {
		w.open = open
		w.cover([]string{"state.yaml"})
	}
	if w.current.lacks || len(w.current.notifier.WatchList()) != len(w.current.ways) {
		t.Errorf("watched are %q", w.current.notifier.WatchList())
	}
}
