package files

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// patient is how long a test waits for what has to come.
const patient = time.Minute

// The scenarios, with events of real files and nothing else: the poll is far away.
func TestScenarios(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/scenarios.txtar")
	ok(t, err)
	for _, scenario := range archive.Files {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			s := &stage{dir: t.TempDir(), options: Options{Quiet: 20 * time.Millisecond, Poll: time.Hour}}
			s.play(t, string(scenario.Data))
		})
	}
}

// stage is where a scenario is played.
type stage struct {
	dir     string
	options Options
	looks   <-chan Look
	passing map[string]bool // what may be seen, or not
}

// play plays a scenario, a line at a time.
func (s *stage) play(t *testing.T, scenario string) {
	t.Helper()
	for line := range strings.Lines(scenario) {
		words := append(strings.Fields(line), "", "")
		verb, name, rest := words[0], words[1], words[2]
		switch verb {
		case "watch":
			s.watch(t, name)
		case "see":
			s.see(t, strings.TrimSpace(strings.TrimPrefix(line, "see")))
		case "pass":
			s.passing[name] = true
		default:
			if err := s.act(verb, name, rest); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
}

func (s *stage) watch(t *testing.T, path string) {
	t.Helper()
	w, err := New([]string{filepath.Join(s.dir, path)}, s.options)
	ok(t, err)
	s.looks, _ = running(t, w)
	s.passing = map[string]bool{}
}

// running runs a Watcher until the end is called, or that of the test has come.
func running(t *testing.T, w *Watcher) (_ <-chan Look, end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	looks, ended := make(chan Look), make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, nil, looks)
	}()
	end = func() {
		cancel()
		<-ended
	}
	t.Cleanup(end)
	return looks, end
}

// see waits for a Look. What is good has to be the one that is awaited.
func (s *stage) see(t *testing.T, want string) {
	t.Helper()
	late := time.After(patient)
	for {
		select {
		case <-late:
			t.Fatalf("%s has not come", want)
		case look := <-s.looks:
			got := versionOf(t, look)
			if got == want {
				clear(s.passing)
				return
			}
			if got != "bad" && !s.passing[got] {
				t.Fatalf("%s has come, and %s was to", got, want)
			}
			delete(s.passing, got)
		}
	}
}

// versionOf is how scenarios call what a Look is of. Nothing desired is never good.
func versionOf(t *testing.T, look Look) string {
	t.Helper()
	if look.Err != nil {
		return "bad"
	}
	if len(look.Desired.Volumes) != 1 || len(look.Desired.Volumes[0].Shares) == 0 {
		t.Fatalf("nothing is desired, and that is no mistake: %+v", look)
	}
	name := strings.TrimPrefix(look.Desired.MountPointBase, "/run/")
	if n := len(look.Desired.Volumes[0].Shares); n > 1 {
		name += fmt.Sprintf(" of %d", n)
	}
	return name
}

// act does one thing to the files.
func (s *stage) act(verb, name, rest string) error {
	path := filepath.Join(s.dir, name)
	switch verb {
	case "write":
		return os.WriteFile(path, contentOf(rest), 0o644)
	case "append":
		return appendTo(path, contentOf(rest))
	case "save":
		return save(path, contentOf(rest))
	case "checkout":
		return checkout(path, rest)
	case "hide":
		return hide(path)
	case "show":
		return show(path)
	case "mkdir":
		return os.MkdirAll(path, 0o755)
	case "remove":
		return os.RemoveAll(path)
	case "rename":
		return os.Rename(path, filepath.Join(s.dir, rest))
	case "link":
		return os.Symlink(name, filepath.Join(s.dir, rest))
	case "chmod":
		mode, err := strconv.ParseUint(rest, 8, 32)
		if err != nil {
			return err
		}
		return os.Chmod(path, os.FileMode(mode))
	}
	return fmt.Errorf("there is no %q", verb)
}

// contentOf is what a scenario calls N, N+NAME or N/PART. NAME may have
// the access with it.
func contentOf(name string) []byte {
	if name == "" {
		return nil
	}
	whole, part, _ := strings.Cut(name, "/")
	version, share, found := strings.Cut(whole, "+")
	if !found {
		share = "s"
	}
	if !strings.Contains(share, "access") {
		share += ", access: []"
	}
	head := "version: 1\nmount_point_base: /run/" + version + "\n"
	parts := []string{head, "volumes: [{target: 'h:/v', ", "shares: [{name: " + share + "}]}]\n"}
	if n, err := strconv.Atoi(part); err == nil {
		parts = parts[n-1 : n]
	}
	return []byte(strings.Join(parts, ""))
}

func appendTo(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(text)
	return err
}

func save(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// checkout replaces files one after another. Each needs the host group of the next.
func checkout(dir, version string) error {
	const n = 20
	for i := range n {
		name := filepath.Join(dir, fmt.Sprintf("f%02d.yaml", i))
		if err := os.RemoveAll(name); err != nil {
			return err
		}
		group := fmt.Sprintf("host_groups: {g%d: [10.0.0.1]}\n", i)
		share := fmt.Sprintf("%s+s%d, access: [g%d]", version, i, (i+1)%n)
		if err := os.WriteFile(name, append([]byte(group), contentOf(share)...), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// hide makes that a file can't be read: by its mode, and for root, who may read all,
// by a directory in its place.
func hide(path string) error {
	if os.Geteuid() != 0 {
		return os.Chmod(path, 0)
	}
	if err := os.Rename(path, path+".hidden"); err != nil {
		return err
	}
	return os.Mkdir(path, 0o755)
}

func show(path string) error {
	if os.Geteuid() != 0 {
		return os.Chmod(path, 0o644)
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.Rename(path+".hidden", path)
}
