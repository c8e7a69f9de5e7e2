package flow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
)

// TestRefusedContentLetsNobodyIn: whatever the content, the content before and what
// somebody sets by hand, a daemon that refuses new content only narrows. Whoever is
// still let in to a share is let in by one of both, or by what is kept; and whom one of
// both lets in, and who was let in, stays.
func TestRefusedContentLetsNobodyIn(t *testing.T) {
	narrowed := 0
	for seed := range uint64(160) {
		if t.Failed() {
			return
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { narrowed += refuse(t, rand.New(rand.NewPCG(seed, 11))) })
		})
	}
	if narrowed < 12 {
		t.Errorf("only %d of the volumes had to be narrowed", narrowed)
	}
}

// refuse has a daemon take content, then other content, then what is set by hand. It
// returns how often that was narrowed.
func refuse(t *testing.T, r *rand.Rand) (narrowed int) {
	first := randomScenario(r)
	first.options["gv0"] = map[string]string{"nfs.disable": "on", "nfs.export-volumes": "off"}
	first.options["gv1"] = map[string]string{"nfs.disable": "on"}
	d := newDaemon(t, newScenario(t, first))
	d.desire(first.volume)
	if d.last.Kind != watch.InSync {
		d.end()
		return 0
	}
	next := first.volume
	next.Undeclared = pickOne(r, state.Keep, state.Revoke)
	next.Shares = nil
	for _, s := range first.volume.Shares {
		if r.IntN(6) > 0 {
			s.Access = nil
		}
		if r.IntN(8) > 0 {
			next.Shares = append(next.Shares, s)
		}
	}
	d.desire(next)
	if d.last.Kind == watch.Refused {
		options := randomOptions(r)
		options["nfs.disable"] = "off"
		// Who mounts a directory by another name than it had before is still who he was.
		for key, value := range options {
			options[key] = strings.NewReplacer("/.(", "(", "/(", "(").Replace(value)
		}
		setByHand(t, d.line.dir, "gv0", options)
		if err := d.box.Restart(hostName); err != nil {
			t.Fatal(err)
		}
		whole := !slices.Contains([]string{"off", "0"}, options["nfs.export-volumes"])
		narrowed = d.lookAtOpened(first.volume, next, whole)
	}
	d.end()
	return narrowed
}

// lookAtOpened lets the daemon look at what was set by hand; whole: by which the whole
// volume may be mounted.
func (d *daemon) lookAtOpened(old, next state.Volume, whole bool) (narrowed int) {
	before := d.served(d.T)
	d.onStep(func(step string) { within(d.T, d.served(d.T), before, grants(next), "before "+step) })
	time.Sleep(interval)
	synctest.Wait()
	d.onStep(nil)
	after := d.served(d.T)
	if d.last.Kind != watch.Refused { // what it would take away is less by now
		within(d.T, after, before, grants(next), "at the end")
		return 0
	}
	within(d.T, after, before, nil, "at the end")
	if d.last.Report == nil {
		return 0
	}
	if !d.last.Report.OK() {
		d.Errorf("it could not be narrowed: %v", d.last.Why)
	}
	granted := union(grants(old), grants(next))
	for who := range before {
		switch on := declaredAt(who, next); {
		case on == "":
			if !whole && !after[who] {
				d.Errorf("%s was let in where no content declares anything, and is not let in any more\nserved %+v", who, d.last.Served.Settings)
			}
		case after[who] && !granted[who] && !keptAt(old, on):
			d.Errorf("%s is let in, whom no content lets in\nold %+v\nnext %+v\nserved %+v", who, old.Shares, next.Shares, d.last.Served.Settings)
		case !after[who] && granted[who]:
			d.Errorf("%s was let in, is granted, and is not let in any more\nserved %+v", who, d.last.Served.Settings)
		}
	}
	return 1
}

