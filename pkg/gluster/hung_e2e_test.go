//go:build e2e

package gluster

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// mountHung mounts a file system of FUSE that answers nothing. asked gets each
// request that it has taken and leaves unanswered.
func mountHung(t *testing.T, point string) (asked <-chan uint32) {
	t.Helper()
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	ok(t, err)
	mounted := unix.Mount("hung", point, "fuse", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", fd))
	dev := os.NewFile(uintptr(fd), "/dev/fuse") // only that of a mount can be polled
	t.Cleanup(func() { _ = dev.Close() })       // which ends all that waits
	ok(t, mounted)
	taken := make(chan uint32, 16)
	go func() {
		b := make([]byte, 1<<17)
		for {
			n, err := dev.Read(b)
			if err != nil {
				return
			}
			taken <- serveHung(dev, b[:n])
		}
	}()
	return taken
}

// serveHung answers the request that begins a mount, and no other.
func serveHung(dev *os.File, request []byte) (opcode uint32) {
	const (
		initRequest = 26
		reply       = 16 + 64 // header and fuse_init_out
	)
	opcode = binary.LittleEndian.Uint32(request[4:])
	if opcode != initRequest {
		return opcode
	}
	out := make([]byte, reply)
	binary.LittleEndian.PutUint32(out[0:], reply)
	copy(out[8:], request[8:16])                     // which request this is an answer to
	binary.LittleEndian.PutUint32(out[16:], 7)       // version 7.31
	binary.LittleEndian.PutUint32(out[20:], 31)      //
	binary.LittleEndian.PutUint32(out[16+20:], 4096) // max_write
	_, _ = dev.Write(out)
	return opcode
}

// A call into a mount that hangs can't be killed once the client has it, and
// would keep the program from ending. To unmount what the program has mounted
// itself ends it.
func TestRemoveEndsWhatHangs(t *testing.T) {
	p, err := makeMountPoint(filepath.Join(t.TempDir(), "base"), gvt)
	ok(t, err)
	asked := mountHung(t, p.point())
	opened := make(chan error, 1)
	go func() {
		_, err := openRoot(p.point())
		opened <- err
	}()
	for range 2 { // that of the mount, and that of the call
		<-asked
	}
	ok(t, p.remove())
	select {
	case err := <-opened:
		if err == nil {
			t.Error("the mount has opened")
		}
	case <-time.After(10 * time.Second):
		t.Error("the call still waits")
	}
}
