package gluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

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

// A mount of our own that is not connected is new, and gone by now: it is the
// bricks that don't answer.
func TestNoMount(t *testing.T) {
	dead := fmt.Errorf("the mount at /run/glusterd-shares/gvt-1/mnt: %w", &os.PathError{Op: "open", Path: "x", Err: unix.ENOTCONN})
	for _, tt := range []struct {
		err  error
		want string
	}{
		{dead, "no brick of volume gvt answers: transport endpoint is not connected; see which are down: gluster volume status gvt"},
		{errors.New("it went wrong"), "this machine has no usable mount of volume gvt, and none can be made: it went wrong"},
	} {
		if err := noMount("this machine", gvt, tt.err); err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// The first mount that shows the volume is taken. One that hangs is passed over
// while a plan has time left, said, and closed should it open after all.
func TestMountsThatCantBeUsed(t *testing.T) {
	const (
		hung = "the mount at /hung: it gave no answer in 50s"
		dead = "the mount at /dead: transport endpoint is not connected; where the volume's bricks run it is dead: umount -l /dead and mount it again"
	)
	tests := []struct {
		name   string
		points []string
		taken  bool // the last of them
		said   []string
	}{
		{"none", nil, false, nil},
		{"the last is good", []string{"/dead", "/hung", "/good"}, true, []string{dead, hung}},
		{"the first is good", []string{"/good"}, true, nil},
		{"none is good", []string{"/hung"}, false, []string{hung}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var log strings.Builder
				l, m := &Local{Log: slog.New(slog.NewTextHandler(&log, nil))}, &mountsOf{dir: dir}
				got, err := l.proven(ctx, points(tt.points), gvt, m.open)
				if (got != nil) != tt.taken || err != nil || strings.Count(log.String(), "\n") != len(tt.said) {
					t.Errorf("got %v, %v, said %s", got, err, &log)
				}
				for _, said := range tt.said {
					if !strings.Contains(log.String(), said) {
						t.Errorf("didn't say %q but %s", said, &log)
					}
				}
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				for _, d := range m.opened {
					if _, err := statOne(d, "/"); (err == nil) != (d == got) {
						t.Errorf("taken %v, and then %v", d == got, err)
					}
				}
				if got != nil {
					ok(t, got.Close())
				}
			})
		})
	}
}

// mountsOf are mounts that show the volume gvt: one is dead, one opens only
// after an hour.
type mountsOf struct {
	dir    string
	mu     sync.Mutex
	opened []*DirTree
}

func (m *mountsOf) open(at mount) (fuseRoot, error) {
	switch at.point {
	case "/dead":
		return fuseRoot{}, unix.ENOTCONN
	case "/hung":
		time.Sleep(time.Hour)
	}
	d, err := OpenTree(m.dir)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.opened = append(m.opened, d)
	return fuseRoot{d, volfileFacts{ids: []string{gvtID}}}, err
}

func points(names []string) []mount {
	var out []mount
	for _, n := range names {
		out = append(out, mount{point: n})
	}
	return out
}

// A command that has no more time doesn't go on to the next mount.
func TestMountsEndWithTheContext(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		over := errors.New("the time is over")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, over)
		defer cancel()
		m := &mountsOf{dir: dir}
		got, err := (&Local{}).proven(ctx, points([]string{"/hung", "/good"}), gvt, m.open)
		if got != nil || !errors.Is(err, over) {
			t.Errorf("got %v, %v", got, err)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if len(m.opened) != 1 {
			t.Errorf("%d mounts were opened", len(m.opened))
		}
	})
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
