package files

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fsnotify/fsnotify"
	gocmp "github.com/google/go-cmp/cmp"
)

// tree is a directory of its own, made current.
func tree(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	ok(t, err)
	t.Chdir(dir)
	return dir
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The ways to the state files go through every directory and every symlink on them;
// of a directory that is searched any name counts.
func TestWays(t *testing.T) {
	dir := tree(t)
	ok(t, errors.Join(
		os.MkdirAll("etc/..2026_1", 0o755), os.MkdirAll("etc/sub/deep", 0o755), os.MkdirAll("etc/.git", 0o755), os.Mkdir("other", 0o755),
		os.WriteFile("etc/..2026_1/state.yaml", nil, 0o644), os.WriteFile("etc/plain.yaml", nil, 0o644), os.WriteFile("other/o.yaml", nil, 0o644),
		os.Symlink("..2026_1", "etc/..data"), os.Symlink("..data/state.yaml", "etc/state.yaml"),
		os.Symlink(dir+"/other/o.yaml", "etc/sub/abs.yaml"), os.Symlink("../gone/g.yaml", "other/dangling.yaml"),
		os.Symlink("etc", "link"), os.Symlink("loop", "loop"), os.Symlink("round/..//./round", "round"),
	))
	for _, c := range []struct {
		paths string
		want  map[string]string // by the directory below this one; * is any name
	}{
		{"etc/plain.yaml", map[string]string{".": "etc", "etc": "plain.yaml"}},
		{"etc/../etc/./plain.yaml", map[string]string{".": "etc", "etc": "plain.yaml"}},
		{"link/plain.yaml", map[string]string{".": "etc link", "etc": "plain.yaml"}},
		{"link/../etc/plain.yaml", map[string]string{".": "etc link", "etc": "plain.yaml"}},
		{dir + "/etc/plain.yaml", map[string]string{".": "etc", "etc": "plain.yaml"}},
		{"etc/state.yaml", map[string]string{".": "etc", "etc": "..2026_1 ..data state.yaml", "etc/..2026_1": "state.yaml"}},
		{"etc/sub/abs.yaml", map[string]string{".": "etc other", "etc": "sub", "etc/sub": "abs.yaml", "other": "o.yaml"}},
		{"other", map[string]string{".": "gone other", "other": "* dangling.yaml"}},
		{"etc", map[string]string{".": "etc other", "etc": "* ..2026_1 ..data state.yaml sub", "etc/..2026_1": "state.yaml", "etc/sub": "* abs.yaml deep", "etc/sub/deep": "*", "other": "o.yaml"}},
		{"etc/none/n.yaml", map[string]string{".": "etc", "etc": "none"}},
		{"etc/plain.yaml/n.yaml", map[string]string{".": "etc", "etc": "plain.yaml"}},
		{"loop", map[string]string{".": "loop"}},
		{"round/x.yaml", map[string]string{".": "round"}},
		{"etc/plain.yaml other/o.yaml", map[string]string{".": "etc other", "etc": "plain.yaml", "other": "o.yaml"}},
	} {
		got := map[string]string{}
		for _, way := range waysTo(strings.Fields(c.paths)) {
			if below, err := filepath.Rel(dir, way.path); err == nil && filepath.IsLocal(below) {
				names := slices.Sorted(maps.Keys(way.names))
				if names[0] == anyName {
					names[0] = "*"
				}
				got[below] = strings.Join(names, " ")
			}
		}
		if d := gocmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.paths, d)
		}
	}
}

// The directories above are on the way too: one of them may be renamed.
func TestWaysBeginAtTheRoot(t *testing.T) {
	tree(t)
	var paths []string
	for _, way := range waysTo([]string{"state.yaml"}) {
		paths = append(paths, way.path)
	}
	for dir, _ := os.Getwd(); ; dir = filepath.Dir(dir) {
		if !slices.Contains(paths, dir) {
			t.Errorf("%s is not among %q", dir, paths)
		}
		if dir == "/" {
			break
		}
	}
}

// What happens beside the ways puts off no look.
func TestEventsThatConcern(t *testing.T) {
	w := &watch{names: map[string]map[string]bool{
		"/":             {"tmp": true},
		"/tmp":          {"s": true},
		"/tmp/s":        {"state.yaml": true, "..data": true},
		"/tmp/s/dir":    {anyName: true, "x.yaml": true},
		"/tmp/s/..2026": {"state.yaml": true},
	}}
	for name, want := range map[string]bool{
		"//tmp":                     true,
		"//var":                     false,
		"/tmp/noise":                false,
		"/tmp/s":                    true,
		"/tmp/s/state.yaml":         true,
		"/tmp/s/state.yaml~":        false,
		"/tmp/s/..data":             true,
		"/tmp/s/..2026":             true, // the directory itself
		"/tmp/s/..2026/state.yaml":  true,
		"/tmp/s/dir/y.yml":          true,
		"/tmp/s/dir/.git":           true,
		"/once/watched/and/renamed": true,
	} {
		if got := w.concerns(fsnotify.Event{Name: name, Op: fsnotify.Create}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
