package apply_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// fake is a Target in memory: a cluster of some volumes, of which gv0 is the
// one that is managed. It keeps a log of what is asked of it, breaks where its
// faults say so, and watches over the laws that hold for every run.
type fake struct {
	desired state.Volume

	memory map[string]map[string]string // options by volume, as glusterd holds them
	stored map[string]map[string]string // and as it would find them after a restart
	dirs   map[string]state.Dir
	quota  bool
	limits map[string]uint64
	ids    map[string]uint64 // of the directories
	trash  []trashed         // what was retired

	unforgotten []state.Limit // of directories that were to be, and stay

	stopped bool // the volume
	peers   []state.Peer
	servers map[string]*server // by peer

	between func(*fake)

	faults []*fault
	locked bool // by the run
	cut    bool // the lock went with the connection
	sure   bool // that it is, since the last look at the volume
	log    []string
	calls  []call
	laws   laws
}

// trashed is a directory in the trash, with those below it.
type trashed struct {
	state.Retirement
	below map[string]state.Dir
}

// server is the NFS server of one node.
type server struct {
	pid    int
	dead   bool
	starts time.Time // from when on it is up
}

// call is what a change that was asked for came to.
type call struct {
	line    string
	made    bool
	unknown bool // what was said of it
}

var global = []string{"nfs.export-volumes", "nfs.export-dirs"}

func newFake(desired, actual string) *fake {
	f := &fake{
		desired: parseDesired(desired),
		memory:  map[string]map[string]string{},
		dirs:    map[string]state.Dir{},
		limits:  map[string]uint64{},
		ids:     map[string]uint64{},
		peers:   []state.Peer{{ID: "p1", Host: "g1", Connected: true}, {ID: "p2", Host: "g2", Connected: true}},
		servers: map[string]*server{"p1": {pid: 101}, "p2": {pid: 102}},
	}
	f.parseActual(actual)
	f.stored = map[string]map[string]string{}
	for name, options := range f.memory {
		f.stored[name] = maps.Clone(options)
	}
	return f
}

// plan is what a user is shown before a run.
func (f *fake) plan() diff.Plan {
	return diff.Compute(f.desired, f.actual(), gnfs.Server{})
}

func (f *fake) actual() state.Actual {
	a := state.Actual{
		Volume:  state.VolumeInfo{Name: "gv0", ID: "id", Started: !f.stopped},
		Server:  state.ServerStatus{Built: true},
		Peers:   f.peers,
		Owners:  map[string]uint32{"7": 7},
		Serving: state.Serving{Volume: "gv0"},
	}
	for _, s := range (gnfs.Server{}).Decode(clone(f.memory), nil) {
		if s.Volume == "gv0" {
			a.Serving = s
		} else {
			a.Others = append(a.Others, s)
		}
	}
	if a.Serving.On && a.Volume.Started {
		a.Server.Nodes = f.nodes()
	}
	if a.Volume.Started {
		a.Dirs, a.Quota, a.Leaving = f.declaredDirs(), f.declaredQuota(), f.leaving()
	}
	return a
}

func (f *fake) declaredQuota() state.Quota {
	q := state.Quota{On: f.quota}
	for _, s := range f.desired.Shares {
		if (s.Size.Managed || s.Leaves()) && f.quota && f.dirs[s.Dir()].Kind == state.Directory {
			if q.Usage == nil {
				q.Usage = map[string]state.Usage{}
			}
			q.Usage[s.Dir()] = state.Usage{Limit: f.limits[s.Dir()]}
		}
	}
	return q
}

// id is the identity of a directory; another one has another.
func (f *fake) id(dir string) state.FileID {
	if f.dirs[dir].Kind != state.Directory {
		return state.FileID{}
	}
	if f.ids[dir] == 0 {
		f.ids[dir] = uint64(len(f.ids) + 1)
	}
	return state.FileID{Device: 1, Inode: f.ids[dir]}
}

func (f *fake) leaving() map[string]state.Leaving {
	out := map[string]state.Leaving{}
	for _, s := range f.desired.Shares {
		if !s.Leaves() {
			continue
		}
		l := state.Leaving{ID: f.id(s.Dir())}
		for i, t := range f.trash {
			if s.OnDelete == state.Purge && t.How == state.Purge && t.Path == s.Dir() {
				l.Left = append(l.Left, fmt.Sprint("entry", i))
			}
		}
		out[s.Dir()] = l
	}
	return out
}

