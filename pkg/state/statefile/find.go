package statefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// maxVisits is how many files and directories are looked at. More are a slip,
// such as -f /.
const maxVisits = 1000

// finder looks for the state files that paths name. What looks like one and is
// none is a problem, as is what can't be looked into: a share that is passed
// over silently would count as undeclared.
type finder struct {
	stdin io.Reader // read where waits is set and a path asks for it
	waits bool      // a file that is named may be a pipe, to which somebody is yet to write

	sources  []source
	problems []state.Problem
	visited  []visit
	sites    []Site
	stdinIn  bool // stdin is among the sources
	full     bool // there is more than is looked at
}

// visit is a file or a directory, and the name that it was reached by.
type visit struct {
	name string
	info fs.FileInfo
}

// find looks for the state files that the paths name, in the order of their names,
// and for what stands in the way.
func (f *finder) find(paths []string) {
	for _, path := range paths {
		f.path(path)
		if f.full {
			f.sources = nil
			return
		}
	}
	slices.SortStableFunc(f.sources, func(a, b source) int { return strings.Compare(a.name, b.name) })
}

func (f *finder) path(path string) {
	switch path {
	case "":
		f.problem(path, "the name of a state file is empty", "name a file, a directory or, for standard input, -")
	case "-":
		f.standardInput()
	default:
		f.named(path)
	}
}

func (f *finder) problem(name, text, mend string) {
	f.problems = append(f.problems, state.Problem{Pos: state.Pos{File: name}, Text: text, Mend: mend})
}

func (f *finder) standardInput() {
	src := stdinSource(f.stdin)
	switch {
	case !f.waits:
		f.problem(src.name, "standard input can be read once only", "name a file or a directory")
	case f.stdinIn:
		f.problem(src.name, "standard input can be read once only", "name it once")
	default:
		f.stdinIn = true
		f.sources = append(f.sources, src)
	}
}

// named takes in what a path leads to, through symlinks too.
func (f *finder) named(path string) {
	f.sites = append(f.sites, Site{Name: path})
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && isSymlink(path):
		f.leadsNowhere(path)
	case err != nil:
		f.problems = append(f.problems, unreadable(path, "the state file", err))
	case !info.IsDir():
		f.file(f.namedSource(path), info)
	default:
		before := len(f.sources) + len(f.problems)
		f.directory(path, info)
		if !f.full && len(f.sources)+len(f.problems) == before {
			f.problem(path, "no state file lies in this directory", "name one with state files in it: *.yaml or *.yml")
		}
	}
}

// directory takes in the state files below a directory.
func (f *finder) directory(dir string, info fs.FileInfo) {
	if !f.visit(dir, info) {
		return
	}
	f.sites = append(f.sites, Site{Name: dir, Searched: true})
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.problems = append(f.problems, unreadable(dir, "the directory", err))
		return
	}
	for _, e := range entries {
		if f.full {
			return
		}
		hidden := strings.HasPrefix(e.Name(), ".")
		if !hidden && (e.IsDir() || isStateFile(e.Name())) {
			f.entry(filepath.Join(dir, e.Name()), e)
		}
	}
}

func isStateFile(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// entry takes in what was found in a directory. Symlinks to files are followed;
// those to directories are not, since they can lead round in a circle.
func (f *finder) entry(name string, e fs.DirEntry) {
	const rename = "give it another name, or one that begins with a dot"
	if e.Type()&fs.ModeSymlink != 0 {
		f.sites = append(f.sites, Site{Name: name})
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0:
		f.leadsNowhere(name)
	case err != nil:
		f.problems = append(f.problems, unreadable(name, "the state file", err))
	case e.IsDir() && info.IsDir():
		f.directory(name, info)
	case info.Mode().IsRegular():
		f.file(foundSource(name), info)
	case info.IsDir():
		f.problem(name, "the name is that of a state file, but this is a symlink to a directory", rename)
	default:
		f.problem(name, "the name is that of a state file, but this is "+kindOf(info), rename)
	}
}

func isSymlink(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

func (f *finder) leadsNowhere(name string) {
	f.problem(name, "this symlink leads nowhere", "remove it, or put back what it leads to")
}

// namedSource reads a file that a path names.
func (f *finder) namedSource(name string) source {
	if f.waits {
		return namedSource(name)
	}
	return foundSource(name)
}

func (f *finder) file(src source, info fs.FileInfo) {
	if f.visit(src.name, info) {
		f.sources = append(f.sources, src)
	}
}

// visit reports whether a file or a directory is to be read: it was not reached
// before, and it is not one too many.
//
// What is reached twice could be read once. But it is a slip, such as a copy that
// became a link, and who edits one of the two may mean only that one.
func (f *finder) visit(name string, info fs.FileInfo) bool {
	i := slices.IndexFunc(f.visited, func(v visit) bool { return os.SameFile(v.info, info) })
	switch {
	case i >= 0:
		f.refuseTwice(name, f.visited[i].name)
		return false
	case len(f.visited) == maxVisits:
		f.full, f.problems = true, nil
		f.problem(name, fmt.Sprintf("there are more than %d files and directories", maxVisits), "name the directory of the state files alone, or put more into a file")
		return false
	}
	f.visited = append(f.visited, visit{name, info})
	return true
}

func (f *finder) refuseTwice(name, first string) {
	text := "this is read already"
	if name != first {
		text += ", as " + first
	}
	f.problem(name, text, "leave one of them out")
}
