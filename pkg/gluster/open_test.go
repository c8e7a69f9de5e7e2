package gluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// What stands against a mount is said before anything is made.
func TestOpenSaysWhatIsMissing(t *testing.T) {
	base := filepath.Join(t.TempDir(), "base")
	l := &Local{MountPointBase: base}
	t.Setenv("PATH", t.TempDir())
	stopped, nowhere, unnamed := gvt, gvt, gvt
	stopped.Started, nowhere.ID, unnamed.Name = false, "", "../x"
	for _, tt := range []struct {
		v    state.VolumeInfo
		is   error
		want string
	}{
		{stopped, ErrNotStarted, "gluster volume start gvt"},
		{nowhere, ErrNoVolume, "volume gvt"},
		{unnamed, nil, "can't be the name of a volume"},
		{gvt, nil, "install glusterfs-client"},
	} {
		_, err := l.Open(t.Context(), tt.v)
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%+v: %v, want %q", tt.v, err, tt.want)
		}
	}
	if _, err := os.Stat(base); err == nil {
		t.Error("the base was made")
	}
}

// Only a mount of FUSE is believed, and only the one of the line.
func TestOpenMountRefusesPlainDirectories(t *testing.T) {
	d, dir := tree(t)
	for id, want := range map[uint64]string{d.mount: "not of FUSE", d.mount + 1: "something else is mounted"} {
		if f, err := openMount(mount{id: id, point: dir}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %+v, %v; want %q", f, err, want)
		}
	}
}

// The client's volfile is read through its symlink, up to a limit.
func TestReadVolfile(t *testing.T) {
	d, dir := tree(t)
	ok(t, os.MkdirAll(dir+"/.meta/graphs/one", 0700), os.Symlink("one", dir+"/.meta/graphs/active"),
		os.WriteFile(dir+"/.meta/graphs/one/volfile", []byte(sample(t, "client-replicate.vol")), 0600))
	f, err := readVolfile(d)
	if err != nil || len(f.bricks) != 2 {
		t.Errorf("got %+v, %v", f, err)
	}
	ok(t, os.Truncate(dir+"/.meta/graphs/one/volfile", maxVolfile+1))
	if _, err := readVolfile(d); err == nil || !strings.Contains(err.Error(), "is longer than") {
		t.Errorf("got %v", err)
	}
	ok(t, os.Remove(dir+"/.meta/graphs/one/volfile"))
	if _, err := readVolfile(d); err == nil || !strings.Contains(err.Error(), "opening .meta/graphs/active/volfile") {
		t.Errorf("got %v", err)
	}
}
