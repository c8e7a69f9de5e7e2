package faults

import (
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// runs is how many are made at once.
const runs = 8

// stateOf is a state of which each run has another: the same shares, and in each of
// them its own client alone.
func stateOf(run int) string {
	shares := ""
	for _, name := range []string{"a", "b", "c"} {
		shares += fmt.Sprintf("      - {name: %s, mode: \"%04o\", access: [10.0.0.%d]}\n", name, 0o700+run, run+1)
	}
	return "version: 1\nvolumes:\n  - target: g1:/gv0\n    shares:\n" + shares
}

// history is who might mount what, after each write.
type history struct {
	mu     sync.Mutex
	states []admission
}

// together is one volume of a sandbox for several runs at once.
func together(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "box")
	ensure(t, open(t, dir), "gv0")
	return dir
}

func open(t *testing.T, dir string) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func desired(t *testing.T, text string) state.Desired {
	t.Helper()
	d, err := statefile.Parse(statefile.File{Name: "state.yaml", Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// who is who may mount a share of the volume, by the last number of the address.
func who(t *testing.T, box *sandbox.Sandbox) admission {
	t.Helper()
	s, err := box.Served(host)
	if err != nil {
		t.Error(err)
		return nil
	}
	return admissionOf(s, numbered(runs), []string{"/gv0/a", "/gv0/b", "/gv0/c"})
}

func alone(run int) admission {
	return admission{"/gv0/a": 1 << run, "/gv0/b": 1 << run, "/gv0/c": 1 << run}
}

// Runs with different states at once, beside an admin who sets options: each that says
// it is done has seen its state hold, whole, at some moment; who has not says so. In
// the end there is the state of one of them.
func TestTogether(t *testing.T) {
	for _, hand := range []bool{false, true} {
		t.Run(fmt.Sprintf("admin %v", hand), func(t *testing.T) {
			defer count(t)
			dir := together(t)
			var h history
			outcomes := make([]outcome, runs)
			var all sync.WaitGroup
			for i := range runs {
				all.Go(func() { outcomes[i] = h.run(t, dir, stateOf(i)) })
			}
			if hand {
				all.Go(func() { h.disturb(t, dir) })
			}
			all.Wait()
			for i, o := range outcomes {
				if o.ok() && !h.had(alone(i)) {
					t.Errorf("run %d says that it is done, and its state never held:\n%v", i, o)
				}
				if !o.ok() && o.err == nil && len(o.problems) == 0 && len(o.reports) == 0 {
					t.Errorf("run %d has failed, and doesn't say why", i)
				}
				if !o.ok() && !hand {
					t.Errorf("run %d has failed:\n%v", i, o)
				}
			}
			h.ends(t, dir, hand)
		})
	}
}

func (h *history) run(t *testing.T, dir, text string) outcome {
	box, err := sandbox.Open(dir)
	if err != nil {
		t.Error(err)
		return outcome{err: err}
	}
	m := newMachine(box, dir)
	m.watch = func(string) { h.note(who(t, box)) }
	defer m.close()
	return m.run(t.Context(), desired(t, text))
}

// disturb is an admin who sets options again and again.
func (h *history) disturb(t *testing.T, dir string) {
	box, err := sandbox.Open(dir)
	if err != nil {
		t.Error(err)
		return
	}
	for i := range 10 {
		value := fmt.Sprintf("/a(10.0.0.%d),/b(10.0.0.1)", i%runs+1)
		if err := byHand(box, "volume", "set", "gv0", "nfs.export-dir", value); err != nil {
			t.Error(err)
		}
	}
}

func (h *history) note(now admission) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states = append(h.states, now)
}

func (h *history) had(want admission) bool {
	for _, s := range h.states {
		if maps.Equal(s, want) {
			return true
		}
	}
	return false
}

// ends: the state is that of one run, or a run alone makes it so.
func (h *history) ends(t *testing.T, dir string, disturbed bool) {
	t.Helper()
	box := open(t, dir)
	if disturbed {
		if o := h.run(t, dir, stateOf(0)); !o.ok() {
			t.Errorf("a run alone: %v", o)
		}
	}
	now, whose := who(t, box), 0
	for i := range runs {
		if maps.Equal(now, alone(i)) {
			whose++
		}
	}
	if whose != 1 {
		t.Errorf("the state in the end is no run's: %v", now)
	}
}

// Processes of the program at once: all wait, and say for whom; all are done in the
// end, one after the other, and the state is that of one of them.
func TestProcessesTogether(t *testing.T) {
	defer count(t)
	dir := together(t)
	files := make([]string, runs)
	for i := range files {
		files[i] = filepath.Join(t.TempDir(), "state.yaml")
		write(t, files[i], stateOf(i))
	}
	args := func(command string, i int, more ...string) []string {
		return append([]string{command, "-f", files[i], "--sandbox", dir}, more...)
	}
	if first := runProgram(t, nil, args("apply", 0)...); first.code != 0 {
		t.Fatalf("%+v", first)
	}
	write(t, files[0], stateOf(runs)) // which nobody's state is, so that this one has something to do as well
	release := holdLock(t, filepath.Join(brick(dir, "gv0"), ".glusterd-shares/lock"))
	var all, waiting sync.WaitGroup
	waiting.Add(runs)
	ended := make([]ran, runs)
	for i := range runs {
		all.Go(func() {
			said := sync.OnceFunc(waiting.Done)
			defer said()
			ended[i] = runProgram(t, func(_ *exec.Cmd, line string) {
				if strings.Contains(line, "waiting for the lock of another run, last taken by process ") {
					said()
				}
			}, args("apply", i, "--allow-mass-revoke")...)
		})
	}
	waiting.Wait()
	release()
	all.Wait()
	whose, told := 0, 0
	for i, e := range ended {
		if strings.Contains(e.errOut, "others changed the volume meanwhile, and this is the plan now") {
			told++
		}
		if e.code != 0 || !strings.Contains(e.errOut, "waiting for the lock") {
			t.Errorf("process %d: %+v", i, e)
		}
		if p := runProgram(t, nil, args("plan", i, "--detailed-exitcode", "--allow-mass-revoke")...); p.code == 0 {
			whose++
		} else if p.code != 2 {
			t.Errorf("plan %d: %+v", i, p)
		}
	}
	if whose != 1 {
		t.Errorf("the state in the end is that of %d processes", whose)
	}
	if told != runs-1 {
		t.Errorf("%d processes told that they undo what others have done, of %d that do", told, runs-1)
	}
}

// holdLock is another run that has the lock.
func holdLock(t *testing.T, file string) (release func()) {
	t.Helper()
	fd, err := unix.Open(file, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = unix.Close(fd) }
}
