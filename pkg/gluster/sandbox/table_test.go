package sandbox

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

func TestTableRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "options")
	want := table{"a.b": "plain value", "c": `"quoted`, "d": "two\nlines", "e": " spaces ", "f": "/x(10.0.0.1|10.0.0.2),/y: z"}
	if err := want.write(path); err != nil {
		t.Fatal(err)
	}
	got, found, err := readTable(path)
	if err != nil || !found || !maps.Equal(got, want) {
		t.Errorf("readTable = %v, %t, %v; want %v", got, found, err, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("the directory has %v; want the table alone", entries)
	}
}

func TestTableErrorsNameFileAndLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "options")
	for text, want := range map[string]string{
		"a: 1\nnonsense\n":       `options:2: "nonsense" is not "key: value"`,
		"\n# note\n b: 1\n":      "options:3: ",
		"a: 1\na: 2\n":           "options:2: a stands here a second time",
		"a: \"x\n":               "options:1: a: a value that begins with a quote",
		"a: 1\nnfs.disable: \n":  "options:2: nfs.disable has no value",
		"a: 1\nnfs.disable:on\n": "options:2: ",
		"a: 1\nb: x\x01y\n":      "options:2: the line holds the control character U+0001; remove it",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := readTable(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}

// An edit of the options is as if somebody else had set them.
func TestEditedOptionsAreServed(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	path := filepath.Join(s.dir, "h", "gv0", "options")
	text := "# opened by hand\nnfs.disable: off\nnfs.export-dir: /\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := mount(t, s, "/gv0"); got != mountd.OK {
		t.Errorf("c1 gets %s; want %s", got, mountd.OK)
	}
	if got := options(t, s, "gv0")["nfs.export-dir"]; got != "/" {
		t.Errorf("volume info shows %q", got)
	}
}

func TestEditedOptionsWithAMistake(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	path := filepath.Join(s.dir, "h", "gv0", "options")
	if err := os.WriteFile(path, []byte("nfs.disable = off\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := s.Host("h").Gluster(t.Context(), "", "--xml", "volume", "info")
	if err == nil || !strings.Contains(err.Error(), path+":1: ") {
		t.Errorf("the error is %v; want it to name %s:1", err, path)
	}
}
