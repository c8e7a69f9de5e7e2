//go:build e2e

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// A share that is retired is un-exported, and its data lies in the trash with a
// note. Restored and declared again it is mounted by its client, with the data
// in it.
func TestRetireAndRestore(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	present := shares(vol, `name: teams/alpha, size: 10MiB, group: games, mode: "2775", access: [10.0.0.1]`, "name: beta, size: 5MiB, access: [10.0.0.2]")
	b.Apply(present)
	b.On(vol, "chown", "daemon", "teams/alpha")
	b.Client(1).Write("/"+vol+"/teams/alpha/file", "precious")
	absent := shares(vol, "name: teams/alpha, state: absent", "name: beta, size: 5MiB, access: [10.0.0.2]")
	b.Apply(absent)
	b.ExpectMounts(vol, grants{"teams/alpha": "", "beta": "2"})
	b.ExpectLimits(vol, map[string]string{"/beta": "5242880"})

	const entry = ".glusterd-shares/trash/*-teams-alpha-*"
	if data := b.On(vol, "sh", "-c", "cat "+entry+"/data/file"); data != "precious" {
		b.Errorf("the trash holds %q", data)
	}
	note := b.On(vol, "sh", "-c", "cat "+entry+"/note.json")
	for _, want := range []string{`"path": "/teams/alpha"`, `"limit": 10485760`, `"name": "daemon"`, `"name": "games"`, `"mode": "2775"`, `"10.0.0.1"`, `"on_delete": "trash"`} {
		if !strings.Contains(note, want) {
			b.Errorf("the note lacks %s:\n%s", want, note)
		}
	}
	for path, mode := range map[string]string{"": "700", "/trash": "700"} {
		b.ExpectStat(vol, ".glusterd-shares"+path, "root root "+mode)
	}
	b.On(vol, "sh", "-c", "test $(stat -c %a "+entry+"/note.json) = 600 && test $(stat -c %a "+entry+") = 700")

	file := b.File(absent)
	if list := b.expect(exitDone, "trash", "list", "-f", file).Stdout; !strings.Contains(list, "/teams/alpha, removed ") {
		b.Errorf("trash list says %q", list)
	}
	b.On(vol, "chown", "bin:bin", strings.TrimSpace(b.On(vol, "sh", "-c", "echo "+entry))+"/data")
	said := b.expect(exitDone, "trash", "restore", "teams/alpha", "-f", file).Stdout
	if want := "      - name: teams/alpha\n        size: 10MiB\n"; !strings.Contains(said, want) || !strings.Contains(said, "- 10.0.0.1\n") {
		b.Errorf("trash restore lacks the block:\n%s", said)
	}
	b.ExpectMounts(vol, grants{"teams/alpha": "", "beta": "2"})
	b.ExpectLimits(vol, map[string]string{"/teams/alpha": "10485760"})
	b.ExpectStat(vol, "teams/alpha", "daemon games 2775")
	b.Apply(present)
	b.ExpectMounts(vol, grants{"teams/alpha": "1", "beta": "2"})
	b.ExpectLimits(vol, map[string]string{"/teams/alpha": "10485760", "/beta": "5242880"})
	if data := b.Client(1).Read("/" + vol + "/teams/alpha/file"); data != "precious" {
		b.Errorf("the client reads %q", data)
	}
	b.ExpectStat(vol, "teams/alpha", "daemon games 2775")
}

