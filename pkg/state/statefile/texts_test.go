package statefile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state/statefile"
)

// What is read and then parsed is what Load gives, good or bad.
func TestTextsParseAsLoaded(t *testing.T) {
	inTree(t)
	ok(t, os.WriteFile("bad.txt", []byte("version: 2\n"), 0o644))
	ok(t, os.WriteFile("empty.txt", nil, 0o644))
	for _, paths := range []string{".", "alpha.yaml", "teams alpha.yaml", "bad.txt missing.yaml", "empty.txt", "teams teams", ""} {
		want, wantErr := statefile.Load(strings.Fields(paths), nil)
		got, err := statefile.Read(strings.Fields(paths)).Parse()
		if d := diff(want, got) + diff(fmt.Sprint(wantErr), fmt.Sprint(err)); d != "" {
			t.Errorf("%q (-Load +Read):\n%s", paths, d)
		}
	}
}

// Whatever changes what the files say, or that they can be read, changes the hash,
// and it comes back with them.
func TestHashIsOfNamesAndContents(t *testing.T) {
	inTree(t)
	hash := func() [32]byte { return statefile.Read([]string{"."}).Hash() }
	seen := map[[32]byte]string{hash(): "the beginning"}
	for _, c := range []struct {
		name     string
		do, undo func() error
	}{
		{"another byte", write("alpha.yaml", oneShare("alphb")), write("alpha.yaml", oneShare("alpha"))},
		{"an empty file", write("alpha.yaml", ""), write("alpha.yaml", oneShare("alpha"))},
		{"a file less", remove("alpha.yaml"), write("alpha.yaml", oneShare("alpha"))},
		{"a file more", write("gamma.yml", ""), remove("gamma.yml")},
		{"another name", rename("alpha.yaml", "beta.yaml"), rename("beta.yaml", "alpha.yaml")},
		{"two that change places", swap("alpha.yaml", "teams/beta.yaml"), swap("alpha.yaml", "teams/beta.yaml")},
		{"a symlink that leads nowhere", link("nothing", "x.yaml"), remove("x.yaml")},
		{"a named pipe", makePipe("x.yaml"), remove("x.yaml")},
	} {
		before := hash()
		ok(t, c.do())
		if other, found := seen[hash()]; found {
			t.Errorf("%s hashes as %s", c.name, other)
		}
		seen[hash()] = c.name
		ok(t, c.undo())
		if hash() != before {
			t.Errorf("%s: once undone, it still shows", c.name)
		}
	}
}

func write(name, text string) func() error {
	return func() error { return os.WriteFile(name, []byte(text), 0o644) }
}

func remove(name string) func() error { return func() error { return os.Remove(name) } }

func rename(from, to string) func() error { return func() error { return os.Rename(from, to) } }

func swap(a, b string) func() error {
	return func() error { return errors.Join(os.Rename(a, "aside"), os.Rename(b, a), os.Rename("aside", b)) }
}

// What can be read only once, or would be waited for, can't be read again and again.
func TestWhatCannotBeReadAgain(t *testing.T) {
	inTree(t)
	ok(t, makePipe("pipe")())
	for path, want := range map[string]string{
		"-":         "stdin: standard input can be read once only; name a file or a directory",
		"pipe":      "pipe: the state file can't be read: it is a named pipe",
		"/dev/zero": "/dev/zero: the state file can't be read: it is a device",
	} {
		if _, err := statefile.Read([]string{path}).Parse(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

// Sites are the paths, the directories below them and the symlinks in these.
func TestSites(t *testing.T) {
	inTree(t)
	ok(t, errors.Join(
		makeDir("set/.hidden")(), makeDir("set/deep/er")(),
		link("../alpha.yaml", "set/alpha.yaml")(), link("nothing", "set/deep/x.yml")(),
		link("nothing", "set/notes")(), link("../teams", "set/teams")(), link("set", "current")(),
	))
	for _, c := range []struct {
		paths string
		want  []string
	}{
		{"alpha.yaml", []string{"alpha.yaml"}},
		{"missing.yaml teams", []string{"missing.yaml", "teams", "teams/"}},
		{"current", []string{"current", "current/", "current/alpha.yaml", "current/deep/", "current/deep/er/", "current/deep/x.yml"}},
	} {
		var got []string
		for _, site := range statefile.Sites(strings.Fields(c.paths)) {
			if site.Searched {
				site.Name += "/"
			}
			got = append(got, site.Name)
		}
		if d := gocmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.paths, d)
		}
	}
}

// A text without a newline at its end may be half of one; an empty one is no text yet,
// and a mistake anyway.
func TestTextsEnd(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]bool{"version: 1\n": true, "version: 1": false, "": true, "version: 1\n\n": true} {
		for name, text := range map[string]string{"a.yaml": "version: 1\n", "b.yaml": text} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := statefile.Read([]string{dir}).Ended(); got != want {
			t.Errorf("%q has ended: %v", text, got)
		}
	}
}
