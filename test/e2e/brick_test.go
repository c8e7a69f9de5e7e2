//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// brick is where a volume's brick lies on the server.
func (b *Bed) brick(vol string) string { return "/var/tmp/gds-" + b.instance + "/brick/" + vol }

// inside is where a path of the server is seen from here.
func (b *Bed) inside(path string) string {
	b.Helper()
	pid, err := os.ReadFile("/var/tmp/gds-" + b.instance + "/holder.pid")
	if err != nil {
		b.Fatal(err)
	}
	return filepath.Join("/proc", strings.TrimSpace(string(pid)), "root", path)
}

// node is a file or a directory on a brick.
type node struct {
	mode     fs.FileMode
	uid, gid uint32
	inode    uint64
	text     string // of a file
}

// tree is what is on a brick, which no fault of a mount or a process hides; but for
// what Gluster keeps there.
func (b *Bed) tree(vol string) map[string]node {
	b.Helper()
	root := b.inside(b.brick(vol))
	out := map[string]node{}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.Name() == ".glusterfs" {
			return fs.SkipDir
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*syscall.Stat_t)
		n := node{mode: info.Mode(), uid: stat.Uid, gid: stat.Gid, inode: stat.Ino}
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			n.text = string(text)
		}
		out[strings.TrimPrefix(p, root)] = n
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// trash is what an entry of the trash is named.
var trash = regexp.MustCompile(`^/\.glusterd-shares/trash/[^/]*`)

// clientsOf begins the line of a picture that has who could use what is in the trash.
const clientsOf = "clients of "

// picture is what is on a volume, without what is another one each time.
func (b *Bed) picture(vol string) []string {
	b.Helper()
	var out []string
	for path, n := range b.tree(vol) {
		switch {
		case path == "/.glusterd-shares/lock":
			n.text = "who had it last"
		case strings.HasSuffix(path, "/note.json"):
			note := b.note(n.text)
			out = append(out, fmt.Sprint(clientsOf, note["path"], ": ", note["clients"]))
			delete(note, "clients")
			n.text = fmt.Sprint(note)
		}
		out = append(out, fmt.Sprintf("%s %v %d:%d %q", trash.ReplaceAllString(path, "/.glusterd-shares/trash/ENTRY"), n.mode, n.uid, n.gid, n.text))
	}
	for option, value := range b.Options(vol) {
		if option != reserve {
			out = append(out, option+": "+value)
		}
	}
	slices.Sort(out)
	return out
}

// withoutClients is a picture without who could use what is in the trash.
func withoutClients(picture []string) []string {
	return slices.DeleteFunc(slices.Clone(picture), func(line string) bool { return strings.HasPrefix(line, clientsOf) })
}

// note is what a note of the trash says that has to be the same however a run went.
func (b *Bed) note(text string) (note map[string]any) {
	b.Helper()
	if err := json.Unmarshal([]byte(text), &note); err != nil {
		b.Errorf("a note in the trash: %v\n%s", err, text)
	}
	for _, key := range []string{"inode", "when", "by"} {
		delete(note, key)
	}
	return note
}

// clientData is the data of clients: the files that are to be neither lost nor changed.
func (b *Bed) clientData(vol string) map[string]node {
	b.Helper()
	out := map[string]node{}
	for path, n := range b.tree(vol) {
		if n.mode.IsRegular() && !strings.HasPrefix(path, "/.glusterd-shares/") {
			out[path] = n
		}
	}
	if len(out) == 0 {
		b.Fatal("there is no data that could be lost")
	}
	return out
}

// isThere checks that the data of clients is where it was, or in the trash: the same
// files, with the same bytes and modes.
func (b *Bed) isThere(vol string, data map[string]node, when string) {
	b.Helper()
	now := b.tree(vol)
	for path, was := range data {
		found := ""
		for p, n := range now {
			if n == was && (p == path || inTrash(p, path)) {
				found = p
			}
		}
		if found == "" {
			b.breach("%s: %s, %+v, is neither where it was nor in the trash, or another file", when, path, was)
		}
	}
}

// inTrash reports whether a path is where that of a share has come to in the trash.
func inTrash(p, path string) bool {
	entry := trash.FindString(p)
	_, below, _ := strings.Cut(path[1:], "/")
	return entry != "" && p == entry+"/data/"+below
}

// reserve is how much a brick leaves free. Where that is anything, it goes by what it
// has seen last, up to five seconds ago.
const reserve = "storage.reserve"

// SmallVolume is FreshVolume on a file system of its own, which is full soon.
func (b *Bed) SmallVolume() string {
	b.Helper()
	vol := fmt.Sprintf("v%d", volumes.Add(1))
	brick := b.brick(vol)
	b.Run("sh", "-ec", `
		truncate -s 32M $1.img && mkfs.ext4 -q -m 0 $1.img
		mkdir $1 && mount -o loop $1.img $1 && rmdir $1/lost+found`, "sh", brick)
	b.Cleanup(func() { b.Run("umount", brick) })
	b.MakeVolume(vol)
	b.Set(vol, reserve, "0")
	b.On(vol, "mkdir", unlisted)
	b.settle()
	return vol
}

// mountPoints are the directories that runs have made on the server to mount a volume,
// and have left there.
func (b *Bed) mountPoints(vol string) []string {
	b.Helper()
	points, err := filepath.Glob(b.inside("/run/glusterd-shares/" + vol + "-*"))
	if err != nil {
		b.Fatal(err)
	}
	return points
}
