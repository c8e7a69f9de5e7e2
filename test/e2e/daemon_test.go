//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Daemon is the program's watch, at work on a file of its own.
type Daemon struct {
	b      *Bed
	file   string
	cmd    *exec.Cmd
	log    *transcript
	ended  chan error
	marked int // how much of the log has been looked at
}

// Daemon starts a daemon that keeps a state. It looks for drift every second or
// so, unless a flag says otherwise. Where the test doesn't end it, it is killed
// with it.
func (b *Bed) Daemon(s State, flags ...string) *Daemon {
	b.Helper()
	return b.daemonOf(b.File(s), flags...)
}

func (b *Bed) daemonOf(file string, flags ...string) *Daemon {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	args := append([]string{"watch", "-f", file, "--interval", "1s", "--listen", "127.0.0.1:0", "--log-level", "debug"}, flags...)
	d := &Daemon{b: b, file: file, log: &transcript{}, ended: make(chan error, 1)}
	d.cmd = b.tool(ctx, "", args...)
	d.cmd.Stdout, d.cmd.Stderr = d.log, d.log
	if err := d.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	go func() { d.ended <- d.cmd.Wait(); close(d.ended) }()
	b.Cleanup(func() {
		if b.Failed() {
			b.Logf("the daemon's log:\n%s", d.log)
		}
		cancel()
		<-d.ended
	})
	return d
}

// Save writes a state as most editors do: beside the file, then in its place.
func (d *Daemon) Save(s State) {
	d.b.Helper()
	d.save(d.b.text(s))
}

func (d *Daemon) save(text string) {
	d.b.Helper()
	beside := filepath.Join(filepath.Dir(d.file), ".new")
	d.b.write(beside, text)
	if err := os.Rename(beside, d.file); err != nil {
		d.b.Fatal(err)
	}
}

// Logs waits until a line that was not looked at yet has all the words, and takes
// all up to it as looked at.
func (d *Daemon) Logs(words ...string) {
	d.b.Helper()
	d.b.Eventually(func() string {
		at := d.marked
		for line := range strings.Lines(d.log.String()[d.marked:]) {
			at += len(line)
			if containsAll(line, words) {
				d.marked = at
				return ""
			}
		}
		return fmt.Sprintf("the log has no new line with %q", words)
	})
}

// count is how many lines of the whole log have all the words.
func (d *Daemon) count(words ...string) int {
	n := 0
	for line := range strings.Lines(d.log.String()) {
		if containsAll(line, words) {
			n++
		}
	}
	return n
}

func containsAll(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

// Looks waits for so many more looks at a volume that come to this.
func (d *Daemon) Looks(n int, vol, is string) {
	d.b.Helper()
	d.marked = len(d.log.String())
	for range n {
		d.Logs("msg=reconciled", "/"+vol, "is="+is)
	}
}

func (d *Daemon) Signal(s syscall.Signal) {
	d.b.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.b.Fatal(err)
	}
}

