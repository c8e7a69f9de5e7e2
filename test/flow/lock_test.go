package flow

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
)

// forgetfulHost is a cluster whose bricks forget every lock before each look at
// the volumes, as they do when they restart.
type forgetfulHost struct {
	gluster.Host
	forget func()
}

func (h forgetfulHost) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	if strings.HasPrefix(stdin, "volume info") || slices.Contains(args, "info") {
		h.forget()
	}
	return h.Host.Gluster(ctx, stdin, args...)
}

// unlockAll lets go of the locks of this process on a file, behind the back of
// who has them.
func unlockAll(t *testing.T, file string) {
	fds, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Error(err)
	}
	for _, name := range fds {
		if to, _ := os.Readlink(name); to != file {
			continue
		}
		fd, err := strconv.Atoi(filepath.Base(name))
		if err == nil {
			err = syscall.Flock(fd, syscall.LOCK_UN)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// One writer: a run that has lost its lock writes nothing more.
func TestNoWriteWithoutTheLock(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	v := volume("gv0", share("alpha", "10.0.0.1"))
	file := filepath.Join(l.dir, hostName, "gv0", "brick/.glusterd-shares/lock")
	h := forgetfulHost{countingHost{l.box.Host(hostName), l}, func() { unlockAll(t, file) }}
	e := gluster.NewEndpoint(h, &gluster.Client{Host: h}, v, gnfs.Server{})
	defer e.Close()
	a, err := e.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := apply.Apply(t.Context(), diff.Compute(v, a, gnfs.Server{}), e, apply.Options{Server: gnfs.Server{}})
	if r.Err == nil || !strings.Contains(r.Err.Error(), "lock was lost") || r.Count(apply.NotStarted) != len(r.Steps) {
		t.Errorf("got %v, %v", r.Err, r.Steps)
	}
	for _, c := range l.took() {
		if strings.Contains(c, "volume set") {
			t.Errorf("it wrote: %s", c)
		}
	}
	mustConverge(t, l, v)
}