// What is in the way, or not to go along, keeps a directory where it is.
func TestWhatCantGo(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, size: 10MiB, access: [10.0.0.1]", "name: beta, access: [10.0.0.1]"))
	absent := shares(vol, "name: alpha, state: absent, on_delete: purge", "name: beta, access: [10.0.0.1]")
	b.On(vol, "mkdir", "alpha/in")
	b.Gluster("volume", "quota", vol, "limit-usage", "/alpha/in", "5MB")
	b.Refused(absent, "/alpha can't go: /alpha/in, which lies below it, has a quota limit")
	b.On(vol, "rmdir", "alpha/in")
	if said := b.expect(exitFailed, "apply", "-f", b.File(absent)).Stdout; !strings.Contains(said, "whether another quota limit lies below /alpha can't be told") {
		b.Errorf("with a blank list of limits it says\n%s", said)
	}
	b.ExpectMounts(vol, grants{"alpha": "", "beta": "1"})
	b.Gluster("volume", "quota", vol, "limit-usage", "/beta", "5MB")
	b.Apply(absent)
	b.ExpectMounts(vol, grants{"alpha": "", "beta": "1"})
	b.On(vol, "sh", "-c", "! test -e alpha")
}

// The limit that goes may turn the list of limits blank, where a directory is gone
// that had one before it: the run goes on by what it has read, and ends.
func TestRetireTurnsTheListBlank(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	present := shares(vol, "name: alpha, size: 10MiB, access: [10.0.0.1]", "name: beta, access: [10.0.0.1]")
	b.Apply(present)
	b.On(vol, "rmdir", "alpha")
	b.Apply(present)
	absent := shares(vol, "name: alpha, state: absent", "name: beta, access: [10.0.0.1]")
	b.Apply(absent)
	if list := b.Run("sh", "-c", "gluster --mode=script volume quota "+vol+" list; true"); strings.TrimSpace(list) != "" {
		b.Fatalf("the list of limits is not blank, so this proves nothing: %q", list)
	}
	b.expect(exitDone, "plan", "-f", b.File(absent), "--detailed-exitcode")
}

// A purge that is killed in the middle goes on in the next run, and touches
// nothing outside the trash, wherever symlinks point.
func TestPurgeIsKilled(t *testing.T) {
	const files = 10000 // many times as many as one step removes
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.1]"))
	outside := b.TempDir()
	b.On(vol, "sh", "-c", fmt.Sprintf(`
		echo outside >%[1]s/file && echo beta >beta/file && mkdir alpha/deep alpha/deep/er &&
		ln -s %[1]s alpha/out && ln -s %[1]s/file alpha/deep/file && ln -s ../../beta alpha/deep/beta && ln -s / alpha/deep/er/root &&
		cd alpha && seq -f 'file-%%.0f' %[2]d | xargs touch`, outside, files))
	state := b.File(shares(vol, "name: alpha, state: absent, on_delete: purge", "name: beta, access: [10.0.0.1]"))
	said := b.On(vol, "sh", "-c", fmt.Sprintf(`
		%s apply -f %s >/dev/null 2>&1 & tool=$!
		left() { ls .glusterd-shares/trash/*/purging 2>/dev/null | wc -l; }
		while n=$(left); [ "$n" = 0 ] || [ "$n" -gt %d ]; do kill -0 $tool 2>/dev/null || break; done
		kill -9 $tool; wait $tool; left`, tool, state, files-1000))
	left, err := strconv.Atoi(strings.TrimSpace(said))
	if err != nil || left == 0 || left >= files {
		b.Fatalf("%q files were left when it was killed (%v)", said, err)
	}
	b.Logf("%d of %d files were left when it was killed", left, files)
	if list := b.expect(exitDone, "trash", "list", "-f", state).Stdout; !strings.Contains(list, "in part deleted already") {
		b.Errorf("trash list says %q", list)
	}
	b.expect(exitPending, "plan", "-f", state, "--detailed-exitcode")
	b.expect(exitDone, "apply", "-f", state)
	b.expect(exitDone, "plan", "-f", state, "--detailed-exitcode")
	if rest := b.On(vol, "ls", "-A", ".glusterd-shares/trash"); rest != "" {
		b.Errorf("the trash holds %s", rest)
	}
	if got := b.On(vol, "sh", "-c", "cat "+outside+"/file beta/file; ls"); got != "outside\nbeta\nbeta\n"+unlisted+"\n" {
		b.Errorf("elsewhere there is %q", got)
	}
	b.ExpectMounts(vol, grants{"alpha": "", "beta": "1"})
}
