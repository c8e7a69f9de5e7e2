package watch_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
)

// world is a loop with all that is around it, in one bubble of synctest. What
// happens is written down, with the time since the start.
type world struct {
	t       *testing.T
	mu      sync.Mutex // puts what the test does and what the loop does in an order
	start   time.Time
	log     []string
	volumes map[string]*volume

	looks chan files.Look
	last  files.Look // that was good
	now   chan struct{}
	stop  context.CancelCauseFunc
	ended chan error
	taken error    // what Take says
	steps []string // that were told as done, each with its cause

	looking state.Target // zero where no look is under way
}

// run runs the test in a world with the options, of which only the policy needs to
// be given. The loop is stopped after it.
func run(t *testing.T, o watch.Options, test func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancelCause(t.Context())
		w := &world{
			t: t, start: time.Now(), volumes: map[string]*volume{},
			looks: make(chan files.Look), now: make(chan struct{}, 1), stop: stop, ended: make(chan error, 1),
		}
		o.Cluster, o.Observer, o.Server = w, w, gnfs.Server{}
		o.Interval, o.Grace, o.Jitter = 5*time.Minute, 8*time.Second, func() float64 { return 0.5 }
		go func() { w.ended <- watch.New(o).Run(ctx, w.looks, w.now) }()
		test(w)
		stop(nil)
		synctest.Wait()
		w.looksAt(state.Target{}, state.Target{})
	})
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := fmt.Sprintf("%v ", time.Since(w.start).Round(time.Millisecond)) + fmt.Sprintf(format, args...)
	w.log = append(w.log, line)
}

// after lets time go by.
func (w *world) after(d time.Duration) *world {
	w.mu.Lock()
	//lint:ignore SA2001 what the test did comes before what the loop does from now on
	w.mu.Unlock()
	time.Sleep(d)
	synctest.Wait()
	return w
}

// expect holds what happened since the last time against the lines.
func (w *world) expect(want string) {
	w.t.Helper()
	synctest.Wait()
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if !slices.Equal(w.log, lines) {
		w.t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(w.log, "\n\t"), strings.Join(lines, "\n\t"))
	}
	w.log = nil
}

// look is new content with these volumes.
func (w *world) look(volumes ...state.Volume) {
	w.last.Hash[0]++
	w.last.Desired = state.Desired{Volumes: volumes}
	w.looks <- w.last
}

func (w *world) Take(d state.Desired) (state.Desired, error) { return d, w.taken }

func (w *world) Open(v state.Volume) (watch.Volume, error) {
	w.note("open %s", v.Target.Volume)
	return w.volume(v.Target.Volume), nil
}

func (w *world) Took(d state.Desired)   { w.note("took %d", len(d.Volumes)) }
func (w *world) Refused(err error)      { w.note("refused: %v", err) }
func (w *world) Dropped(t state.Target) { w.note("dropped %s", t.Volume) }

func (w *world) Hastened() { w.note("hastened") }

func (w *world) Looking(t state.Target) { w.looksAt(state.Target{}, t) }
func (w *world) Looked(t state.Target)  { w.looksAt(t, state.Target{}) }

// looksAt holds that looks begin and end in turn.
func (w *world) looksAt(before, now state.Target) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.looking != before {
		w.t.Errorf("%v is looked at, want %v", w.looking, before)
	}
	w.looking = now
}

func (w *world) Stepped(s watch.Step) {
	line := fmt.Sprintf("%s: %s %s", s.Cause, watch.ChangeOf(s.Action).Action, s.Action.Of())
	if s.Vanished {
		line += ", made anew"
	}
	w.steps = append(w.steps, line)
}

func (w *world) Reconciled(watch.Result) {}

func (w *world) Turned(t state.Target, _, now watch.Condition) {
	why := slices.Clone(now.Why)
	for _, c := range now.Pending {
		if now.Kind != watch.Drifted {
			break // a guard's or a problem's words say enough here
		}
		why = append(why, fmt.Sprintf("%s %s %q -> %q", c.Action, c.Path, c.Old, c.New))
	}
	w.note("%s", strings.TrimSuffix(fmt.Sprintf("%s is %s: %s", t.Volume, now.Kind, strings.Join(why, "; ")), ": "))
}

func (w *world) Unclosed(t state.Target, err error) { w.note("%s is not closed: %v", t.Volume, err) }

// volume is the volume of this name, which is made when it is first named.
func (w *world) volume(name string) *volume {
	v := w.volumes[name]
	if v == nil {
		v = &volume{world: w, name: name, dirs: map[string]state.Dir{}}
		v.actual = state.Actual{
			Volume: state.VolumeInfo{Name: name, ID: "id-of-" + name, Started: true},
			Peers:  []state.Peer{{ID: "p", Host: "n1", Connected: true}},
			Server: state.ServerStatus{Built: true},
		}
		v.actual.Serving = gnfs.Server{}.Decode(map[string]map[string]string{name: {"nfs.disable": "on"}}, nil)[0]
		w.volumes[name] = v
	}
	return v
}

