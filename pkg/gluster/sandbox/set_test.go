package sandbox

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

var c1 = mountd.Clients["c1"]

// mount is what the NFS server of the host h says to c1.
func mount(t *testing.T, s *Sandbox, path string) mountd.Verdict {
	t.Helper()
	server, err := s.Served("h")
	if err != nil {
		t.Fatal(err)
	}
	return server.Mount(c1, path)
}

// two gives a sandbox with the volumes a and b, of which a is served and the
// whole of it exported.
func two(t *testing.T) *Sandbox {
	t.Helper()
	s := open(t)
	ensure(t, s, "a", "b")
	succeed(t, s, "volume", "set", "a", "nfs.disable", "off")
	return s
}

// watch notes every step and dies before the one that is named.
func (s *Sandbox) watch(dieBefore string) *[]string {
	var seen []string
	s.Steps = func(step string) error {
		seen = append(seen, step)
		if step == dieBefore {
			return errors.New("killed")
		}
		return nil
	}
	return &seen
}

func TestSetSteps(t *testing.T) {
	s := two(t)
	seen := s.watch("")
	succeed(t, s, "volume", "set", "a", "nfs.export-dir", "/x")
	want := []string{"validate a", "remember a", "store a", "reload a"}
	if !slices.Equal(*seen, want) {
		t.Errorf("the steps of a volume's own option are %q; want %q", *seen, want)
	}
	seen = s.watch("")
	succeed(t, s, "volume", "set", "b", "nfs.export-volumes", "off")
	want = []string{"validate b", "remember a", "remember b", "store a", "reload a", "store b", "reload b"}
	if !slices.Equal(*seen, want) {
		t.Errorf("the steps of a global option are %q; want %q", *seen, want)
	}
}

// A glusterd that is killed while it writes a global option leaves it half
// written: a is off and b, which comes later, is still on and wins.
func TestKilledSetOfAGlobalOption(t *testing.T) {
	s := two(t)
	succeed(t, s, "volume", "set", "a", "nfs.export-volumes", "on")
	s.watch("store b")
	if ans := run(t, s, "volume", "set", "a", "nfs.export-volumes", "off"); ans != connectionFailed {
		t.Errorf("the answer is %+v; want %+v", ans, connectionFailed)
	}
	if ans := run(t, s, "volume", "info"); ans != connectionFailed {
		t.Errorf("a dead glusterd answers %+v", ans)
	}
	if got := mount(t, s, "/a"); got != mountd.NotExported {
		t.Errorf("the NFS server, which goes on, says %s; want %s", got, mountd.NotExported)
	}
	s.Steps = nil
	if err := s.Restart("h"); err != nil {
		t.Fatal(err)
	}
	a, b := options(t, s, "a")["nfs.export-volumes"], options(t, s, "b")["nfs.export-volumes"]
	if a != "off" || b != "on" {
		t.Errorf("after the restart a is %s and b is %s; want off and on", a, b)
	}
	if got := mount(t, s, "/a"); got != mountd.OK {
		t.Errorf("after the restart: %s; want %s", got, mountd.OK)
	}
}

// A kill in a set of a volume's own options leaves them wholly old or wholly
// new.
func TestKilledSet(t *testing.T) {
	for dieBefore, want := range map[string]string{"validate a": "", "remember a": "", "store a": "", "reload a": "/x"} {
		s := two(t)
		s.watch(dieBefore)
		run(t, s, "volume", "set", "a", "nfs.export-dir", "/x", "nfs.rpc-auth-allow", "10.0.0.1")
		s.Steps = nil
		if err := s.Restart("h"); err != nil {
			t.Fatal(err)
		}
		got := options(t, s, "a")
		if got["nfs.export-dir"] != want || (got["nfs.rpc-auth-allow"] != "") != (want != "") {
			t.Errorf("killed before %q, the options are %v; want export-dir %q", dieBefore, got, want)
		}
	}
}

// Steps may ask who can mount at each step.
func TestServedAtEachStep(t *testing.T) {
	s := two(t)
	var got []string
	s.Steps = func(step string) error {
		got = append(got, step+": "+string(mount(t, s, "/a")))
		return nil
	}
	succeed(t, s, "volume", "set", "a", "nfs.export-volumes", "off")
	want := []string{"validate a: OK", "remember a: OK", "remember b: OK", "store a: OK", "reload a: OK", "store b: NOENT", "reload b: NOENT"}
	if !slices.Equal(got, want) {
		t.Errorf("at the steps: %q; want %q", got, want)
	}
}

// An option of some length kills glusterd; the old value stays on disk.
func TestLongOptionKillsGlusterd(t *testing.T) {
	s := two(t)
	longest := "/" + strings.Repeat("x", 4075)
	succeed(t, s, "volume", "set", "a", "nfs.export-dir", longest)
	if ans := run(t, s, "volume", "set", "a", "nfs.export-dir", "/"+strings.Repeat("x", 4084)); ans != connectionFailed {
		t.Errorf("the answer is %.100q; want %q", ans.Stdout, connectionFailed.Stdout)
	}
	if err := s.Restart("h"); err != nil {
		t.Fatal(err)
	}
	if got := options(t, s, "a")["nfs.export-dir"]; got != longest {
		t.Errorf("%d bytes are left; want the old %d", len(got), len(longest))
	}
}

