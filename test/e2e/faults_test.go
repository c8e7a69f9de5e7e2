//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// The moments of the run that changes all at once. Its changes are set-1, which closes
// whole volumes, set-2, which cuts access, limits-1, set-3, which grants, and
// unlimit-1, which takes the limit of what goes away.
var (
	beforeTheRun      = moment{name: "before-the-run"}
	withTheLock       = moment{"with-the-lock", "start.look-2", "after"}
	beforeDirectories = moment{"before-the-directories", "set-2.list-1", "after"}
	beforeTheTrash    = moment{"before-the-trash", "unlimit-1.list-1", "after"}
	afterTheTrash     = moment{"after-the-trash", "unlimit-1.look-2", "before"}

	closing   = around("closing", "set-1")
	narrowing = around("narrowing", "set-2")
	limiting  = around("limiting", "limits-1")
	granting  = around("granting", "set-3")
	unlimit   = around("unlimiting", "unlimit-1")
)

// around is before, during and after a change.
func around(name, command string) [3]moment {
	var out [3]moment
	for i, when := range []string{"before", "during", "after"} {
		out[i] = moment{when + "-" + name, command, when}
	}
	return out
}

const before, during, after = 0, 1, 2

// fault is something that goes wrong on the bed, once.
type fault struct {
	name   string
	strike string // commands on the server
	at     []moment

	kills   bool // the program dies, and tells nothing
	unclear bool // of what was in hand then nobody may know what became of it
	refused bool // nothing is done: the plan has a problem
	outage  bool // the NFS server goes away, or is started anew
	small   bool // the volume is one that can be filled

	// mend is what an admin does about it; nil: nothing.
	mend func(b *Bed, vol string)
}

const (
	killGlusterd    = `dies $(cat "$glusterd")`
	restartGlusterd = killGlusterd + ` && command glusterd -p "$glusterd" && until /usr/sbin/gluster --mode=script volume list; do :; done`
	killTool        = `dies $tool`
	killServer      = `dies $(cat /run/gluster/nfs/nfs.pid)`
	killBrick       = `dies $(cat /run/gluster/vols/$volume/*.pid)`
	stopVolume      = `/usr/sbin/gluster --mode=script volume stop $volume force`
	killClient      = `dies $(pgrep --ns $$ --nslist net -f -- "--volfile-id=/$volume .*/glusterd-shares/")`
	fillDisk        = `for size in 1M 4k 512; do dd if=/dev/zero of=$brick/.glusterfs/filler bs=$size oflag=append conv=notrunc; done
  test "$(stat -f -c %a $brick)" = 0`

	// The list of limits goes blank when the directory is removed that got the last one.
	blankList = `unshare -m --propagation private sh -ec '
  glusterfs --process-name fuse --volfile-server=10.0.0.254 --volfile-id=/$1 $2
  cd $2; mkdir blank; gluster --mode=script volume quota $1 limit-usage /blank 5MB; rmdir blank; cd /; umount -l $2
  said=$(/usr/sbin/gluster --mode=script volume quota $1 list); test -z "$said"' sh $volume $mnt`
)

// faults are what is tried, and when.
var faults = []fault{
	{
		name: "glusterd-killed", strike: killGlusterd, unclear: true, outage: true, mend: startGlusterd,
		at: slices.Concat(closing[1:2], narrowing[:], limiting[1:2], granting[:], unlimit[1:2], []moment{beforeTheTrash}),
	},
	{
		name: "glusterd-restarted", strike: restartGlusterd, unclear: true, outage: true,
		at: []moment{closing[during], narrowing[during], limiting[during], granting[during], unlimit[during]},
	},
	{
		name: "glusterd-and-program-killed", strike: killGlusterd + "; " + killTool, kills: true, outage: true, mend: startGlusterd,
		at: []moment{narrowing[during], granting[during]},
	},
	{
		name: "program-killed", strike: killTool, kills: true,
		at: slices.Concat(closing[1:2], narrowing[:], limiting[:], granting[1:], unlimit[:], []moment{afterTheTrash}),
	},
	{
		name: "brick-killed", strike: killBrick, outage: true, mend: startByForce,
		at: []moment{beforeDirectories, limiting[before], granting[before]},
	},
	{
		name: "volume-stopped", strike: stopVolume, outage: true, mend: startVolume,
		at: []moment{narrowing[before], granting[before], beforeTheTrash},
	},
	{
		name: "mount-dead", strike: killClient,
		at: []moment{withTheLock, beforeDirectories, granting[before], beforeTheTrash},
	},
	{
		name: "disk-full", strike: fillDisk, small: true, mend: makeRoom,
		at: []moment{beforeTheRun, beforeDirectories, granting[after]},
	},
	{
		name: "nfs-server-dead", strike: killServer, outage: true, mend: startByForce, refused: true,
		at: []moment{beforeTheRun},
	},
	{
		name: "nfs-server-dead", strike: killServer, outage: true,
		at: []moment{narrowing[before], narrowing[after], granting[after]},
	},
	{
		name: "limits-blank", strike: blankList,
		at: []moment{beforeTheRun, limiting[before], granting[after]},
	},
}