func (f *fake) Announce(ctx context.Context, r state.Retirement) error {
	return f.call(ctx, "announce "+r.Path, func(b *fault) error {
		switch {
		case b.hangs:
			<-ctx.Done()
			return context.Cause(ctx)
		case r.ID == state.FileID{}:
			return fmt.Errorf("no directory is at %s now", r.Path)
		}
		return nil
	})
}

// Forget is in the log only where there is anything to forget.
func (f *fake) Forget(ctx context.Context) ([]state.Limit, error) {
	if len(f.unforgotten) == 0 {
		return nil, nil
	}
	limits := f.unforgotten
	err := f.call(ctx, "forget", func(*fault) error { f.unforgotten = nil; return nil })
	return limits, err
}

// Retire stops after the rename, where the fault says half.
func (f *fake) Retire(ctx context.Context, r state.Retirement) error {
	return f.call(ctx, retireLine(r), func(b *fault) error {
		f.laws.beforeRetire(f, r)
		if r.ID != (state.FileID{}) {
			if r.ID != f.id(r.Path) {
				return errors.New("another directory: " + r.Path)
			}
			f.toTrash(r)
		}
		if b.half {
			return nil
		}
		f.trash = slices.DeleteFunc(f.trash, func(t trashed) bool { return t.Path == r.Path && t.How == state.Purge })
		return nil
	})
}

func (f *fake) toTrash(r state.Retirement) {
	t := trashed{Retirement: r, below: map[string]state.Dir{}}
	for dir, d := range f.dirs {
		if dir == r.Path || strings.HasPrefix(dir, r.Path+"/") {
			t.below[dir] = d
			delete(f.dirs, dir)
		}
	}
	f.trash = append(f.trash, t)
}

func (f *fake) nodes() []state.ServerNode {
	var out []state.ServerNode
	for _, p := range f.peers {
		if s := f.servers[p.ID]; p.Connected {
			up := !s.dead && !time.Now().Before(s.starts)
			out = append(out, state.ServerNode{Peer: p.ID, Host: p.Host, Online: up, PID: s.pid})
		}
	}
	return out
}

func (f *fake) declaredDirs() map[string]state.Dir {
	out := map[string]state.Dir{}
	for _, s := range f.desired.Shares {
		for p := s.Dir(); p != "/"; p = path.Dir(p) {
			out[p] = f.dirs[p]
		}
	}
	return out
}

func (f *fake) Observe(ctx context.Context) (a state.Actual, err error) {
	f.sure = false
	err = f.call(ctx, "observe", func(*fault) error { a = f.actual(); return nil })
	return a, err
}

func (f *fake) Lock(ctx context.Context, waiting func(string)) (apply.Lock, error) {
	err := f.call(ctx, "lock", func(b *fault) error {
		if !b.held {
			return nil
		}
		waiting("the other run")
		<-ctx.Done()
		return ctx.Err()
	})
	f.locked = err == nil
	f.cut = f.cut && !f.locked
	return &fakeLock{f}, err
}

type fakeLock struct{ *fake }

func (l *fakeLock) Close() error { return l.call(context.Background(), "unlock", nothing) }

// Held is in the log only where it goes wrong: it is before every write.
func (l *fakeLock) Held(ctx context.Context) error {
	err := l.faultOf("held").err
	if l.cut {
		err = state.ErrLockLost
	}
	l.sure = err == nil
	if !l.sure {
		l.log = append(l.log, "not held")
		l.locked = false
	}
	return errors.Join(ctx.Err(), err)
}

func nothing(*fault) error { return nil }

// MakeDir stops after the directory is made, where the fault says half.
func (f *fake) MakeDir(ctx context.Context, p string, perm state.Perm) error {
	return f.call(ctx, "mkdir "+p+permText(perm), func(b *fault) error {
		if parent := path.Dir(p); parent != "/" && f.dirs[parent].Kind != state.Directory {
			return errors.New("no such directory: " + parent)
		}
		if f.dirs[p].Kind == state.Missing {
			f.dirs[p] = state.Dir{Kind: state.Directory, Mode: 0o755}
		}
		if !b.half {
			f.setPerm(p, perm)
		}
		return nil
	})
}

