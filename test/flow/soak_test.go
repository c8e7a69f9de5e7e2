package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
)

// soakChanges is how many changes TestSoak makes where SOAK doesn't say.
const soakChanges = 300

// soakBurst is after how many of them the volumes have to become what the file says.
const soakBurst = 50

// TestSoak changes the file and the cluster at random and at speed, while gluster
// fails now and then. Whenever that stops, the volumes become what the file says; no
// directory is ever lost, and what the daemon holds does not grow. SOAK is the number
// of changes.
func TestSoak(t *testing.T) {
	changes, err := strconv.Atoi(cmp.Or(os.Getenv("SOAK"), strconv.Itoa(soakChanges)))
	if err != nil {
		t.Fatal(err)
	}
	s := newSoak(t)
	s.save(s.state())
	s.look()
	s.burst(soakBurst)
	before, start := s.usage(), time.Now()
	for range (changes + soakBurst - 1) / soakBurst {
		s.burst(soakBurst)
	}
	after := s.usage()
	t.Logf("%d changes in %v (seed %d): %d reconciles, %d of them applied something, %d gluster processes failed\nbefore: %v\nafter:  %v",
		changes, time.Since(start).Round(time.Second), s.seed, s.reconciles.Load(), s.applied.Load(), s.failed.Load(), before, after)
	if after.goroutines > before.goroutines+2 || after.descriptors > before.descriptors+2 {
		t.Errorf("goroutines or descriptors grow: %v, then %v", before, after)
	}
	s.end()
}

// soak is a daemon on a sandbox, and who disturbs it.
type soak struct {
	*testing.T
	*line
	seed uint64
	rand *rand.Rand
	file string
	now  chan struct{}
	end  func()

	looked chan holding // what was held at the end of a look at a volume

	precious int // files that were put where a directory may go

	faulty                      atomic.Bool
	dice                        atomic.Uint64
	reconciles, applied, failed atomic.Int64
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	s := &soak{T: t, line: newLine(t, map[string]map[string]string{"gv0": nil, "gv1": nil}), seed: rand.Uint64(), now: make(chan struct{}, 1), looked: make(chan holding, 1)}
	s.rand = rand.New(rand.NewPCG(s.seed, 0))
	s.file = filepath.Join(t.TempDir(), "state.yaml")
	watcher, err := files.New([]string{s.file}, files.Options{Quiet: 10 * time.Millisecond, MaxQuiet: 100 * time.Millisecond, Poll: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	loop := watch.New(watch.Options{
		Cluster: s, Observer: s, Server: gnfs.Server{},
		Interval: 50 * time.Millisecond, OnDrift: watch.Repair, Grace: 10 * time.Second,
	})
	ctx, cancel := context.WithCancel(context.Background())
	looks, ended := make(chan files.Look), make(chan error, 2)
	go func() { ended <- watcher.Run(ctx, nil, looks) }()
	go func() { ended <- loop.Run(ctx, looks, s.now) }()
	s.end = func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	}
	return s
}

// burst makes changes as fast as the machine does, then waits until all is well.
func (s *soak) burst(n int) {
	s.Helper()
	s.faulty.Store(true)
	for range n {
		s.disturb()
		if s.rand.IntN(4) == 0 {
			s.look()
		}
	}
	s.faulty.Store(false)
	s.save(s.state())
	s.settle()
	s.count()
}

// disturb is one change of the file or of the cluster.
func (s *soak) disturb() {
	vol := pickOne(s.rand, "gv0", "gv1")
	dir := filepath.Join(s.dir, hostName, vol, "brick", pickOne(s.rand, soakNames...))
	switch s.rand.IntN(10) {
	case 0, 1, 2:
		s.save(s.state())
	case 3: // in place, and in two pieces
		text := s.state()
		s.write(s.file, text[:s.rand.IntN(len(text))])
		s.write(s.file, text)
	case 4:
		s.save(pickOne(s.rand, "", "version: 1\n", "volumes: [", strings.Replace(s.state(), "access", "acess", 1)))
	case 5:
		_ = os.Remove(s.file)
	case 6:
		_ = os.Chmod(dir, 0o700)
	case 7:
		s.keep(dir)
	case 8:
		s.set(vol, "nfs.rpc-auth-allow", "*", "nfs.export-dir", "/a,/b(10.0.9.9)")
	case 9:
		s.set(vol, pickOne(s.rand, "nfs.export-volumes", "nfs.disable"), "on")
	}
}

var soakNames = []string{"a", "b", "c", "d", "e", "f"}

// state is a random state of both volumes, in YAML.
func (s *soak) state() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %d\nversion: 1\nvolumes:\n", s.rand.Uint64())
	for _, vol := range []string{"gv0", "gv1"} {
		fmt.Fprintf(&b, "  - target: %s:/%s\n    undeclared: revoke\n    shares:\n", hostName, vol)
		for i, name := range soakNames {
			switch s.rand.IntN(6) {
			case 0:
				fmt.Fprintf(&b, "      - {name: %s, state: absent, on_delete: %s}\n", name, pickOne(s.rand, "trash", "trash", "retain"))
			case 1:
				if i > 0 {
					continue
				}
				fallthrough
			default:
				access := some(s.rand, clients, 3)
				fmt.Fprintf(&b, "      - {name: %s, mode: \"%s\", access: [%s]}\n", name, pickOne(s.rand, "0755", "0750"), strings.Join(access, ", "))
			}
		}
	}
	return b.String()
}

