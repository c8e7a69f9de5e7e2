//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// addresses are those of the clients.
var addresses = [clients]string{"10.0.0.1", "10.0.0.2", "10.0.1.3", "10.0.0.129"}

// listener takes down each configuration that glusterd gives the NFS server. glusterd
// puts a new file in the place of the old one each time.
type listener struct {
	dir       string
	fd, watch int
	notices   *os.File
	done      chan error

	// Of follow, until that is done.
	heard  []string
	last   fs.FileInfo // of the file that was heard last
	missed bool        // there was one more, or may have been
}

// volfile is the NFS server's, in its directory.
const volfile = "nfs-server.vol"

// listen begins with what the server goes by now.
func (b *Bed) listen() *listener {
	b.Helper()
	l, err := newListener(b.inside("/var/lib/glusterd/nfs"))
	if err != nil {
		b.Fatal(err)
	}
	go func() { l.done <- l.follow() }()
	return l
}

// newListener is one that has heard what stands in the directory, and doesn't follow.
func newListener(dir string) (*listener, error) {
	l := &listener{dir: dir, done: make(chan error, 1)}
	var err error
	if l.fd, err = unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK); err != nil {
		return nil, err
	}
	l.notices = os.NewFile(uintptr(l.fd), "inotify")
	if l.watch, err = unix.InotifyAddWatch(l.fd, dir, unix.IN_MOVED_TO|unix.IN_CLOSE_WRITE); err != nil {
		return nil, err
	}
	return l, l.note()
}

// follow takes down what comes until the watch is removed.
func (l *listener) follow() error {
	buf := make([]byte, 64<<10)
	for {
		n, err := l.notices.Read(buf)
		if err != nil {
			return err
		}
		for rest := buf[:n]; len(rest) > 0; {
			mask := binary.NativeEndian.Uint32(rest[4:])
			size := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
			name, _, _ := bytes.Cut(rest[unix.SizeofInotifyEvent:size], []byte{0})
			rest = rest[size:]
			switch {
			case mask&unix.IN_IGNORED != 0:
				return nil
			case mask&unix.IN_Q_OVERFLOW != 0:
				l.missed = true
				return nil // more was lost than can be told
			case string(name) == volfile:
				if err := l.note(); err != nil {
					return err
				}
			}
		}
	}
}

// note takes down what stands there. Where that is the file of the notice before, the one
// of that notice was replaced before it was read.
func (l *listener) note() error {
	f, err := os.Open(l.dir + "/" + volfile)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(f)
	if l.last != nil && os.SameFile(l.last, info) {
		l.missed = true
	}
	l.heard, l.last = append(l.heard, string(text)), info
	return err
}

// stop has it follow what came until now.
func (l *listener) stop() error {
	_, err := unix.InotifyRmWatch(l.fd, uint32(l.watch))
	return errors.Join(err, <-l.done, l.notices.Close())
}

// end gives the configurations, in their order, and whether any was missed.
func (l *listener) end(b *Bed) (told []mountd.Config, missed bool) {
	b.Helper()
	if err := l.stop(); err != nil {
		b.Fatal(err)
	}
	for _, text := range l.heard {
		told = append(told, b.configuration(text))
	}
	return told, l.missed
}

// configuration reads a volfile of the NFS server. Options that it has for all volumes
// come with each.
func (b *Bed) configuration(volfile string) mountd.Config {
	b.Helper()
	_, text, found := strings.Cut(volfile, "volume nfs-server\n")
	if !found || !strings.HasSuffix(text, "end-volume\n") {
		b.Fatalf("the NFS server's configuration is not whole:\n%s", volfile)
	}
	printed, served := map[string]string{}, []string(nil)
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 3 && words[0] == "option":
			printed[words[1]] = words[2]
		case len(words) > 0 && words[0] == "subvolumes":
			served = words[1:]
		}
	}
	out := mountd.Config{}
	for _, vol := range served {
		v := mountd.Volume{Started: true, Options: map[string]string{"nfs.disable": "off"}}
		for _, option := range []string{"nfs.export-dir", "nfs.export-dirs", "nfs.export-volumes", "nfs.rpc-auth-allow", "nfs.rpc-auth-reject"} {
			if value, is := printed[mountd.PrintedName(option, vol)]; is {
				v.Options[option] = value
			}
		}
		out[vol] = v
	}
	return out
}

// admits reports whether the client may mount the path by a configuration.
func admits(c mountd.Config, client int, path string) bool {
	var s mountd.Server
	s.Start(c)
	return s.Mount(netip.MustParseAddr(addresses[client-1]), path) == mountd.OK
}

// What is replaced before it is read doesn't go unnoticed, nor does what the queue of
// notices has no room for.
func TestWhatTheListenerMisses(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Fatal(err)
	}
	queue, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		changes []string // the files that are replaced before anything is read; each makes two notices
		missed  bool
	}{
		{"nothing", nil, false},
		{"one change", []string{volfile}, false},
		{"one change beside others", []string{"other", volfile, "other"}, false},
		{"two changes", []string{volfile, volfile}, true},
		{"more than can wait", slices.Repeat([]string{"other"}, queue/2+1), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			replace(t, filepath.Join(dir, volfile))
			l, err := newListener(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range c.changes {
				replace(t, filepath.Join(dir, name))
			}
			go func() { l.done <- l.follow() }()
			if err := l.stop(); err != nil {
				t.Fatal(err)
			}
			if l.missed != c.missed {
				t.Errorf("missed: %t, of %d heard", l.missed, len(l.heard))
			}
		})
	}
}

// replace puts a new file in the place of one, as glusterd does.
func replace(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path+".tmp", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		t.Fatal(err)
	}
}
