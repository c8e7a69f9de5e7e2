package diff_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
)

var update = flag.Bool("update", false, "write the plans that are computed into testdata")

// Every rule of how shares are served is a file in testdata, named for it.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := readCase(t, file, archive)
	plan := diff.Compute(w.volume, w.actual, gnfs.Server{})
	got := describe(plan)
	if want := planOf(archive); *update {
		write(t, file, archive, got)
	} else if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if again := diff.Compute(w.volume, w.actual, gnfs.Server{}); describe(again) != got {
		t.Errorf("computed again it is\n%s", describe(again))
	}
	if len(plan.Problems) == 0 {
		checkLaws(t, w)
	}
}

func planOf(archive *txtar.Archive) string {
	for _, f := range archive.Files {
		if f.Name == "plan" {
			return string(f.Data)
		}
	}
	return ""
}

func write(t *testing.T, file string, archive *txtar.Archive, plan string) {
	t.Helper()
	kept := archive.Files[:0]
	for _, f := range archive.Files {
		if f.Name != "plan" {
			kept = append(kept, f)
		}
	}
	archive.Files = append(kept, txtar.File{Name: "plan", Data: []byte(plan)})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