// End ends the daemon by SIGTERM: with 0, and within 10 s.
func (d *Daemon) End() {
	d.b.Helper()
	d.Signal(syscall.SIGTERM)
	select {
	case err := <-d.ended:
		if err != nil {
			d.b.Errorf("the daemon ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		d.b.Error("the daemon has not ended within 10 s")
	}
}

// ownMounts are the mounts of a volume that runs of the program have made.
func (b *Bed) ownMounts(vol string) []string {
	b.Helper()
	var out []string
	for line := range strings.Lines(b.Run("cat", "/proc/self/mountinfo")) {
		if f := strings.Fields(line); strings.Contains(line, "fuse.glusterfs") && strings.Contains(f[4], "/"+vol+"-") {
			out = append(out, f[4])
		}
	}
	return out
}

// Who is taken out of the file is refused; bad content changes nothing; what was
// done by hand is mended; the end leaves nothing behind.
func TestDaemon(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		both := shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1, 10.0.0.2]`)
		one := shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1]`)
		d := b.Daemon(both)
		d.Looks(1, vol, `"in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1 2"})
		b.Client(1).Write("/"+vol+"/alpha/file", "text")
		if got := b.Client(2).Read("/" + vol + "/alpha/file"); got != "text" {
			b.Errorf("client 2 reads %q", got)
		}

		d.Save(one)
		d.Logs("share=alpha action=access", `effect="lose 10.0.0.2"`)
		d.Logs("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1"})
		b.Client(2).CannotRead("/" + vol + "/alpha/file")

		b.Set(vol, "nfs.export-dir", "/alpha", "nfs.rpc-auth-allow", "*")
		d.Logs("action=access", "effect=", "cause=drift")
		d.Logs("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1"})
		b.On(vol, "chmod", "0777", "alpha")
		d.Logs("share=alpha action=set-perm", "outcome=done")
		b.ExpectStat(vol, "alpha", "root root 755")

		for _, bad := range []string{"", strings.Replace(b.text(both), "access", "acess", 1), b.text(both)[:40] + "\n"} {
			d.save(bad)
			d.Logs(`msg="bad state`)
		}
		if err := os.Remove(d.file); err != nil {
			b.Fatal(err)
		}
		d.Logs(`msg="bad state`, "no such file")
		b.On(vol, "chmod", "0777", "alpha")
		d.Logs("share=alpha action=set-perm", "outcome=done")
		b.ExpectMounts(vol, grants{"alpha": "1"})
		d.Save(both)
		b.ExpectMounts(vol, grants{"alpha": "1 2"})

		d.Looks(1, vol, `"in sync"`)
		before := strings.Join(b.Writes(), "")
		d.Looks(2, vol, `"in sync"`)
		if after := strings.Join(b.Writes(), ""); after != before {
			b.Errorf("quiet looks have written:\n%s\nthen:\n%s", before, after)
		}
		d.End()
		if left := b.ownMounts(vol); len(left) > 0 {
			b.Errorf("it has left %v", left)
		}
		if b.lockIsHeld(vol) {
			b.Error("it has left the lock")
		}
	})
}

// Drift is only told of, and told once, where that is asked for; what the file
// says anew is done all the same.
func TestDaemonOnlyReports(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		d := b.Daemon(shares(vol, "name: alpha, access: [10.0.0.1]"), "--on-drift", "report")
		d.Looks(1, vol, `"in sync"`)
		b.Set(vol, "nfs.export-dir", "/alpha(10.0.0.1|10.0.0.2)", "nfs.rpc-auth-allow", "10.0.0.1,10.0.0.2")
		d.Logs(`msg="drift, only reported"`, "action=serve")
		d.Looks(2, vol, "drifted")
		b.ExpectMounts(vol, grants{"alpha": "1 2"})
		if n := d.count("only reported", "action=serve"); n != 1 {
			b.Errorf("it was told %d times", n)
		}
		d.Save(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.1.3]"))
		b.ExpectMounts(vol, grants{"alpha": "1", "beta": "3"})
		d.End()
	})
}

// An absent share goes to the trash once; a directory that is there again is told
// of and stays. A guard's no waits for a person.
func TestDaemonLeavesToAPerson(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		rest := []string{"name: beta, access: [10.0.0.2]", "name: gamma, access: [10.0.0.2]"}
		d := b.Daemon(shares(vol, append(rest, "name: alpha, size: 10MiB, access: [10.0.0.1]")...))
		d.Looks(1, vol, `"in sync"`)
		b.Client(1).Write("/"+vol+"/alpha/file", "precious")

		d.Save(shares(vol, append(rest, "name: alpha, state: absent, on_delete: purge")...))
		d.Logs("share=alpha action=retire", "new=trash", "outcome=done")
		d.Logs("moved to the trash, not deleted for good")
		d.Logs("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "", "beta": "2", "gamma": "2"})
		const kept = "cat .glusterd-shares/trash/*/data/file"
		if data := b.On(vol, "sh", "-c", kept); data != "precious" {
			b.Errorf("the trash holds %q", data)
		}
		b.On(vol, "mkdir", "alpha")
		d.Logs("msg=withheld", "/alpha should be absent, and is there")
		d.Looks(2, vol, "withheld")
		b.ExpectStat(vol, "alpha", "root root 755")
		if n := d.count("msg=withheld"); n != 1 {
			b.Errorf("it was told %d times", n)
		}
		b.On(vol, "rmdir", "alpha")
		d.Logs(`msg="in sync again"`)

		closed := shares(vol, "name: beta, access: []", "name: gamma, access: []")
		d.Save(closed)
		d.Logs("level=ERROR msg=refused", "--allow-mass-revoke")
		d.Looks(2, vol, "refused")
		b.ExpectMounts(vol, grants{"beta": "2", "gamma": "2"})
		b.Apply(closed, "--allow-mass-revoke")
		d.Logs(`msg="in sync again"`, "was=refused")
		b.ExpectMounts(vol, grants{"beta": "", "gamma": ""})
		if n := d.count("msg=refused"); n != 1 {
			b.Errorf("the guard's no was told %d times", n)
		}
		d.End()
	})
}

