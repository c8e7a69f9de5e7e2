package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
)

// How long a server may take to come up after a write, and how often it is
// looked at meanwhile.
const (
	startTimeout = 30 * time.Second
	startPoll    = 200 * time.Millisecond
)

// serverWatch follows the NFS server through a run. A write of access can kill
// it: a mount granted while it rebuilds its list of exports makes Gluster-NFS
// 10.3 crash, for all volumes.
type serverWatch struct {
	wrote   bool // this run has written, so that what happens since may be its doing
	revived bool // it is started again once, no more
	on      bool // the volume was served at the last look
	pids    map[string]int
	away    []string // hosts that could not be reached at the last look
	cut     bool     // access was taken away since
}

// observe reads the volume. Where the NFS server is down after a write it is
// given time to come up if it had to start, else started again, once: not
// before it can.
func (r *run) observe(ctx context.Context) (state.Actual, error) {
	a, err := r.look(ctx)
	if err != nil {
		return a, err
	}
	if r.server.wrote && len(a.Offline()) > 0 && startable(a) {
		if a, err = r.bringUp(ctx, a); err != nil {
			return a, err
		}
	}
	for _, host := range r.server.restarted(a) {
		r.remark("the NFS server on %s restarted by itself: its clients were cut off for a moment", host)
	}
	for _, host := range r.server.leftOut(a) {
		r.remark("%s can't be reached since access was taken away: who lost it may keep it there until the node is back", host)
	}
	r.server.note(a)
	return a, nil
}

func (r *run) look(ctx context.Context) (state.Actual, error) {
	a, err := r.target.Observe(ctx)
	if err != nil {
		return a, fmt.Errorf("read the volume: %w", err)
	}
	return a, nil
}

func (r *run) bringUp(ctx context.Context, a state.Actual) (state.Actual, error) {
	if !r.server.on {
		var err error
		if a, err = r.awaitServer(ctx, a); err != nil {
			return a, err
		}
	}
	if len(a.Offline()) == 0 || r.server.revived {
		return a, nil
	}
	return r.revive(ctx, a)
}

// revive starts the server again, and tells what came of it.
func (r *run) revive(ctx context.Context, a state.Actual) (state.Actual, error) {
	r.server.revived = true
	down := strings.Join(a.Offline(), ", ")
	err := r.target.Revive(ctx)
	if r.options.Revived != nil {
		r.options.Revived(err)
	}
	if err != nil && !errors.Is(err, state.ErrUnknownOutcome) {
		return a, fmt.Errorf("start the NFS server again, which is not running on %s: %w", down, err)
	}
	a, err = r.awaitServer(ctx, a)
	came := "was started again"
	if still := a.Offline(); len(still) > 0 {
		came = fmt.Sprintf("was not seen to come up on %s when it was started again", strings.Join(still, ", "))
	}
	r.remark("the NFS server was not running on %s after a write, and %s (gluster volume start %s force)", down, came, a.Volume.Name)
	return a, err
}

// awaitServer observes until the server is up everywhere or its time is over.
func (r *run) awaitServer(ctx context.Context, a state.Actual) (state.Actual, error) {
	for start := time.Now(); len(a.Offline()) > 0 && time.Since(start) < startTimeout; {
		time.Sleep(startPoll)
		next, err := r.look(ctx)
		if err != nil {
			return a, err
		}
		a = next
	}
	return a, nil
}

// startable reports whether the server can start with what is set. An entry
// that it can't read keeps it from it.
func startable(a state.Actual) bool {
	return !slices.ContainsFunc(a.Serving.Exports, func(e state.Export) bool { return e.Broken != "" })
}

// writes remembers that the change is about to be written.
func (w *serverWatch) writes(c state.ServingChange) {
	w.wrote = true
	w.cut = w.cut || !c.New.Covers(c.Old) ||
		slices.ContainsFunc(c.Others, func(o state.ServingPair) bool { return !o.New.Covers(o.Old) })
}

// leftOut are the hosts of which can't be told whether they took a write that
// took access away: they were lost around it. Of those that were away before it
// the plan warns.
func (w *serverWatch) leftOut(a state.Actual) []string {
	if !w.cut {
		return nil
	}
	return slices.DeleteFunc(a.Disconnected(), func(host string) bool { return slices.Contains(w.away, host) })
}

// note remembers what the look showed.
func (w *serverWatch) note(a state.Actual) {
	w.on, w.away, w.cut = a.Serving.On, a.Disconnected(), false
	w.pids = map[string]int{}
	for _, n := range a.Server.Nodes {
		w.pids[n.Peer] = n.PID
	}
}

// restarted are the nodes whose process is another one than at the last look,
// but for what the run did itself.
func (w *serverWatch) restarted(a state.Actual) []string {
	if w.revived {
		return nil
	}
	var out []string
	for _, n := range a.Server.Nodes {
		if old := w.pids[n.Peer]; old != 0 && n.PID != 0 && old != n.PID {
			out = append(out, n.Host)
		}
	}
	return out
}
