package gluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

const (
	// proofTimeout bounds the proof of one mount, and the letting go of the
	// lock. It is shorter than the 60 s that a plan may take, so that a plan
	// gets past a mount that hangs, and longer than the 42 s after which a
	// client gives up a brick that is gone (network.ping-timeout).
	proofTimeout = 50 * time.Second

	maxVolfile = 16 << 20

	volfilePath = ".meta/graphs/active/volfile"
)

// Open finds the root of the volume among what is mounted, and mounts it where
// it is not. A mount that is dead, hangs or shows another volume is passed over.
func (l *Local) Open(ctx context.Context, v state.VolumeInfo) (Tree, error) {
	if err := openable(v); err != nil {
		return nil, err
	}
	mounts, err := readMounts()
	if err != nil {
		return nil, err
	}
	tellLeftBehind(ctx, l.Log, mounts, v.Name, runs)
	t, err := l.proven(ctx, rootMounts(mounts, v.Name), v, openMount)
	if err != nil {
		return nil, err
	}
	if t != nil {
		return t, nil
	}
	t, err = l.mount(ctx, v)
	if err != nil {
		return nil, noMount("this machine", v, err)
	}
	return t, nil
}

// openable returns why a volume has no root that could be opened, or nil.
func openable(v state.VolumeInfo) error {
	switch {
	case !volumeName.MatchString(v.Name):
		return badVolumeName(v.Name)
	case v.ID == "":
		return fmt.Errorf("volume %s: %w", v.Name, ErrNoVolume)
	case !v.Started:
		return fmt.Errorf("volume %s: %w; start it with: gluster volume start %s", v.Name, ErrNotStarted, v.Name)
	}
	return nil
}

// noMount is the error of a mount that could not be made. One that is made and
// not connected has a client that lives, and no brick: which mount it was says
// nothing, since it is gone.
func noMount(host string, v state.VolumeInfo, err error) error {
	if errors.Is(err, unix.ENOTCONN) {
		return state.Advised(fmt.Errorf("no brick of volume %s answers: %w", v.Name, unix.ENOTCONN), "see which are down: gluster volume status "+v.Name)
	}
	return fmt.Errorf("%s has no usable mount of volume %s, and none can be made: %w", host, v.Name, err)
}

// opener opens what is mounted there. It may hang.
type opener func(mount) (fuseRoot, error)

// proven returns the first of the mounts that is the live root of the volume,
// or nil where none is. It is an error only that the context ended.
func (l *Local) proven(ctx context.Context, mounts []mount, v state.VolumeInfo, open opener) (*DirTree, error) {
	for _, m := range mounts {
		t, err := prove(ctx, m, v, open)
		if err == nil || ctx.Err() != nil {
			return t, err
		}
		if l.Log != nil {
			l.Log.WarnContext(ctx, "a mount can't be used", "volume", v.Name, "error", err)
		}
	}
	return nil, nil
}

// prove opens the mount and makes sure that it is the live root of the volume.
func prove(ctx context.Context, m mount, v state.VolumeInfo, open opener) (*DirTree, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, proofTimeout, fmt.Errorf("it gave no answer in %v", proofTimeout))
	defer cancel()
	f, err := bounded(ctx, func() (fuseRoot, error) { return open(m) }, func(f fuseRoot) { _ = f.tree.Close() })
	if err == nil {
		err = f.facts.identify(v)
		if err != nil {
			_ = f.tree.Close()
		}
	}
	if err != nil {
		return nil, unusable(m.point, err)
	}
	return f.tree, nil
}

// unusable is the error of a mount that is not the live root of the volume.
func unusable(point string, err error) error {
	if errors.Is(err, unix.ENOTCONN) {
		err = fmt.Errorf("%w; where the volume's bricks run it is dead: umount -l %s and mount it again", err, quoteArg(point))
	}
	return fmt.Errorf("the mount at %s: %w", quoteArg(point), err)
}

// fuseRoot is an open mount and what its client says of the volume.
type fuseRoot struct {
	tree  *DirTree
	facts volfileFacts
}

// openMount opens exactly the mount of this line of mountinfo: nothing that
// has been mounted on top of it or in its place.
func openMount(m mount) (fuseRoot, error) {
	t, err := openRoot(m.point)
	if err != nil {
		return fuseRoot{}, err
	}
	facts, err := readFacts(t, m.id)
	if err != nil {
		_ = t.Close()
		return fuseRoot{}, err
	}
	return fuseRoot{t, facts}, nil
}

func readFacts(t *DirTree, mountID uint64) (volfileFacts, error) {
	fs, err := t.statfs()
	switch {
	case err != nil:
		return volfileFacts{}, fmt.Errorf("statfs: %w", err)
	case t.mount != mountID:
		return volfileFacts{}, errOnTop
	case fs.Type != unix.FUSE_SUPER_MAGIC:
		return volfileFacts{}, errNotFUSE
	}
	return readVolfile(t)
}

var (
	errOnTop   = errors.New("something else is mounted on top of it")
	errNotFUSE = errors.New("it is not of FUSE")
)

// readVolfile asks the client behind a mount for its volfile. The directory
// .meta is the client's own, in no listing and out of reach of what is stored
// on the volume (Gluster 3.6 and later; "active" in it is a symlink).
func readVolfile(t *DirTree) (volfileFacts, error) {
	var fd int
	err := t.atRoot(func(root int) (err error) {
		fd, err = uninterrupted(func() (int, error) {
			return unix.Openat(root, volfilePath, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		})
		return err
	})
	if err != nil {
		return volfileFacts{}, fmt.Errorf("opening %s: %w", volfilePath, err)
	}
	f := os.NewFile(uintptr(fd), volfilePath)
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxVolfile+1))
	if err != nil {
		return volfileFacts{}, err
	}
	if len(b) > maxVolfile {
		return volfileFacts{}, fmt.Errorf("%s is longer than %d bytes", volfilePath, maxVolfile)
	}
	return parseVolfile(string(b)), nil
}