// grants are whom a volume's shares let in, as universe.admitted tells it.
func grants(v state.Volume) map[string]bool {
	out := map[string]bool{}
	for _, s := range v.Shares {
		for _, c := range everyIP.clients {
			if s.Clients().All().Contains(c) {
				out[c.String()+" /"+v.Target.Volume+s.Dir()] = true
			}
		}
	}
	return out
}

// declaredAt is the share of which admitted tells, where the volume has one there.
func declaredAt(who string, v state.Volume) string {
	_, path, _ := strings.Cut(who, " ")
	for _, s := range v.Shares {
		if path == "/"+v.Target.Volume+s.Dir() {
			return s.Name
		}
	}
	return ""
}

// keptAt reports whether the volume keeps what is exported at the name, since it
// declares nothing there.
func keptAt(v state.Volume, name string) bool {
	for _, s := range v.Shares {
		if s.Name == name {
			return false
		}
	}
	return v.Undeclared == state.Keep
}

func union(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, m := range []map[string]bool{a, b} {
		for who := range m {
			out[who] = true
		}
	}
	return out
}

const interval = 5 * time.Minute

// daemon is a watch.Loop on a sandbox, in one bubble of synctest.
type daemon struct {
	*testing.T
	*line
	watch.Observers // nobody, but for Reconciled
	looks           chan files.Look
	last            watch.Result
	stepping        sync.Mutex
	watching        func(step string) // is told of each step of the sandbox; nil: nobody is
	end             func()
	taken           byte
}

func newDaemon(t *testing.T, l *line) *daemon {
	d := &daemon{T: t, line: l, looks: make(chan files.Look)}
	l.box.Steps = func(step string) error {
		d.stepping.Lock()
		defer d.stepping.Unlock()
		if d.watching != nil {
			d.watching(step)
		}
		return nil
	}
	ctx, stop := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	loop := watch.New(watch.Options{
		Cluster: d, Observer: d, Server: gnfs.Server{}, Interval: interval, OnDrift: watch.Repair, Grace: time.Minute,
		Jitter: func() float64 { return 0 },
	})
	go func() { ended <- loop.Run(ctx, d.looks, nil) }()
	d.end = func() {
		stop(errors.New("the test is over"))
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	return d
}

// onStep has somebody told of each step of the sandbox from now on.
func (d *daemon) onStep(watching func(step string)) {
	d.stepping.Lock()
	defer d.stepping.Unlock()
	d.watching = watching
}

// desire makes the volume what is desired, and waits until it was looked at.
func (d *daemon) desire(v state.Volume) {
	d.taken++
	d.looks <- files.Look{Hash: files.Hash{d.taken}, Desired: state.Desired{Volumes: []state.Volume{v}}}
	synctest.Wait()
}

// Reconciled implements watch.Observer.
func (d *daemon) Reconciled(r watch.Result) { d.last = r }

// Take implements watch.Cluster.
func (d *daemon) Take(desired state.Desired) (state.Desired, error) { return desired, nil }

// Open implements watch.Cluster.
func (d *daemon) Open(v state.Volume) (watch.Volume, error) {
	return watchedVolume{d.endpoint(d.T, v), 0}, nil
}

// watchedVolume is an endpoint for a loop.
type watchedVolume struct {
	*gluster.Endpoint
	lockTimeout time.Duration // 0: none
}

// Observe implements watch.Volume.
func (w watchedVolume) Observe(ctx context.Context, v state.Volume) (state.Actual, error) {
	w.Begin(v)
	return w.Endpoint.Observe(ctx)
}

// Apply implements watch.Volume.
func (w watchedVolume) Apply(ctx context.Context, p diff.Plan, guard func(diff.Plan) error, ended func(apply.Step, apply.Outcome)) apply.Report {
	return apply.Apply(ctx, p, w.Endpoint, apply.Options{Server: gnfs.Server{}, Guard: guard, LockTimeout: w.lockTimeout, Ended: ended})
}
