package observed

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state"
)

// lookedAt is what was observed for a share alpha of root and another, teams/beta.
func lookedAt() state.Observation {
	return state.Observation{
		Actual: state.Actual{
			Volume:  state.VolumeInfo{Name: "gv0", ID: "id", Started: true},
			Serving: state.Serving{Volume: "gv0"},
			Dirs: map[string]state.Dir{
				"/alpha": {Kind: state.Directory}, "/teams": {Kind: state.Directory}, "/teams/beta": {},
				"/link": {Kind: state.NotADirectory, What: "a symlink"}, "/link/x": {Kind: state.NotADirectory, What: "a symlink at /link"},
				"/gone": {}, "/gone/x": {},
			},
			Leaving: map[string]state.Leaving{"/alpha": {ID: state.FileID{Inode: 1}}, "/teams": {}, "/teams/beta": {}, "/link": {}, "/link/x": {}, "/gone": {}, "/gone/x": {}},
			Quota:   state.Quota{On: true, Usage: map[string]state.Usage{"/alpha": {Limit: 5}}},
			Owners:  map[string]uint32{"root": 0},
		},
		Looked:      []string{"/alpha", "/gone", "/gone/x", "/link", "/link/x", "/teams", "/teams/beta"},
		AskedOwners: []string{"root", "nobody-knows"},
		Listed:      map[string][]string{"/": {"alpha", "legacy", "link", "teams"}},
		Trash:       []string{"20261125T162030Z-old-abcdefgh"},
	}
}

func declared(shares ...state.Share) state.Volume {
	v := state.Volume{Target: state.Target{Host: "g1", Volume: "gv0"}, Path: "volumes[0]", Pos: state.Pos{File: "state.yaml", Line: 3}}
	for _, s := range shares {
		s.Path = "S"
		v.Shares = append(v.Shares, s)
	}
	return v
}

func sized(name string) state.Share {
	return state.Share{Name: name, Size: state.Size{Bytes: 1, Managed: true}}
}

func gone(name string, how state.OnDelete) state.Share {
	return state.Share{Name: name, Absent: true, OnDelete: how}
}

// What was not looked at is a problem and holds the share, unless it can't be there.
func TestFor(t *testing.T) {
	for _, tt := range []struct {
		name  string
		share state.Share
		dir   state.Dir // as it is taken for
		want  string    // the problem; empty: there is none
	}{
		{"looked at", state.Share{Name: "alpha", Owner: "root"}, state.Dir{Kind: state.Directory}, ""},
		{"missing then", sized("teams/beta"), state.Dir{}, ""},
		{"new beside others", state.Share{Name: "new"}, state.Dir{}, ""},
		{"new with what lies above it", state.Share{Name: "new/deep/er"}, state.Dir{}, ""},
		{"new below what is missing", state.Share{Name: "gone/y"}, state.Dir{}, ""},
		{"new below what is in the way", state.Share{Name: "link/y"}, state.Dir{Kind: state.NotADirectory, What: "a symlink at /link"}, ""},
		{"new deep below what is in the way", state.Share{Name: "link/x/y"}, state.Dir{Kind: state.NotADirectory, What: "a symlink at /link"}, ""},
		{"a name that is taken", state.Share{Name: "legacy"}, state.Dir{}, "S.name: f doesn't tell what is at /legacy: it was not looked at"},
		{"below a name that is taken", state.Share{Name: "legacy/x"}, state.Dir{}, "S.name: f doesn't tell what is at /legacy: it was not looked at"},
		{"a directory that was not listed", state.Share{Name: "teams/new"}, state.Dir{}, "S.name: f doesn't tell what is at /teams/new: it was not looked at"},
		{"in a share", state.Share{Name: "alpha/x"}, state.Dir{}, "S.name: f doesn't tell what is at /alpha/x: it was not looked at"},
		{"to be retained", gone("legacy", state.Retain), state.Dir{}, ""},
		{"to go, and not there", gone("new", state.Purge), state.Dir{}, ""},
		{"to go, and there", gone("legacy", state.Trash), state.Dir{}, "S.name: f doesn't tell what is at /legacy: it was not looked at"},
		{"perhaps in the trash", state.Share{Name: "old"}, state.Dir{}, "S.name: f doesn't tell whether the trash holds a /old that was removed: it has entries of that name"},
		{"perhaps left in the trash", gone("old", state.Purge), state.Dir{}, "S.name: f doesn't tell whether the trash holds a /old that was removed: it has entries of that name"},
		{"limit known", sized("alpha"), state.Dir{Kind: state.Directory}, ""},
		{"limit not known", sized("teams"), state.Dir{Kind: state.Directory}, "S.size: f doesn't tell which limit /teams has"},
		{"limit of what goes not known", gone("teams", state.Trash), state.Dir{Kind: state.Directory}, "S.name: f doesn't tell which limit /teams has"},
		{"owner unknown to the host", state.Share{Name: "alpha", Owner: "nobody-knows"}, state.Dir{Kind: state.Directory}, ""},
		{"owner not asked for", state.Share{Name: "alpha", Owner: "new"}, state.Dir{Kind: state.Directory}, `S.owner: f doesn't tell which number "new" has: the host was not asked`},
		{"group not asked for", state.Share{Name: "alpha", Group: "root"}, state.Dir{Kind: state.Directory}, `S.group: f doesn't tell which number "root" has: the host was not asked`},
		{"a number", state.Share{Name: "alpha", Owner: "77", Group: "78"}, state.Dir{Kind: state.Directory}, ""},
		{"no number", state.Share{Name: "alpha", Owner: "4294967295"}, state.Dir{Kind: state.Directory}, `S.owner: f doesn't tell which number "4294967295" has: the host was not asked`},
	} {
		a, problems := For(declared(tt.share), lookedAt(), "f")
		var got string
		for _, p := range problems {
			if got += p.Path + ": " + p.Text; p.Mend == "" {
				t.Errorf("%s: it is not said what to do", tt.name)
			}
		}
		if got != tt.want {
			t.Errorf("%s: the problem is %q, want %q", tt.name, got, tt.want)
		}
		dir := a.Dirs["/"+tt.share.Name]
		if (dir.Held != "") != (got != "") {
			t.Errorf("%s: held is %q", tt.name, dir.Held)
		}
		if dir.Held = ""; dir != tt.dir {
			t.Errorf("%s: the directory is %+v, want %+v", tt.name, dir, tt.dir)
		}
	}
}

