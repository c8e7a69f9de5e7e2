package gluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// farRoot is the root of a tree on another machine, and what it is known by. Each
// script makes sure of that before it does anything.
type farRoot struct {
	point   string // the directory
	file    string // its device and inode
	mount   string // the number of the mount
	volfile string // where the client behind it says which volume it is
	shown   string // a hash of what it says
}

func (r farRoot) args() []string { return []string{r.point, r.file, r.mount, r.volfile, r.shown} }

// Open finds the root of the volume among what is mounted there, and mounts it
// where it is not, as Local does.
func (r *Far) Open(ctx context.Context, v state.VolumeInfo) (Tree, error) {
	if err := openable(v); err != nil {
		return nil, err
	}
	t := &farTree{host: r, volume: v}
	if err := t.open(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// find gives the first of the mounts there that is the live root of the volume.
func (r *Far) find(ctx context.Context, v state.VolumeInfo) (root farRoot, found bool, err error) {
	c, mounts, err := r.mounts(ctx, volfilePath)
	if err != nil {
		return root, false, err
	}
	defer func() { c.dismiss() }()
	tellLeftBehind(ctx, r.log(), mounts, v.Name, func(pid int) bool { return r.runs(ctx, pid) })
	for _, m := range rootMounts(mounts, v.Name) {
		root, err := c.prove(ctx, m, v)
		if err == nil || ctx.Err() != nil || errors.Is(err, errEnded) {
			return root, err == nil, err
		}
		if log := r.log(); log != nil {
			log.WarnContext(ctx, "a mount can't be used", "volume", v.Name, "error", err)
		}
		if !isUnfinished(err) {
			continue
		}
		// It hangs there, and nobody else is answered.
		if c, err = c.instead(ctx); err != nil {
			return root, false, err
		}
	}
	return root, false, nil
}

// finding is a talk about what is mounted there.
type finding struct {
	*conversation
	volfile string // where a client says which volume it is of
}

// mounts asks what is mounted there, and goes on to be asked.
func (r *Far) mounts(ctx context.Context, volfile string) (*finding, []mount, error) {
	c, err := r.hold(ctx, findScript, volfile)
	if err != nil {
		return nil, nil, err
	}
	var mounts []mount
	fields, err := c.next(ctx, "read")
	if err == nil {
		mounts, err = parseMountinfo(field(fields, 1) + "\n")
	}
	if err != nil {
		return nil, nil, errors.Join(r.told(err), c.Close())
	}
	return &finding{c, volfile}, mounts, nil
}

// dismiss ends a talk that has said all that is wanted of it, and waits for nobody: over
// a connection the end takes a round trip.
func (f *finding) dismiss() { go func() { _ = f.Close() }() }

// instead ends the talk and begins another one.
func (f *finding) instead(ctx context.Context) (*finding, error) {
	if err := f.Close(); err != nil {
		return f, err
	}
	next, _, err := f.host.mounts(ctx, f.volfile)
	if err != nil {
		return f, err
	}
	return next, nil
}

// prove makes sure that what is mounted there is the live root of the volume.
func (f *finding) prove(ctx context.Context, m mount, v state.VolumeInfo) (farRoot, error) {
	k, err := f.known(ctx, m.point)
	if err == nil && k.root.mount != strconv.FormatUint(m.id, 10) {
		err = errOnTop
	}
	if err == nil {
		err = k.identify(v)
	}
	if err != nil {
		return farRoot{}, unusable(m.point, f.host.told(err))
	}
	return k.root, nil
}

// known asks what the mount at a point is known by.
func (f *finding) known(ctx context.Context, point string) (known, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, proofTimeout, fmt.Errorf("it gave no answer in %v", proofTimeout))
	defer cancel()
	if err := f.tell(encode(point)); err != nil {
		return known{}, err
	}
	fields, err := f.next(ctx, "open")
	if err != nil {
		return known{}, err
	}
	return knownBy(fields)
}

// log is told on which machine it is; nil: nobody is told.
func (r *Far) log() *slog.Logger {
	if r.Log == nil {
		return nil
	}
	return r.Log.With("host", r.Name)
}

// runs reports whether there is a process with this number there, or whether that
// can't be told.
func (r *Far) runs(ctx context.Context, pid int) bool {
	ans, err := r.ask(ctx, "look for", runsScript, "", strconv.Itoa(pid))
	return err != nil || field(ans.fields(), 1) != "no"
}

// known is what a directory is known by.
type known struct {
	root  farRoot
	kind  string // of file system, in hex
	facts volfileFacts
}

// fuseMagic is FUSE_SUPER_MAGIC as stat prints it.
const fuseMagic = "65735546"

// knownBy reads what the scripts say of a directory.
func knownBy(fields []string) (known, error) {
	if len(fields) != 7 {
		return known{}, errNotUnderstood
	}
	shown, _, _ := strings.Cut(fields[6], " ")
	return known{
		root:  farRoot{point: fields[1], file: fields[2], mount: fields[3], volfile: volfilePath, shown: shown},
		kind:  fields[4],
		facts: parseVolfile(fields[5]),
	}, nil
}

// identify returns nil where it is the root of the volume.
func (k known) identify(v state.VolumeInfo) error {
	if k.kind != fuseMagic {
		return errNotFUSE
	}
	return k.facts.identify(v)
}

// mount mounts the volume there, for as long as the session lasts, and proves it. The
// error doesn't say where that is.
func (r *Far) mount(ctx context.Context, v state.VolumeInfo) (farRoot, *conversation, error) {
	server := r.Server
	if server == "" {
		server = "localhost"
	}
	base, err := cleanBase(r.MountPointBase)
	if err != nil {
		return farRoot{}, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, commandTimeout, fmt.Errorf("glusterfs gave no answer in %v", commandTimeout))
	defer cancel()
	c, err := r.hold(ctx, mountScript, base, v.Name, v.ID, server, strconv.FormatUint(uint64(rand.Uint32()), 10), volfilePath)
	if err != nil {
		return farRoot{}, nil, err
	}
	fields, err := c.next(ctx, "mount")
	var k known
	if err == nil {
		k, err = knownBy(fields)
	}
	if err == nil {
		err = k.identify(v)
	}
	if err != nil {
		return farRoot{}, nil, errors.Join(untold(err), c.Close())
	}
	return k.root, c, nil
}

// field is one of the fields, or empty.
func field(fields []string, n int) string {
	if n < len(fields) {
		return fields[n]
	}
	return ""
}