func (s *soak) write(path, text string) {
	s.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

// save puts a new file in the place of the old one.
func (s *soak) save(text string) {
	s.Helper()
	s.write(s.file+".new", text)
	if err := os.Rename(s.file+".new", s.file); err != nil {
		s.Fatal(err)
	}
}

// keep puts a file into a directory, which is made where it is not there. It may
// just be on its way to the trash.
func (s *soak) keep(dir string) {
	_ = os.Mkdir(dir, 0o755)
	if os.WriteFile(filepath.Join(dir, fmt.Sprintf("precious-%d", s.precious)), nil, 0o600) == nil {
		s.precious++
	}
}

// count checks that no file was lost, in a directory or in the trash.
func (s *soak) count() {
	s.Helper()
	found := map[string]bool{} // one that is moved meanwhile can be seen twice
	for _, below := range []string{"*", ".glusterd-shares/trash/*/data"} {
		paths, err := filepath.Glob(filepath.Join(s.dir, hostName, "*", "brick", below, "precious-*"))
		if err != nil {
			s.Fatal(err)
		}
		for _, p := range paths {
			found[filepath.Base(p)] = true
		}
	}
	if len(found) != s.precious {
		s.Errorf("of %d files %d are there (seed %d)", s.precious, len(found), s.seed)
	}
}

func (s *soak) set(vol string, options ...string) {
	s.Helper()
	args := append([]string{"--mode=script", "--xml", "volume", "set", vol}, options...)
	if _, err := s.box.Host(hostName).Gluster(context.Background(), "", args...); err != nil {
		s.Fatal(err)
	}
}

// settle waits until the volumes are what the file says. What a guard refuses is
// applied by hand, as an admin would.
func (s *soak) settle() {
	s.Helper()
	d, err := statefile.Load([]string{s.file}, nil)
	if err != nil {
		s.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for _, v := range d.Volumes {
		for left := s.left(v); left != ""; left = s.left(v) {
			if time.Now().After(deadline) {
				s.Fatalf("%s does not become what the file says (seed %d): %s", v.Target, s.seed, left)
			}
			s.look()
		}
	}
}

// look waits for the end of a look at a volume, and gives what was held then.
func (s *soak) look() holding {
	s.Helper()
	select {
	case <-s.looked: // of one before
	default:
	}
	select {
	case s.now <- struct{}{}:
	default:
	}
	select {
	case h := <-s.looked:
		return h
	case <-time.After(time.Minute):
		s.Fatalf("no volume is looked at (seed %d)", s.seed)
	}
	return holding{}
}

// left is what has to be done to a volume that the daemon has to do; empty where
// there is nothing.
func (s *soak) left(v state.Volume) string {
	s.Helper()
	h := s.box.Host(hostName)
	e := gluster.NewEndpoint(h, &gluster.Client{Host: h}, v, gnfs.Server{})
	defer e.Close()
	a, err := e.Observe(context.Background())
	if err != nil {
		return err.Error()
	}
	p := diff.Compute(v, a, gnfs.Server{})
	if refusals := diff.Guard([]diff.Plan{p}, diff.Allow{}); len(p.Problems) == 0 && len(refusals) > 0 {
		r := apply.Apply(context.Background(), p, e, apply.Options{
			Server: gnfs.Server{}, Allow: diff.Allow{MassRevoke: true, MassRemove: true, OtherVolumes: true},
		})
		return fmt.Sprintf("%v; by hand: %v", refusals, r.Err)
	}
	for _, a := range p.Actions {
		if _, goes := a.(diff.Retire); !goes {
			return fmt.Sprintf("%+v", a)
		}
	}
	for _, problem := range p.Problems {
		return problem.Error()
	}
	return ""
}

// Take implements watch.Cluster.
func (s *soak) Take(d state.Desired) (state.Desired, error) { return d, nil }

// Open implements watch.Cluster.
func (s *soak) Open(v state.Volume) (watch.Volume, error) {
	h := faultyHost{s.box.Host(hostName), s}
	return watchedVolume{gluster.NewEndpoint(h, &gluster.Client{Host: h}, v, gnfs.Server{}), time.Second}, nil
}

// faultyHost gives no answer now and then, to what was done and to what was not, or
// one that is cut short.
type faultyHost struct {
	gluster.Host
	soak *soak
}

var errFault = errors.New("no answer")

func (h faultyHost) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	fault := uint64(0)
	if h.soak.faulty.Load() {
		fault = h.soak.dice.Add(1) * 2654435761 % 1021 % 40
	}
	if fault == 1 {
		h.soak.failed.Add(1)
		return gluster.Answer{Code: -1}, errFault
	}
	a, err := h.Host.Gluster(ctx, stdin, args...)
	switch fault {
	case 2:
		h.soak.failed.Add(1)
		return gluster.Answer{Code: -1}, errFault
	case 3:
		h.soak.failed.Add(1)
		a.Stdout = a.Stdout[:len(a.Stdout)/2]
	}
	return a, err
}

// What the loop tells of is only counted.
func (s *soak) Took(state.Desired)                                    {}
func (s *soak) Refused(error)                                         {}
func (s *soak) Looking(state.Target)                                  {}
func (s *soak) Dropped(state.Target)                                  {}
func (s *soak) Stepped(watch.Step)                                    {}
func (s *soak) Turned(state.Target, watch.Condition, watch.Condition) {}
func (s *soak) Hastened()                                             {}
func (s *soak) Unclosed(t state.Target, err error)                    { s.Errorf("%s: %v", t, err) }
func (s *soak) Looked(state.Target) {
	select {
	case s.looked <- held():
	default:
	}
}
func (s *soak) Reconciled(r watch.Result) {
	s.reconciles.Add(1)
	if r.Report != nil {
		s.applied.Add(1)
	}
}

// holding is what this process has at a time.
type holding struct {
	goroutines, descriptors int
	heap, resident          uint64 // bytes
}

func (h holding) String() string {
	return fmt.Sprintf("%d goroutines, %d descriptors, heap %.1f MB, resident %.1f MB", h.goroutines, h.descriptors, float64(h.heap)/1e6, float64(h.resident)/1e6)
}

// held is what can be counted at once.
func held() holding {
	fds, _ := os.ReadDir("/proc/self/fd")
	return holding{goroutines: runtime.NumGoroutine(), descriptors: len(fds)}
}

// usage is the least that is held at the ends of several looks at a volume: the files
// may be looked at meanwhile.
func (s *soak) usage() holding {
	s.Helper()
	var all []holding
	for range 20 {
		all = append(all, s.look())
	}
	out := slices.MinFunc(all, func(a, b holding) int {
		return cmp.Or(a.descriptors-b.descriptors, a.goroutines-b.goroutines)
	})
	out.goroutines = slices.MinFunc(all, func(a, b holding) int { return a.goroutines - b.goroutines }).goroutines
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	out.heap = m.HeapAlloc
	text, _ := os.ReadFile("/proc/self/statm")
	if f := strings.Fields(string(text)); len(f) > 1 {
		pages, _ := strconv.ParseUint(f[1], 10, 64)
		out.resident = pages * uint64(os.Getpagesize())
	}
	return out
}
