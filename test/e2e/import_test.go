//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// Import runs import, which must write nothing, and gives the state file that it
// makes.
func (b *Bed) Import(code int, vol string) (file string, r Result) {
	b.Helper()
	before := b.Writes()
	b.Unchanged(vol, func() { r = b.expect(code, "import", b.target(Volume{Name: vol})) })
	if after := b.Writes(); len(after) != len(before) {
		b.Errorf("import wrote %v", after[len(before):])
	}
	file = filepath.Join(b.TempDir(), "imported.yaml")
	b.write(file, r.Stdout)
	return file, r
}

// says checks that a text has all of the lines.
func (b *Bed) says(text string, lines ...string) {
	b.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			b.Errorf("it does not say %q:\n%s", line, text)
		}
	}
}

// byHand is a volume that somebody has set up with gluster's own commands: two
// exports with limits, one that is open, one that names a host, and directories.
func (b *Bed) byHand(more ...string) string {
	b.Helper()
	vol := b.FreshVolume()
	b.On(vol, "mkdir", "-p", "alpha", "teams/beta", "legacy", "hosts", "plain", "with blank")
	b.Gluster("volume", "quota", vol, "enable")
	b.Gluster("volume", "quota", vol, "limit-usage", "/alpha", "10MB")
	b.Gluster("volume", "quota", vol, "limit-usage", "/teams/beta", "1048577")
	b.Set(vol, "nfs.export-volumes", "off")
	entries := append([]string{"/alpha(10.0.0.1|10.0.0.2)", "/teams/beta(10.0.0.0/24)"}, more...)
	b.Set(vol, "nfs.export-dir", strings.Join(entries, ","), "nfs.disable", "off")
	b.awaitNFSServer(vol)
	return vol
}

// A volume that was kept by hand is taken over without a change: the plan is
// empty, apply writes nothing, and its clients go on mounting what they did.
func TestImportOfAVolumeKeptByHand(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.byHand("/legacy", "/hosts(c1|10.0.1.3)", "/gone(10.0.0.1)")
		mounts := grants{"alpha": "1 2", "teams/beta": "1 2 4", "legacy": "1 2 3 4", "hosts": "1 3", "plain": "", "gone": ""}
		b.ExpectMounts(vol, mounts)
		file, r := b.Import(exitDone, vol)
		b.says(r.Stdout,
			"# A plan for this file has no changes.",
			"      - name: alpha\n        size: 10MiB\n        access:\n          - 10.0.0.1\n          - 10.0.0.2",
			"      - name: teams/beta\n        size: 1048577\n        access:\n          - 10.0.0.0/24",
			"      - name: plain\n        access: []",
			"#     entry: /legacy", "#     entry: /hosts(c1|10.0.1.3)", "#   /gone", "#   /with blank")
		if _, again := b.Import(exitDone, vol); again.Stdout != r.Stdout {
			b.Errorf("a second import differs:\n%s", again.Stdout)
		}
		before := b.Writes()
		b.Unchanged(vol, func() {
			b.expect(exitDone, "plan", "-f", file, "--detailed-exitcode")
			b.expect(exitDone, "apply", "-f", file)
		})
		if after := b.Writes(); len(after) != len(before) {
			b.Errorf("apply wrote %v", after[len(before):])
		}
		b.ExpectMounts(vol, mounts)
	})
}

// Where the gate was never set it is the only thing that the first apply sets, the
// file says so, and nobody notices.
func TestImportOfAVolumeWithoutAGate(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.byHand()
		mounts := grants{"alpha": "1 2", "teams/beta": "1 2 4"}
		file, r := b.Import(exitDone, vol)
		for _, text := range []string{r.Stdout, r.Stderr} {
			if !strings.Contains(text, "An apply would set nfs.rpc-auth-allow") || !strings.Contains(text, "Nobody would gain or lose access by that.") {
				b.Errorf("it does not say what is to do:\n%s", text)
			}
		}
		entries := b.Options(vol)["nfs.export-dir"]
		b.ExpectMounts(vol, mounts)
		b.expect(exitPending, "plan", "-f", file, "--detailed-exitcode")
		b.expect(exitDone, "apply", "-f", file)
		b.ExpectMounts(vol, mounts)
		if got := b.Options(vol); strings.TrimSuffix(got["nfs.export-dir"], ",") != entries || got["nfs.rpc-auth-allow"] != "10.0.0.0/24" {
			b.Errorf("after it the options are %v", got)
		}
		file, _ = b.Import(exitDone, vol)
		b.expect(exitDone, "plan", "-f", file, "--detailed-exitcode")
	})
}

// The gate counts: who is declared is who is admitted, and it stays at that.
func TestImportDeclaresWhoIsAdmitted(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol := b.byHand()
		b.Set(vol, "nfs.rpc-auth-allow", "10.0.0.[12]")
		mounts := grants{"alpha": "1 2", "teams/beta": "1 2"}
		b.ExpectMounts(vol, mounts)
		file, r := b.Import(exitDone, vol)
		b.says(r.Stdout, "      - name: teams/beta\n        size: 1048577\n        access:\n          - 10.0.0.1\n          - 10.0.0.2")
		b.expect(exitDone, "apply", "-f", file)
		b.ExpectMounts(vol, mounts)
	})
}

// Gluster's list of limits is blank where the directory is gone that got the last
// one: the limits of what is listed are known all the same, and the rest is said
// to be unknown.
func TestImportWithABlankListOfLimits(t *testing.T) {
	b := onBed(t)
	vol := b.byHand()
	b.On(vol, "mkdir", "last")
	b.Gluster("volume", "quota", vol, "limit-usage", "/last", "5MB")
	b.On(vol, "rmdir", "last")
	_, r := b.Import(exitFailed, vol)
	b.says(r.Stdout, "# Not everything could be read:", "      - name: alpha\n        size: 10MiB\n        access:\n          - 10.0.0.1\n          - 10.0.0.2",
		"      - name: teams/beta\n        size: 1048577\n        access:\n          - 10.0.0.0/24")
	if !strings.Contains(r.Stderr, "list of limits is blank") {
		b.Errorf("stderr does not say why: %s", r.Stderr)
	}
}

// What can't be imported at all is a failure with a reason, and nothing comes out.
func TestImportOfWhatIsNotThere(t *testing.T) {
	b := onBed(t)
	vol := b.byHand()
	refused := func(code int, want string, args ...string) {
		b.Helper()
		r := b.expect(code, append([]string{"import"}, args...)...)
		if r.Stdout != "" || !strings.Contains(r.Stderr, want) {
			b.Errorf("import %v: want %q on stderr, and nothing on stdout:\n%s%s", args, want, r.Stderr, r.Stdout)
		}
	}
	refused(exitFailed, "there is no volume nosuchvolume", server+":/nosuchvolume")
	refused(exitFailed, "is not this machine", "192.0.2.1:/"+vol)
	b.Gluster("volume", "stop", vol, "force")
	refused(exitFailed, "is not started", server+":/"+vol)
	b.Gluster("volume", "start", vol)
	b.KillGlusterd()
	refused(exitFailed, vol+": can't be read: ", server+":/"+vol)
}
