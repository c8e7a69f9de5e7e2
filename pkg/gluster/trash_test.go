package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// retiring is an endpoint of a volume with a directory that is to go.
type retiring struct {
	*Endpoint
	dir  string // the volume's root
	tree *DirTree
}

// namesHost knows what everybody is called.
type namesHost struct{ Host }

func (namesHost) Names(context.Context, uint32, uint32) (owner, group string, err error) {
	return "alice", "projects", nil
}

func newRetiring(t *testing.T, how state.OnDelete) retiring {
	t.Helper()
	d, dir := tree(t)
	ok(t,
		os.MkdirAll(filepath.Join(dir, "teams/alpha/in"), 0o750),
		os.WriteFile(filepath.Join(dir, "teams/alpha/in/file"), []byte("data"), 0o600),
		os.Mkdir(filepath.Join(dir, "beside"), 0o750),
	)
	v := state.Volume{Shares: []state.Share{{Name: "teams/alpha", Absent: true, OnDelete: how}}}
	e := NewEndpoint(namesHost{}, nil, v, nil)
	e.tree = d
	return retiring{e, dir, d}
}

// retirement is what a plan makes of what is there.
func (r retiring) retirement(t *testing.T) state.Retirement {
	t.Helper()
	dirs := map[string]state.Dir{}
	d, err := statOne(r.tree, "/teams/alpha")
	ok(t, err)
	dirs["/teams/alpha"] = d
	l, err := r.leaving(t.Context(), dirs)
	ok(t, err)
	return state.Retirement{
		Path: "/teams/alpha", How: r.volume.Shares[0].OnDelete, ID: l["/teams/alpha"].ID, Left: l["/teams/alpha"].Left,
		UID: d.UID, GID: d.GID, Mode: d.Mode, Limit: 1000, Names: []string{"c1"},
	}
}

func (r retiring) in(p ...string) string {
	return filepath.Join(append([]string{r.dir, TrashDir}, p...)...)
}

func (r retiring) entries(t *testing.T) []string {
	t.Helper()
	ids, err := r.trashIDs(t.Context())
	ok(t, err)
	return ids
}

func TestRetireToTheTrash(t *testing.T) {
	r := newRetiring(t, state.Trash)
	before := time.Now().UTC().Truncate(time.Second)
	ok(t, r.Retire(t.Context(), r.retirement(t)))
	ids := r.entries(t)
	if len(ids) != 1 || !strings.Contains(ids[0], "Z-teams-alpha-") {
		t.Fatalf("the trash holds %q", ids)
	}
	if text, err := os.ReadFile(r.in(ids[0], "data/in/file")); err != nil || string(text) != "data" {
		t.Errorf("the data is %q, %v", text, err)
	}
	vanished(t, filepath.Join(r.dir, "teams/alpha"))
	for p, mode := range map[string]fs.FileMode{"": 0o700, "..": 0o700, ids[0]: 0o700, ids[0] + "/note.json": 0o600, ids[0] + "/data": 0o750} {
		if st, err := os.Stat(r.in(p)); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want the mode %v", p, st, err, mode)
		}
	}
	n, err := r.note(t.Context(), ids[0])
	name, host := thisUser()
	uid, gid := uint32(os.Getuid()), uint32(os.Getgid())
	if err != nil || n == nil || n.Path != "/teams/alpha" || n.Limit != 1000 || n.Mode != "0750" || n.OnDelete != state.Trash || n.By != name+"@"+host ||
		n.Owner != (Account{uid, "alice"}) || n.Group != (Account{gid, "projects"}) || !slices.Equal(n.Names, []string{"c1"}) ||
		n.When.Before(before) || n.When.After(time.Now()) {
		t.Errorf("the note is %+v", n)
	}
	if again := r.retirement(t); again.ID != (state.FileID{}) || len(again.Left) > 0 {
		t.Errorf("there is still something to do: %+v", again)
	}
}

func TestPurge(t *testing.T) {
	r := newRetiring(t, state.Purge)
	ok(t, r.Retire(t.Context(), r.retirement(t)))
	if names, err := os.ReadDir(r.in()); err != nil || len(names) > 0 {
		t.Errorf("the trash holds %v, %v", names, err)
	}
	vanished(t, filepath.Join(r.dir, "teams/alpha"))
}

