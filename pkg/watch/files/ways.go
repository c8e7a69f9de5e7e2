package files

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"glusterd-shares/pkg/state/statefile"
)

// maxLinks is how many symlinks may lie on the way to a file, as in the kernel.
const maxLinks = 40

// ways are the directories on the ways to the state files. A directory has one
// path here, without symlinks, by however many it can be reached.
type ways map[inode]way

// inode tells directories apart.
type inode struct{ device, number uint64 }

// way is a directory in which something is looked up, and the names that are.
type way struct {
	path  string
	names map[string]bool
}

// anyName stands for all names of a directory.
const anyName = ""

// waysTo finds the ways to what the paths lead to, as things are now. They end
// where something is missing or can't be looked at, with its name: that is where it
// would appear.
func waysTo(paths []string) ways {
	w := ways{}
	for _, site := range statefile.Sites(paths) {
		at, found := w.follow(site.Name)
		if found && site.Searched {
			w.note(at, anyName)
		}
	}
	return w
}

// equal holds where the same names are looked up in the same directories.
func (w ways) equal(other ways) bool {
	return maps.EqualFunc(w, other, func(a, b way) bool { return a.path == b.path && maps.Equal(a.names, b.names) })
}

// note takes in that the name is looked up in the directory.
func (w ways) note(dir place, name string) {
	id, ok := dir.inode()
	if !ok || !dir.info.IsDir() {
		return
	}
	if _, known := w[id]; !known {
		w[id] = way{dir.path, map[string]bool{}}
	}
	w[id].names[name] = true
}

// follow goes along a path from the root, name by name and through every symlink,
// as the kernel does, and notes where it comes by. It returns where that ends, and
// whether anything is there.
func (w ways) follow(path string) (at place, found bool) {
	if !filepath.IsAbs(path) {
		here, err := os.Getwd()
		if err != nil {
			return place{}, false
		}
		path = here + "/" + path // not cleaned: what ".." means depends on symlinks
	}
	at, found = placeAt("/")
	links := 0
	for rest := strings.Split(path, "/"); found && len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch name {
		case "", ".":
		case "..":
			at, found = placeAt(filepath.Dir(at.path))
		default:
			w.note(at, name)
			var through []string
			at, through, found = at.enter(name)
			rest = append(through, rest...)
			if len(through) > 0 {
				links++
			}
			found = found && links <= maxLinks
		}
	}
	return at, found
}

// place is something in the file system; its path has no symlinks.
type place struct {
	path string
	info fs.FileInfo
}

func placeAt(path string) (place, bool) {
	info, err := os.Lstat(path)
	return place{path, info}, err == nil
}

// enter goes to what has the name in the directory. Where that is a symlink, it
// stays, or begins at the root, and returns the names through which it leads.
func (p place) enter(name string) (next place, through []string, found bool) {
	next, found = placeAt(filepath.Join(p.path, name))
	if !found || next.info.Mode()&fs.ModeSymlink == 0 {
		return next, nil, found
	}
	target, err := os.Readlink(next.path)
	if err != nil {
		return place{}, nil, false
	}
	if filepath.IsAbs(target) {
		p, found = placeAt("/")
	}
	return p, strings.Split(target, "/"), found
}

func (p place) inode() (inode, bool) {
	stat, ok := p.info.Sys().(*syscall.Stat_t)
	if !ok {
		return inode{}, false
	}
	return inode{stat.Dev, stat.Ino}, true
}
