package gluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
)

// Local is this machine as a Host. It runs the gluster that is in PATH.
type Local struct {
	// Server is the host that a mount asks for the volume, as glusterfs
	// --volfile-server takes it; empty: localhost.
	Server string

	// MountPointBase is the directory below which volumes are mounted that
	// are not mounted yet.
	MountPointBase string

	// Log is told of mounts that can't be used; nil: nobody is.
	Log *slog.Logger
}

var _ Host = (*Local)(nil)

// Reach implements Host: there is nowhere to go.
func (*Local) Reach(context.Context) error { return nil }

// Gluster runs the gluster program. The error wraps ErrNoGluster where the
// program never ran.
func (l *Local) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	path, err := exec.LookPath("gluster")
	if err != nil {
		return Answer{Code: -1}, fmt.Errorf("%w: %w", ErrNoGluster, &missingProgram{"it", "glusterfs-cli (Debian) or glusterfs-server, or add /usr/sbin to PATH; where it is to be run on another machine by SSH, name a user in the target: root@host:/volume"})
	}
	ans, err := command{path: path, args: args, stdin: stdin, limit: maxOutput}.run(ctx)
	if errors.Is(err, ErrNotRun) {
		err = fmt.Errorf("%w: %w", ErrNoGluster, err)
	}
	return ans, err
}