// A purge that is broken off goes on in the next run, since the file still says
// so. What was moved there to be kept, and what has no note, stays.
func TestPurgeGoesOn(t *testing.T) {
	r := newRetiring(t, state.Purge)
	whole := r.retirement(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("control-C"))
	if err := r.Retire(ctx, whole); err == nil || !strings.Contains(err.Error(), "control-C; the next run goes on with it") {
		t.Fatalf("got %v", err)
	}
	left := r.entries(t)
	for id, text := range map[string]string{
		"20261125T162030Z-teams-alpha-kept":  `{"version":1,"path":"/teams/alpha","mode":"0755","on_delete":"trash"}`,
		"20261125T162030Z-teams-alpha-other": `{"version":1,"path":"/teams/beta","mode":"0755","on_delete":"purge"}`,
		"20261125T162030Z-teams-alpha-bad":   `{"version":1,"path":"/../teams/alpha","mode":"0755","on_delete":"purge"}`,
		"20261125T162030Z-teams-alpha-none":  ``,
	} {
		ok(t, os.MkdirAll(r.in(id, "data"), 0o700), os.WriteFile(r.in(id, "note.json"), []byte(text), 0o600))
	}
	again := r.retirement(t)
	if again.ID != (state.FileID{}) || !slices.Equal(again.Left, left) {
		t.Fatalf("the next run finds %+v, and %q was left", again, left)
	}
	ok(t, r.Retire(t.Context(), again))
	if ids := r.entries(t); len(ids) != 4 || slices.Contains(ids, left[0]) {
		t.Errorf("the trash holds %q", ids)
	}
}

// What a purge left behind is deleted only where it is the directory of the note,
// under the name that the entry was given.
func TestPurgeLeavesWhatIsAnother(t *testing.T) {
	for name, spoil := range map[string]func(entry string) error{
		"other data": func(entry string) error {
			return errors.Join(os.Rename(entry+"/data", entry+"/was"), os.Mkdir(entry+"/data", 0o700))
		},
		"an entry of another name": func(entry string) error {
			return os.Rename(entry, filepath.Join(filepath.Dir(entry), "20261125T162030Z-beta-k2v7qxhd"))
		},
	} {
		r := newRetiring(t, state.Purge)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Retire(ctx, r.retirement(t)); err == nil {
			t.Fatal("it was not broken off")
		}
		if left := r.retirement(t).Left; len(left) != 1 {
			t.Fatalf("left are %q", left)
		}
		ok(t, spoil(r.in(r.entries(t)[0])))
		if left := r.retirement(t).Left; len(left) > 0 {
			t.Errorf("%s: %q would be deleted", name, left)
		}
	}
}

// A run that was broken off before the rename leaves a note without data, which
// the next one clears away; whatever holds anything else stays.
func TestNotesWithoutData(t *testing.T) {
	r := newRetiring(t, state.Trash)
	note := []byte(`{"version":1,"path":"/teams/alpha","mode":"0755","on_delete":"trash"}`)
	const empty, foreign, other = "20261125T162030Z-teams-alpha-a", "20261125T162030Z-teams-alpha-b", "20261125T162030Z-beta-c"
	const bare = "20261125T162030Z-teams-alpha-d"
	for _, id := range []string{empty, foreign, other} {
		ok(t, os.MkdirAll(r.in(id), 0o700), os.WriteFile(r.in(id, "note.json"), note, 0o600))
	}
	ok(t, os.Mkdir(r.in(bare), 0o700))
	ok(t, os.WriteFile(r.in(foreign, "mine"), nil, 0o600), os.WriteFile(r.in(other, "note.json"), []byte(strings.ReplaceAll(string(note), "teams/alpha", "beta")), 0o600))
	ok(t, r.Retire(t.Context(), r.retirement(t)))
	if ids := r.entries(t); len(ids) != 3 || slices.Contains(ids, empty) || slices.Contains(ids, bare) {
		t.Errorf("the trash holds %q", ids)
	}
}