// volume is a volume in memory, with everything that its plans do to it.
type volume struct {
	*world
	name   string
	actual state.Actual
	dirs   map[string]state.Dir

	left       []string      // of a purge of any share, in the trash
	unread     error         // why it can't be read
	unsure     error         // why applying fails
	unverified error         // why applying can not tell at its end that it did
	takes      time.Duration // to apply
	meanwhile  func()        // what somebody else does before apply has the lock; nil: nothing
	finished   bool          // an apply that ctx did not cut
}

func (v *volume) Observe(ctx context.Context, desired state.Volume) (state.Actual, error) {
	v.note("observe %s", v.name)
	if v.unread != nil {
		return state.Actual{}, v.unread
	}
	return v.seen(desired), ctx.Err()
}

// seen is the volume as far as a plan for the desired one needs to know it.
func (v *volume) seen(desired state.Volume) state.Actual {
	a := v.actual
	a.Dirs, a.Leaving = map[string]state.Dir{}, map[string]state.Leaving{}
	for _, s := range desired.Shares {
		a.Dirs[s.Dir()] = v.dirs[s.Dir()]
		l := state.Leaving{}
		if v.dirs[s.Dir()].Kind == state.Directory {
			l.ID = state.FileID{Inode: 1}
		}
		if s.OnDelete == state.Purge {
			l.Left = v.left
		}
		if s.Leaves() {
			a.Leaving[s.Dir()] = l
		}
	}
	return a
}

// Apply carries the plan out as it stands, or as it is after what was done meanwhile.
func (v *volume) Apply(ctx context.Context, p diff.Plan, guard func(diff.Plan) error, ended func(apply.Step, apply.Outcome)) apply.Report {
	r := apply.Report{Target: p.Volume.Target, Held: p.Held}
	if v.meanwhile != nil {
		v.meanwhile()
		p = diff.Compute(p.Volume, v.seen(p.Volume), gnfs.Server{})
	}
	if r.Err = guard(p); r.Err != nil {
		v.note("apply %s: %v", v.name, r.Err)
		return r
	}
	outcome := apply.Done
	if v.unsure != nil {
		outcome = apply.NotStarted
	}
	var did []string
	for _, a := range p.Actions {
		c := watch.ChangeOf(a)
		did = append(did, strings.TrimSpace(c.Action+" "+c.Path))
		r.Steps = append(r.Steps, apply.Step{Action: a, Outcome: outcome})
		if c.Action == "retire" {
			did[len(did)-1] += " by " + c.New
		}
	}
	v.note("apply %s: %s", v.name, strings.Join(did, ", "))
	if v.takes > 0 {
		time.Sleep(v.takes)
	}
	if v.unsure != nil {
		r.Err = v.unsure
		return r
	}
	before := v.actual
	before.Dirs = v.dirs
	v.actual = diff.Simulate(before, p)
	v.dirs = maps.Clone(v.actual.Dirs)
	for _, s := range r.Steps {
		ended(s, "")
	}
	r.Err = v.unverified
	r.Converged = len(r.Held) == 0
	v.finished = true
	return r
}

func (v *volume) Close() error {
	v.note("close %s", v.name)
	return nil
}

// drift changes the mode of a share's directory by hand.
func (v *volume) drift(dir string) {
	d := v.dirs[dir]
	d.Mode = 0o700
	v.dirs[dir] = d
}

var errDown = errors.New("glusterd is down")

// desired is a volume with these shares, each for one client.
func desired(name string, shares ...string) state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "n1", Volume: name}, Serve: gnfs.Name, Undeclared: state.Keep,
		Pos: state.Pos{File: "f", Line: 1}, Path: "volumes[0]",
	}
	for i, s := range shares {
		v.Shares = append(v.Shares, state.Share{
			Name: s, Mode: state.Mode{Bits: 0o755, Managed: true}, Pos: state.Pos{File: "f", Line: i + 2},
			Access: []state.Rule{{Word: "10.0.0.1", To: state.SetOf(netip.MustParsePrefix("10.0.0.1/32")), Level: state.ReadWrite}},
		})
	}
	return v
}

// absent is the volume with this share gone.
func absent(v state.Volume, share string, how state.OnDelete) state.Volume {
	v.Shares = slices.Clone(v.Shares)
	for i, s := range v.Shares {
		if s.Name == share {
			v.Shares[i] = state.Share{Name: s.Name, Absent: true, OnDelete: how, Pos: s.Pos}
		}
	}
	return v
}
