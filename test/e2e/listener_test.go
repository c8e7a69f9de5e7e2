//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// addresses are those of the clients.
var addresses = [clients]string{"10.0.0.1", "10.0.0.2", "10.0.1.3", "10.0.0.129"}

// listener takes down each configuration that glusterd gives the NFS server.
type listener struct {
	dir     string
	notices *os.File
	done    chan error

	mu    sync.Mutex
	heard []string
}

// volfile is the NFS server's, in its directory.
const volfile = "nfs-server.vol"

// listen begins with what the server goes by now.
func (b *Bed) listen() *listener {
	b.Helper()
	l := &listener{dir: b.inside("/var/lib/glusterd/nfs"), done: make(chan error, 1)}
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err == nil {
		l.notices = os.NewFile(uintptr(fd), "inotify")
		_, err = unix.InotifyAddWatch(fd, l.dir, unix.IN_MOVED_TO|unix.IN_CLOSE_WRITE)
	}
	if err == nil {
		err = l.note()
	}
	if err != nil {
		b.Fatal(err)
	}
	go func() { l.done <- l.follow() }()
	return l
}

// follow takes down what comes until the notices end.
func (l *listener) follow() error {
	buf := make([]byte, 64<<10)
	for {
		n, err := l.notices.Read(buf)
		switch {
		case errors.Is(err, os.ErrClosed):
			return nil
		case err != nil:
			return err
		}
		for rest := buf[:n]; len(rest) > 0; {
			size := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
			name, _, _ := bytes.Cut(rest[unix.SizeofInotifyEvent:size], []byte{0})
			if rest = rest[size:]; string(name) == volfile {
				if err := l.note(); err != nil {
					return err
				}
			}
		}
	}
}

func (l *listener) note() error {
	text, err := os.ReadFile(l.dir + "/" + volfile)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = append(l.heard, string(text))
	return err
}

// end gives the configurations, in their order.
func (l *listener) end(b *Bed) []mountd.Config {
	b.Helper()
	l.notices.Close()
	if err := <-l.done; err != nil {
		b.Fatal(err)
	}
	var out []mountd.Config
	for _, text := range l.heard {
		out = append(out, b.configuration(text))
	}
	return out
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