// What was announced goes into the entry that was made for it. A run that died when it
// had taken clients and limit away has announced them: the note of the next one tells of
// them, but of who has access by then where anybody has. What is said of another
// directory counts for nothing.
func TestAnnounced(t *testing.T) {
	r := newRetiring(t, state.Trash)
	what := r.retirement(t)
	ok(t, r.Announce(t.Context(), what))
	made := r.entries(t)
	ok(t, r.Retire(t.Context(), what))
	if ids := r.entries(t); len(made) != 1 || !slices.Equal(ids, made) {
		t.Errorf("announced was %q, and the trash holds %q", made, ids)
	}

	for name, c := range map[string]struct {
		other   bool // another directory was announced
		clients state.Set
		limit   uint64
		want    Note
	}{
		"all was taken away":  {want: Note{Limit: 1000, Clients: []string{"10.0.0.1"}, Names: []string{"c1"}}},
		"clients, and others": {clients: setOf("10.0.0.9"), want: Note{Limit: 1000, Clients: []string{"10.0.0.9"}, Names: []string{}}},
		"another limit":       {limit: 7, want: Note{Limit: 7, Clients: []string{"10.0.0.1"}, Names: []string{"c1"}}},
		"another directory":   {other: true, want: Note{Clients: []string{}, Names: []string{}}},
	} {
		r := newRetiring(t, state.Trash)
		what := r.retirement(t)
		before := what
		before.Clients.RW = setOf("10.0.0.1")
		if c.other {
			before.ID.Inode++
		}
		ok(t, r.Announce(t.Context(), before))
		r.Begin(r.volume)
		what.Limit, what.Clients.RW, what.Names = c.limit, c.clients, nil
		ok(t, r.Retire(t.Context(), what))
		ids := r.entries(t)
		if len(ids) != 1 {
			t.Fatalf("%s: the trash holds %q", name, ids)
		}
		n, err := r.note(t.Context(), ids[0])
		if err != nil || n == nil || n.Limit != c.want.Limit || !slices.Equal(n.Clients, c.want.Clients) || !slices.Equal(n.Names, c.want.Names) {
			t.Errorf("%s: the note is %+v, %v", name, n, err)
		}
	}
}

// What was announced under an earlier lock counts, unless somebody has cleared it away.
func TestAnnouncedUnderAnEarlierLock(t *testing.T) {
	for _, gone := range []bool{false, true} {
		r := newRetiring(t, state.Trash)
		what := r.retirement(t)
		ok(t, r.Announce(t.Context(), what))
		made := r.entries(t)
		lock, err := r.Lock(t.Context(), nil)
		ok(t, err)
		if gone {
			ok(t, os.RemoveAll(r.in(made[0])))
		}
		ok(t, r.Retire(t.Context(), what), lock.Close())
		if ids := r.entries(t); len(ids) != 1 || slices.Equal(ids, made) == gone {
			t.Errorf("announced was %q, cleared away: %v, and the trash holds %q", made, gone, ids)
		}
	}
}

// What removals have written down of directories that stay is cleared away; what is still
// to go, or is another share's, or nobody's, or holds anything, stays.
func TestForget(t *testing.T) {
	r := newRetiring(t, state.Trash)
	r.volume.Shares = append(r.volume.Shares, state.Share{Name: "stays"}, state.Share{Name: "kept", Absent: true, OnDelete: state.Retain}, state.Share{Name: "a/b"})
	note := func(id, path string) string {
		ok(t, os.MkdirAll(r.in(id), 0o700),
			os.WriteFile(r.in(id, "note.json"), fmt.Appendf(nil, `{"version":1,"path":%q,"mode":"0755","limit":1000,"on_delete":"trash"}`, path), 0o600))
		return id
	}
	const at = "20261125T162030Z-"
	note(at+"stays-1", "/stays")
	note(at+"kept-2", "/kept")
	ok(t, os.Mkdir(r.in(at+"stays-3"), 0o700))
	left := []string{
		note(at+"a-b-4", "/a-b"), note(at+"nobodys-5", "/nobodys"), note(at+"stays-6", "/stays"), note(at+"stays-7", "/../etc"), note(at+"teams-alpha-8", "/teams/alpha"),
	}
	ok(t, os.Mkdir(r.in(at+"stays-6", "data"), 0o700))
	limits, err := r.Forget(t.Context())
	if want := []state.Limit{{Path: "/stays", Bytes: 1000}, {Path: "/kept", Bytes: 1000}}; err != nil || !slices.Equal(limits, want) {
		t.Errorf("%+v, %v; want %+v", limits, err, want)
	}
	if ids := r.entries(t); !slices.Equal(ids, left) {
		t.Errorf("the trash holds %q, want %q", ids, left)
	}
	r.Endpoint.tree = crowded{DirTree: r.tree, broken: notePath(note(at+"stays-9", "/stays"))}
	if _, err := r.Forget(t.Context()); err == nil || err.Error() != "clear up in the trash: read the note of 20261125T162030Z-stays-9: input/output error" {
		t.Errorf("got %v", err)
	}
}

