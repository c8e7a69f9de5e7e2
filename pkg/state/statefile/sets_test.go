package statefile_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// Every directory of testdata/sets/good loads as the .golden beside it says, and
// so does the one of the examples.
func TestGoodSets(t *testing.T) {
	for _, dir := range append(dirs(t, "testdata/sets/good"), "../../../examples/teams") {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			got, err := loadIn(t, filepath.Dir(dir), name)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/sets/good/"+name+".golden", dump(got, state.Pos.String))
		})
	}
}

// Every directory of testdata/sets/bad is refused with the very errors of the
// .err beside it.
func TestBadSets(t *testing.T) {
	for _, dir := range dirs(t, "testdata/sets/bad") {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got, err := loadIn(t, filepath.Dir(dir), filepath.Base(dir))
			if err == nil {
				t.Fatalf("accepted as\n%s", dump(got, state.Pos.String))
			}
			if d := diff(state.Desired{}, got); d != "" {
				t.Errorf("an error comes with a result:\n%s", d)
			}
			golden(t, dir+".err", err.Error()+"\n")
		})
	}
}

// loadIn loads what a path names in a directory, so that positions begin there.
func loadIn(t *testing.T, dir, path string) (state.Desired, error) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer t.Chdir(here)
	t.Chdir(dir)
	return statefile.Load([]string{path}, nil)
}

// dirs are the directories in a directory.
func dirs(t testing.TB, parent string) []string {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, filepath.Join(parent, e.Name()))
		}
	}
	if len(out) == 0 {
		t.Fatalf("no directories in %s", parent)
	}
	return out
}

// setFiles are the texts of the state files of a directory, read the plain way.
func setFiles(t testing.TB, dir string) []statefile.File {
	t.Helper()
	var out []statefile.File
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		ext := filepath.Ext(name)
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name()[0] == '.' && name != dir:
			return fs.SkipDir
		case e.Name()[0] != '.' && (ext == ".yaml" || ext == ".yml"):
			out = append(out, statefile.File{Name: name, Text: read(t, name)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
