package sdnotify

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

// manager is a service manager's end of the socket.
type manager struct {
	t  *testing.T
	fd int
}

// newManager listens, and puts into the environment what a manager puts there. The
// address is a path, or begins with @.
func newManager(t *testing.T, address string) manager {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: address}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NOTIFY_SOCKET", address)
	t.Setenv("WATCHDOG_USEC", "")
	t.Setenv("WATCHDOG_PID", "")
	return manager{t, fd}
}

func inTempDir(t *testing.T) string { return filepath.Join(t.TempDir(), "notify") }

// heard is what was sent since the last time, without waiting. Lines of one message
// stand beside each other.
func (m manager) heard() []string {
	m.t.Helper()
	var out []string
	for {
		buf := make([]byte, 4096)
		n, _, err := unix.Recvfrom(m.fd, buf, unix.MSG_DONTWAIT)
		if errors.Is(err, unix.EAGAIN) {
			return out
		}
		if err != nil {
			m.t.Fatal(err)
		}
		out = append(out, strings.ReplaceAll(string(buf[:n]), "\n", " | "))
	}
}

// expect holds what was sent since the last time against the messages.
func (m manager) expect(want ...string) {
	m.t.Helper()
	synctest.Wait()
	if got := m.heard(); !slices.Equal(got, want) {
		m.t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// told is a Notifier with the board that it goes by, told what a loop tells.
type told struct {
	watch.Observers
	*Notifier
	board *health.Board
	log   *bytes.Buffer
	sent  func() // waits until what was told so far is sent, or doesn't
}

func newTold() *told {
	log := new(bytes.Buffer)
	board := health.NewBoard(time.Hour)
	n := New(board, "", slog.New(slog.NewTextHandler(log, nil)))
	return &told{watch.Observers{board, n}, n, board, log, synctest.Wait}
}

func target(volume string) state.Target { return state.Target{Host: "n1", Volume: volume} }

func (d *told) take(volumes ...string) {
	var desired state.Desired
	for _, v := range volumes {
		desired.Volumes = append(desired.Volumes, state.Volume{Target: target(v)})
	}
	d.Observers.Took(desired)
}

// look is a look at the volume that finds it so.
func (d *told) look(volume string, k watch.Kind) {
	d.Observers.Looking(target(volume))
	d.Observers.Reconciled(watch.Result{Volume: state.Volume{Target: target(volume)}, Condition: watch.Condition{Kind: k}})
	d.sent()
	d.Observers.Looked(target(volume))
}

// From the start to the end, as the manager hears of it.
func TestLife(t *testing.T) {
	m := newManager(t, inTempDir(t))
	synctest.Test(t, func(t *testing.T) {
		d := newTold()
		m.expect()
		d.take("gv0", "gv1")
		m.expect("READY=1 | STATUS=0 of 2 volumes in sync; 2 not looked at yet: n1:/gv0, n1:/gv1")
		d.look("gv0", watch.InSync)
		m.expect("STATUS=1 of 2 volumes in sync; 1 not looked at yet: n1:/gv1")
		d.look("gv1", watch.Refused)
		m.expect("STATUS=1 of 2 volumes in sync; 1 refused: n1:/gv1")
		d.look("gv1", watch.Refused)
		m.expect()
		d.look("gv1", watch.InSync)
		m.expect("STATUS=2 volumes in sync")
		d.Observers.Refused(errors.New("state.yaml: the file is empty"))
		m.expect("STATUS=bad state, what was desired before stays: state.yaml: the file is empty; 2 volumes in sync")
		d.Stopping()
		m.expect("STOPPING=1 | STATUS=ending: what is under way is finished first")
		d.look("gv1", watch.Failed)
		d.Reloading()
		d.Close()
		m.expect()
	})
}

// A start with bad content is a start: another one would find the same. What is
// wrong is told.
func TestReadyWithBadContent(t *testing.T) {
	m := newManager(t, inTempDir(t))
	synctest.Test(t, func(t *testing.T) {
		d := newTold()
		d.Reloading() // that it reads is what it does anyway
		d.Observers.Refused(errors.New("state.yaml:3:1: one\nstate.yaml:4:1: two"))
		m.expect("READY=1 | STATUS=no valid state yet: state.yaml:3:1: one (and 1 more)")
		d.take("gv0")
		m.expect("STATUS=0 of 1 volume in sync; 1 not looked at yet: n1:/gv0")
		d.look("gv0", watch.InSync)
		d.Close()
		m.expect("STATUS=1 volume in sync", "STOPPING=1 | STATUS=ending: what is under way is finished first")
	})
}

// A reload is over when the files were read, what they hold was taken, and then each
// volume was looked at.
func TestReload(t *testing.T) {
	m := newManager(t, inTempDir(t))
	begin := func(t *testing.T) *told {
		d := newTold()
		d.take("gv0", "gv1")
		d.look("gv0", watch.InSync)
		d.look("gv1", watch.InSync)
		synctest.Wait()
		m.heard()
		before := monotonic(t)
		d.Reloading()
		synctest.Wait()
		got := m.heard()
		if len(got) != 1 || !strings.HasPrefix(got[0], "RELOADING=1 | MONOTONIC_USEC=") {
			t.Fatalf("got %q", got)
		}
		_, usec, _ := strings.Cut(got[0], "USEC=")
		if at, err := strconv.ParseInt(usec, 10, 64); err != nil || at < before || at > monotonic(t) {
			t.Errorf("%q is not the time at which it was told", got[0])
		}
		return d
	}
	const over = "READY=1 | STATUS=2 volumes in sync"
	synctest.Test(t, func(t *testing.T) {
		d := begin(t)
		d.look("gv0", watch.InSync) // that was under way, and tells nothing
		d.look("gv1", watch.InSync)
		m.expect()
		d.Observers.Hastened()
		d.look("gv0", watch.InSync)
		m.expect()
		d.look("gv0", watch.InSync) // again, before the other one's turn
		m.expect()
		d.look("gv1", watch.InSync)
		m.expect(over)
		d.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		d := begin(t)
		d.take("gv1", "gv2")
		d.Observers.Hastened()
		d.look("gv1", watch.InSync)
		m.heard()
		d.take("gv1", "gv2") // as it was before a mistake: nobody looks at gv1 for that
		m.expect()
		d.take("gv0") // what is no longer desired is not waited for
		synctest.Wait()
		if got := m.heard(); len(got) < 1 || got[len(got)-1] != "READY=1 | STATUS=0 of 1 volume in sync; 1 not looked at yet: n1:/gv0" {
			t.Errorf("got %q", got)
		}
		d.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		d := begin(t)
		d.Observers.Hastened()
		d.look("gv0", watch.InSync)
		d.Reloading() // asked again, it begins anew
		d.look("gv1", watch.InSync)
		d.Observers.Hastened()
		d.look("gv0", watch.InSync)
		synctest.Wait()
		if got := m.heard(); len(got) != 1 || !strings.HasPrefix(got[0], "RELOADING=1 ") {
			t.Errorf("got %q", got)
		}
		d.look("gv1", watch.Failed)
		m.expect("STATUS=1 of 2 volumes in sync; 1 failed: n1:/gv1", "READY=1 | STATUS=1 of 2 volumes in sync; 1 failed: n1:/gv1")
		d.Close()
	})
	synctest.Test(t, func(t *testing.T) {
		d := newTold()
		d.Observers.Refused(errors.New("state.yaml: the file is empty"))
		d.Reloading()
		d.Observers.Hastened() // there is no volume
		synctest.Wait()
		if got := m.heard(); len(got) < 1 || got[len(got)-1] != "READY=1 | STATUS=no valid state yet: state.yaml: the file is empty" {
			t.Errorf("got %q", got)
		}
		d.Close()
	})
}

// monotonic is the time by the clock that a manager goes by, in microseconds.
func monotonic(t *testing.T) int64 {
	t.Helper()
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		t.Fatal(err)
	}
	return ts.Nano() / 1000
}

// signs lets time go by, and gives when there were signs of life in it, and what else
// was heard. The socket takes only some messages: it is read all the time.
func (m manager) signs(d time.Duration) (at []time.Duration, rest []string) {
	m.t.Helper()
	const step = time.Second
	for t := step; t <= d; t += step {
		time.Sleep(step)
		synctest.Wait()
		for _, message := range m.heard() {
			if message == "WATCHDOG=1" {
				at = append(at, t)
			} else {
				rest = append(rest, message)
			}
		}
	}
	return at, rest
}

// expectSigns lets time go by in which there must be signs at every moment.
func (m manager) expectSigns(what string, d, watchdog time.Duration) {
	m.t.Helper()
	at, _ := m.signs(d)
	last := time.Duration(0)
	for _, t := range append(at, d) {
		if t-last >= watchdog/2 {
			m.t.Errorf("%s: no sign of life from %v to %v", what, last, t)
		}
		last = t
	}
}

// The watchdog gets signs of life while the loop is alive: at rest, and in a look that
// goes on; and none from a loop that is stuck, however lively the rest of it is.
func TestWatchdog(t *testing.T) {
	m := newManager(t, inTempDir(t))
	t.Setenv("WATCHDOG_USEC", "60000000")
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	synctest.Test(t, func(t *testing.T) {
		d := newTold()
		if left := os.Getenv("WATCHDOG_USEC") + os.Getenv("WATCHDOG_PID"); left != "" {
			t.Errorf("programs that are started would be told %q", left)
		}
		d.take("gv0")
		m.expectSigns("at rest", 3*time.Hour, time.Minute)
		d.Observers.Looking(target("gv0"))
		m.expectSigns("in a look", 59*time.Minute, time.Minute)
		d.board.Beat()
		m.expectSigns("in a look that goes on", 59*time.Minute, time.Minute)
		_, rest := m.signs(time.Minute)
		if at, more := m.signs(time.Hour); len(at)+len(more) != 0 {
			t.Errorf("signs of a loop that is stuck at %v, told %q", at, more)
		}
		if len(rest) != 1 || !strings.HasPrefix(rest[0], "STATUS=stuck: no sign of the look at n1:/gv0 for 1h0m") {
			t.Errorf("told %q", rest)
		}
		d.look("gv0", watch.InSync)
		m.expectSigns("after it", time.Hour, time.Minute)
		if !strings.Contains(d.log.String(), `msg="the service manager's watchdog gets no sign of life" why="no sign of the look at n1:/gv0 for 1h0m`) || strings.Count(d.log.String(), "\n") != 1 {
			t.Errorf("logged %q", d.log)
		}
		d.Close()
	})
}

// The watchdog of another process is none of ours; of one that can't be understood
// that is said.
func TestNoWatchdog(t *testing.T) {
	m := newManager(t, inTempDir(t))
	for _, tt := range []struct{ usec, pid, logged string }{
		{"", "", ""},
		{"60000000", "1", ""},
		{"soon", "", "the service manager's watchdog is not understood"},
	} {
		t.Setenv("WATCHDOG_USEC", tt.usec)
		t.Setenv("WATCHDOG_PID", tt.pid)
		synctest.Test(t, func(t *testing.T) {
			d := newTold()
			if at, _ := m.signs(time.Hour); len(at) != 0 || !strings.Contains(d.log.String(), tt.logged) || tt.logged == "" && d.log.Len() > 0 {
				t.Errorf("%+v: signs of life at %v, logged %q", tt, at, d.log)
			}
			d.Close()
			m.expect("STOPPING=1 | STATUS=ending: what is under way is finished first")
		})
	}
}

func TestAbstractSocket(t *testing.T) {
	m := newManager(t, "@glusterd-shares-test-"+strconv.Itoa(os.Getpid()))
	synctest.Test(t, func(t *testing.T) {
		d := newTold()
		d.take()
		m.expect("READY=1 | STATUS=0 volumes in sync")
		d.Close()
	})
}

// Where no manager is, nobody is told. One that is gone is told of once, in the log.
func TestNobodyListens(t *testing.T) {
	for _, tt := range []struct {
		socket string
		lines  int
	}{{"", 0}, {inTempDir(t), 1}} {
		t.Setenv("NOTIFY_SOCKET", tt.socket)
		t.Setenv("WATCHDOG_USEC", "60000000")
		t.Setenv("WATCHDOG_PID", "")
		synctest.Test(t, func(t *testing.T) {
			d := newTold()
			d.take("gv0")
			time.Sleep(time.Hour)
			d.Reloading()
			d.look("gv0", watch.InSync)
			d.Close()
			synctest.Wait()
			if n := strings.Count(d.log.String(), "the service manager can't be told how the daemon is"); n != tt.lines || n != strings.Count(d.log.String(), "\n") {
				t.Errorf("socket %q: logged %q", tt.socket, d.log)
			}
		})
	}
}

// A manager that does not read keeps nobody waiting, the end but for a moment. When
// it reads again it hears the newest.
func TestManagerHangs(t *testing.T) {
	m := newManager(t, inTempDir(t))
	c, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var full error
	for full == nil { // the socket takes a few
		if err := c.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		_, full = c.Write([]byte("X=1"))
	}
	d := newTold()
	d.sent = func() {}
	d.take("gv0", "gv1")
	for range 100 {
		d.look("gv0", watch.Failed)
		d.look("gv0", watch.InSync)
	}
	d.look("gv1", watch.InSync)
	d.Close()
	for heard := m.heard(); ; heard = append(heard, m.heard()...) {
		select {
		case <-d.Notifier.sent:
		default:
			continue
		}
		heard = slices.DeleteFunc(append(heard, m.heard()...), func(s string) bool { return s == "X=1" })
		if n := len(heard); n > 4 || !strings.HasPrefix(heard[0], "READY=1") || !strings.HasPrefix(heard[n-1], "STOPPING=1") {
			t.Errorf("it hears %q", heard)
		}
		return
	}
}
