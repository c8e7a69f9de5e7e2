//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A run takes one connection, whatever it does. Its mount is gone before it ends.
func TestARunOverSSHTakesOneConnection(t *testing.T) {
	b := onBed(t).overSSH("sudo")
	vol, other := b.FreshVolume(), b.FreshVolume()
	file := b.File(State{Volumes: []Volume{
		{Name: vol, Shares: []string{"name: alpha, size: 10MiB, access: [10.0.0.1]", "name: teams/beta, access: [10.0.0.2]"}},
		{Name: other, Shares: []string{`name: alpha, mode: "0750", access: [10.0.0.1]`}},
	}})
	mounts := b.Run("cat", "/proc/self/mountinfo")
	for _, command := range []string{"plan", "apply", "plan", "status"} {
		before := b.logged()
		b.expect(exitDone, command, "-f", file)
		if n := b.logged() - before; n != 1 {
			b.Errorf("%s has taken %d connections", command, n)
		}
		if after := b.Run("cat", "/proc/self/mountinfo"); after != mounts {
			b.Errorf("before %s:\n%s\nafter:\n%s", command, mounts, after)
		}
	}
	b.ExpectMounts(vol, grants{"alpha": "1", "teams/beta": "2"})
	b.ExpectMounts(other, grants{"alpha": "1"})
}

// A run on the server and one over SSH exclude each other, and who waits is told for
// whom.
func TestRunsHereAndThereExcludeEachOther(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	there := b.overSSH("sudo")
	for _, c := range []struct {
		writer, waiter *Bed
		client, holder string
	}{
		{b, there, "10.0.0.1", " of root on gsrv "},
		{there, b, "10.0.0.2", " of nobody on "},
	} {
		state := shares(vol, "name: alpha, access: ["+c.client+"]")
		writer := c.writer.Pause(1, "volume set", "apply", "-f", c.writer.File(state))
		c.waiter.Pending(state) // a plan needs no lock
		waiter := c.waiter.start("", "apply", "-f", c.waiter.File(state))
		if !waiter.errs.await(b.Context(), c.holder) {
			b.Errorf("it does not wait for a run%s: %s", c.holder, &waiter.errs)
		}
		for _, r := range []Result{writer.Finish(), waiter.wait()} {
			if r.Code != exitDone {
				b.Errorf("exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
			}
		}
		b.ExpectMounts(vol, grants{"alpha": c.client[len(c.client)-1:]})
	}
}

// Of a run that is killed in the middle nothing stays on the server but the command
// that is under way: the lock is free and the mount is gone before that has ended.
func TestARunOverSSHIsKilled(t *testing.T) {
	for _, name := range []string{"sudo", "root"} {
		t.Run(name, func(t *testing.T) {
			b := onBed(t).overSSH(name)
			vol := b.FreshVolume()
			b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
			state := shares(vol, "name: alpha, access: [10.0.0.2]")
			p := b.Pause(1, "volume set", "apply", "-f", b.File(state))
			if !b.lockIsHeld(vol) || len(b.ownMounts(vol)) != 1 {
				b.Errorf("it has no lock, or no mount of its own: %v", b.ownMounts(vol))
			}
			if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
				b.Fatal(err)
			}
			p.wait()
			b.within(patience/2, func() string {
				if left := b.ownMounts(vol); len(left) > 0 || b.lockIsHeld(vol) {
					return "the lock is still held, or there are mounts: " + strings.Join(left, " ")
				}
				return ""
			})
			p.letGo()
			b.leavesNothing()
			b.Apply(state)
			b.ExpectMounts(vol, grants{"alpha": "2"})
		})
	}
}

