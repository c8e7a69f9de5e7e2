//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// conclusive runs a scenario, and once more where it fails while one of Gluster's own
// daemons fails by itself, and what was seen proves nothing: a reload beside mounts in
// flight can kill Gluster-NFS 10.3, and quotad can be lost. That somebody was let in
// who must not be always counts.
//
// A scenario makes volumes of its own; each attempt cleans up after itself.
func conclusive(t *testing.T, scenario func(b *Bed)) {
	t.Helper()
	onBed(t).conclusive(t, scenario)
}

func (b *Bed) conclusive(t *testing.T, scenario func(*Bed)) {
	t.Helper()
	const attempts = 5
	for range attempts {
		b.emptyLog()
		a := &attempt{TB: t}
		a.run(func() { scenario(b.heldBy(a)) })
		quotadGone := a.Failed() && b.quotadIsLost()
		a.cleanUp()
		crashed := b.crashes() > 0
		attempted.Add(1)
		if crashed {
			crashedIn.Add(1)
		}
		if quotadGone {
			quotadLost.Add(1)
		}
		switch {
		case !a.Failed():
			return
		case a.breached || !crashed && !quotadGone:
			t.FailNow()
		}
		repeated.Add(1)
		t.Logf("the NFS server has crashed by itself: %t; quotad can't be reached: %t; which proves nothing", crashed, quotadGone)
	}
	t.Fatalf("inconclusive: the NFS server has crashed, or quotad was lost, in each of %d attempts", attempts)
}

// attempted, crashedIn, quotadLost and repeated count the attempts, those in which the NFS
// server has crashed by itself, those after which quotad could not be reached, and those
// that proved nothing.
var attempted, crashedIn, quotadLost, repeated atomic.Int64

// quotadIsLost reports whether nobody reaches quotad though a volume has a quota. The
// lists of limits are blank then, and the move of a directory fails with EINVAL after
// 60 s. glusterd starts quotad anew within some ms of its end, at "volume start force" and
// where a volume gets a quota, and seldom it is left without its socket.
func (b *Bed) quotadIsLost() bool {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if finish(bedScript(ctx, b.instance, "run", "sh", "-c", "gluster --mode=script volume info | grep -q '^features.quota: on'")).Code != 0 {
		return false
	}
	pid, err := os.ReadFile("/var/tmp/gds-" + b.instance + "/holder.pid")
	if err != nil {
		b.Fatal(err)
	}
	c, err := net.Dial("unix", "/proc/"+strings.TrimSpace(string(pid))+"/root/run/gluster/quotad.socket")
	if err != nil {
		b.Log(err)
		return true
	}
	_ = c.Close() // nothing was said
	return false
}

// serverLog is the NFS server's, which has some lines for each mount that it denies.
func (b *Bed) serverLog() string { return "/var/tmp/gds-" + b.instance + "/log/nfs.log" }

// emptyLog begins the NFS server's log anew.
func (b *Bed) emptyLog() {
	b.Helper()
	if err := os.Truncate(b.serverLog(), 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Fatal(err)
	}
}

// crashes is how often the NFS server has crashed since its log was emptied. Where it
// was killed, as glusterd does to start it anew, it has not.
func (b *Bed) crashes() int {
	b.Helper()
	text, err := os.ReadFile(b.serverLog())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Fatal(err)
	}
	return bytes.Count(text, []byte("\nsignal received: "))
}

// breach is a failure that counts in every attempt.
func (b *Bed) breach(format string, args ...any) {
	b.Helper()
	if a, is := b.TB.(*attempt); is {
		a.breached = true
	}
	b.Errorf(format, args...)
}

// attempt is a test whose failure may not count in the end.
type attempt struct {
	testing.TB
	breached bool

	mu       sync.Mutex
	failed   bool
	errors   []string
	cleanups []func()
}

// run calls f until it comes to its end, or to a fatal failure.
func (a *attempt) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func (a *attempt) cleanUp() {
	for len(a.cleanups) > 0 {
		last := a.cleanups[len(a.cleanups)-1]
		a.cleanups = a.cleanups[:len(a.cleanups)-1]
		a.run(last)
	}
}

func (a *attempt) Cleanup(f func()) { a.cleanups = append(a.cleanups, f) }

func (a *attempt) Fail() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failed = true
}

func (a *attempt) Failed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.failed
}

func (a *attempt) FailNow() {
	a.Fail()
	runtime.Goexit()
}

func (a *attempt) Error(args ...any) {
	a.Helper()
	a.Log(args...)
	a.Fail()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.errors = append(a.errors, fmt.Sprint(args...))
}

func (a *attempt) Errorf(format string, args ...any) {
	a.Helper()
	a.Error(fmt.Sprintf(format, args...))
}

func (a *attempt) Fatal(args ...any) {
	a.Helper()
	a.Error(args...)
	a.FailNow()
}

func (a *attempt) Fatalf(format string, args ...any) {
	a.Helper()
	a.Fatal(fmt.Sprintf(format, args...))
}

// A server that crashes in the middle makes an attempt one that doesn't count,
// whatever of it fails.
func TestACrashIsInconclusive(t *testing.T) {
	attempts := 0
	conclusive(t, func(b *Bed) {
		vol := b.FreshVolume()
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
		if attempts++; attempts == 1 {
			b.awaitNFSServer(vol)
			b.Run("sh", "-c", "server=$(cat /run/gluster/nfs/nfs.pid) && kill -SEGV $server && tail --pid=$server -f /dev/null")
		}
		b.Apply(shares(vol, "name: alpha, access: [10.0.0.2]"))
		b.ExpectMounts(vol, grants{"alpha": "2"})
	})
	if attempts != 2 {
		t.Errorf("it took %d attempts", attempts)
	}
}
