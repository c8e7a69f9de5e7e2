package files

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"glusterd-shares/pkg/state/statefile"
)

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		paths   []string
		options Options
		want    string
	}{
		{nil, Options{}, "there is nothing to watch; name a state file or a directory of them"},
		{[]string{"a.yaml", "-"}, Options{}, "standard input can't be watched; name a state file or a directory of them"},
		{[]string{"a.yaml"}, Options{Poll: -time.Second}, "a time to wait is negative; leave it out for the usual one"},
		{[]string{"a.yaml"}, Options{}, "<nil>"},
	} {
		if _, err := New(c.paths, c.options); fmt.Sprint(err) != c.want {
			t.Errorf("%q, %v: got %v, want %s", c.paths, c.options, err, c.want)
		}
	}
}

// A Look has what Load gives, and its mistakes.
func TestLookIsWhatLoadGives(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "state.yaml")
	for _, text := range []string{"1", "1/2", ""} {
		ok(t, save(name, contentOf(text)))
		want, wantErr := statefile.Load([]string{dir}, nil)
		w, err := New([]string{dir}, Options{MaxQuiet: time.Millisecond})
		ok(t, err)
		looks, end := running(t, w)
		got := <-looks
		end()
		if d := diff(want, got.Desired) + diff(statefile.Problems(wantErr), statefile.Problems(got.Err)); d != "" {
			t.Errorf("%q (-Load +Look):\n%s", text, d)
		}
		if got.Hash != Hash(statefile.Read([]string{dir}).Hash()) {
			t.Errorf("%q: the hash is %s", text, got.Hash)
		}
	}
}
