//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// holdLock takes a volume's lock as another machine would, over a mount of its
// own, and gives what lets go of it.
func (b *Bed) holdLock(vol string) (release func()) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := bedScript(ctx, b.instance, "on", vol, "sh", "-c",
		"mkdir -p -m 0700 .glusterd-shares && exec flock .glusterd-shares/lock sh -c 'echo held; cat >/dev/null'")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		defer cancel()
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			b.Errorf("the holder of the lock: %v", err)
		}
	})
	b.Cleanup(release)
	if word, err := io.ReadAll(io.LimitReader(stdout, int64(len("held\n")))); string(word) != "held\n" {
		b.Fatalf("the lock was not had: %q, %v", word, err)
	}
	return release
}

func TestTheLockIsNotHadInTime(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	b.holdLock(vol)
	b.Pending(state) // a plan needs no lock
	b.Unchanged(vol, func() {
		b.expect(exitFailed, "apply", "-f", b.File(state), "--lock-timeout", "1s")
	})
}

// Writers wait for each other: each builds on what the one before it wrote.
// Without a lock the last one's write would be all that is left.
func TestWritersTakeTurns(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	release := b.holdLock(vol)
	const writers = 4
	var waiting []*running
	for i := range writers {
		state := shares(vol, fmt.Sprintf("name: share%d, access: [10.0.0.1]", i))
		waiting = append(waiting, b.start("", "apply", "-f", b.File(state)))
	}
	for _, w := range waiting {
		w.errs.await(b.Context(), "waiting for the lock of another run")
	}
	release()
	for _, w := range waiting {
		if r := w.wait(); r.Code != exitDone {
			b.Errorf("exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
		}
	}
	b.ExpectMounts(vol, grants{"share0": "1", "share1": "1", "share2": "1", "share3": "1"})
}

// The mount that a run makes goes with it, and nobody else's lock with the mount:
// who comes to the volume beside it mounts it, too.
func TestAnotherRunsMountIsNotUsed(t *testing.T) {
	b := onBed(t)
	vol, other := b.FreshVolume(), b.FreshVolume()
	plan := b.File(State{Volumes: []Volume{
		{Name: vol, Shares: []string{"name: alpha, access: [10.0.0.1]"}},
		{Name: other, Shares: []string{"name: alpha, access: [10.0.0.1]"}},
	}})
	reader := b.Pause(1, "volume status "+other, "plan", "-f", plan) // it has mounted the first volume, and waits before the other one
	writer := b.Pause(1, "volume set", "apply", "-f", b.File(shares(vol, "name: alpha, access: [10.0.0.1]")))
	if r := reader.Finish(); r.Code != exitDone {
		b.Errorf("plan: exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	if !b.lockIsHeld(vol) {
		b.Error("the end of another run took the lock away")
	}
	if r := writer.Finish(); r.Code != exitDone {
		b.Errorf("apply: exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	b.ExpectMounts(vol, grants{"alpha": "1"})
}

// lockIsHeld reports whether a volume's lock could not be had by another machine.
func (b *Bed) lockIsHeld(vol string) bool {
	b.Helper()
	const busy = "9\n"
	code := b.On(vol, "sh", "-c", "flock -n -E 9 .glusterd-shares/lock true; echo $?")
	if code != busy && code != "0\n" {
		b.Fatalf("flock: exit %s", code)
	}
	return code == busy
}

// A brick that restarts has forgotten who held the lock, and tells nobody: what
// another run does by then is not written over.
func TestTheLockIsLostWithItsBrick(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
	dir := "/run/mounted-" + vol
	b.Run("mkdir", dir)
	b.do("mount", vol, dir)
	b.Cleanup(func() { b.Run("umount", dir) })

	// The first look is the plan, the second is that under the lock.
	late := b.Pause(2, "volume info", "apply", "-f", b.File(shares(vol, "name: alpha, access: [10.0.0.2]")))
	b.Run("sh", "-c", "brick=$(cat /var/run/gluster/vols/"+vol+"/*.pid) && kill $brick && tail --pid=$brick -f /dev/null")
	b.Gluster("volume", "start", vol, "force")
	b.Eventually(func() string { // its client comes back by itself
		if r := finish(bedScript(b.Context(), b.instance, "run", "test", "-d", dir+"/alpha")); r.Code != 0 {
			return "the volume's mount does not come back"
		}
		return ""
	})
	b.awaitNFSServer(vol) // which started with the brick
	b.here().Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.1.3]"))
	var r Result
	b.Unchanged(vol, func() { r = late.Finish() })
	if r.Code != exitFailed || !strings.Contains(r.Stdout, "the lock of the volume is not certain to be this run's any more") {
		b.Errorf("exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	b.ExpectMounts(vol, grants{"alpha": "1", "beta": "3"})
}
