// Package architecture keeps the arrows between the packages: which package
// may import which, what the pure ones may not touch, and that each says what
// it is for.
package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "glusterd-shares"

// arrows are the packages of our own that each package may import. A package
// that is not listed may not be there.
var arrows = map[string][]string{
	"cmd/glusterd-shares": {
		"pkg/state", "pkg/state/statefile", "pkg/diff", "pkg/diff/render", "pkg/apply", "pkg/await",
		"pkg/status", "pkg/takeover", "pkg/gluster", "pkg/gluster/gnfs", "pkg/gluster/remote", "pkg/gluster/sandbox",
		"pkg/watch", "pkg/watch/files", "pkg/watch/health", "pkg/watch/sdnotify", "pkg/doctor",
		"pkg/assumed", "pkg/observed", "pkg/savedplan", "pkg/strictjson",
	},
	"pkg/state":                  {},
	"pkg/state/statefile":        {"pkg/state"},
	"pkg/strictjson":             {"pkg/state"},
	"pkg/observed":               {"pkg/state", "pkg/strictjson"},
	"pkg/diff":                   {"pkg/state"},
	"pkg/diff/render":            {"pkg/diff", "pkg/doctor", "pkg/state", "pkg/status"},
	"pkg/doctor":                 {"pkg/diff", "pkg/state"},
	"pkg/status":                 {"pkg/diff", "pkg/state"},
	"pkg/takeover":               {"pkg/diff", "pkg/diff/render", "pkg/state", "pkg/state/statefile"},
	"pkg/assumed":                {"pkg/diff", "pkg/state"},
	"pkg/savedplan":              {"pkg/diff", "pkg/diff/render", "pkg/observed", "pkg/state", "pkg/state/statefile", "pkg/strictjson"},
	"pkg/apply":                  {"pkg/diff", "pkg/state"},
	"pkg/await":                  {},
	"pkg/gluster":                {"pkg/await", "pkg/state"},
	"pkg/gluster/gnfs":           {"pkg/state"},
	"pkg/gluster/remote":         {"pkg/await", "pkg/state", "pkg/gluster"},
	"pkg/gluster/sandbox":        {"pkg/state", "pkg/gluster", "pkg/gluster/sandbox/mountd"},
	"pkg/gluster/sandbox/mountd": {"pkg/state"},
	"pkg/watch":                  {"pkg/apply", "pkg/diff", "pkg/diff/render", "pkg/state", "pkg/status", "pkg/watch/files"},
	"pkg/watch/files":            {"pkg/state", "pkg/state/statefile"},
	"pkg/watch/health":           {"pkg/apply", "pkg/diff", "pkg/diff/render", "pkg/gluster", "pkg/state", "pkg/status", "pkg/watch"},
	"pkg/watch/sdnotify":         {"pkg/state", "pkg/watch", "pkg/watch/health"},
}

// harness is what only tests use; it may import whatever it tests.
const harness = "test/"

// impure is what a package that only computes may not import.
var impure = map[string][]string{
	"pkg/state":                  {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/diff":                   {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/assumed":                {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/status":                 {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/doctor":                 {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/takeover":               {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/gluster/gnfs":           {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
	"pkg/gluster/sandbox/mountd": {"context", "os", "os/exec", "time", "net", "log", "log/slog"},
}

// onlyIn are libraries that one place may import, and nothing else. An empty
// place is tests alone.
var onlyIn = map[string]string{
	"gopkg.in/yaml.v3":             "pkg/state/statefile",
	"github.com/spf13/cobra":       "cmd/glusterd-shares",
	"github.com/fsnotify/fsnotify": "pkg/watch/files",
	"github.com/google/go-cmp/cmp": "",
	"net/http":                     "pkg/watch/health",
	"html/template":                "pkg/watch/health",

	"golang.org/x/crypto/ssh":            "pkg/gluster/remote",
	"golang.org/x/crypto/ssh/agent":      "pkg/gluster/remote",
	"golang.org/x/crypto/ssh/knownhosts": "pkg/gluster/remote",

	"github.com/prometheus/client_golang/prometheus":            "pkg/watch/health",
	"github.com/prometheus/client_golang/prometheus/collectors": "pkg/watch/health",
	"github.com/prometheus/client_golang/prometheus/promhttp":   "pkg/watch/health",

	"github.com/coreos/go-systemd/v22/daemon": "pkg/watch/sdnotify",

	"github.com/google/go-cmp/cmp/cmpopts": "",

	"github.com/yuin/goldmark":                 "",
	"github.com/santhosh-tekuri/jsonschema/v6": "",
}

// source is one package as its files that are not tests tell it.
type source struct {
	imports map[string]bool
	doc     bool // one of the files has a package comment
}

func TestArrows(t *testing.T) {
	for dir, p := range packages(t) {
		allowed, known := arrows[dir]
		if !known && !strings.HasPrefix(dir, harness) {
			t.Errorf("%s: no rule says what it may import", dir)
		}
		for path := range p.imports {
			ours, isOurs := strings.CutPrefix(path, module+"/")
			if isOurs && !strings.HasPrefix(dir, harness) && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s", dir, ours)
			}
			if isOurs && strings.HasPrefix(ours, harness) && !strings.HasPrefix(dir, harness) {
				t.Errorf("%s imports %s, which is for tests", dir, ours)
			}
		}
	}
}

func TestPurePackages(t *testing.T) {
	all := packages(t)
	for dir, forbidden := range impure {
		for _, path := range forbidden {
			if all[dir].imports[path] {
				t.Errorf("%s imports %s", dir, path)
			}
		}
	}
}

func TestLibrariesInOnePlace(t *testing.T) {
	for dir, p := range packages(t) {
		for path := range p.imports {
			if place, ruled := onlyIn[path]; ruled && dir != place && !strings.HasPrefix(dir, harness) {
				t.Errorf("%s imports %s", dir, path)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	for dir, p := range packages(t) {
		if !p.doc {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// packages reads every package of the module, by its directory. It finds at
// least those that the rules know the names of by heart.
func packages(t *testing.T) map[string]source {
	t.Helper()
	root := moduleRoot(t)
	out := map[string]source{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && hidden(d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		return add(out, filepath.ToSlash(dir), path)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"pkg/state", "pkg/diff"} {
		if _, found := out[dir]; !found {
			t.Fatalf("no %s among %v: this reads the wrong tree", dir, slices.Sorted(maps.Keys(out)))
		}
	}
	return out
}

func hidden(dir string) bool {
	return dir == "testdata" || strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

func add(to map[string]source, dir, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	p, ok := to[dir]
	if !ok {
		p.imports = map[string]bool{}
	}
	p.doc = p.doc || isPackageComment(file)
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		p.imports[name] = true
	}
	to[dir] = p
	return nil
}

// isPackageComment holds for "Package NAME ..." and, of a command, "Name ...".
func isPackageComment(f *ast.File) bool {
	if f.Doc == nil {
		return false
	}
	text := f.Doc.Text()
	return strings.HasPrefix(text, "Package "+f.Name.Name+" ") || f.Name.Name == "main" && text != ""
}
