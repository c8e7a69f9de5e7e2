//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// instance names the bed of this run.
var instance = cmp.Or(os.Getenv("GDS_INSTANCE"), "e2e")

const (
	server = "10.0.0.254"

	// patience is how long anything on the bed may take. It is far more than
	// all of it takes, so that a slow machine fails no test.
	patience = 5 * time.Minute
)

// Bed is the bed in the hands of one test: whatever goes wrong on it is a
// failure of that test.
type Bed struct {
	testing.TB
	instance string
	program  string  // the product, or a version of it in which a law is broken
	ssh      *sshWay // how the program reaches the server; nil: it runs there
}

// newBed is the bed of that name in the hands of a test.
func newBed(t testing.TB, instance string) *Bed {
	return &Bed{TB: t, instance: instance, program: tool}
}

// heldBy is the bed in the hands of another one.
func (b *Bed) heldBy(t testing.TB) *Bed {
	c := *b
	c.TB = t
	return &c
}

// onBed gives the bed to a test that has no subtests. It counts the test.
func onBed(t *testing.T) *Bed {
	t.Helper()
	return onBedNamed(t, instance)
}

// onBedNamed is onBed with another bed.
func onBedNamed(t *testing.T, instance string) *Bed {
	t.Helper()
	t.Cleanup(func() {
		switch {
		case t.Skipped():
			skipped.Add(1)
		case !t.Failed():
			passed.Add(1)
		}
	})
	b := newBed(t, instance)
	if name, over := loginOf(t); over {
		return b.overSSH(name)
	}
	return b
}

// raise brings a bed up. What a run before it left, which ended too early to
// take it down, is taken down first: the lock tells that nobody uses it.
func raise(instance, gnfs string) error {
	if err := lower(instance); err != nil {
		return err
	}
	cmd := bedScript(context.Background(), instance, "up")
	cmd.Env = append(cmd.Env, "GNFS="+gnfs)
	if r := finish(cmd); r.Code != 0 {
		return fmt.Errorf("bring the bed up: %s", strings.TrimSpace(r.Stderr))
	}
	return nil
}

func lower(instance string) error {
	if r := finish(bedScript(context.Background(), instance, "down")); r.Code != 0 {
		return fmt.Errorf("take the bed down: %s", strings.TrimSpace(r.Stderr))
	}
	return nil
}

// bedScript is a command of testbed.sh, to be run or started.
func bedScript(ctx context.Context, instance string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "./testbed.sh", args...)
	cmd.Env = append(os.Environ(), "GDS_INSTANCE="+instance)
	cmd.WaitDelay = time.Second
	return cmd
}

// Result is what a command left behind.
type Result struct {
	Stdout, Stderr string
	Code           int // exit status; -1 where it was killed or not started
}

// finish runs a command to its end.
func finish(cmd *exec.Cmd) Result {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	r := Result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.Stderr += err.Error()
	}
	return r
}

// do runs a command of testbed.sh, which has to succeed, and gives what it
// said. It works in a cleanup, too.
func (b *Bed) do(args ...string) string {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r := finish(bedScript(ctx, b.instance, args...))
	if r.Code != 0 {
		b.Fatalf("testbed.sh %s: exit %d\n%s%s", strings.Join(args, " "), r.Code, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// Run runs a command on the server, which has to succeed, and gives what it
// said.
func (b *Bed) Run(args ...string) string {
	b.Helper()
	return b.do(append([]string{"run"}, args...)...)
}

// On runs a command in the root of a volume, over a mount that nobody else
// sees, and gives what it said.
func (b *Bed) On(vol string, args ...string) string {
	b.Helper()
	return b.do(append([]string{"on", vol}, args...)...)
}

// Eventually asks until there is nothing to complain about. Gluster-NFS takes
// a change a few milliseconds after the command that made it has returned.
func (b *Bed) Eventually(complaint func() string) {
	b.Helper()
	b.within(10*time.Second, complaint)
}

// within is Eventually of what may take so long.
func (b *Bed) within(limit time.Duration, complaint func() string) {
	b.Helper()
	tick := time.Tick(20 * time.Millisecond)
	deadline := time.After(limit)
	for last := complaint(); last != ""; last = complaint() {
		select {
		case <-deadline:
			b.Fatal(last)
		case <-tick:
		}
	}
}
