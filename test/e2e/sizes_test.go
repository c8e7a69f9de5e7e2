//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Limits are the quota limits of a volume as Gluster lists them for the paths.
func (b *Bed) Limits(vol string, paths ...string) map[string]string {
	b.Helper()
	out := map[string]string{}
	list := b.Gluster(append([]string{"--xml", "volume", "quota", vol, "list"}, paths...)...)
	for entry := range strings.SplitSeq(list, "<limit>") {
		path, _, found := strings.Cut(entry, "</path>")
		if _, limit, ok := strings.Cut(entry, "<hard_limit>"); found && ok {
			limit, _, _ = strings.Cut(limit, "</hard_limit>")
			out[path[strings.Index(path, "<path>")+len("<path>"):]] = limit
		}
	}
	return out
}

func (b *Bed) ExpectLimits(vol string, want map[string]string) {
	b.Helper()
	var paths []string
	for p := range want {
		paths = append(paths, p)
	}
	got := b.Limits(vol, paths...)
	for p, limit := range want {
		if got[p] != limit {
			b.Errorf("%s of %s has the limit %q, want %q", p, vol, got[p], limit)
		}
	}
}

// A size is a limit that an NFS client sees and runs into, that survives a
// restart of glusterd, and that is no drift as long as it stands.
func TestSizes(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol,
		"name: alpha, size: 10MiB, access: [10.0.0.1]",
		"name: teams/beta, size: 1048577, access: [10.0.0.2]",
		"name: gamma, access: [10.0.0.1]")
	b.Apply(state)
	b.ExpectLimits(vol, map[string]string{"/alpha": "10485760", "/teams/beta": "1048577", "/gamma": "N/A"})
	b.ExpectMounts(vol, grants{"alpha": "1", "teams/beta": "2", "gamma": "1"})
	b.Eventually(func() string {
		if df := b.Client(1).Space("/" + vol + "/alpha"); df != "10485760" {
			return fmt.Sprintf("df on the NFS mount says %q, not 10485760 bytes", df)
		}
		return ""
	})

	b.Set(vol, "features.soft-timeout", "0", "features.hard-timeout", "0")
	b.Client(1).Write("/"+vol+"/alpha/small", strings.Repeat("x", 1<<20))
	large := strings.Repeat("x", 24<<20)
	if r := b.Client(1).TryWrite("/"+vol+"/alpha/large", large); r.Code == 0 {
		b.Errorf("24 MiB went into a share of 10 MiB")
	}
	b.Client(1).Write("/"+vol+"/gamma/large", large)

	b.KillGlusterd()
	b.do("glusterd")
	b.awaitNFSServer(vol)
	b.expect(exitDone, "plan", "-f", b.File(state), "--detailed-exitcode")

	b.Apply(shares(vol,
		"name: alpha, size: 20MiB, access: [10.0.0.1]",
		"name: teams/beta, size: none, access: [10.0.0.2]",
		"name: gamma, size: 1GiB, access: [10.0.0.1]"))
	b.ExpectLimits(vol, map[string]string{"/alpha": "20971520", "/teams/beta": "N/A", "/gamma": "1073741824"})
}

// Gluster's list of limits goes blank when the directory is removed that got the
// last one. That is not taken for a volume without limits.
func TestTheListOfLimitsGoesBlank(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, "name: alpha, size: 10MiB, access: [10.0.0.1]")
	b.Apply(state)
	b.On(vol, "mkdir", "other")
	b.Gluster("volume", "quota", vol, "limit-usage", "/other", "5MB")
	b.On(vol, "rmdir", "other")
	if list := b.Run("sh", "-c", "gluster --mode=script volume quota "+vol+" list || true"); strings.Contains(list, "alpha") {
		b.Fatalf("the list is not blank:\n%s", list)
	}
	before := b.Writes()
	b.Apply(state)
	if after := b.Writes(); len(after) != len(before) {
		b.Errorf("a run with nothing to do wrote %v", after[len(before):])
	}
	b.Apply(shares(vol, "name: alpha, size: 11MiB, access: [10.0.0.1]"))
	b.ExpectLimits(vol, map[string]string{"/alpha": fmt.Sprint(11 << 20)})
}

// misdirected stands before gluster on the program's PATH. What it is told on
// stdin about /alpha goes to a directory that is not there.
const misdirected = `#!/bin/bash
case " $* " in *" volume "* | *" pool "* | *" system:: "* | *" --version "*) exec /usr/sbin/gluster "$@" ;; esac
sed 's# /alpha # /nope #' | /usr/sbin/gluster "$@"
`

// A limit that Gluster refuses holds its share back; the others are set.
func TestOneLimitFails(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, size: 10MiB, access: [10.0.0.1]"))
	state := shares(vol,
		"name: alpha, size: 20MiB, access: [10.0.0.1, 10.0.0.2]",
		"name: beta, size: 30MiB, access: [10.0.0.1]")
	r, _ := b.Meddle(misdirected, "apply", "-f", b.File(state))
	if r.Code != exitFailed || !strings.Contains(r.Stdout, "held: alpha") {
		b.Fatalf("exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	b.ExpectLimits(vol, map[string]string{"/alpha": "10485760", "/beta": "31457280"})
	b.ExpectMounts(vol, grants{"alpha": "1", "beta": "1"})
	b.Apply(state)
	b.ExpectLimits(vol, map[string]string{"/alpha": "20971520", "/beta": "31457280"})
}

// Where quotad can't be reached the list of limits is blank: nothing goes then, and it is
// said what to do about it. What is seen meanwhile is no proof of anything else.
func TestQuotadIsLost(t *testing.T) {
	b := onBed(t)
	attempts := 0
	b.conclusive(t, func(b *Bed) {
		attempts++
		vol := b.FreshVolume()
		b.Apply(shares(vol, "name: alpha, size: 10MiB, access: []", "name: gone, access: []"))
		if b.quotadIsLost() {
			b.Error("it is not reached though nothing happened to it")
		}
		if attempts > 1 {
			return
		}
		b.Run("rm", "/run/gluster/quotad.socket")
		r := b.expect(exitFailed, "apply", "-f", b.File(shares(vol, "name: alpha, size: 10MiB, access: []", "name: gone, state: absent")))
		for _, words := range []string{"list of limits is blank", "gluster volume start " + vol + " force"} {
			if !strings.Contains(strings.Join(strings.Fields(r.Stdout), " "), words) {
				b.breach("it doesn't say %q:\n%s", words, r.Stdout)
			}
		}
		b.Gluster("volume", "start", vol, "force")
		b.Apply(shares(vol, "name: alpha, size: 10MiB, access: []", "name: gone, state: absent"))
		b.Run("rm", "/run/gluster/quotad.socket")
		b.Error("what fails now is not proof of anything")
	})
	if attempts != 2 {
		t.Errorf("%d attempts", attempts)
	}
}
