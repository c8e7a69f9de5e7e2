package takeover_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			checkCase(t, name, archive)
		})
	}
}

func checkCase(t *testing.T, name string, archive *txtar.Archive) {
	w := readWorld(t, archive)
	f, err := w.file()
	kind, got := "file", string(f.Text)
	if err != nil {
		kind, got = "error", err.Error()+"\n"
		for _, l := range f.Left {
			got += l.String() + "\n"
		}
	} else {
		checkFile(t, w.observed(), f)
	}
	if *update {
		archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "file" || f.Name == "error" })
		archive.Files = append(archive.Files, txtar.File{Name: kind, Data: []byte(got)})
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(section(archive, kind), got); d != "" {
		t.Errorf("the %s (-want +got):\n%s", kind, d)
	}
}

// parsed is the volume that the text declares.
func parsed(t testing.TB, text []byte) state.Volume {
	t.Helper()
	d, err := statefile.Parse(statefile.File{Name: "state.yaml", Text: text})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(d.Volumes) != 1 || d.Volumes[0].Target != target || d.Volumes[0].Undeclared != state.Keep {
		t.Fatalf("it declares %+v\n%s", d.Volumes, text)
	}
	return d.Volumes[0]
}

// planOf is the plan for the text.
func planOf(t testing.TB, a state.Actual, text []byte) diff.Plan {
	t.Helper()
	return diff.Compute(parsed(t, text), a, gnfs.Server{})
}
