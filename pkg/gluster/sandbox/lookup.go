package sandbox

import (
	"os"
	"path/filepath"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// lookup tells the NFS server what is at a path of a volume.
func (c *cluster) lookup(volume, path string) mountd.Entry {
	v := c.volumes[volume]
	if v == nil {
		return mountd.Entry{}
	}
	name := filepath.Join(v.brick(), path)
	st, err := os.Lstat(name)
	switch {
	case err != nil:
		return mountd.Entry{}
	case st.IsDir():
		return mountd.Entry{Kind: mountd.Directory}
	case st.Mode()&os.ModeSymlink == 0:
		return mountd.Entry{Kind: mountd.Other}
	}
	target, err := os.Readlink(name)
	if err != nil {
		return mountd.Entry{}
	}
	return mountd.Entry{Kind: mountd.Symlink, Target: target}
}
