package apply_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// laws watches what no run may ever do, whatever goes wrong in it.
type laws struct {
	allowed map[string][]state.Serving // by volume: who may be let in where, taken together
	shown   []diff.Plan                // to the user, who is not asked; nil: somebody is asked
	broken  []string
}

// allow notes who may be let in from now on: whom the cluster admits as it is,
// and whom the plan for it does.
func (l *laws) allow(f *fake) {
	if l.allowed == nil {
		l.allowed = map[string][]state.Serving{}
	}
	for _, s := range f.servings() {
		l.allowed[s.Volume] = append(l.allowed[s.Volume], s)
	}
	l.allowed["gv0"] = append(l.allowed["gv0"], f.plan().After)
}

func (l *laws) breach(format string, args ...any) {
	l.broken = append(l.broken, fmt.Sprintf(format, args...))
}

// beforeWrite: a write follows a read directly, and is made under the lock but
// where there is none; what opens whole volumes is closed alone, and before
// anything else is written.
func (l *laws) beforeWrite(f *fake, c state.ServingChange) {
	line := f.log[len(f.log)-1]
	before := slices.DeleteFunc(slices.Clone(f.log[:len(f.log)-1]), func(s string) bool { return s == "not held" })
	if before[len(before)-1] != "observe" {
		l.breach("not read before: %s", line)
	}
	if f.locked && !f.sure {
		l.breach("the lock may have been lost: %s", line)
	}
	if !f.underLock() {
		l.breach("not under the lock: %s", line)
	}
	l.told(line, c)
	if strings.Contains(line, "export-volumes") {
		if len(c.Settings()) > 1 {
			l.breach("not alone: %s", line)
		}
		return
	}
	for name, options := range f.memory {
		if options["nfs.export-volumes"] != "off" {
			l.breach("written while %s is served whole: %s", name, line)
		}
	}
}

// told: nobody loses access who doesn't by a plan that was shown.
func (l *laws) told(line string, c state.ServingChange) {
	for _, e := range c.Old.Exports {
		lost := lostAt(e.Path, c.Old, c.New)
		for _, p := range l.shown {
			lost = lost.Minus(lostAt(e.Path, p.Before, p.After))
		}
		if l.shown != nil && !lost.Empty() {
			l.breach("nobody was told that %s loses %s: %s", lost, e.Path, line)
		}
	}
}

func lostAt(path string, old, next state.Serving) state.Set {
	before, _ := old.At(path)
	after, _ := next.At(path)
	return before.RW.Minus(after.RW)
}

// beforeRetire: a directory goes under the lock, after a read, when nobody is
// admitted to it and its limit is gone; and only where the file says so.
func (l *laws) beforeRetire(f *fake, r state.Retirement) {
	line := f.log[len(f.log)-1]
	if !f.underLock() {
		l.breach("not under the lock: %s", line)
	}
	before := slices.DeleteFunc(slices.Clone(f.log[:len(f.log)-1]), func(s string) bool { return s == "not held" })
	if len(before) == 0 || before[len(before)-1] != "observe" {
		l.breach("not read before: %s", line)
	}
	if !f.locked || !f.sure {
		l.breach("the lock may have been lost: %s", line)
	}
	for _, s := range f.desired.Shares {
		inside := s.Dir() == r.Path || strings.HasPrefix(s.Dir(), r.Path+"/")
		if inside && !s.Leaves() || s.Dir() == r.Path && s.OnDelete != r.How {
			l.breach("the file doesn't say so: %s", line)
		}
	}
}

// afterWrite: nobody is admitted where neither the old nor the new state admits
// them, now and after a restart of glusterd.
func (l *laws) afterWrite(f *fake) {
	for _, s := range f.servings() {
		for _, e := range s.Exports {
			if more := e.Clients.RW.Minus(l.admitted(s.Volume, e.Path)); !more.Empty() {
				l.breach("%s lets %s into %s of %s", f.log[len(f.log)-1], more, e.Path, s.Volume)
			}
		}
	}
}

// servings are how the volumes are served, and how they would be after a
// restart of glusterd.
func (f *fake) servings() []state.Serving {
	out := (gnfs.Server{}).Decode(clone(f.memory), nil)
	if !maps.EqualFunc(f.memory, f.stored, maps.Equal) {
		out = append(out, (gnfs.Server{}).Decode(clone(f.stored), nil)...)
	}
	return out
}

// admitted is who may be let into the directory, by itself or with the whole
// volume.
func (l *laws) admitted(volume, path string) state.Set {
	var sets []state.Set
	for _, s := range l.allowed[volume] {
		here, _ := s.At(path)
		whole, _ := s.At("/")
		sets = append(sets, here.RW, whole.RW)
	}
	return state.Union(sets...)
}

// afterRun: the lock is let go of, and success is said of what was read after
// the last change and was as it should be.
func (l *laws) afterRun(f *fake, ok bool) {
	if n := len(f.log); slices.Contains(f.log, "lock") && slices.Contains(f.log, "observe") && f.log[n-1] != "unlock" && !f.lockless() {
		l.breach("the lock is kept")
	}
	if !ok {
		return
	}
	if p := f.plan(); !p.Empty() || len(p.Problems) > 0 {
		l.breach("said to be done, and is not: %v %v", p.Actions, p.Problems)
	}
	for i, line := range f.log {
		if isChange(line) && !slices.Contains(f.log[i:], "observe") {
			l.breach("not read after: %s", line)
		}
	}
	for name, options := range f.memory {
		for k, v := range options {
			if f.stored[name][k] != v {
				l.breach("said to be done, and a restart of glusterd would undo %s of %s", k, name)
			}
		}
	}
}

// underLock reports whether the lock was asked for, and not let go of since.
func (f *fake) underLock() bool {
	for _, line := range slices.Backward(f.log) {
		if line == "lock" || line == "unlock" {
			return line == "lock"
		}
	}
	return false
}

func (f *fake) lockless() bool {
	return slices.ContainsFunc(f.faults, func(b *fault) bool { return b.on == "lock" && b.err != nil })
}

func isChange(line string) bool {
	return strings.HasPrefix(line, "serve") || strings.HasPrefix(line, "mkdir") || strings.HasPrefix(line, "setperm") ||
		strings.HasPrefix(line, "retire")
}
