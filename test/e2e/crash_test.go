//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// killer stands before gluster on the program's PATH. At the write with the
// number $1 it kills glusterd or the program: before the write, as soon as
// something of it is stored, or after it.
const killer = `#!/bin/bash
number=%d moment=%s victim=%s dir=$(dirname "$0")
case " $* " in *" volume set "*) ;; *) exec /usr/sbin/gluster "$@" ;; esac
echo >>"$dir/count"
[ "$(wc -l <"$dir/count")" = "$number" ] || exec /usr/sbin/gluster "$@"
strike() {
  echo struck >"$dir/struck"
  case $victim in
    glusterd) kill -9 "$(cat %s)" ;;
    tool) until [ -s "$dir/pid" ]; do :; done; kill -9 "$(cat "$dir/pid")" ;;
  esac
}
stored() { stat -c %%i:%%Y /var/lib/glusterd/vols/*/info; }
case $moment in
  before) strike; exec /usr/sbin/gluster "$@" ;;
  during)
    before=$(stored)
    /usr/sbin/gluster "$@" &
    while kill -0 $! 2>/dev/null && [ "$(stored)" = "$before" ]; do :; done
    strike
    wait $! ;;
  after) /usr/sbin/gluster "$@"; code=$?; strike; exit $code ;;
esac
`

// Whatever dies in the middle of an apply, and wherever it dies: nobody is let
// in meanwhile who should not be, and the next apply gets there.
func TestDeathInTheMiddle(t *testing.T) {
	type death struct {
		victim, moment string
		number         int // of the write
	}
	var deaths []death
	for _, victim := range []string{"glusterd", "tool"} {
		for _, moment := range []string{"during", "before", "after"} {
			deaths = append(deaths, death{victim, moment, 1}, death{victim, moment, 2})
		}
	}
	for _, d := range some(t, 6, deaths) {
		t.Run(fmt.Sprintf("%s dies %s write %d", d.victim, d.moment, d.number), func(t *testing.T) {
			conclusive(t, func(b *Bed) { b.dieInTheMiddle(d.victim, d.moment, d.number) })
		})
	}
}

// dieInTheMiddle kills the victim in an apply with two writes: a volume made
// later has to get export-volumes off, and one share its new clients.
func (b *Bed) dieInTheMiddle(victim, moment string, number int) {
	b.Helper()
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]"))
	b.FreshVolume()
	state := shares(vol, "name: alpha, access: [10.0.0.2]")
	w := Watched{Volume: vol, Old: grants{"alpha": "1"}, New: grants{"alpha": "2"}, Restarts: true}
	b.Watch(w, func() {
		r, dir := b.Meddle(fmt.Sprintf(killer, number, moment, victim, b.glusterdPID()), "apply", "-f", b.File(state))
		if _, err := os.Stat(filepath.Join(dir, "struck")); err != nil {
			b.Fatalf("nothing was killed: %v\n%s%s", err, r.Stdout, r.Stderr)
		}
		if r.Code == exitDone {
			b.Errorf("apply said that it was done:\n%s%s", r.Stdout, r.Stderr)
		}
		b.do("glusterd")
		b.Apply(state)
	})
	b.ExpectMounts(vol, grants{"alpha": "2"})
	if b.ssh == nil {
		b.tidyMounts(vol)
	}
}

// KillGlusterd ends glusterd at once. When the test ends it runs again.
func (b *Bed) KillGlusterd() {
	b.Helper()
	b.Run("sh", "-c", "kill -9 $(cat "+b.glusterdPID()+")")
	b.Cleanup(func() { b.do("glusterd") })
}

func (b *Bed) glusterdPID() string { return "/var/tmp/gds-" + b.instance + "/glusterd.pid" }

// tidyMounts removes what a program that was killed could not unmount itself.
func (b *Bed) tidyMounts(vol string) {
	b.Helper()
	for line := range strings.Lines(b.Run("cat", "/proc/self/mountinfo")) {
		if f := strings.Fields(line); strings.Contains(line, "fuse.glusterfs") && strings.Contains(line, "/"+vol) {
			b.Run("umount", "-l", f[4])
		}
	}
}