// A glusterd that dies is told of once, waited for, and found again; the file may
// have changed meanwhile.
func TestDaemonOutlivesGlusterd(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	d := b.Daemon(shares(vol, "name: alpha, access: [10.0.0.1, 10.0.0.2]"))
	d.Looks(1, vol, `"in sync"`)
	b.KillGlusterd()
	d.await("msg=failed", "glusterd does not answer")
	d.Save(shares(vol, "name: alpha, access: [10.0.0.1]"))
	d.await("msg=reconciled", "new=true is=failed")
	b.do("glusterd")
	d.Signal(syscall.SIGHUP)
	d.await("share=alpha action=access", `effect="lose 10.0.0.2"`)
	b.awaitNFSServer(vol)
	b.ExpectMounts(vol, grants{"alpha": "1"})
	d.Looks(1, vol, `"in sync"`)
	d.End()
	if left := b.ownMounts(vol); len(left) > 0 {
		b.Errorf("it has left %v", left)
	}
}

// await is Logs of what the daemon may take long to see, such as that nobody
// answers.
func (d *Daemon) await(words ...string) {
	d.b.Helper()
	deadline := time.Now().Add(patience / 2)
	for tick := time.Tick(20 * time.Millisecond); time.Now().Before(deadline); <-tick {
		if containsLine(d.log.String()[d.marked:], words) {
			d.Logs(words...)
			return
		}
	}
	d.b.Fatalf("the log has no new line with %q", words)
}

func containsLine(text string, words []string) bool {
	for line := range strings.Lines(text) {
		if containsAll(line, words) {
			return true
		}
	}
	return false
}