// What For is given stays as it was: another file may be planned against it.
func TestForChangesNothing(t *testing.T) {
	o := lookedAt()
	For(declared(state.Share{Name: "new", Owner: "7"}, gone("other", state.Purge), state.Share{Name: "legacy"}), o, "f")
	if d := cmp.Diff(lookedAt(), o, sameValues); d != "" {
		t.Error(d)
	}
}

// Numbers of names that the host knows are those that it gave.
func TestForNames(t *testing.T) {
	a, _ := For(declared(state.Share{Name: "alpha", Owner: "root"}, state.Share{Name: "x", Owner: "77", Group: "78"}), lookedAt(), "f")
	if d := cmp.Diff(map[string]uint32{"root": 0, "77": 77}, a.Owners); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]uint32{"78": 78}, a.Groups); d != "" {
		t.Error(d)
	}
}

// Of a volume that was not looked into nothing is known but why; the problems stand
// where the file at hand has the target.
func TestForOfAVolumeThatWasNotLookedInto(t *testing.T) {
	o := lookedAt()
	o.Actual.Problems = []state.Problem{{Pos: state.Pos{File: "old.yaml", Line: 9}, Path: "volumes[7].target", Text: "too old"}}
	a, problems := For(declared(state.Share{Name: "legacy", Owner: "new"}), o, "f")
	want := []state.Problem{{Pos: state.Pos{File: "state.yaml", Line: 3}, Path: "volumes[0].target", Text: "too old"}}
	if d := cmp.Diff(want, a.Problems); d != "" || len(problems) > 0 {
		t.Errorf("%v %s", problems, d)
	}
	if d := cmp.Diff("old.yaml", o.Actual.Problems[0].Pos.File); d != "" {
		t.Error("what was given is changed")
	}
}

// What lies in a directory that was not looked at is not known either, whichever of
// them is declared first.
func TestForInWhatWasNotLookedAt(t *testing.T) {
	outer, inner := state.Share{Name: "legacy"}, state.Share{Name: "legacy/x"}
	for _, shares := range [][]state.Share{{outer, inner}, {inner, outer}} {
		a, problems := For(declared(shares...), lookedAt(), "f")
		if len(problems) != 2 || a.Dirs["/legacy"].Held == "" || a.Dirs["/legacy/x"].Held == "" {
			t.Errorf("%s first: %v, held: %q, %q", shares[0].Name, problems, a.Dirs["/legacy"].Held, a.Dirs["/legacy/x"].Held)
		}
	}
}
