//go:build e2e

package e2e

import (
	"slices"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// allAtOnce is a run that makes a share, resizes one, gives one other permissions,
// moves one to the trash, and takes access from several clients; beside an export that
// nobody declares, and a volume that was made later.
var allAtOnce = struct {
	before, byHand, after []string
	old, new              grants
	limits                map[string]string // after it
}{
	before: []string{
		"name: alpha, size: 10MiB, access: [10.0.0.1, 10.0.0.2]",
		`name: beta, mode: "0755", access: [10.0.1.3]`,
		`name: gone, size: 5MiB, mode: "0750", owner: daemon, access: [10.0.1.3]`,
		"name: teams, access: []",
		"name: teams/one, access: [10.0.0.2, 10.0.0.128/25]",
	},
	byHand: []string{
		"nfs.export-dir", "/alpha(10.0.0.1|10.0.0.2),/beta(10.0.1.3),/gone(10.0.1.3),/teams/one(10.0.0.2|10.0.0.128/25),/legacy(10.0.0.129)",
	},
	after: []string{
		"name: alpha, size: 20MiB, access: [10.0.0.1]",
		`name: beta, mode: "2770", owner: daemon, group: games, access: [10.0.1.3]`,
		"name: gone, state: absent",
		"name: teams, access: []",
		"name: teams/one, access: [10.0.0.128/26]",
		`name: new, size: 15MiB, mode: "2775", group: games, access: [10.0.0.2, 10.0.1.3]`,
	},
	old:    grants{"alpha": "1 2", "beta": "3", "gone": "3", "teams": "", "teams/one": "2 4", "legacy": "4", "new": ""},
	new:    grants{"alpha": "1", "beta": "3", "gone": "", "teams": "", "teams/one": "4", "legacy": "4", "new": "2 3"},
	limits: map[string]string{"/alpha": "20971520", "/new": "15728640", "/beta": "N/A"},
}

// stage makes a volume that is as it is before the run, with data of clients on it.
func (b *Bed) stage(small bool) (vol string) {
	b.Helper()
	if small {
		vol = b.SmallVolume()
	} else {
		vol = b.FreshVolume()
	}
	b.On(vol, "sh", "-c", "mkdir -p legacy/deep && echo deep >legacy/deep/data")
	b.expect(exitDone, "apply", "-f", b.File(shares(vol, allAtOnce.before...)))
	b.Set(vol, allAtOnce.byHand...)
	b.ExpectMounts(vol, allAtOnce.old)
	for dir, who := range allAtOnce.old {
		if who != "" {
			b.Client(int(who[0]-'0')).Write("/"+vol+"/"+dir+"/data", "data of "+dir)
		}
	}
	later := vol + "later"
	b.Gluster("volume", "create", later, server+":"+b.brick(later), "force")
	b.Cleanup(func() { b.Gluster("volume", "delete", later) })
	return vol
}

// try is one case: the run is broken, an admin mends what only an admin can, the same
// run is made again, and after that there is nothing left to do.
func (b *Bed) try(f fault, at moment, undisturbed []string) {
	b.Helper()
	vol := newBed(b.TB, b.instance).stage(f.small) // by the program as it is
	data := b.clientData(vol)
	state := shares(vol, allAtOnce.after...)
	var r Result
	b.guard(vol, f.outage, func() {
		r = b.broken(vol, f, at, b.File(state))
		b.isThere(vol, data, "after the run")
		if f.mend != nil {
			f.mend(b, vol)
		}
		b.judgeEnd(vol, f, r)
		b.Apply(state)
	})
	b.isThere(vol, data, "in the end")
	b.ExpectMounts(vol, allAtOnce.new)
	b.ExpectLimits(vol, allAtOnce.limits)
	now := b.picture(vol)
	if !f.kills && b.told(r).unnoted() {
		undisturbed, now = withoutClients(undisturbed), withoutClients(now)
	}
	if d := cmp.Diff(undisturbed, now); d != "" {
		b.Errorf("in the end (-undisturbed +broken and run again):\n%s", d)
	}
	if f.kills {
		b.tidyMounts(vol) // of which the next run has told, and how to remove it
		b.Run("sh", "-c", "rm -r /run/glusterd-shares/"+vol+"-*")
	}
	if left := b.mountPoints(vol); len(left) > 0 {
		b.Errorf("mounts were left: %v", left)
	}
}

// undisturbed is what the run comes to where nothing goes wrong.
func (b *Bed) undisturbed() (picture []string) {
	b.Helper()
	vol := b.stage(false)
	b.guard(vol, false, func() { b.Apply(shares(vol, allAtOnce.after...)) })
	b.ExpectMounts(vol, allAtOnce.new)
	b.ExpectLimits(vol, allAtOnce.limits)
	return b.picture(vol)
}

// broken makes the run in which something goes wrong.
func (b *Bed) broken(vol string, f fault, at moment, file string) Result {
	b.Helper()
	dir := b.ambush(vol, at, f.strike)
	if at == beforeTheRun {
		b.strikeNow(dir)
	}
	r := finish(b.tool(b.Context(), dir, "apply", "-f", file, "-o", "json", "--log-level", "debug"))
	b.Logf("exit %d %s", r.Code, r.Stderr)
	b.struck(dir)
	if at.when == "during" {
		aimed.Add(1)
		if b.inTime(dir) {
			hit.Add(1)
		}
	}
	return r
}

// judgeEnd judges how the run in which something went wrong has ended.
func (b *Bed) judgeEnd(vol string, f fault, r Result) {
	b.Helper()
	switch {
	case f.refused && r.Code != exitRefused:
		b.Errorf("exit %d, not %d\n%s%s", r.Code, exitRefused, r.Stdout, r.Stderr)
	case !f.kills:
		b.isTrue(vol, r, f.unclear)
	case r.Code != -1:
		b.Errorf("it was not killed: exit %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

// guard makes a change with clients at the door, and judges besides each configuration
// that the NFS server is given meanwhile.
func (b *Bed) guard(vol string, outage bool, change func()) {
	b.Helper()
	var letIn []count
	var who []int
	l := b.listen()
	defer func() {
		told := l.end(b)
		b.judgeTold(vol, told)
		for i, c := range letIn {
			b.judgeLetIn(told, who[i], c)
		}
	}()
	w := Watched{Volume: vol, Old: allAtOnce.old, New: allAtOnce.new, Outage: outage, Paced: true}
	w.LetIn = func(client int, c count) { letIn, who = append(letIn, c), append(who, client) }
	b.Watch(w, change)
}

// judgeTold judges what the NFS server went by: none of it admits anybody whom neither
// state grants it, or shuts out anybody whom both grant it.
func (b *Bed) judgeTold(vol string, told []mountd.Config) {
	b.Helper()
	before, after := allAtOnce.old.mounts(vol), allAtOnce.new.mounts(vol)
	for m := range before {
		for i, c := range told {
			switch is := admits(c, m.client, m.path); {
			case is && !before[m] && !after[m]:
				b.breach("by the configuration %d of %d client %d may mount %s, which neither state grants it: %v", i+1, len(told), m.client, m.path, c)
			case !is && before[m] && after[m] && c[vol].Started:
				b.Errorf("by the configuration %d of %d client %d may not mount %s, which both states grant it: %v", i+1, len(told), m.client, m.path, c)
			}
		}
	}
}

// judgeLetIn judges that a client was let in whom neither state grants it. Gluster-NFS
// can do that by itself, once in millions of tries, whatever it goes by.
func (b *Bed) judgeLetIn(told []mountd.Config, client int, c count) {
	b.Helper()
	by := slices.IndexFunc(told, func(t mountd.Config) bool { return admits(t, client, c.path) })
	if by < 0 && c.times == 1 {
		raced.Add(1)
		b.Logf("client %d was let into %s once, by nothing that the NFS server was told: that is its own race", client, c.path)
		return
	}
	b.breach("client %d was let into %s, %d times, which neither state grants it", client, c.path, c.times)
}
