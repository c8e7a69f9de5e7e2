package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strconv"
	"strings"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// tree is a volume's brick as a gluster.Tree. Owners are recorded and not set,
// so that it needs no root; what has no record belongs to root.
type tree struct {
	*gluster.DirTree
	sandbox *Sandbox
	host    string
	volume  string
}

// Open opens the volume's brick.
func (h *sandboxHost) Open(_ context.Context, info state.VolumeInfo) (gluster.Tree, error) {
	c, err := h.sandbox.load(h.name)
	if err != nil {
		return nil, err
	}
	v := c.volumes[info.Name]
	if v == nil || v.id != info.ID {
		return nil, fmt.Errorf("%s has no volume %s with the id %s", h.name, info.Name, info.ID)
	}
	dir, err := gluster.OpenTree(v.brick())
	if err != nil {
		return nil, err
	}
	return &tree{dir, h.sandbox, h.name, info.Name}, nil
}

// Stat implements gluster.Tree.
func (t *tree) Stat(paths ...string) ([]state.Dir, error) {
	dirs, err := t.DirTree.Stat(paths...)
	if err != nil {
		return nil, err
	}
	owners, err := readTableOr(t.ownersFile(), table{})
	if err != nil {
		return nil, err
	}
	for i, p := range paths {
		if dirs[i].Kind != state.Directory {
			continue
		}
		if dirs[i].UID, dirs[i].GID, err = owner(owners, p); err != nil {
			return nil, err
		}
	}
	return dirs, nil
}

// Mkdir implements gluster.Tree. As on a file system the group is that of a
// parent with the setgid bit.
func (t *tree) Mkdir(p string, mode uint32) error {
	if err := t.step("mkdir", p); err != nil {
		return err
	}
	dirs, err := t.Stat(filepath.Dir(p))
	if err != nil {
		return err
	}
	parent := dirs[0]
	if err := t.DirTree.Mkdir(p, mode); err != nil {
		return err
	}
	var uid, gid uint32
	if parent.Mode&02000 != 0 {
		gid = parent.GID
	}
	return t.record(p, &uid, &gid)
}

// Chown implements gluster.Tree.
func (t *tree) Chown(p string, uid, gid *uint32) error {
	if err := t.step("chown", p); err != nil {
		return err
	}
	// Changing nothing fails where a change would: on what can't be walked to.
	if err := t.DirTree.Chown(p, nil, nil); err != nil {
		return err
	}
	return t.record(p, uid, gid)
}

// Chmod implements gluster.Tree.
func (t *tree) Chmod(p string, mode uint32) error {
	if err := t.step("chmod", p); err != nil {
		return err
	}
	return t.DirTree.Chmod(p, mode)
}

// Rename implements gluster.Tree. What is recorded of the directory, and of what
// is in it, goes with it: its owners, and as in Gluster its limits.
func (t *tree) Rename(from, to string, id state.FileID) error {
	if err := t.step("rename", from); err != nil {
		return err
	}
	if err := t.DirTree.Rename(from, to, id); err != nil {
		return err
	}
	return t.rerecord(func(p string) string {
		if rest, below := strings.CutPrefix(p, from); below && (rest == "" || rest[0] == '/') {
			return to + rest
		}
		return p
	})
}

// WriteFile implements gluster.Tree.
func (t *tree) WriteFile(p string, text []byte) error {
	if err := t.step("write", p); err != nil {
		return err
	}
	return t.DirTree.WriteFile(p, text)
}

// Remove implements gluster.Tree.
func (t *tree) Remove(p string) error {
	if err := t.step("remove", p); err != nil {
		return err
	}
	if err := t.DirTree.Remove(p); err != nil {
		return err
	}
	return t.forget(p)
}

// RemoveSome implements gluster.Tree.
func (t *tree) RemoveSome(p string, most int) (removed int, all bool, err error) {
	if err := t.step("remove", p); err != nil {
		return 0, false, err
	}
	removed, all, err = t.DirTree.RemoveSome(p, most)
	if err == nil && all {
		err = t.forget(p)
	}
	return removed, all, err
}

// space is how many bytes every volume of a sandbox holds, whatever the
// machine's own disk does.
const space = 10 << 40

// Space implements gluster.Tree.
func (t *tree) Space() (uint64, error) { return space, nil }

// Lock implements gluster.Tree.
func (t *tree) Lock(ctx context.Context, waiting func(holder string)) (gluster.Lock, error) {
	if err := t.step("lock", "/"); err != nil {
		return nil, err
	}
	return t.DirTree.Lock(ctx, waiting)
}

func (t *tree) step(what, p string) error { return t.sandbox.step("%s %s %s", what, t.volume, p) }

func (t *tree) ownersFile() string {
	return filepath.Join(t.sandbox.dir, t.host, t.volume, "owners")
}

// record notes an owner; nil stays as it is.
func (t *tree) record(p string, uid, gid *uint32) error {
	return t.sandbox.locked(t.host, func(*cluster) error {
		owners, err := readTableOr(t.ownersFile(), table{})
		if err != nil {
			return err
		}
		u, g, err := owner(owners, p)
		if err != nil {
			return err
		}
		if uid != nil {
			u = *uid
		}
		if gid != nil {
			g = *gid
		}
		owners[p] = fmt.Sprintf("%d %d", u, g)
		return owners.write(t.ownersFile())
	})
}

// forget drops what is recorded of a path and of all below it.
func (t *tree) forget(gone string) error {
	return t.rerecord(func(p string) string {
		if p == gone || strings.HasPrefix(p, gone+"/") {
			return ""
		}
		return p
	})
}

// rerecord gives what is recorded of each path to another one, or to none.
func (t *tree) rerecord(moved func(p string) string) error {
	return t.sandbox.locked(t.host, func(*cluster) error {
		for _, file := range []string{t.ownersFile(), filepath.Join(filepath.Dir(t.ownersFile()), "limits")} {
			records, err := readTableOr(file, table{})
			if err != nil {
				return err
			}
			next := table{}
			for p, record := range records {
				if to := moved(p); to != "" {
					next[to] = record
				}
			}
			if maps.Equal(records, next) {
				continue
			}
			if err := next.write(file); err != nil {
				return err
			}
		}
		return nil
	})
}

// owner reads one line of the owners: two numbers.
func owner(owners table, p string) (uid, gid uint32, err error) {
	line, ok := owners[p]
	if !ok {
		return 0, 0, nil
	}
	u, g, _ := strings.Cut(line, " ")
	un, err1 := strconv.ParseUint(u, 10, 32)
	gn, err2 := strconv.ParseUint(g, 10, 32)
	if errors.Join(err1, err2) != nil {
		return 0, 0, fmt.Errorf("owners: %s: %q is not two numbers, an owner and a group", p, line)
	}
	return uint32(un), uint32(gn), nil
}