// The daemon keeps one connection, makes another when that is cut, and waits for an
// sshd that is down; what has changed meanwhile is done.
func TestDaemonOverSSH(t *testing.T) {
	conclusive(t, func(b *Bed) {
		b = b.overSSH("sudo")
		vol := b.FreshVolume()
		logins := b.logged()
		d := b.Daemon(shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1, 10.0.0.2]`))
		d.await("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1 2"})
		d.Save(shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1]`))
		d.await("share=alpha action=access", `effect="lose 10.0.0.2"`)
		d.await("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectMounts(vol, grants{"alpha": "1"})
		b.expectMended(d, vol)
		if n := b.logged() - logins; n != 1 {
			b.Errorf("it has taken %d connections", n)
		}

		b.cut()
		b.expectMended(d, vol)
		if n := b.logged() - logins; n != 2 {
			b.Errorf("it has taken %d connections, one of which was cut", n)
		}

		b.KillSSHD()
		for range 2 {
			d.await("msg=reconciled", "/"+vol, "new=false is=failed")
		}
		if n := d.count("msg=failed", "no connection"); n != 1 {
			b.Errorf("that sshd is down was told %d times", n)
		}
		b.On(vol, "chmod", "0777", "alpha")
		d.Save(shares(vol, `name: alpha, mode: "0755", access: [10.0.0.1, 10.0.1.3]`))
		d.await("msg=reconciled", "/"+vol, "new=true is=failed")
		b.do("sshd")
		d.Signal(syscall.SIGHUP)
		d.await("share=alpha action=access", `effect="gain 10.0.1.3"`)
		b.ExpectMounts(vol, grants{"alpha": "1 3"})
		d.await("msg=reconciled", "/"+vol, `is="in sync"`)
		b.ExpectStat(vol, "alpha", "root root 755")
		d.End()
		b.leavesNothing()
		if b.lockIsHeld(vol) {
			b.Error("it has left the lock")
		}
	})
}

// expectMended checks that the daemon mends what was done by hand.
func (b *Bed) expectMended(d *Daemon, vol string) {
	b.Helper()
	b.On(vol, "chmod", "0777", "alpha")
	d.await("share=alpha action=set-perm", "outcome=done")
	d.await("msg=reconciled", "/"+vol, `is="in sync"`)
	b.ExpectStat(vol, "alpha", "root root 755")
}

// A host that gives no answer at all stops no other one.
func TestDaemonOfAHostThatIsSilent(t *testing.T) {
	const silent = "192.0.2.1" // the clients' router drops what is not for the bed
	b := onBed(t).overSSH("root")
	known := filepath.Join(b.ssh.dir, "known_hosts")
	text, err := os.ReadFile(known)
	if err != nil {
		b.Fatal(err)
	}
	b.write(known, string(text)+strings.ReplaceAll(string(text), server, silent))
	b.ssh.login.block = strings.Replace(b.ssh.login.block, "{", "{connect_timeout: 5, ", 1)
	vol := b.FreshVolume()
	state := func(client string) State {
		share := []string{`name: alpha, mode: "0755", access: [` + client + `]`}
		return State{Volumes: []Volume{{Name: "gone", Host: silent, Shares: share}, {Name: vol, Shares: share}}}
	}
	r := b.expect(exitFailed, "apply", "-f", b.File(state("10.0.1.3")))
	if want := "root@" + silent + ": it doesn't answer: no connection in 5s"; !strings.Contains(r.Stdout+r.Stderr, want) {
		b.Errorf("it does not say %q:\n%s%s", want, r.Stdout, r.Stderr)
	}
	b.ExpectMounts(vol, grants{"alpha": "3"})

	d := b.Daemon(state("10.0.0.1"))
	d.await("msg=failed", "/gone", "it doesn't answer")
	d.await("msg=reconciled", "/"+vol, `is="in sync"`)
	d.Save(state("10.0.0.2"))
	d.await("/"+vol, "share=alpha action=access", `effect="gain 10.0.0.2; lose 10.0.0.1"`)
	d.await("msg=reconciled", "/"+vol, `is="in sync"`)
	b.ExpectMounts(vol, grants{"alpha": "2"})
	b.expectMended(d, vol)
	d.End()
}
