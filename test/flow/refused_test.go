package flow

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
// still let in anywhere is let in by one of both, or by what one of both keeps; and whom
// one of both lets in, or keeps, and who was let in, stays.
func TestRefusedContentLetsNobodyIn(t *testing.T) {
	narrowed, revoked := 0, 0
	for seed := range uint64(160) {
		if t.Failed() {
			return
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := refuse(t, rand.New(rand.NewPCG(seed, 11)))
				narrowed, revoked = narrowed+n.shares, revoked+n.undeclared
			})
		})
	}
	if narrowed < 40 || revoked < 10 {
		t.Errorf("only %d clients were shut out of what one content declares, and %d of what none does", narrowed, revoked)
	}
}

// shut counts the clients who were shut out of directories while content is refused.
type shut struct {
	shares     int // that one of both contents declares
	undeclared int // that none does
}

// refuse has a daemon take content, then other content, then what is set by hand.
func refuse(t *testing.T, r *rand.Rand) (out shut) {
	first := randomScenario(r)
	first.options["gv0"] = map[string]string{"nfs.disable": "on", "nfs.export-volumes": "off"}
	first.options["gv1"] = map[string]string{"nfs.disable": "on"}
	for i, s := range first.volume.Shares {
		if !s.Absent && len(s.Access) == 0 {
			first.volume.Shares[i].Access = share("", pickOne(r, words...)).Access
		}
	}
	d := newDaemon(t, newScenario(t, first))
	defer func() { d.end() }()
	d.desire(first.volume)
	if d.last.Kind != watch.InSync {
		return out
	}
	next := nextContent(r, first.volume)
	d.desire(next)
	if d.last.Kind != watch.Refused {
		return out
	}
	options := byHand(r, d.last.Served.Settings)
	whole := options["nfs.export-volumes"] // which would let in to everything, and tell nothing
	options["nfs.export-volumes"] = "off"
	d.setAll(options)
	byEntries := d.served(t)
	options["nfs.export-volumes"] = whole
	d.setAll(options)
	return d.lookAtOpened(first.volume, next, byEntries)
}

// setAll sets the volume's options by hand, and of those the global one on the other
// volume, too, as Gluster does.
func (d *daemon) setAll(options map[string]string) {
	setByHand(d.T, d.line.dir, "gv0", options)
	setByHand(d.T, d.line.dir, "gv1", map[string]string{"nfs.disable": "on", "nfs.export-volumes": options["nfs.export-volumes"]})
	if err := d.box.Restart(hostName); err != nil {
		d.Fatal(err)
	}
}

// nextContent is the volume with most of its shares for nobody or for others, or without
// their blocks.
func nextContent(r *rand.Rand, v state.Volume) state.Volume {
	shares := v.Shares
	v.Undeclared, v.Shares = pickOne(r, state.Keep, state.Revoke), nil
	for _, s := range shares {
		switch r.IntN(8) {
		case 0:
			continue
		case 1:
		case 2:
			s.Access = share("", some(r, words, 2)...).Access
		default:
			s.Access = nil
		}
		v.Shares = append(v.Shares, s)
	}
	return v
}

// byHand is what somebody makes of the options: what comes to mind, or something more
// than what stands there. Who mounts a directory by another name than it had before is
// still who he was.
func byHand(r *rand.Rand, now map[string]string) map[string]string {
	out := maps.Clone(now)
	switch r.IntN(3) {
	case 0:
		out = randomOptions(r)
		out["nfs.disable"] = "off"
		if out["nfs.export-volumes"] != "on" {
			out["nfs.export-volumes"] = "off"
		}
	case 1:
		out["nfs.export-volumes"] = "on"
	default:
		out["nfs.export-dir"] = randomEntry(r, pickOne(r, names...)) + "," + out["nfs.export-dir"]
		if r.IntN(2) == 0 {
			out["nfs.rpc-auth-allow"] = "*"
		}
	}
	for key, value := range out {
		out[key] = strings.NewReplacer("/.(", "(", "/(", "(").Replace(value)
	}
	return out
}

// lookAtOpened lets the daemon look at what was set by hand. byEntries are let in by that
// also where the whole volume can't be mounted.
func (d *daemon) lookAtOpened(old, next state.Volume, byEntries map[string]bool) (out shut) {
	before := d.served(d.T)
	d.onStep(func(step string) { within(d.T, d.served(d.T), before, grants(next), "before "+step) })
	time.Sleep(interval)
	synctest.Wait()
	d.onStep(nil)
	after := d.served(d.T)
	if d.last.Kind != watch.Refused { // what it would take away is less by now
		within(d.T, after, before, grants(next), "at the end")
		return out
	}
	within(d.T, after, before, nil, "at the end")
	if d.last.Report == nil && len(d.last.Plan.Problems) > 0 { // which may be in the way of that as well
		return out
	}
	if d.last.Report != nil && !d.last.Report.OK() {
		d.Errorf("it could not be narrowed: %v", d.last.Why)
	}
	granted := union(grants(old), grants(next))
	for who := range before {
		dir, ours := dirOf(who, old)
		kept := !ours || keptAt(old, dir) || keptAt(next, dir)
		switch {
		case !after[who] && byEntries[who] && (granted[who] || kept):
			d.Errorf("%s was let in, is granted or kept, and is not let in any more", who)
		case after[who] && !granted[who] && !kept:
			d.Errorf("%s is let in, whom no content lets in, or keeps", who)
		case after[who]:
		case declares(old, dir) || declares(next, dir):
			out.shares++
		default:
			out.undeclared++
		}
	}
	if d.Failed() {
		d.Logf("old %s %+v\nnext %s %+v\nserved %+v", old.Undeclared, old.Shares, next.Undeclared, next.Shares, d.last.Served.Settings)
	}
	return out
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

// dirOf is the directory of which admitted tells, from the volume's root; not ours where
// it is of another volume.
func dirOf(who string, v state.Volume) (dir string, ours bool) {
	_, path, _ := strings.Cut(who, " ")
	return strings.CutPrefix(path, "/"+v.Target.Volume)
}

func declares(v state.Volume, dir string) bool {
	return slices.ContainsFunc(v.Shares, func(s state.Share) bool { return s.Dir() == dir })
}

// keptAt reports whether the volume keeps what is exported at the directory, since it
// declares nothing there.
func keptAt(v state.Volume, dir string) bool { return v.Undeclared == state.Keep && !declares(v, dir) }

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