func (f *fake) SetPerm(ctx context.Context, p string, perm state.Perm) error {
	return f.call(ctx, "setperm "+p+permText(perm), func(b *fault) error {
		if f.dirs[p].Kind != state.Directory {
			return errors.New("no such directory: " + p)
		}
		if b.half {
			perm.Mode = state.Mode{}
		}
		f.setPerm(p, perm)
		return nil
	})
}

func (f *fake) setPerm(p string, perm state.Perm) {
	d := f.dirs[p]
	if perm.Mode.Managed {
		d.Mode = perm.Mode.Bits
	}
	if perm.Owner.Managed {
		d.UID = perm.Owner.Number
	}
	f.dirs[p] = d
}

func (f *fake) EnableQuota(ctx context.Context) error {
	return f.call(ctx, "enable quota", func(*fault) error { f.quota = true; return nil })
}

// SetLimits is a call for each limit in the log, behind one for all of them.
func (f *fake) SetLimits(ctx context.Context, limits []state.Limit) []error {
	f.log = append(f.log, fmt.Sprintf("limits %d", len(limits)))
	var errs []error
	for _, l := range limits {
		errs = append(errs, f.call(ctx, fmt.Sprintf("limit %s %d", l.Path, l.Bytes), func(*fault) error {
			if !f.quota || f.dirs[l.Path].Kind != state.Directory {
				return errors.New("no limit for " + l.Path)
			}
			f.limits[l.Path] = l.Bytes
			return nil
		}))
	}
	return errs
}

// Serve writes the options. A global one goes to every volume, one after the
// other: to the first alone, where the fault says half.
func (f *fake) Serve(ctx context.Context, c state.ServingChange) error {
	return f.call(ctx, serveLine(c), func(b *fault) error {
		f.laws.beforeWrite(f, c)
		wasOn := f.on()
		for _, s := range c.Settings() {
			for _, name := range f.writtenTo(s.Key, b.half) {
				f.memory[name][s.Key] = s.New
				if !b.unstored {
					f.stored[name][s.Key] = s.New
				}
			}
		}
		if f.on() && !wasOn {
			f.start(b.slow)
		}
		f.laws.afterWrite(f)
		return nil
	})
}

func (f *fake) writtenTo(key string, half bool) []string {
	names := []string{"gv0"}
	if slices.Contains(global, key) {
		names = slices.Sorted(maps.Keys(f.memory))
	}
	if half {
		return names[:1]
	}
	return names
}

func (f *fake) on() bool { return f.memory["gv0"]["nfs.disable"] == "off" }

func (f *fake) start(takes time.Duration) {
	for _, s := range f.servers {
		*s = server{pid: s.pid + 1000, starts: time.Now().Add(takes)}
	}
}

func (f *fake) Revive(ctx context.Context) error {
	return f.call(ctx, "revive", func(b *fault) error {
		if f.stopped {
			f.laws.breach("a volume is started that somebody has stopped")
		}
		if !b.half && !f.unstartable() {
			f.start(b.slow)
		}
		return nil
	})
}

// unstartable reports whether a server that starts would die of what is set.
func (f *fake) unstartable() bool {
	return slices.ContainsFunc(f.actual().Serving.Exports, func(e state.Export) bool { return e.Broken != "" })
}

// call notes what is asked for, and does it unless a fault is in the way.
func (f *fake) call(ctx context.Context, line string, do func(*fault) error) error {
	f.log = append(f.log, line)
	b := f.faultOf(line)
	if b.before != nil {
		b.before(f)
		f.laws.allow(f)
	}
	err := ctx.Err()
	if f.cut && !slices.Contains([]string{"lock", "observe", "unlock"}, line) {
		err = state.ErrLockLost // nothing is changed without it
	}
	if err == nil && !b.skip {
		err = do(b)
	}
	made := !b.skip && !b.half && err == nil
	err = errors.Join(err, b.err)
	f.cut = f.cut || b.cut
	f.calls = append(f.calls, call{line, made, errors.Is(err, state.ErrUnknownOutcome)})
	return err
}

func (f *fake) faultOf(line string) *fault {
	for _, b := range f.faults {
		if b.hits(line) {
			return b
		}
	}
	return &fault{}
}

func clone(volumes map[string]map[string]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for name, options := range volumes {
		out[name] = maps.Clone(options)
	}
	return out
}

// logged is the log, one call a line.
func (f *fake) logged() string { return strings.Join(f.log, "\n") }
