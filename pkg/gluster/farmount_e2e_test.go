//go:build e2e

package gluster

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A mount that can't be made there is told with its reason, and leaves nothing
// behind of what was made for it.
func TestFarMountFails(t *testing.T) {
	const (
		fails = `for a; do case $a in --log-file=*) echo "[1] E [a.c:1:f] 0-gvt: no such volume" >"${a#*=}" ;; esac; done; exit 107`
		lies  = "exit 0"
	)
	for _, tt := range []struct {
		name, glusterfs, base, want string
	}{
		{"the client fails", fails, "deep/er/base", "glusterfs ended with exit status 107: [1] E [a.c:1:f] 0-gvt: no such volume"},
		{"the client fails without a word", "exit 1", "base", "glusterfs ended with exit status 1: "},
		{"the client lies", lies, "base", "glusterfs has ended without an error, but nothing is mounted at "},
		{"others may write", lies, "open", "open can be written by others; give it to root and chmod it 0700"},
		{"no directory", lies, "file", "not a directory"},
		{"below no directory", lies, "file/base", "not a directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			ok(t, os.Mkdir(dir+"/open", 0o700), os.Chmod(dir+"/open", 0o777), os.WriteFile(dir+"/file", nil, 0o600))
			before := listing(t, dir)
			program(t, "glusterfs", tt.glusterfs)
			r, s := farHost()
			s.Path = os.Getenv("PATH")
			r.MountPointBase = filepath.Join(dir, tt.base)
			_, err := r.Open(t.Context(), gvt)
			if err == nil || !strings.Contains(err.Error(), "far has no usable mount of volume gvt, and none can be made: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if after := listing(t, dir); !slices.Equal(before, after) {
				t.Errorf("before %q\nafter  %q", before, after)
			}
		})
	}
}
