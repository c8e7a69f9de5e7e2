package faults

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func brick(dir, volume string) string { return filepath.Join(dir, host, volume, "brick") }

// outside is a directory beside the sandbox, in which nothing may ever change.
func outside(dir string) string { return filepath.Join(filepath.Dir(dir), "outside") }

func volumesIn(dir string) []string {
	entries, err := os.ReadDir(filepath.Join(dir, host))
	if err != nil {
		panic(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, e.Name())
		}
	}
	return out
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

// plant is clients who write into every directory that is there, each time something
// else, and something below it.
func plant(t *testing.T, dir string) {
	t.Helper()
	mkdir(t, outside(dir))
	for _, volume := range volumesIn(dir) {
		for p := range dirsIn(t, brick(dir, volume)) {
			at := filepath.Join(brick(dir, volume), p)
			write(t, filepath.Join(at, "data"), "data of "+volume+p)
			mkdir(t, filepath.Join(at, "below", "deep"))
			write(t, filepath.Join(at, "below", "deep", "data"), "data deep in "+volume+p)
		}
	}
	write(t, filepath.Join(outside(dir), "data"), "nobody's business")
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

// dirsIn are the directories of a brick, but for the program's own, with their modes.
func dirsIn(t *testing.T, root string) map[string]fs.FileMode {
	t.Helper()
	out := map[string]fs.FileMode{}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() || p == root {
			return err
		}
		if e.Name() == ".glusterd-shares" || e.Name() == "below" {
			return fs.SkipDir
		}
		info, err := e.Info()
		if err == nil {
			out[strings.TrimPrefix(p, root)] = info.Mode()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// copyOf copies a sandbox, and what is outside of it, into a directory of its own.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	parent := t.TempDir()
	if err := copyTree(filepath.Dir(dir), parent); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(parent, filepath.Base(dir))
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		at := filepath.Join(to, strings.TrimPrefix(p, from))
		if e.IsDir() {
			if err := os.MkdirAll(at, 0o700); err != nil {
				return err
			}
			return os.Chmod(at, info.Mode())
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		return os.WriteFile(at, text, info.Mode().Perm())
	})
}

// data is where what clients wrote lies: by what was written, the inode and the path.
type data map[string]place

type place struct {
	inode uint64
	mode  string // the file's, and that of the directory that it is in where clients made it
	path  string
}

func dataIn(t *testing.T, dir string) data {
	t.Helper()
	out := data{}
	err := filepath.WalkDir(filepath.Dir(dir), func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() != "data" || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if _, twice := out[string(text)]; twice {
			return fmt.Errorf("%q is there twice", text)
		}
		mode := info.Mode().String()
		if in, err := os.Stat(filepath.Dir(p)); err == nil && filepath.Base(filepath.Dir(p)) == "deep" {
			mode += " in " + in.Mode().String()
		}
		out[string(text)] = place{info.Sys().(*syscall.Stat_t).Ino, mode, strings.TrimPrefix(p, filepath.Dir(dir))}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// table is one of the sandbox's files of lines "key: value".
func table(file string) map[string]string {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok {
			out[key] = value
		}
	}
	return out
}

// options are a volume's, as glusterd holds them and as it has stored them.
func options(dir, volume string) (memory, stored map[string]string) {
	memory = table(filepath.Join(dir, host, volume, "options"))
	if stored = table(filepath.Join(dir, host, volume, "stored")); stored == nil {
		stored = memory
	}
	return memory, stored
}

func limits(dir, volume string) map[string]string {
	out := map[string]string{}
	for path, line := range table(filepath.Join(dir, host, volume, "limits")) {
		out[path], _, _ = strings.Cut(line, " ")
	}
	return out
}

// picture is all that is to be the same however a run came to its end: directories
// with owners, modes and limits, what is in the trash with what its notes say, and
// whatever else lies there. A line each; names of the trash's entries stand without
// what makes them unique.
func picture(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	for _, volume := range volumesIn(dir) {
		root := brick(dir, volume)
		owners := table(filepath.Join(dir, host, volume, "owners"))
		limits := limits(dir, volume)
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			at := strings.TrimPrefix(p, root)
			line := fmt.Sprintf("%s%s %v", volume, entryID.ReplaceAllString(at, "trash/$1"), info.Mode())
			if e.IsDir() {
				line += fmt.Sprintf(" %s limit %s", owners[at], limits[at])
			}
			if e.Name() == "note.json" {
				line += noted(t, p)
			}
			out = append(out, line)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return out
}

// unlike are the lines that one of two pictures has and the other one hasn't: - the
// first, + the second. Empty: they are the same.
func unlike(first, second []string) string {
	more := map[string]int{}
	for _, line := range first {
		more[line]++
	}
	for _, line := range second {
		more[line]--
	}
	var b strings.Builder
	for _, line := range slices.Sorted(maps.Keys(more)) {
		b.WriteString(strings.Repeat("- "+line+"\n", max(more[line], 0)))
		b.WriteString(strings.Repeat("+ "+line+"\n", max(-more[line], 0)))
	}
	return b.String()
}

var entryID = regexp.MustCompile(`trash/[0-9]{8}T[0-9]{6}Z-(.*?)-[a-z0-9]{8}\b`)

// noted is what a note says of a directory, but for what differs each time.
func noted(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var note map[string]any
	if err := json.Unmarshal(text, &note); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(note, func(key string, _ any) bool { return key == "inode" || key == "when" })
	return fmt.Sprint(" ", note)
}

// withoutClients is a picture without who had access to what is in the trash.
func withoutClients(picture []string) []string {
	var out []string
	for _, line := range picture {
		out = append(out, noClients.ReplaceAllString(line, "clients"))
	}
	slices.Sort(out)
	return out
}

var noClients = regexp.MustCompile(`clients:\[[^]]*\]`)