func startGlusterd(b *Bed, _ string)  { b.do("glusterd") }
func startVolume(b *Bed, vol string)  { b.Gluster("volume", "start", vol) }
func startByForce(b *Bed, vol string) { b.Gluster("volume", "start", vol, "force") }
func makeRoom(b *Bed, vol string)     { b.Run("rm", b.brick(vol)+"/.glusterfs/filler") }

// tried and violations count the cases, and those that failed; raced counts who was let
// in by Gluster-NFS's own race.
var tried, violations, raced atomic.Int64

// aimed counts the strikes at a command under way, hit those before which it had not
// ended by itself.
var aimed, hit atomic.Int64

// beds are how many cases are tried side by side: each waits for Gluster most of the
// time.
const beds = 2

// TestFaultsOnGluster breaks a run that changes all at once, on a real Gluster with
// clients at its door; and then some of the laws, to see that the cases notice.
func TestFaultsOnGluster(t *testing.T) {
	free := raiseBeds(t, beds)
	var want []string
	conclusive(t, func(b *Bed) { want = b.undisturbed() })
	onABed := func(name string, do func(t *testing.T, bed string)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bed := <-free
			defer func() { free <- bed }()
			do(t, bed)
		})
	}
	t.Cleanup(func() { judgeAim(t) })
	for _, f := range faults {
		for _, at := range f.at {
			onABed(caseName(f, at), func(t *testing.T, bed string) {
				defer countCase(t)
				onBedNamed(t, bed).conclusive(t, func(b *Bed) { b.try(f, at, want) })
			})
		}
	}
	for _, v := range plantedOnGluster() {
		onABed("planted-"+strings.ReplaceAll(v.Name, " ", "-"), func(t *testing.T, bed string) { isCaught(t, bed, v, want) })
	}
}

// judgeAim judges, where all cases were tried, that at least one of the commands that were
// to be struck under way was. How many are depends on the machine.
func judgeAim(t *testing.T) {
	t.Helper()
	all := 0
	for _, f := range faults {
		for _, at := range f.at {
			if at.when == "during" {
				all++
			}
		}
	}
	if n := aimed.Load(); n >= int64(all) && hit.Load() == 0 {
		t.Errorf("each of the %d commands that were to be struck under way had ended before", n)
	}
}

// caseName is by what a case is run alone.
func caseName(f fault, at moment) string { return f.name + "-" + at.name }

// countCase counts a case at its end.
func countCase(t *testing.T) {
	tried.Add(1)
	if t.Failed() {
		violations.Add(1)
	}
}

// raiseBeds gives n beds, which last until the test and its subtests end.
func raiseBeds(t *testing.T, n int) (free chan string) {
	t.Helper()
	free = make(chan string, n)
	free <- instance
	for i := 2; i <= n; i++ {
		another := fmt.Sprint(instance, i)
		if err := raise(another, "on"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := lower(another); err != nil {
				t.Error(err)
			}
		})
		free <- another
	}
	return free
}

// tellOfFaults sums up what was tried, where any was.
func tellOfFaults() {
	n := tried.Load()
	if n == 0 {
		return
	}
	fmt.Printf("faults: %d tries to get in by clients that neither state grants it were refused, and %d found nothing there or had no answer; let in by Gluster-NFS's own race: %d\n",
		knocks.refused.Load(), knocks.others.Load(), raced.Load())
	fmt.Printf("faults: the NFS server crashed by itself in %d of %d runs, and quotad was lost in %d; of them %d proved nothing and were made again\n",
		crashedIn.Load(), attempted.Load(), quotadLost.Load(), repeated.Load())
	if all := aimed.Load(); all > 0 {
		fmt.Printf("faults: %d of %d commands that were to be struck under way had not ended before\n", hit.Load(), all)
	}
	if all := caught.Load() + uncaught.Load(); all > 0 {
		how := "all caught"
		if n := uncaught.Load(); n > 0 {
			how = fmt.Sprint(n, " not caught")
		}
		fmt.Printf("planted violations: %d, %s\n", all, how)
	}
	fmt.Printf("faults: %d tried, %d violations\n", n, violations.Load())
}
