package gluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// bareNote leaves an entry of the directory that holds nothing but a note with a limit.
func (r retiring) bareNote(t *testing.T, id, dir string) {
	t.Helper()
	note := fmt.Appendf(nil, `{"version":1,"path":%q,"mode":"0755","limit":1000,"on_delete":"trash"}`, dir)
	ok(t, os.MkdirAll(r.in(id), 0o700), os.WriteFile(r.in(id, trashedNote), note, 0o600))
}

// identified is the removal to the trash of a directory that is there.
func (r retiring) identified(t *testing.T, dir string) state.Retirement {
	t.Helper()
	id, err := r.identity(t.Context(), dir)
	ok(t, err)
	return state.Retirement{Path: dir, How: state.Trash, ID: id, Limit: 1000}
}

// Directories whose entries have the same name, as far as their paths stand in it, are two:
// what is noted of one says nothing of the other, and stays.
func TestDirectoriesOfOneName(t *testing.T) {
	long := "/" + strings.Repeat("a", 100)
	for _, dirs := range [][2]string{{"/teams/alpha", "/teams-alpha"}, {long + "1", long + "2"}} {
		r := newRetiring(t, state.Trash)
		var goes []state.Retirement
		for _, dir := range dirs {
			ok(t, os.MkdirAll(filepath.Join(r.dir, dir), 0o750))
			goes = append(goes, r.identified(t, dir))
		}
		for _, g := range goes {
			ok(t, r.Announce(t.Context(), g))
		}
		for _, g := range goes {
			if err := r.Retire(t.Context(), g); err != nil {
				t.Errorf("%s: %v", g.Path, err)
			}
		}
		entries, err := r.Trash(t.Context(), false)
		if ok(t, err); len(entries) != 2 {
			t.Fatalf("the trash holds %+v", entries)
		}
		noted := map[string]bool{}
		for _, e := range entries {
			if e.Note != nil && e.Note.Limit == 1000 {
				noted[e.Note.Path] = true
			}
		}
		if !noted[dirs[0]] || !noted[dirs[1]] {
			t.Errorf("noted are %v, want %v", noted, dirs)
		}
	}
}

// A restore that was broken off left a note, which is all that tells of a limit. The
// removal of another directory, and what clears up after that, leave it alone.
func TestNoteOfAnotherDirectoryStays(t *testing.T) {
	r := newRetiring(t, state.Trash)
	const id = "20261125T162030Z-teams-alpha-a"
	r.bareNote(t, id, "/teams/alpha")
	ok(t, os.Mkdir(filepath.Join(r.dir, "teams-alpha"), 0o750), r.Retire(t.Context(), r.identified(t, "/teams-alpha")))
	if n, err := r.note(t.Context(), id); err != nil || n == nil || n.Limit != 1000 {
		t.Errorf("the note is %+v, %v", n, err)
	}
}

// An entry that holds nothing can be of two directories that stay: it is cleared away once.
func TestForgetOfOneName(t *testing.T) {
	r := newRetiring(t, state.Trash)
	r.volume.Shares = []state.Share{{Name: "teams/alpha"}, {Name: "teams-alpha"}}
	ok(t, os.MkdirAll(r.in("20261125T162030Z-teams-alpha-a"), 0o700))
	r.bareNote(t, "20261125T162030Z-teams-alpha-b", "/teams/alpha")
	if limits, err := r.Forget(t.Context()); err != nil || len(limits) != 1 {
		t.Errorf("%v, %v", limits, err)
	}
	if ids := r.entries(t); len(ids) > 0 {
		t.Errorf("the trash holds %q", ids)
	}
}