// A word to look now is heard at once, however long the interval. The daemon's mount
// remembers a mode for a second, so that the first word can come too early.
func TestDaemonLooksAtOnce(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	d := b.Daemon(shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1]`), "--interval", "1h")
	d.Looks(1, vol, `"in sync"`)
	b.On(vol, "chmod", "0700", "alpha")
	b.Eventually(func() string {
		d.Signal(syscall.SIGHUP)
		if d.count("share=alpha action=set-perm", "outcome=done") == 0 {
			return "the mode was not mended"
		}
		return ""
	})
	b.ExpectStat(vol, "alpha", "root root 755")
	d.End()
}

// Another run's lock holds up its own volume, and no other one for long.
func TestDaemonWaitsForTheLock(t *testing.T) {
	b := onBed(t)
	locked, free := b.FreshVolume(), b.FreshVolume()
	state := func(client string) State {
		return State{Volumes: []Volume{
			{Name: locked, Shares: []string{"name: alpha, access: [" + client + "]"}},
			{Name: free, Shares: []string{"name: alpha, access: [" + client + "]"}},
		}}
	}
	d := b.Daemon(state("10.0.0.1"))
	d.await("msg=reconciled", "/"+free, "in sync")
	release := b.holdLock(locked)
	d.Save(state("10.0.0.2"))
	d.await("waiting for the lock of another run", "/"+locked)
	d.await("msg=failed", "/"+locked, "the lock of the volume was not had")
	d.await("/"+free, "share=alpha action=access")
	b.ExpectMounts(free, grants{"alpha": "2"})
	b.ExpectMounts(locked, grants{"alpha": "1"})
	release()
	d.await("/"+locked, "share=alpha action=access")
	b.ExpectMounts(locked, grants{"alpha": "2"})
	d.End()
}

// Two daemons take turns. With the same file both come to rest; with two that
// contradict each other the volume is what one of them says, whole.
func TestTwoDaemons(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		first := shares(vol, "name: alpha, access: [10.0.0.1, 10.0.1.3]", "name: beta, access: [10.0.0.1, 10.0.1.3]")
		second := shares(vol, "name: alpha, access: [10.0.0.2, 10.0.1.3]", "name: beta, access: [10.0.0.2, 10.0.1.3]")
		d, e := b.Daemon(first), b.Daemon(first)
		d.Looks(2, vol, `"in sync"`)
		e.Looks(2, vol, `"in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1 3", "beta": "1 3"})

		e.Save(second)
		for range 3 { // by turns each makes it what its file says
			d.await("action=access", `effect="gain 10.0.0.1; lose 10.0.0.2"`)
			e.await("action=access", `effect="gain 10.0.0.2; lose 10.0.0.1"`)
		}
		d.End()
		e.Looks(1, vol, `"in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "2 3", "beta": "2 3"})
		e.End()
		for line := range strings.Lines(d.log.String() + e.log.String()) {
			if strings.Contains(line, "level=ERROR") {
				b.Errorf("turns are no errors: %s", line)
			}
		}
	})
}

// A daemon that is killed leaves its mount, which the next one doesn't use; the lock
// is free, and the next one goes on.
func TestDaemonIsKilled(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	d := b.Daemon(shares(vol, "name: alpha, access: [10.0.0.1]"))
	d.Looks(1, vol, `"in sync"`)
	d.Signal(syscall.SIGKILL)
	<-d.ended
	b.Cleanup(func() { b.tidyMounts(vol) })
	left := b.ownMounts(vol)
	b.On(vol, "chmod", "0700", "alpha")
	next := b.Daemon(shares(vol, `name: alpha, mode: "0755", access: [10.0.0.2]`))
	next.Logs("share=alpha action=set-perm", "outcome=done")
	next.Looks(1, vol, `"in sync"`)
	b.ExpectMounts(vol, grants{"alpha": "2"})
	next.End()
	if now := b.ownMounts(vol); len(now) > len(left) {
		b.Errorf("the first one has left %v, and now there are %v", left, now)
	}
}

// BenchmarkRefusal measures what lies between the atomic save of the file that takes
// a client out and the first refusal of a mount by that client, beside one bare volume
// set. It is no test: nothing is asserted but that it happens.
func BenchmarkRefusal(bench *testing.B) {
	const times = 50
	b := newBed(bench, instance)
	vol := b.FreshVolume()
	both := shares(vol, "name: alpha, access: [10.0.0.1, 10.0.0.2]")
	one := shares(vol, "name: alpha, access: [10.0.0.1]")
	path := "/" + vol + "/alpha"
	d := b.Daemon(both, "--interval", "5m", "--log-level", "info")
	awaitWord := func(word string) {
		b.Helper()
		deadline := time.Now().Add(patience)
		for b.Client(2).Ask(path)[path] != word {
			if time.Now().After(deadline) {
				b.Fatalf("client 2 does not get %s", word)
			}
		}
	}
	awaitWord("OK")
	var ask, refused, set []time.Duration
	clock := func(what func()) time.Duration {
		start := time.Now()
		what()
		return time.Since(start)
	}
	for range times {
		ask = append(ask, clock(func() { b.Client(2).Ask(path) }))
		refused = append(refused, clock(func() { d.Save(one); awaitWord("ACCES") }))
		d.Save(both)
		awaitWord("OK")
	}
	d.End()
	for i := range times {
		client := []string{"10.0.0.1", "10.0.0.1|10.0.0.2"}[i%2]
		set = append(set, clock(func() { b.Set(vol, "nfs.export-dir", "/alpha("+client+")") }))
	}
	bench.Logf("from the save to the refusal: %s\none bare volume set: %s\none mount that is asked for: %s", spreadOf(refused), spreadOf(set), spreadOf(ask))
	passed.Add(1)
}

func spreadOf(all []time.Duration) string {
	slices.Sort(all)
	ms := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
	return fmt.Sprintf("median %v, worst %v of %d", ms(all[len(all)/2]), ms(all[len(all)-1]), len(all))
}
