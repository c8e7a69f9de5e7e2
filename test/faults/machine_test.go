package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

// machine is the one that the program runs on. Every gluster process and every
// operation on a volume's directories is a step of it, in which something can go
// wrong. A program that was killed gets nothing done any more there, and hears of
// nothing; its locks are gone.
type machine struct {
	gluster.Host
	box *sandbox.Sandbox
	dir string // of the sandbox

	fault *fault // nil: nothing goes wrong
	at    string // at which step
	watch func(when string)

	breach func(format string, args ...any) // is told of what no run may ever do
	others func()                           // is told that somebody has changed who is admitted
	stop   func()                           // asks the program to stop, as control-C does

	mu    sync.Mutex
	steps []step
	met   map[string]int // by kind

	inside *step // the command that glusterd is at work on
	dies   int   // before which of its inner steps glusterd dies, from 1; 0: it doesn't
	struck bool
	dead   bool        // the program was killed
	unsure atomic.Bool // of a write is not known what became of it, and nothing was read since
	later  *later      // what glusterd goes on to do by itself
	locks  []gluster.Lock
	trees  []gluster.Tree // that were closed, and in which something may still be at work
}

// step is one gluster process or one operation on directories.
type step struct {
	kind   string // such as set, info, mkdir, stat
	nth    int    // of its kind
	name   string // the kind and nth
	path   string // of an operation on directories
	volume string // of an operation on directories
	writes bool
	inner  int // how many steps glusterd has inside it
}

var errKilled = errors.New("the program was killed")

func newMachine(box *sandbox.Sandbox, dir string) *machine {
	m := &machine{Host: box.Host(host), box: box, dir: dir, met: map[string]int{}, later: &later{}, watch: func(string) {}, breach: func(string, ...any) {}, others: func() {}}
	box.Steps = m.insideStep
	return m
}

// next is the step that is about to be made, and whether something goes wrong.
func (m *machine) next(kind, volume, path string, writes bool) (s step, breaks bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return s, false, errKilled
	}
	m.met[kind]++
	n := m.met[kind]
	s = step{kind: kind, nth: n, name: fmt.Sprintf("%s-%d", kind, n), volume: volume, path: path, writes: writes}
	m.steps = append(m.steps, s)
	breaks = m.fault != nil && (s.name == m.at || m.struck && m.fault.lasting && strings.HasPrefix(m.at, kind+"-"))
	m.struck = m.struck || breaks
	return s, breaks, nil
}

// Gluster implements gluster.Host. What is done, is done whether somebody waits for
// it or not.
func (m *machine) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	kind, writes := kindOf(stdin, args)
	s, breaks, err := m.next(kind, "", "", writes)
	if err != nil {
		return gluster.Answer{Code: -1}, err
	}
	if writes {
		m.goOn()
	}
	m.obey(s, args)
	do := func() (gluster.Answer, error) { return m.perform(s, stdin, args) }
	if !breaks {
		return do()
	}
	if writes && m.fault.unclear {
		m.unsure.Store(true)
	}
	return m.fault.gluster(command{m, ctx, s, do, stdin})
}

// obey tells of commands that no run may give.
func (m *machine) obey(s step, args []string) {
	switch {
	case slices.Contains(args, "reset"):
		m.breach("law 2: gluster %s: what is unset is open", strings.Join(args, " "))
	case s.writes && m.unsure.Load():
		m.breach("law 9: %s, blindly: it is not known what became of the write before it", s.name)
	case !s.writes:
		m.unsure.Store(false)
	}
}

// perform has glusterd do it.
func (m *machine) perform(s step, stdin string, args []string) (gluster.Answer, error) {
	if !s.writes {
		return m.Host.Gluster(context.Background(), stdin, args...)
	}
	m.inside = &s
	ans, err := m.Host.Gluster(context.Background(), stdin, args...)
	m.inside = nil
	m.mu.Lock()
	if i := slices.IndexFunc(m.steps, func(x step) bool { return x.name == s.name }); i >= 0 {
		m.steps[i].inner = s.inner
	}
	m.mu.Unlock()
	m.watch("after " + s.name)
	return ans, err
}

// insideStep is before each step that the sandbox makes.
func (m *machine) insideStep(what string) error {
	if m.inside == nil {
		return nil // of an operation on directories, which is judged when it is done
	}
	m.watch("before " + what)
	m.inside.inner++
	if m.inside.inner == m.dies {
		return errors.New("glusterd is killed")
	}
	return nil
}

// goOn lets glusterd do what was asked of it before and not done yet.
func (m *machine) goOn() {
	if do := m.later.take(); do != nil {
		do()
	}
}

// later is what is still to be done of an operation, whose caller may be at work on
// something else by then.
type later struct {
	mu sync.Mutex
	do func() // nil: nothing
	is bool   // there was anything, ever
}

func (l *later) put(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.do, l.is = do, true
}

// was reports whether anything was left to be done by and by, done by now or not.
func (l *later) was() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.is
}

func (l *later) take() (do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do, l.do = l.do, nil
	return do
}

func (l *later) waits() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.do != nil
}

// kill ends the program.
func (m *machine) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = true
	for _, l := range m.locks {
		_ = l.Close() // the kernel does
	}
}

// close lets go of what the machine has kept open.
func (m *machine) close() {
	for _, t := range m.trees {
		_ = t.Close()
	}
}

// kindOf names what gluster is asked, and tells whether that changes anything.
func kindOf(stdin string, args []string) (kind string, writes bool) {
	words := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "--") && a != "--version" })
	switch line := strings.Join(words, " "); {
	case line == "--version":
		return "version", false
	case strings.Contains(stdin, " limit-usage ") || strings.Contains(stdin, " quota ") && strings.Contains(stdin, " remove "):
		return "limits", true
	case stdin != "":
		return "ask", false
	case strings.HasPrefix(line, "volume reset "):
		return "reset", true
	case strings.HasPrefix(line, "volume set "):
		return "set", true
	case strings.HasPrefix(line, "volume start "):
		return "start", true
	case strings.HasPrefix(line, "volume quota ") && strings.HasSuffix(line, " enable"):
		return "quota", true
	case strings.HasPrefix(line, "volume quota ") && strings.HasSuffix(line, " list"):
		return "listall", false
	case strings.HasPrefix(line, "volume quota "):
		return "list", false
	case strings.HasPrefix(line, "system:: getspec"):
		return "told", false
	}
	return strings.Join(words[:2], "."), false
}

// Open implements gluster.Host.
func (m *machine) Open(ctx context.Context, v state.VolumeInfo) (gluster.Tree, error) {
	t, err := m.Host.Open(ctx, v)
	if err != nil {
		return nil, err
	}
	return tree{t, m, v.Name}, nil
}
