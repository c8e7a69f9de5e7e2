package gluster

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const gvtMount = "65 52 0:46 / /mnt/gvt rw,relatime - fuse.glusterfs 10.0.0.254:/gvt rw,user_id=0,group_id=0,default_permissions,allow_other,max_read=131072\n"

func TestParseMountinfo(t *testing.T) {
	got, err := parseMountinfo(gvtMount +
		"72 60 0:4 net:[4026532245] /run/netns/c1 rw shared:3 master:1 - nsfs nsfs rw\n" +
		"90 52 0:60 /d\\134ir /a\\040b\\012c rw - tmpfs \\040 rw,size=4k")
	if err != nil {
		t.Fatal(err)
	}
	want := []mount{
		{65, "/", "/mnt/gvt", []string{"rw", "relatime", "rw", "user_id=0", "group_id=0", "default_permissions", "allow_other", "max_read=131072"}, "fuse.glusterfs", "10.0.0.254:/gvt"},
		{72, "net:[4026532245]", "/run/netns/c1", []string{"rw", "rw"}, "nsfs", "nsfs"},
		{90, `/d\ir`, "/a b\nc", []string{"rw", "rw", "size=4k"}, "tmpfs", " "},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(mount{})); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"\n", "x", "65 52 0:46 / /mnt rw", "65 52 0:46 / /mnt rw - fuse h:/v", "x 52 0:46 / /mnt rw - fuse h:/v rw", "65 52 0:46 / /mnt - fuse h:/v rw"} {
		if got, err := parseMountinfo(gvtMount + bad); err == nil {
			t.Errorf("%q: got %v", bad, got)
		}
	}
}

func TestReadMounts(t *testing.T) {
	mounts, err := readMounts()
	if err != nil || !slices.ContainsFunc(mounts, func(m mount) bool { return m.point == "/proc" && m.fstype == "proc" }) {
		t.Errorf("no /proc in %v, %v", mounts, err)
	}
}

func TestRootMounts(t *testing.T) {
	is := func(old, replacement string) string { return strings.ReplaceAll(gvtMount, old, replacement) }
	tests := []struct {
		name, line string
		want       bool
	}{
		{"as it should be", gvtMount, true},
		{"without the slash", is(":/gvt", ":gvt"), true},
		{"any host", is("10.0.0.254", "fd00::1"), true},
		{"several hosts", is("10.0.0.254", "h1,h2"), true},
		{"read-only mount", is("rw,relatime", "ro,relatime"), false},
		{"read-only file system", is(" rw,user_id", " ro,user_id"), false},
		{"another volume", is(":/gvt", ":/gvt2"), false},
		{"a name that ends like it", is(":/gvt", ":/xgvt"), false},
		{"a directory of it", is(":/gvt", ":/gvt/gvt"), false},
		{"a directory of another that ends like it", is(":/gvt", ":/v/x:gvt"), false},
		{"no host", is("10.0.0.254:/gvt", "/gvt"), false},
		{"an empty host", is("10.0.0.254:/gvt", ":/gvt"), false},
		{"a bind mount of a directory", is("0:46 / ", "0:46 /dir "), false},
		{"another file system", is("fuse.glusterfs", "nfs"), false},
		{"Gluster's own", is("/mnt/gvt", "/run/gluster/gvt_quota"), false},
		{"Gluster's own, old", is("/mnt/gvt", "/var/run/gluster/gvt"), false},
		{"beside Gluster's own", is("/mnt/gvt", "/run/glusterd-shares/x"), true},
		{"of another run", is("/mnt/gvt", "/run/glusterd-shares/gvt-"+gvtID+"-4711-123/mnt"), false},
		{"of another run, elsewhere", is("/mnt/gvt", "/srv/x/gvt-"+gvtID+"-4711-123/mnt"), false},
		{"in what looks like another run's", is("/mnt/gvt", "/run/glusterd-shares/gvt-"+gvtID+"-4711-123/mnt/gvt"), true},
	}
	for _, tt := range tests {
		mounts, err := parseMountinfo(tt.line)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := len(rootMounts(mounts, "gvt")) == 1; got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// Each line gives one mount, and only a whole mount of the volume is picked.
func FuzzMountinfo(f *testing.F) {
	f.Add(gvtMount)
	f.Add(gvtMount + "90 52 0:60 /d\\134ir /a\\040b\\012c rw - tmpfs \\04 rw,size=4k")
	f.Fuzz(func(t *testing.T, s string) {
		mounts, err := parseMountinfo(s)
		if err != nil {
			return
		}
		if n := len(slices.Collect(strings.Lines(s))); n != len(mounts) {
			t.Errorf("%d lines, %d mounts", n, len(mounts))
		}
		for _, m := range rootMounts(mounts, "gvt") {
			if m.root != "/" || !strings.HasSuffix(m.source, "gvt") || strings.HasPrefix(m.point, "/run/gluster/") {
				t.Errorf("picked %+v", m)
			}
		}
	})
}
