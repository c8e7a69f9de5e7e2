package statefile

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe that has come into the place of a file since it was found is an error:
// to open one, or to read one that somebody holds open, would wait for a writer.
func TestFoundFileTurnsIntoPipe(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.yaml")
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f := &finder{}
	f.find([]string{dir})
	if len(f.sources) != 1 || f.problems != nil {
		t.Fatalf("found %v (%v)", f.sources, f.problems)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
	files, unread := readAll(f.sources)
	if len(files) != 0 || len(unread) != 1 || unread[0].Error() != name+": the state file can't be read: it is a named pipe" {
		t.Errorf("read %v (%v)", files, unread)
	}
}

// Of files that come to too much no more is read than tells so.
func TestReadingEnds(t *testing.T) {
	zeros, err := os.Open("/dev/zero")
	if err != nil {
		t.Fatal(err)
	}
	defer zeros.Close()
	mebibytes := func(n int64) source { return stdinSource(io.LimitReader(zeros, n<<20)) }
	files, unread := readAll([]source{mebibytes(10), mebibytes(10), mebibytes(10)})
	if len(files) != 2 || len(files[0].Text)+len(files[1].Text) != maxBytes+1 || unread != nil {
		t.Errorf("read %d files, %v", len(files), unread)
	}
}
