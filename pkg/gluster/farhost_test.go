package gluster

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/state"
)

// farHost is this machine from another one.
func farHost() (*Far, *thisShell) {
	s := &thisShell{}
	return &Far{Shell: s, Name: "far"}, s
}

// All names cost one command together, and none where there is nothing to ask.
func TestFarNumbers(t *testing.T) {
	program(t, "getent", getentScript)
	r, s := farHost()
	names := []string{"alice", "Bob", "nobody-knows", "0", "1234", "4294967294", "4294967295", "99999999999", "-1", "--help", "a:b", "", "$(reboot)", "a b"}
	owners, groups, err := r.Numbers(t.Context(), names, []string{"staff", "alice", "7"})
	want := map[string]uint32{"alice": 1001, "Bob": 70002, "0": 0, "1234": 1234, "4294967294": 4294967294}
	if err != nil || !maps.Equal(owners, want) || !maps.Equal(groups, map[string]uint32{"staff": 50, "7": 7}) || s.Commands() != 1 {
		t.Errorf("owners %v, groups %v, %v after %d commands", owners, groups, err, s.Commands())
	}
	if _, _, err := r.Numbers(t.Context(), []string{"17", "-x"}, nil); err != nil || s.Commands() != 1 {
		t.Errorf("numbers: %v after %d commands", err, s.Commands())
	}
	for name, want := range map[string]string{
		"broken": "getent passwd broken: exit status 3: no server",
		"bad":    "no number in",
		"high":   "no number in",
	} {
		if got, _, err := r.Numbers(t.Context(), []string{name}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestFarNames(t *testing.T) {
	program(t, "getent", `case "$1 $2" in "passwd 1001") echo "alice:x:1001:100::/:" ;; *) exit 2 ;; esac`)
	r, s := farHost()
	owner, group, err := r.Names(t.Context(), 1001, 50)
	if owner != "alice" || group != "" || err != nil || s.Commands() != 1 {
		t.Errorf("%q, %q, %v after %d commands", owner, group, err, s.Commands())
	}
}

// The name by which a machine is reached needs no command.
func TestFarIsItself(t *testing.T) {
	r, s := farHost()
	if is, err := r.Local(t.Context(), "FAR"); !is || err != nil || s.Commands() > 0 {
		t.Errorf("%v, %v after %d commands", is, err, s.Commands())
	}
	name, err := os.Hostname()
	ok(t, err)
	for host, want := range map[string]bool{name: true, "localhost": true, "127.0.0.1": true, "::1": true, "192.0.2.1": false, "name.invalid": false} {
		if got, err := r.Local(t.Context(), host); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", host, got, err, want)
		}
	}
}

func TestAddressesIn(t *testing.T) {
	const trie = "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.0\n        /24 link UNICAST\n     |-- 10.0.0.254\n        /32 host LOCAL\n     |-- 10.0.0.255\n        /32 link BROADCAST\n"
	const inet6 = "fe800000000000000000000000000001 02 40 20 80     eth0\nnonsense\n"
	want := []netip.Addr{netip.MustParseAddr("10.0.0.254"), netip.MustParseAddr("fe80::1")}
	if got := addressesIn(trie, inet6); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// By whom commands are run is told by the number: root may have another name.
func TestFarWhoami(t *testing.T) {
	for _, c := range []struct {
		id, user string
		root     bool
	}{
		{`case $1 in -u) echo 0 ;; -un) echo toor ;; esac`, "toor", true},
		{`case $1 in -u) echo 1000 ;; -un) echo root ;; esac`, "root", false},
	} {
		program(t, "id", c.id)
		r, _ := farHost()
		if user, root, err := r.Whoami(t.Context()); user != c.user || root != c.root || err != nil {
			t.Errorf("%s: got %s, %v, %v", c.id, user, root, err)
		}
	}
	program(t, "id", "exit 1")
	r, _ := farHost()
	if user, root, err := r.Whoami(t.Context()); root || err == nil {
		t.Errorf("nothing known: got %s, %v, %v", user, root, err)
	}
}

// What gluster prints is its own, and that there is none is said. A command that was cut
// off on the way never reaches it.
func TestFarGluster(t *testing.T) {
	program(t, "gluster", `cat; printf '%s,' "$@"; printf 'no\0end'; echo "beside it" >&2; exit 3`)
	r, _ := farHost()
	ans, err := r.Gluster(t.Context(), "one \\n\n two\ncut o", "volume", "set", "$(reboot) 'x'", "")
	if want := (Answer{Stdout: "one \\n\n two\nvolume,set,$(reboot) 'x',,no\x00end", Stderr: "beside it\n", Code: 3}); ans != want || err != nil {
		t.Errorf("got %+v, %v, want %+v", ans, err, want)
	}
	for answer, want := range map[string]string{"no\x00missing\x00gluster\x00\x00": "it is not in PATH", "": "it is not in PATH"} {
		r.Shell = instead{script: glusterScript, says: answer}
		if _, err := r.Gluster(t.Context(), "", "volume", "info"); !errors.Is(err, ErrNoGluster) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

// What the scripts need is said by its name, before anything is done.
func TestFarLacks(t *testing.T) {
	for program, want := range map[string]string{
		"stat":      "GNU's stat is not in PATH; install coreutils",
		"find":      "GNU's find is not in PATH; install findutils",
		"flock":     "flock of util-linux is not in PATH; install util-linux",
		"sha256sum": "sha256sum is not in PATH; install coreutils",
	} {
		bin := t.TempDir()
		r, s := farHost()
		s.Path = bin
		for _, name := range []string{"sh", "cat", "chmod", "chown", "dd", "find", "flock", "grep", "head", "id", "ls", "mkdir", "mv", "rmdir", "sed", "sha256sum", "sleep", "stat", "sync", "timeout", "unlink", "yes"} {
			path := filepath.Join(bin, name)
			switch {
			case name != program:
				there, err := exec.LookPath(name)
				ok(t, err, os.Symlink(there, path))
			case name != "sha256sum":
				ok(t, os.WriteFile(path, []byte("#!/bin/sh\necho BusyBox\n"), 0o700))
			}
		}
		_, _, err := r.find(t.Context(), gvt)
		if program == "sha256sum" && err == nil {
			continue // it stands where an administrator's programs are, too
		}
		if err == nil || err.Error() != "on far: "+want {
			t.Errorf("without %s: %v", program, err)
		}
	}
}

// A volume that can't be opened is told before anything is asked, as on this machine.
func TestFarOpenSaysWhatIsMissing(t *testing.T) {
	r, s := farHost()
	stopped, nowhere, unnamed := gvt, gvt, gvt
	stopped.Started, nowhere.ID, unnamed.Name = false, "", "../x"
	for _, v := range []state.VolumeInfo{stopped, nowhere, unnamed} {
		if _, err := r.Open(t.Context(), v); err == nil || s.Commands() > 0 {
			t.Errorf("%+v: %v", v, err)
		}
	}
	r.MountPointBase = "relative"
	_, err := r.Open(t.Context(), gvt)
	if want := "far has no usable mount of volume gvt, and none can be made: mount_point_base relative is not an absolute path"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// instead is a shell on which one script answers something else.
type instead struct {
	Shell
	script script
	says   string
}

func (i instead) Run(ctx context.Context, stdin string, argv ...string) (Answer, error) {
	if argv[2] == string(i.script) {
		mark := argv[4] + "\x00"
		return Answer{Stdout: mark + i.says + mark}, nil
	}
	return i.Shell.Run(ctx, stdin, argv...)
}

// mountinfo has lines of the volume gvt, mounted at these points.
func mountinfo(points ...string) string {
	var s string
	for _, p := range points {
		s += strings.ReplaceAll(gvtMount, "/mnt/gvt", p)
	}
	return s
}

// A mount is what it says only where it is one of FUSE, and the one of the line;
// what else there is is told and passed over.
func TestFarPassesOver(t *testing.T) {
	dir := t.TempDir()
	r, _ := farHost()
	var log strings.Builder
	r.Log = slog.New(slog.NewTextHandler(&log, nil))
	left := "/run/glusterd-shares/gvt-" + gvtID + "-" + strconv.Itoa(1<<30) + "-123/mnt"
	ok(t, os.WriteFile(dir+"/mountinfo", []byte(mountinfo(dir, left, dir+"/nowhere")), 0o600))
	program(t, "cat", "exec head -n 100 "+dir+"/mountinfo")
	_, found, err := r.find(t.Context(), gvt)
	if found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	for _, said := range []string{
		"the mount at " + dir + ": on far: open .meta/graphs/active/volfile: no such file or directory",
		"the mount at " + dir + "/nowhere: on far: open " + dir + "/nowhere: no such file or directory",
		`"a run that was killed has left a mount" host=far`,
	} {
		if !strings.Contains(log.String(), said) {
			t.Errorf("didn't say %q but %s", said, &log)
		}
	}
}

// What is known of a mount has to be that of the volume, of FUSE, and of its line.
func TestKnownBy(t *testing.T) {
	volfile := sample(t, "client-replicate.vol")
	fields := []string{"ok", "/mnt", "21:1", "65", "65735546", volfile, "abc  -"}
	k, err := knownBy(fields)
	if err != nil || k.root != (farRoot{point: "/mnt", file: "21:1", mount: "65", volfile: volfilePath, shown: "abc"}) {
		t.Fatalf("got %+v, %v", k, err)
	}
	ids := parseVolfile(volfile).ids
	v := gvt
	v.ID = ids[0]
	if err := k.identify(v); err != nil {
		t.Error(err)
	}
	v.ID = "another"
	if err := k.identify(v); err == nil || !strings.Contains(err.Error(), "it shows the volume with the id") {
		t.Errorf("another volume: %v", err)
	}
	fields[4] = "ef53"
	if k, err := knownBy(fields); err != nil || !errors.Is(k.identify(v), errNotFUSE) {
		t.Errorf("no FUSE: %v", err)
	}
	if _, err := knownBy(fields[:6]); !errors.Is(err, errNotUnderstood) {
		t.Errorf("got %v", err)
	}
}

// What the client says of the volume is part of what the root is: numbers of
// devices and mounts come again.
func TestFarRootIsProvenEachTime(t *testing.T) {
	dir := t.TempDir()
	for name, spoil := range map[string]func(d *farTree) error{
		"another volume":    func(d *farTree) error { return os.WriteFile(d.root.volfile, []byte("option remote-host x\n"), 0o600) },
		"no client":         func(d *farTree) error { return os.Remove(d.root.volfile) },
		"another mount":     func(d *farTree) error { d.root.mount += "0"; return nil },
		"another directory": func(d *farTree) error { d.root.file += "0"; return nil },
		"nothing":           func(d *farTree) error { d.root.point += "/none"; return nil },
	} {
		d, _ := openFar(t, "sh", dir)
		ok(t, d.Mkdir("/"+strings.ReplaceAll(name, " ", "-"), 0o700), spoil(d))
		err := d.Mkdir("/new", 0o700)
		if err == nil || errors.Is(err, state.ErrUnknownOutcome) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Lstat(dir + "/new"); err == nil {
			t.Errorf("%s: it was made", name)
		}
	}
}

// Whatever the number of paths, they cost one command.
func TestFarStatsAtOnce(t *testing.T) {
	dir := t.TempDir()
	d, s := openFar(t, "sh", dir)
	var paths []string
	for i := range 450 {
		in := "/" + strconv.Itoa(i%3) + "/" + strconv.Itoa(i)
		if i%5 > 0 {
			ok(t, os.MkdirAll(dir+in, 0o750))
		}
		paths = append(paths, in)
	}
	paths = append(paths, "/", "/0", "/0/0/none")
	before := s.Commands()
	dirs, err := d.Stat(paths...)
	ok(t, err)
	if took := s.Commands() - before; took != 1 || len(dirs) != len(paths) {
		t.Errorf("%d of %d paths after %d commands", len(dirs), len(paths), took)
	}
	for i, got := range dirs {
		if _, err := os.Stat(dir + paths[i]); (err == nil) != (got.Kind == state.Directory) {
			t.Errorf("%s: %+v, and there it is %v", paths[i], got, err)
		}
	}
}

// The lock goes with the connection, and who has it is told.
func TestFarLockGoesWithTheConnection(t *testing.T) {
	d, dir := openFarDir(t)
	l := lock(t, d)
	held := d.host.Shell.(*remembering).session
	ok(t, held.Close())
	if err := l.Held(t.Context()); err == nil || !strings.Contains(err.Error(), "lock was lost with the connection") {
		t.Errorf("got %v", err)
	}
	ok(t, l.Close())
	ok(t, lock(t, openTree(t, dir)).Close())
}

// Nothing is changed any more, and no gluster runs that would, where the program that
// had the lock has ended, whether or not anybody has heard of that here. What only looks
// goes on.
func TestFarNothingIsChangedWithoutTheLock(t *testing.T) {
	program(t, "gluster", "echo done")
	d, dir := openFarDir(t)
	change := func() (made error, ran error) {
		_, ran = d.host.Gluster(Unbroken(t.Context()), "", "volume", "set")
		return d.Mkdir("/made", 0o755), ran
	}
	l := lock(t, d)
	ok(t, d.host.Shell.(*remembering).session.Close())
	made, ran := change()
	if !errors.Is(made, errLost) || !errors.Is(ran, errLost) || !errors.Is(ran, ErrNoGluster) || errors.Is(made, ErrUnknownOutcome) {
		t.Errorf("without the lock: %v, %v", made, ran)
	}
	if _, err := os.Lstat(filepath.Join(dir, "made")); err == nil {
		t.Error("it was made")
	}
	if _, err := d.Identity("/"); err != nil {
		t.Errorf("a look: %v", err)
	}
	if _, err := d.host.Gluster(t.Context(), "", "volume", "info"); err != nil {
		t.Errorf("a question: %v", err)
	}
	ok(t, l.Close())
	made, ran = change() // of who never asked for a lock
	ok(t, made, ran)

	l = lock(t, d)
	_, ran = d.host.Gluster(Unbroken(t.Context()), "", "volume", "set")
	ok(t, ran, d.Chmod("/made", 0o700), l.Close())
}

// Two looks at a root that is gone find it anew once.
func TestFarRootIsFoundOnce(t *testing.T) {
	d, _ := openFarDir(t)
	gone := d.root
	d.root.mount = "1" // another look has found it
	if err := d.reopen(t.Context(), gone); err != nil || d.root.mount != "1" {
		t.Errorf("it was looked for again: %+v, %v", d.root, err)
	}
}

// Who waits for a lock waits no longer than the context, and leaves nobody behind
// who would take it.
func TestFarLockGivesUp(t *testing.T) {
	d, dir := openFarDir(t)
	here := openTree(t, dir)
	l := lock(t, here)
	ctx, cancel := context.WithCancelCause(t.Context())
	over := errors.New("the time is over")
	_, err := d.Lock(ctx, func(string) { cancel(over) })
	if !errors.Is(err, over) || !strings.Contains(err.Error(), "not had: another run holds it, last taken by process ") {
		t.Errorf("got %v", err)
	}
	if _, err := d.host.Shell.(*remembering).session.Read(make([]byte, 1)); err == nil {
		t.Error("the program still runs")
	}
	if _, err := d.Lock(ctx, nil); !errors.Is(err, over) || !strings.Contains(err.Error(), "was not tried") {
		t.Errorf("after the context ended: %v", err)
	}
	ok(t, l.Close(), lock(t, here).Close())
}

// remembering is a shell that remembers what lasts there.
type remembering struct {
	*thisShell
	session Session
}

func (l *remembering) Hold(ctx context.Context, argv ...string) (s Session, err error) {
	l.session, err = l.thisShell.Hold(ctx, argv...)
	return l.session, err
}

func openFarDir(t *testing.T) (*farTree, string) {
	t.Helper()
	dir := t.TempDir()
	d, s := openFar(t, "sh", dir)
	d.host.Shell = &remembering{thisShell: s}
	return d, dir
}

// mounts is a shell on which the volume gvt is mounted, and says what it is at once;
// but for one mount, which never does.
type mounts struct {
	Shell
	points []string
	hangs  string
	begun  int
}

func (m *mounts) Hold(_ context.Context, argv ...string) (Session, error) {
	m.begun++
	in, toldOf := io.Pipe()
	out, says := io.Pipe()
	mark := argv[4]
	go func() {
		say := func(fields ...string) { _, _ = io.WriteString(says, strings.Join(append(fields, mark), "\x00")+"\x00") }
		say()
		say("ok", strings.TrimSpace(mountinfo(m.points...)))
		for lines := bufio.NewScanner(in); lines.Scan(); {
			if text := lines.Text(); text != "" && text != m.hangs {
				say("ok", lines.Text(), "46:1", "65", fuseMagic, "option volume-id "+gvtID, "abc  -")
			}
		}
	}()
	return talk{out, toldOf}, nil
}

// talk is a session without a program.
type talk struct {
	*io.PipeReader
	*io.PipeWriter
}

func (p talk) Close() error { return errors.Join(p.PipeReader.Close(), p.PipeWriter.Close()) }

// A mount that hangs there is passed over while a plan has time left, and said.
func TestFarMountThatHangs(t *testing.T) {
	for _, points := range [][]string{{"/hung", "/good"}, {"/good", "/hung"}, {"/hung"}} {
		synctest.Test(t, func(t *testing.T) {
			var log strings.Builder
			m := &mounts{points: points, hangs: "/hung"}
			r := &Far{Shell: m, Name: "far", Log: slog.New(slog.NewTextHandler(&log, nil))}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			root, found, err := r.find(ctx, gvt)
			if good := slices.Contains(points, "/good"); found != good || good && root.point != "/good" || err != nil {
				t.Errorf("%q: got %+v, %v, %v", points, root, found, err)
			}
			if hung := points[0] == "/hung"; strings.Contains(log.String(), "the mount at /hung: on far: it gave no answer in 50s") != hung || (m.begun == 2) != hung {
				t.Errorf("%q: said %s after %d talks", points, &log, m.begun)
			}
		})
	}
}

// silent is a shell of which nothing ever comes.
type silent struct{ Shell }

func (silent) Hold(context.Context, ...string) (Session, error) {
	r, w := io.Pipe()
	return talk{r, w}, nil
}

// A connection that is frozen holds nobody longer than the context lasts.
func TestFarSideThatIsFrozen(t *testing.T) {
	r, _ := farHost()
	r.Shell = silent{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := r.hold(ctx, lockScript); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
