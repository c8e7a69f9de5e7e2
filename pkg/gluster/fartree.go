package gluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"glusterd-shares/pkg/state"
)

// farTree is the root of a volume on another machine.
type farTree struct {
	host   *Far
	volume state.VolumeInfo

	opening sync.Mutex // has who finds the root anew

	mu     sync.Mutex
	root   farRoot
	mount  *conversation // of a mount that was made for the tree; nil: it was there
	closed bool
}

var _ Tree = (*farTree)(nil)

var errClosed = errors.New("the tree is closed")

// open finds the root of the volume, or mounts it: a mount that was being made when
// the connection went goes with it.
func (t *farTree) open(ctx context.Context) error {
	_, err := asked(ctx, func(int) (struct{}, error) { return struct{}{}, t.openOnce(ctx) })
	return err
}

func (t *farTree) openOnce(ctx context.Context) error {
	root, found, err := t.host.find(ctx, t.volume)
	if err != nil {
		return err
	}
	var mount *conversation
	if !found {
		if root, mount, err = t.host.mount(ctx, t.volume); err != nil {
			return noMount(t.host.Name, t.volume, untold(err))
		}
	}
	t.mu.Lock()
	closed := t.closed
	if !closed {
		t.root, t.mount = root, mount
	}
	t.mu.Unlock()
	if closed && mount != nil {
		return errors.Join(errClosed, unmount(mount), mount.Close())
	}
	return nil
}

// Close implements Tree.
func (t *farTree) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	mount := t.mount
	t.mount, t.closed = nil, true
	if mount == nil {
		return nil
	}
	return errors.Join(unmount(mount), mount.Close())
}

// unmount ends a mount that was made for a tree. One that has gone with its
// connection is unmounted already.
func unmount(mount *conversation) error {
	ctx, cancel := context.WithTimeout(context.Background(), proofTimeout)
	defer cancel()
	if mount.tell("unmount") != nil {
		return nil
	}
	_, err := mount.next(ctx, "unmount")
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// leftBehind is how much longer than its caller a step lasts that was left behind.
const leftBehind = 10 * time.Second

// ask runs a script that changes nothing, and again where its answer was lost with
// the connection. Its callers bound it; the bound of its own only ends what they have
// left behind. That the root is gone is mended once: a mount that was made for the tree
// goes with the connection.
func (t *farTree) ask(op string, paths int, s script, stdin string, args ...string) (farAnswer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout+leftBehind+time.Duration(paths)*morePerPath)
	defer cancel()
	return asked(ctx, func(int) (farAnswer, error) {
		root, ans, err := t.run(ctx, op, s, stdin, args)
		if errors.Is(err, errRootGone) {
			if err := t.reopen(ctx, root); err != nil {
				return ans, err
			}
			_, ans, err = t.run(ctx, op, s, stdin, args)
		}
		return ans, err
	})
}

// run runs a script at the root, and tells which one that is.
func (t *farTree) run(ctx context.Context, op string, s script, stdin string, args []string) (farRoot, farAnswer, error) {
	t.mu.Lock()
	root, closed := t.root, t.closed
	t.mu.Unlock()
	if closed {
		return root, farAnswer{}, errClosed
	}
	ans, err := t.host.run(ctx, op, s, stdin, slices.Concat(root.args(), []string{t.host.lock(ctx)}, args)...)
	return root, ans, err
}

// reopen finds the root anew, where no other look has done so since this one was gone.
func (t *farTree) reopen(ctx context.Context, gone farRoot) error {
	t.opening.Lock()
	defer t.opening.Unlock()
	t.mu.Lock()
	mount, again := t.mount, t.root != gone
	if !again {
		t.mount = nil
	}
	t.mu.Unlock()
	if again {
		return nil
	}
	if mount != nil {
		_ = mount.Close() // it has ended
	}
	return t.open(ctx)
}

// change runs a script that changes something, once, at the root that it was asked for,
// and under the lock, where one was taken: what has lost that changes nothing any more.
// The error wraps ErrUnknownOutcome where it may have done so and nobody has heard.
func (t *farTree) change(op string, s script, stdin string, args ...string) (farAnswer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), stepTimeout+leftBehind)
	defer cancel()
	_, ans, err := t.run(Unbroken(ctx), op, s, stdin, args)
	if errors.Is(err, errCutOff) {
		err = fmt.Errorf("%s: %w; %w", op, err, ErrUnknownOutcome)
	}
	return ans, err
}