func setOf(addr string) state.Set { return state.SetOf(netip.MustParsePrefix(addr + "/32")) }

// What a purge has left of an entry, if only its note or its directory, is gone on
// with; what a removal has left that was to keep the data isn't.
func TestPurgeClearsUp(t *testing.T) {
	r := newRetiring(t, state.Purge)
	note := []byte(`{"version":1,"path":"/teams/alpha","mode":"0755","on_delete":"purge"}`)
	const noted, bare, kept = "20261125T162030Z-teams-alpha-a", "20261125T162030Z-teams-alpha-b", "20261125T162030Z-teams-alpha-c"
	for _, id := range []string{noted, bare, kept} {
		ok(t, os.MkdirAll(r.in(id), 0o700))
	}
	ok(t, os.WriteFile(r.in(noted, "note.json"), note, 0o600),
		os.WriteFile(r.in(kept, "note.json"), []byte(strings.ReplaceAll(string(note), "purge", "trash")), 0o600))
	what := r.retirement(t)
	if !slices.Equal(what.Left, []string{noted, bare}) {
		t.Errorf("left are %q", what.Left)
	}
	what.ID = state.FileID{}
	ok(t, r.Retire(t.Context(), what))
	if ids := r.entries(t); !slices.Equal(ids, []string{kept}) {
		t.Errorf("the trash holds %q", ids)
	}
}

// What stands in the place of the trash, or of the directory, is not followed,
// and nothing is lost or left behind.
func TestRetireIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(r retiring) error{
		"the trash is a symlink": func(r retiring) error {
			return errors.Join(os.Mkdir(filepath.Dir(r.in()), 0o700), os.Symlink("../beside", r.in()))
		},
		"the trash is a file": func(r retiring) error {
			return errors.Join(os.Mkdir(filepath.Dir(r.in()), 0o700), os.WriteFile(r.in(), nil, 0o600))
		},
		"our directory is a symlink": func(r retiring) error { return os.Symlink("beside", filepath.Dir(r.in())) },
		"another directory stands there": func(r retiring) error {
			old := filepath.Join(r.dir, "teams/alpha")
			return errors.Join(os.Rename(old, filepath.Join(r.dir, "moved")), os.MkdirAll(filepath.Join(old, "in"), 0o700),
				os.WriteFile(filepath.Join(old, "in/file"), nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRetiring(t, state.Purge)
			what := r.retirement(t)
			ok(t, spoil(r))
			if err := r.Retire(t.Context(), what); err == nil {
				t.Error("it was retired")
			}
			if _, err := os.Stat(filepath.Join(r.dir, "teams/alpha/in/file")); err != nil {
				t.Error(err)
			}
			if names, err := os.ReadDir(filepath.Join(r.dir, "beside")); err != nil || len(names) > 0 {
				t.Errorf("beside holds %v, %v", names, err)
			}
			if ids, err := r.trashIDs(t.Context()); len(ids) > 0 || err != nil && !errors.Is(err, ErrUnsafe) {
				t.Errorf("left behind: %q, %v", ids, err)
			}
		})
	}
}

// A trash that others can read is narrowed, and one that is somebody else's is
// taken over.
func TestTheTrashIsPrivate(t *testing.T) {
	r := newRetiring(t, state.Trash)
	ok(t, os.MkdirAll(r.in(), 0o755), os.Chmod(r.in(), 0o777))
	owners := &ownedBy{DirTree: r.tree, uid: 12345}
	r.Endpoint.tree = owners
	ok(t, r.Retire(t.Context(), r.retirement(t)))
	if st, err := os.Stat(r.in()); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", st, err)
	}
	if want := []string{lockDir, TrashDir}; !slices.Equal(owners.taken, want) {
		t.Errorf("%q were given to root, want %q", owners.taken, want)
	}
}

// ownedBy is a tree in which everything is one user's.
type ownedBy struct {
	*DirTree
	uid   uint32
	taken []string // what was given to root
}

func (o *ownedBy) Stat(paths ...string) ([]state.Dir, error) {
	dirs, err := o.DirTree.Stat(paths...)
	for i := range dirs {
		dirs[i].UID = o.uid
	}
	return dirs, err
}

func (o *ownedBy) Chown(p string, uid, gid *uint32) error {
	if *uid == 0 && *gid == 0 {
		o.taken = append(o.taken, p)
	}
	return nil
}

