package health

import (
	"slices"
	"strings"
	"sync"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// keptChanges is how many changes are shown: the last ones.
const keptChanges = 50

// Board is a watch.Observer that keeps what was told last. It may be read while it
// is told.
type Board struct {
	watch.Observers // nothing is made of what is not kept

	mu    sync.Mutex
	shown Snapshot // no list in it is changed once it is there
	pulse pulse
}

// NewBoard returns a board of a daemon that has begun now. One look at a volume is
// taken for stuck when there was no sign of it for so long; 0: never.
func NewBoard(stuckAfter time.Duration) *Board {
	return &Board{shown: Snapshot{Started: time.Now()}, pulse: pulse{bound: stuckAfter}}
}

// Snapshot is all that there is to show at this moment.
func (b *Board) Snapshot() Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.shown
	s.Now = time.Now()
	s.Stuck = b.pulse.stuck(s.Now)
	s.Volumes = slices.Clone(s.Volumes)
	return s
}

// Beat is a sign that the look in hand goes on.
func (b *Board) Beat() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pulse.last = time.Now()
}

// Looking implements watch.Observer.
func (b *Board) Looking(t state.Target) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pulse = pulse{bound: b.pulse.bound, at: t.String(), last: time.Now()}
}

// Looked implements watch.Observer.
func (b *Board) Looked(state.Target) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pulse.at = ""
}

// Took implements watch.Observer. What is known of a volume that stays is kept.
func (b *Board) Took(d state.Desired) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown.Content = Content{Taken: time.Now(), Files: d.Files}
	var volumes []Volume
	for _, v := range d.Volumes {
		volumes = append(volumes, b.known(v.Target).desired(v))
	}
	b.shown.Volumes = volumes
	b.settle()
}

// known is what is shown of the volume, or nothing but its name.
func (b *Board) known(t state.Target) Volume {
	for _, v := range b.shown.Volumes {
		if v.Target == t.String() {
			return v
		}
	}
	return Volume{Target: t.String()}
}

// Refused implements watch.Observer.
func (b *Board) Refused(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown.Content.Bad = strings.Split(strings.TrimSpace(err.Error()), "\n")
	b.shown.Content.BadSince = time.Now()
}

// Reconciled implements watch.Observer.
func (b *Board) Reconciled(r watch.Result) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	volumes := slices.Clone(b.shown.Volumes)
	for i, v := range volumes {
		if v.Target == r.Volume.Target.String() {
			volumes[i] = v.reconciled(r, now)
		}
	}
	b.shown.Volumes = volumes
	if r.Report != nil {
		b.shown.Changes = latest(changesOf(r, now), b.shown.Changes)
	}
	b.settle()
}

// settle makes the daemon ready, for good, where each volume was looked at.
func (b *Board) settle() {
	all := len(b.shown.Volumes) > 0 && !slices.ContainsFunc(b.shown.Volumes, func(v Volume) bool { return !v.Reached })
	b.shown.Ready = b.shown.Ready || all
}

// changesOf are the steps that were begun, the last one first.
func changesOf(r watch.Result, at time.Time) []Change {
	var out []Change
	for _, s := range slices.Backward(r.Report.Steps) {
		if s.Outcome == apply.NotStarted {
			continue
		}
		c := Change{At: at, Volume: r.Volume.Target.String(), Cause: r.Cause(), Account: watch.AccountOf(r.Volume, s.Action), Outcome: s.Outcome}
		if c.Action == "make-dir" && slices.Contains(r.Vanished, c.Share) && c.Path == "/"+c.Share {
			c.Note = watch.Vanished
		}
		if s.Err != nil {
			c.Error = s.Err.Error()
		}
		out = append(out, c)
	}
	return out
}

// latest are the new ones and then the old ones, as far as they are kept.
func latest(changes, old []Change) []Change {
	out := slices.Concat(changes, old)
	return slices.Clone(out[:min(len(out), keptChanges)])
}