// Mkdir implements Tree.
func (t *farTree) Mkdir(p string, mode uint32) error {
	names, err := components(p)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return &fs.PathError{Op: "mkdir", Path: p, Err: fs.ErrExist}
	}
	ans, err := t.change("mkdir", mkdirScript, "", path.Dir(p), path.Base(p), fmt.Sprintf("%04o", mode&0o777))
	if err != nil {
		return err
	}
	got, err := modeIn(ans)
	if err != nil {
		return err
	}
	return kept(p, got&0o777, mode&0o777)
}

// Chmod implements Tree.
func (t *farTree) Chmod(p string, mode uint32) error {
	if _, err := components(p); err != nil {
		return err
	}
	ans, err := t.change("chmod", chmodScript, "", p, fmt.Sprintf("%o", mode))
	if err != nil {
		return err
	}
	got, err := modeIn(ans)
	if err != nil {
		return err
	}
	return kept(p, got, mode)
}

// modeIn is the mode that a directory has after it was changed.
func modeIn(ans farAnswer) (uint32, error) {
	mode, err := strconv.ParseUint(field(ans.fields(), 1), 8, 32)
	if err != nil {
		return 0, errNotUnderstood
	}
	return uint32(mode), nil
}

// Chown implements Tree.
func (t *farTree) Chown(p string, uid, gid *uint32) error {
	if _, err := components(p); err != nil {
		return err
	}
	_, err := t.change("chown", chownScript, "", p, ownership(uid, gid))
	return err
}

// ownership is an owner and a group as chown takes them, with a sign by which it
// takes no number for a name; what is nil stays as it is.
func ownership(uid, gid *uint32) string {
	var s string
	if uid != nil {
		s = fmt.Sprintf("+%d", *uid)
	}
	if gid != nil {
		s += fmt.Sprintf(":+%d", *gid)
	}
	return s
}

// Identity implements Tree, with one command for all paths. The device is left out: a
// mount that is made anew, when the connection was lost, has another one, and all that
// the script goes to is on the root's.
func (t *farTree) Identity(paths ...string) ([]state.FileID, error) {
	var stdin strings.Builder
	for _, p := range paths {
		if _, err := components(p); err != nil {
			return nil, err
		}
		stdin.WriteString(encode(p) + "\n")
	}
	ans, err := t.ask("open", len(paths), identityScript, stdin.String())
	if err != nil {
		return nil, err
	}
	fields := ans.fields()[1:]
	if len(fields) != len(paths) {
		return nil, t.host.told(errNotUnderstood)
	}
	var out []state.FileID
	for _, f := range fields {
		device, inode, _ := strings.Cut(f, ":")
		i, err := strconv.ParseUint(inode, 10, 64)
		if err != nil || device == "" {
			return nil, t.host.told(errNotUnderstood)
		}
		out = append(out, state.FileID{Inode: i})
	}
	return out, nil
}

// Rename implements Tree.
func (t *farTree) Rename(from, to string, id state.FileID) error {
	if err := notRoot(from, to); err != nil {
		return err
	}
	_, err := t.change("rename", renameScript, "",
		path.Dir(from), path.Base(from), path.Dir(to), path.Base(to), strconv.FormatUint(id.Inode, 10))
	if pe, is := errors.AsType[*fs.PathError](err); is && pe.Op == "rename" {
		pe.Path = from + " to " + to
	}
	return err
}

// Space implements Tree.
func (t *farTree) Space() (uint64, error) {
	ans, err := t.ask("statfs", 1, spaceScript, "")
	if err != nil {
		return 0, err
	}
	blocks, size, _ := strings.Cut(field(ans.fields(), 1), " ")
	b, blocksErr := strconv.ParseUint(blocks, 10, 64)
	s, sizeErr := strconv.ParseUint(size, 10, 64)
	if err := cmp.Or(blocksErr, sizeErr); err != nil {
		return 0, errNotUnderstood
	}
	return b * s, nil
}
