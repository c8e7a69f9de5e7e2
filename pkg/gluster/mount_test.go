package gluster

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

var gvt = state.VolumeInfo{Name: "gvt", ID: gvtID, Started: true}

func TestMountPoint(t *testing.T) {
	base := filepath.Join(t.TempDir(), "a/b/base")
	p, err := makeMountPoint(base, gvt)
	ok(t, err)
	q, err := makeMountPoint(base, gvt)
	ok(t, err)
	if p.dir == q.dir || !strings.HasPrefix(p.dir, base+"/gvt-"+gvtID+"-") {
		t.Errorf("the two are %s and %s", p.dir, q.dir)
	}
	if pid, is := runOf(p.point()); !is || pid != os.Getpid() {
		t.Errorf("%s is said to be of process %d, %v", p.point(), pid, is)
	}
	for _, dir := range []string{base, p.dir, p.point()} {
		if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0700 {
			t.Errorf("%s: %v, %v", dir, st, err)
		}
	}
	ok(t, os.WriteFile(p.log(), []byte("x"), 0600))
	ok(t, p.removeDirs(), p.removeDirs())
	if _, err := os.Stat(q.point()); err != nil {
		t.Errorf("the first took the second's with it: %v", err)
	}
	ok(t, q.removeDirs())
	if got, err := os.ReadDir(base); err != nil || len(got) != 0 {
		t.Errorf("what was there before the second is %v, %v; it did not make it", got, err)
	}
}

func TestMountPointGoesWithItsBase(t *testing.T) {
	for _, base := range []string{"base", "deep/er/base", "deep/er/base/"} {
		parent := t.TempDir()
		p, err := makeMountPoint(parent+"/"+base, gvt)
		ok(t, err)
		ok(t, p.removeDirs())
		if got := listing(t, parent); len(got) != 1 {
			t.Errorf("%s: left behind: %q", base, got)
		}
	}
}

// Of what is above it, what somebody else uses by now stays, and so does what
// was there before.
func TestMountPointLeavesWhatOthersUse(t *testing.T) {
	parent := t.TempDir()
	ok(t, os.Mkdir(parent+"/before", 0700))
	p, err := makeMountPoint(parent+"/before/deep/er/base", gvt)
	ok(t, err)
	ok(t, os.Mkdir(parent+"/before/deep/else", 0700))
	ok(t, p.removeDirs())
	if got := listing(t, parent); len(got) != 4 || !strings.HasPrefix(got[3], "/before/deep/else ") {
		t.Errorf("left behind: %q", got)
	}
}

// A mount point with something in it is not this process's alone, and stays.
func TestMountPointKeepsWhatIsNotItsOwn(t *testing.T) {
	p, err := makeMountPoint(filepath.Join(t.TempDir(), "base"), gvt)
	ok(t, err)
	data := filepath.Join(p.point(), "data")
	ok(t, os.WriteFile(data, nil, 0600))
	if err := p.removeDirs(); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(data); err != nil {
		t.Error(err)
	}
}

func TestMountPointBase(t *testing.T) {
	open := filepath.Join(t.TempDir(), "open")
	ok(t, os.Mkdir(open, 0700), os.Chmod(open, 0777))
	file := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(file, nil, 0600))
	real := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	ok(t, os.Chmod(real, 0700), os.Symlink(real, link))
	for base, want := range map[string]string{
		"relative": "not an absolute path", "": "not an absolute path",
		open: "can be written by others", file: "not a directory", file + "/below": "not a directory",
	} {
		if p, err := makeMountPoint(base, gvt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", base, p, err, want)
		}
	}
	p, err := makeMountPoint(link, gvt)
	if err != nil || !strings.HasPrefix(p.point(), real) {
		t.Errorf("behind a symlink: %v, %v", p, err)
	}
	ok(t, p.removeDirs())
}

func TestLastError(t *testing.T) {
	p := mountPoint{dir: t.TempDir()}
	if got := p.lastError("printed"); got != "printed" {
		t.Errorf("without a log: %q", got)
	}
	ok(t, os.WriteFile(p.log(), []byte("[1] E [a.c:1:f] 0-x: first\n[2] E [a.c:2:f] 0-x: second\n[3] W [a.c:3:f] 0-x: third\n"), 0600))
	if got := p.lastError("printed"); !strings.Contains(got, "second") {
		t.Errorf("got %q", got)
	}
}

// What a run left that was killed is told, with what removes it. It removes
// nothing else, also where there is something in the way of it.
func TestLeftBehind(t *testing.T) {
	at := func(point string) string { return strings.ReplaceAll(gvtMount, "/mnt/gvt", point) }
	dir := func(pid int) string { return fmt.Sprintf("/run/glusterd-shares/gvt-%s-%d-123", gvtID, pid) }
	mounts, err := parseMountinfo(at(dir(7)+"/mnt") + at(dir(8)+"/mnt") + gvtMount +
		strings.ReplaceAll(at(dir(7)+"/mnt"), ":/gvt", ":/gvt2") + strings.ReplaceAll(at(dir(7)+"/mnt"), "fuse.glusterfs", "tmpfs"))
	ok(t, err)
	var log strings.Builder
	tellLeftBehind(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), mounts, "gvt", func(pid int) bool { return pid == 8 })
	want := fmt.Sprintf(`remove="umount %[1]s/mnt && rmdir %[1]s/mnt && rm -f %[1]s/log && rmdir %[1]s"`, dir(7))
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) || !strings.Contains(got, "process=7") {
		t.Errorf("got %s, want %s", got, want)
	}
	tellLeftBehind(t.Context(), nil, mounts, "gvt", runs)
}

func TestRuns(t *testing.T) {
	if !runs(os.Getpid()) || !runs(1) || runs(1<<30) {
		t.Error("it is not known which processes run")
	}
}