const commitFailed = "Commit failed on localhost. Please check the log file for more details."

// A quote breaks the NFS server's configuration: the command fails, memory has
// the old value and the disk the new one, and a restart takes the server down.
func TestQuoteFailsTheCommit(t *testing.T) {
	s := two(t)
	succeed(t, s, "volume", "set", "a", "nfs.rpc-auth-allow", "10.0.0.1")
	if got := errstr(t, run(t, s, "volume", "set", "a", "nfs.rpc-auth-allow", "10.0.0.2", "nfs.export-dir", `/"bad`)); got != commitFailed {
		t.Errorf("the answer is %q; want %q", got, commitFailed)
	}
	if got := options(t, s, "a"); got["nfs.rpc-auth-allow"] != "10.0.0.1" || got["nfs.export-dir"] != "" {
		t.Errorf("memory has %v; want what was before", got)
	}
	if got := mount(t, s, "/a"); got != mountd.OK {
		t.Errorf("the server says %s; want %s as before", got, mountd.OK)
	}
	if got := errstr(t, run(t, s, "volume", "set", "b", "nfs.rpc-auth-allow", "10.0.0.1")); got != commitFailed {
		t.Errorf("a later set says %q; want %q, of another volume too", got, commitFailed)
	}
	if err := s.Restart("h"); err != nil {
		t.Fatal(err)
	}
	if got := options(t, s, "a"); got["nfs.rpc-auth-allow"] != "10.0.0.2" || got["nfs.export-dir"] != `/"bad` {
		t.Errorf("after a restart memory has %v; want what was stored", got)
	}
	if got := mount(t, s, "/a"); got != mountd.Refused {
		t.Errorf("after a restart the server says %s; want %s", got, mountd.Refused)
	}
}

// What a stopped volume is set is stored and not served: a bad value of its own
// is found only by the next command for a volume that is started.
func TestSetOfAStoppedVolume(t *testing.T) {
	s := two(t)
	succeed(t, s, "volume", "stop", "b")
	succeed(t, s, "volume", "set", "b", "nfs.export-dir", `/"bad`)
	if got := errstr(t, run(t, s, "volume", "set", "a", "nfs.export-dir", "/x")); got != commitFailed {
		t.Errorf("the answer for a started volume is %q; want %q", got, commitFailed)
	}
}

// A good value is stored though its commit fails too; with it a restart of
// glusterd mends everything.
func TestRestartMendsGlusterd(t *testing.T) {
	s := two(t)
	for _, value := range []string{`/"bad`, "/good"} {
		if got := errstr(t, run(t, s, "volume", "set", "a", "nfs.export-dir", value)); got != commitFailed {
			t.Errorf("set of %s: %q; want %q", value, got, commitFailed)
		}
	}
	if err := s.Restart("h"); err != nil {
		t.Fatal(err)
	}
	if got := options(t, s, "a")["nfs.export-dir"]; got != "/good" {
		t.Errorf("after the restart export-dir is %s; want /good", got)
	}
	succeed(t, s, "volume", "set", "a", "nfs.export-dir", "/better")
}

// When the commit of a global option fails at the first volume, that volume
// gets the options which the one named in the command had (seen on 10.3).
func TestFailedCommitMixesUpVolumes(t *testing.T) {
	s := two(t)
	ans := run(t, s, "volume", "set", "b", "nfs.export-volumes", "off", "nfs.export-dir", `/"bad`)
	if got := errstr(t, ans); got != commitFailed {
		t.Errorf("the answer is %q; want %q", got, commitFailed)
	}
	if got := options(t, s, "a")["nfs.disable"]; got != "on" {
		t.Errorf("a has nfs.disable %s; want b's, on", got)
	}
	if got := options(t, s, "b")["nfs.export-dir"]; got != `/"bad` {
		t.Errorf("b has nfs.export-dir %s; want the bad one", got)
	}
}

func TestValidateChangesNothing(t *testing.T) {
	s := two(t)
	before := options(t, s, "a")
	for _, bad := range [][]string{
		{"nfs.export-dir", "relative"},
		{"nfs.export-dir", "/ok", "nfs.rpc-auth-allow", "bad_host"},
		{"nfs.rpc-auth-allow", "bad_host", "nfs.export-dir", "/ok"},
		{"nfs.export-dir", "/ok", "nfs.no-such", "1"},
	} {
		if errstr(t, run(t, s, append([]string{"volume", "set", "a"}, bad...)...)) == "" {
			t.Errorf("%q was taken", bad)
		}
		if got := options(t, s, "a"); !maps.Equal(got, before) {
			t.Errorf("%q left %v", bad, got)
		}
	}
}
