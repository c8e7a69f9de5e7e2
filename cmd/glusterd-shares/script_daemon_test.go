package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// daemon is a program in the background, and what it has written on stderr.
type daemon struct {
	process *exec.Cmd
	stdout  bytes.Buffer
	kill    func() // ends it for sure

	mu    sync.Mutex
	wrote *sync.Cond
	text  []byte // all of it
	seen  int    // how much of it was waited for
	err   error  // of the end
	over  bool
}

func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = append(d.text, p...)
	d.wrote.Broadcast()
	return len(p), nil
}

// patience is how long a daemon is waited for: a bound, for one that is wrong.
const patience = time.Minute

// daemons are those of a script, by name.
type daemons map[string]*daemon

func daemonsOf(ts *testscript.TestScript) daemons { return ts.Value("daemons").(daemons) }

func (all daemons) named(ts *testscript.TestScript, name string) *daemon {
	d := all[name]
	if d == nil {
		ts.Fatalf("there is no daemon %q", name)
	}
	return d
}

// startDaemon is
//
//	daemon NAME PROGRAM ARG...
//
// It runs in the background until the script ends, or it does.
func startDaemon(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: daemon NAME PROGRAM ARG...")
	}
	d := &daemon{process: command(ts, args[1], args[2:]...)}
	d.wrote = sync.NewCond(&d.mu)
	d.process.Stdout, d.process.Stderr = &d.stdout, d
	ts.Check(d.process.Start())
	d.kill = func() { _ = d.process.Process.Kill() }
	daemonsOf(ts)[args[0]] = d
	go d.await()
	ts.Defer(func() {
		d.kill()
		d.wait(func() bool { return d.over })
	})
}

func (d *daemon) await() {
	err := d.process.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err, d.over = err, true
	d.wrote.Broadcast()
}

// wait waits until the condition holds; it is looked at whenever something is
// written, and at the end.
func (d *daemon) wait(until func() bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for !until() {
		d.wrote.Wait()
	}
}

// until is
//
//	until NAME PATTERN
//
// It waits until the daemon has written a line with the pattern on stderr, after the
// line that was waited for before. A daemon that never does is killed after a while.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: until NAME PATTERN")
	}
	d := daemonsOf(ts).named(ts, args[0])
	pattern := regexp.MustCompile("(?m)" + args[1])
	defer time.AfterFunc(patience, d.kill).Stop()
	var found []int
	d.wait(func() bool {
		if found = pattern.FindIndex(d.text[d.seen:]); found != nil {
			d.seen += found[1]
		}
		return found != nil || d.over
	})
	if found == nil {
		ts.Fatalf("it ended, and never showed %q:\n%s", args[1], d.text[d.seen:])
	}
}

// sendSignal is
//
//	signal NAME SIGNAL
func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP}
	if neg || len(args) != 2 || signals[args[1]] == nil {
		ts.Fatalf("usage: signal NAME INT|TERM|HUP")
	}
	ts.Check(daemonsOf(ts).named(ts, args[0]).process.Process.Signal(signals[args[1]]))
}

// ended is
//
//	ended CODE NAME
//
// It waits for the daemon's end. All that it has written is then stdout and stderr.
func ended(ts *testscript.TestScript, neg bool, args []string) {
	code := exitCodeArgument(ts, neg, args, "ended CODE NAME")
	d := daemonsOf(ts).named(ts, args[1])
	d.wait(func() bool { return d.over })
	_, _ = ts.Stdout().Write(d.stdout.Bytes())
	_, _ = ts.Stderr().Write(d.text)
	checkCode(ts, code, d.err)
	if strings.Contains(string(d.text), "DATA RACE") {
		ts.Fatalf("a data race:\n%s", d.text)
	}
}