// A mount that hangs holds a removal no longer than a gluster command may take.
// What may have been done is not known then, and nothing follows it: what may
// hold data by now is not cleaned away.
func TestRetireOnAHungMount(t *testing.T) {
	for _, hangs := range []string{"mkdir " + lockDir, "mkdir " + TrashDir, "names " + TrashDir, "write", "rename /a", "rename " + dataPath("x"), "remove " + restPath("x"), "remove " + notePath("x")} {
		t.Run(hangs, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &steps{hangs: hangs}
				e := &Endpoint{tree: s, host: namesHost{}}
				what := state.Retirement{Path: "/a", How: state.Trash, ID: state.FileID{Inode: 1}}
				if strings.Contains(hangs, "/x/") {
					what = state.Retirement{Path: "/a", How: state.Purge, Left: []string{"x"}}
				}
				start := time.Now()
				err := e.Retire(t.Context(), what)
				if took := time.Since(start); took != stepTimeout {
					t.Errorf("it took %v, want %v", took, stepTimeout)
				}
				changes := !strings.HasPrefix(hangs, "names")
				if err == nil || errors.Is(err, ErrUnknownOutcome) != changes || !strings.Contains(err.Error(), "hangs") {
					t.Errorf("got %v", err)
				}
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				if last := s.done[len(s.done)-1]; last != hangs {
					t.Errorf("it went on with %q", last)
				}
			})
		})
	}
}

// On a full volume not even the trash can be made, and without quotad nothing is moved:
// what to do is said.
func TestRetireTellsWhatToDo(t *testing.T) {
	const makeRoom, startQuotad = "delete a file by a mount of the volume, and run it again", "start that anew with gluster volume start gv0 force, and run it again"
	for why, what := range map[error]string{unix.ENOSPC: makeRoom, unix.EDQUOT: makeRoom, unix.EINVAL: startQuotad} {
		e := &Endpoint{tree: &steps{fails: &fs.PathError{Op: "rename", Path: "/a", Err: why}}, host: namesHost{}}
		e.volume.Target.Volume = "gv0"
		err := e.Retire(t.Context(), state.Retirement{Path: "/a", How: state.Purge, ID: state.FileID{Inode: 1}})
		if !errors.Is(err, why) || !strings.HasSuffix(err.Error(), what) {
			t.Errorf("%v", err)
		}
	}
}

func TestTrashIDs(t *testing.T) {
	when := time.Date(2026, 11, 25, 16, 20, 30, 0, time.UTC)
	long := "/" + strings.Repeat("a", 200) + "/b"
	for _, dir := range []string{"/alpha", "/teams/alpha", long, "/a.b_c+d@e-f"} {
		id, other := newTrashID(dir, when), newTrashID(dir, when)
		if id == other || !trashID.MatchString(id) || len(id) > 100 || !strings.HasPrefix(id, "20261125T162030Z-") {
			t.Errorf("%s: %q and %q", dir, id, other)
		}
	}
}

// A note that anybody wrote becomes no other path, no endless text, and nothing
// that a terminal obeys.
func FuzzNote(f *testing.F) {
	f.Add([]byte(`{"version":1,"path":"/teams/alpha","mode":"0755","on_delete":"purge","by":"root@g1"}`))
	f.Add([]byte(`{"version":1,"path":"/../etc","mode":"0755"}`))
	f.Add([]byte(`{"version":1,"path":"/a","mode":"0755","by":"\u001b[31m"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseNote(text)
		if err != nil {
			return
		}
		names, err := components(n.Path)
		if err != nil || len(names) == 0 || strings.HasPrefix(names[0], ".") || slices.Contains(names, "..") {
			t.Errorf("%q is the path %q", text, n.Path)
		}
		if strings.ContainsAny(n.By+n.Owner.Name+n.Group.Name, "\x1b\n\r\u202e") {
			t.Errorf("%q holds what a terminal obeys", text)
		}
	})
}

// What a note may not say, whoever wrote it.
func TestHostileNotes(t *testing.T) {
	good := `{"version":1,"path":"/teams/alpha","mode":"2770","limit":1000,"clients":["10.0.0.1","10.0.1.0/24","any"],"host_names":["c1.test"],"by":"root@g1"}`
	if _, err := parseNote([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for old, bad := range map[string]string{
		`"version":1`:    `"version":2`,
		`/teams/alpha`:   `/teams/../../etc`,
		`"/teams/alpha"`: `"/"`,
		`"/teams`:        `"/.glusterd-shares`,
		`"2770"`:         `"27700"`,
		`"limit"`:        `"owner":{"number":4294967295},"limit"`,
		`teams/alpha`:    strings.Repeat("teams/", 200) + `alpha`,
		`1000`:           `9223372036854775808`,
		`"10.0.0.1"`:     `"10.0.0.1]\n        - any"`,
		`10.0.1.0/24`:    `everybody`,
		`c1.test`:        `c1 # \n- any`,
		`root@g1`:        `\u001b[2J`,
		`{`:              `[`,
	} {
		if n, err := parseNote([]byte(strings.Replace(good, old, bad, 1))); err == nil {
			t.Errorf("%s in place of %s passes: %+v", bad, old, n)
		}
	}
}

// restore restores the entry. Only what succeeds may have moved anything.
func (r retiring) restore(t *testing.T, entry Trashed, now state.Serving) error {
	t.Helper()
	moved, err := r.Restore(t.Context(), entry, now)
	if moved != (err == nil) {
		t.Errorf("moved: %v, and the error is %v", moved, err)
	}
	return err
}

// A purge that is broken off leaves a part of a directory. It is listed as that,
// never restored, and purged by the next try.
func TestPurgedInPart(t *testing.T) {
	r := newRetiring(t, state.Trash)
	for i := range 2 * removeChunk {
		ok(t, os.WriteFile(filepath.Join(r.dir, "teams/alpha", strconv.Itoa(i)), nil, 0o600))
	}
	ok(t, r.Retire(t.Context(), r.retirement(t)))
	id := r.entries(t)[0]
	ctx, cancel := context.WithCancelCause(t.Context())
	err := r.Purge(ctx, id, func(removed int) {
		if removed > 0 {
			cancel(errors.New("control-C"))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "control-C") {
		t.Fatalf("got %v", err)
	}
	r.isPurgedInPart(t)

	// Somebody puts a directory beside it: that is deleted no other way.
	for i := range 2 * removeChunk {
		ok(t, os.MkdirAll(r.in(id, "data"), 0o700), os.WriteFile(r.in(id, "data", strconv.Itoa(i)), nil, 0o600))
	}
	r.isPurgedInPart(t)
	broken, last := context.WithCancel(t.Context())
	if err := r.Purge(broken, id, func(int) {
		if _, err := os.Stat(r.in(id, "data")); err != nil {
			last() // it is under way
		}
	}); err == nil {
		t.Fatal("it was not broken off")
	}
	r.isPurgedInPart(t)
	ok(t, r.Purge(t.Context(), id, nil))
	if ids := r.entries(t); len(ids) > 0 {
		t.Errorf("the trash holds %q", ids)
	}
}

func (r retiring) isPurgedInPart(t *testing.T) {
	t.Helper()
	entries, err := r.Trash(t.Context(), false)
	ok(t, err)
	if len(entries) != 1 || !entries[0].Purging || entries[0].Note == nil {
		t.Fatalf("the trash holds %+v", entries)
	}
	if err := r.restore(t, entries[0], state.Serving{}); err == nil || !strings.Contains(err.Error(), "a part of it is deleted already") {
		t.Errorf("got %v", err)
	}
	vanished(t, filepath.Join(r.dir, "teams/alpha"))
}

// What can't be looked at is said, and nothing else hangs on it.
func TestTrashThatCantBeRead(t *testing.T) {
	for name, spoil := range map[string]func(r retiring) error{
		"a symlink": func(r retiring) error {
			return errors.Join(os.Rename(r.in(), r.in()+"2"), os.Symlink("trash2", r.in()))
		},
		"a file": func(r retiring) error { return errors.Join(os.RemoveAll(r.in()), os.WriteFile(r.in(), nil, 0o600)) },
	} {
		r := newRetiring(t, state.Purge)
		ok(t, os.MkdirAll(r.in(), 0o700), spoil(r))
		if entries, err := r.Trash(t.Context(), false); err == nil || !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v, %v", name, entries, err)
		}
		l, err := r.leaving(t.Context(), map[string]state.Dir{"/teams/alpha": {Kind: state.Directory}})
		ok(t, err)
		if got := l["/teams/alpha"]; got.ID == (state.FileID{}) || got.Unread == "" {
			t.Errorf("%s: a plan is told %+v", name, got)
		}
	}
}

// crowded is a tree with very many names in its trash, of which one can't be
// looked at.
type crowded struct {
	*DirTree
	names  int
	broken string
}

func (c crowded) Names(p string, most int) ([]string, error) {
	if p != TrashDir || c.names == 0 {
		return c.DirTree.Names(p, most)
	}
	return make([]string, min(most, c.names)), nil
}

func (c crowded) Identity(paths ...string) ([]state.FileID, error) {
	if slices.Contains(paths, c.broken) {
		return nil, errors.New("input/output error")
	}
	return c.DirTree.Identity(paths...)
}

func (c crowded) ReadFile(p string, most int) ([]byte, error) {
	if p == c.broken {
		return nil, errors.New("input/output error")
	}
	return c.DirTree.ReadFile(p, most)
}

func (c crowded) Stat(paths ...string) ([]state.Dir, error) {
	if slices.Contains(paths, c.broken) {
		return nil, errors.New("input/output error")
	}
	return c.DirTree.Stat(paths...)
}

func TestCrowdedTrash(t *testing.T) {
	r := newRetiring(t, state.Purge)
	r.Endpoint.tree = crowded{DirTree: r.tree, names: maxTrash + 1}
	if _, err := r.Trash(t.Context(), false); !errors.Is(err, errCrowded) {
		t.Errorf("got %v", err)
	}
	l, err := r.leaving(t.Context(), map[string]state.Dir{"/teams/alpha": {Kind: state.Directory}})
	if ok(t, err); l["/teams/alpha"].Unread != errCrowded.Error() {
		t.Errorf("a plan is told %+v", l)
	}
	ok(t, r.Retire(t.Context(), state.Retirement{Path: "/teams/alpha", How: state.Trash, ID: l["/teams/alpha"].ID}))
	r.Endpoint.tree = crowded{DirTree: r.tree, names: maxTrash}
	_, err = r.Trash(t.Context(), false)
	ok(t, err)
}

// Clients can make any number of entries of one name: no more than some are looked
// at, and that is said where it matters.
func TestManyEntriesOfOneName(t *testing.T) {
	r := newRetiring(t, state.Purge)
	const note = `{"version":1,"path":"/teams/alpha","mode":"0755","on_delete":"trash"}`
	for i := range mostOfOne + 1 {
		id := fmt.Sprintf("20200101T000000Z-teams-alpha-%04d", i)
		ok(t, os.MkdirAll(r.in(id, "data"), 0o700), os.WriteFile(r.in(id, "note.json"), []byte(note), 0o600))
	}
	l, err := r.leaving(t.Context(), nil)
	if ok(t, err); !strings.Contains(l["/teams/alpha"].Unread, "more than 100 entries") {
		t.Errorf("a plan is told %+v", l)
	}
	r.volume.Shares[0] = state.Share{Name: "teams/alpha"}
	got := r.inTrash(t.Context(), map[string]state.Dir{"/teams/alpha": {}})
	if want := fmt.Sprintf("20200101T000000Z-teams-alpha-%04d", mostOfOne); got["/teams/alpha"] != want {
		t.Errorf("the newest is %v, want %s", got, want)
	}
	for i := range mostOfOne {
		ok(t, os.RemoveAll(r.in(fmt.Sprintf("20200101T000000Z-teams-alpha-%04d", i+1), "data")))
	}
	if got := r.inTrash(t.Context(), map[string]state.Dir{"/teams/alpha": {}}); got["/teams/alpha"] != "" {
		t.Errorf("looked at more than that: %v", got)
	}
}

func TestBrokenEntry(t *testing.T) {
	r := newRetiring(t, state.Purge)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Retire(ctx, r.retirement(t)); err == nil {
		t.Fatal("it was not broken off")
	}
	id := r.entries(t)[0]
	for _, broken := range []string{dataPath(id), notePath(id)} {
		r.Endpoint.tree = crowded{DirTree: r.tree, broken: broken}
		entries, err := r.Trash(t.Context(), false)
		if ok(t, err); len(entries) != 1 || entries[0].Err == nil || (entries[0].Note == nil) != (broken == notePath(id)) {
			t.Errorf("%s: the trash holds %+v", broken, entries)
		}
		l, err := r.leaving(t.Context(), nil)
		if ok(t, err); len(l["/teams/alpha"].Left) > 0 || !strings.HasSuffix(l["/teams/alpha"].Unread, "input/output error") {
			t.Errorf("%s: a plan is told %+v", broken, l)
		}
	}
}

// Restored, a directory has what its note says; where anything stands in its
// place, or on the way there, it stays in the trash.
func TestRestore(t *testing.T) {
	retired := func(t *testing.T) (retiring, Trashed) {
		r := newRetiring(t, state.Trash)
		what := r.retirement(t)
		what.Limit = 0
		ok(t, r.Retire(t.Context(), what), os.Remove(filepath.Join(r.dir, "teams")))
		entries, err := r.Trash(t.Context(), false)
		ok(t, err)
		if len(entries) != 1 {
			t.Fatalf("the trash holds %+v", entries)
		}
		return r, entries[0]
	}
	r, entry := retired(t)
	ok(t, os.Chmod(r.in(entry.ID, "data"), 0o777), r.restore(t, entry, state.Serving{}))
	if st, err := os.Stat(filepath.Join(r.dir, "teams/alpha")); err != nil || st.Mode().Perm() != 0o750 {
		t.Errorf("%v, %v", st, err)
	}
	if text, err := os.ReadFile(filepath.Join(r.dir, "teams/alpha/in/file")); err != nil || string(text) != "data" {
		t.Errorf("%q, %v", text, err)
	}
	if ids := r.entries(t); len(ids) > 0 {
		t.Errorf("the trash still holds %q", ids)
	}

	for _, at := range []string{"/", "/teams", "/teams/alpha", "/teams/alpha/in"} {
		r, entry := retired(t)
		now := state.Serving{Exports: []state.Export{{Path: at, Names: []string{"c1"}}}}
		if err := r.restore(t, entry, now); err == nil || !strings.Contains(err.Error(), at+" is exported") {
			t.Errorf("beside an export of %s: %v", at, err)
		}
		vanished(t, filepath.Join(r.dir, "teams"))
	}
	for name, spoil := range map[string]func(dir string) error{
		"a directory":          func(dir string) error { return os.MkdirAll(filepath.Join(dir, "teams/alpha"), 0o700) },
		"a file on the way":    func(dir string) error { return os.WriteFile(filepath.Join(dir, "teams"), nil, 0o600) },
		"a symlink on the way": func(dir string) error { return os.Symlink("beside", filepath.Join(dir, "teams")) },
	} {
		r, entry := retired(t)
		ok(t, spoil(r.dir))
		if err := r.restore(t, entry, state.Serving{}); err == nil {
			t.Errorf("%s: it was restored", name)
		}
		if _, err := os.Stat(r.in(entry.ID, "data/in/file")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A restore that was broken off between the move and the rest is ended by the next one,
// unless clients have access by now or another directory is in its place.
func TestRestoreInPlace(t *testing.T) {
	broken := func(t *testing.T) (retiring, Trashed) {
		r := newRetiring(t, state.Trash)
		what := r.retirement(t)
		what.Limit = 0
		ok(t, r.Retire(t.Context(), what))
		id := r.entries(t)[0]
		ok(t, os.Rename(r.in(id, "data"), filepath.Join(r.dir, "teams/alpha")), os.Chmod(filepath.Join(r.dir, "teams/alpha"), 0o777))
		entries, err := r.Trash(t.Context(), false)
		if ok(t, err); len(entries) != 1 || !entries[0].InPlace || entries[0].Err != nil {
			t.Fatalf("the trash holds %+v", entries)
		}
		return r, entries[0]
	}
	r, entry := broken(t)
	ok(t, r.restore(t, entry, state.Serving{}))
	if st, err := os.Stat(filepath.Join(r.dir, "teams/alpha")); err != nil || st.Mode().Perm() != 0o750 || len(r.entries(t)) > 0 {
		t.Errorf("%v, %v; the trash holds %q", st, err, r.entries(t))
	}

	r, entry = broken(t)
	now := state.Serving{Exports: []state.Export{{Path: "/teams/alpha", Names: []string{"c1"}}}}
	if err := r.restore(t, entry, now); err == nil || !strings.Contains(err.Error(), "clients have access to it") {
		t.Errorf("exported: %v", err)
	}
	ok(t, os.Rename(filepath.Join(r.dir, "teams/alpha"), filepath.Join(r.dir, "moved")), os.Mkdir(filepath.Join(r.dir, "teams/alpha"), 0o700))
	if err := r.restore(t, entry, state.Serving{}); err == nil || !strings.Contains(err.Error(), "is another directory") {
		t.Errorf("another one: %v", err)
	}
	if entries, err := r.Trash(t.Context(), false); err != nil || len(entries) > 0 {
		t.Errorf("the trash holds %+v, %v", entries, err)
	}
}
