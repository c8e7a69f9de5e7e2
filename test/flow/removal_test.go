package flow

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/state"
)

// history is a volume over which one state after the other passes, with data
// that clients write meanwhile.
type history struct {
	*line
	r      *rand.Rand
	pieces map[string]bool // what was written; true: a file has asked for it to be deleted
}

func (h *history) brick() string { return filepath.Join(h.dir, hostName, "gv0", "brick") }

// write is a client that writes a piece of data into each directory of a share
// that is there.
func (h *history) write(t *testing.T) {
	t.Helper()
	for _, name := range names[:4] {
		dir := filepath.Join(h.brick(), name)
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			continue
		}
		piece := fmt.Sprintf("piece-%d", len(h.pieces))
		if err := os.WriteFile(filepath.Join(dir, piece), []byte(piece), 0o644); err != nil {
			t.Fatal(err)
		}
		h.pieces[piece] = false
	}
}

// where tells where on the volume each piece is.
func (h *history) where(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(h.brick(), func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), "piece-") {
			text, err := os.ReadFile(p)
			if err != nil || string(text) != e.Name() {
				return fmt.Errorf("%s holds %q (%w)", p, text, err)
			}
			out[e.Name()] = strings.TrimPrefix(p, h.brick())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// doom takes down what the state asks to delete: what lies in a directory that is
// to be purged.
func (h *history) doom(t *testing.T, v state.Volume) {
	t.Helper()
	for piece, at := range h.where(t) {
		for _, s := range v.Shares {
			if s.OnDelete == state.Purge && strings.HasPrefix(at, s.Dir()+"/") {
				h.pieces[piece] = true
			}
		}
	}
}

// nothingIsLost fails where a piece is gone that no file asked to delete.
func (h *history) nothingIsLost(t *testing.T, when string) {
	t.Helper()
	there := h.where(t)
	for piece, doomed := range h.pieces {
		if _, found := there[piece]; !found && !doomed {
			t.Fatalf("%s: %s is lost, and no file asked for that", when, piece)
		}
	}
}

// restore is an admin who restores something from the trash, which may be refused,
// and dies at the step with this number.
func (h *history) restore(t *testing.T, dies int) (done bool) {
	t.Helper()
	steps := 0
	h.box.Steps = func(string) error {
		if steps++; steps > dies {
			return errKilled
		}
		return nil
	}
	defer func() { h.box.Steps = nil }()
	e := h.endpoint(t, volume("gv0"))
	now, err := e.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := e.Trash(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		return false
	}
	_, err = e.Restore(t.Context(), pickOne(h.r, entries...), now.Serving)
	return err == nil
}

// wish is a random state that a file may hold: what lies in a directory that goes
// has to go as well, and who may mount a directory may mount what is in it.
func (h *history) wish() state.Volume {
	v := volume("gv0")
	for _, n := range []string{"a", "c", "a/b"} {
		switch inA := len(v.Shares) > 0 && v.Shares[0].Name == "a" && n == "a/b"; {
		case h.r.IntN(4) == 0:
		case inA && v.Shares[0].Leaves():
			v.Shares = append(v.Shares, absent(n, pickOne(h.r, state.Trash, state.Purge)))
		case inA && v.Shares[0].Absent:
			v.Shares = append(v.Shares, absent(n, pickOne(h.r, state.Trash, state.Retain, state.Purge)))
		case h.r.IntN(2) == 0:
			v.Shares = append(v.Shares, absent(n, pickOne(h.r, state.Trash, state.Trash, state.Retain, state.Purge)))
		default:
			s := share(n, "10.0.0.1")
			if h.r.IntN(2) == 0 {
				s.Size = state.Size{Bytes: 1 << 30, Managed: true}
			}
			v.Shares = append(v.Shares, s)
		}
	}
	if len(v.Shares) == 0 {
		v.Shares = append(v.Shares, share("c", "10.0.0.1"))
	}
	return v
}

func absent(name string, how state.OnDelete) state.Share {
	return state.Share{Name: name, Absent: true, OnDelete: how}
}

// apply carries the state out as far as it can be, and dies at the step with this
// number. It returns how many steps there were.
func (h *history) run(t *testing.T, v state.Volume, dies int) (steps int) {
	t.Helper()
	h.box.Steps = func(string) error {
		if steps++; steps > dies {
			return errKilled
		}
		return nil
	}
	defer func() { h.box.Steps = nil }()
	synctest.Test(t, func(t *testing.T) { // waits for glusterd in vain
		if _, p, _ := h.plan(t, v); len(p.Problems) == 0 {
			h.try(t, v)
		}
	})
	return steps
}

const never = 1 << 30

func newHistory(t *testing.T, seed uint64) *history {
	t.Helper()
	return &history{
		line: newLine(t, map[string]map[string]string{"gv0": nil}),
		r:    rand.New(rand.NewPCG(seed, 9)), pieces: map[string]bool{},
	}
}

// Whatever states follow one another, wherever runs die, and whatever is restored
// from the trash meanwhile: no data is lost that no file asked to delete. What was
// to be deleted is, in the end.
func TestNoDataIsLost(t *testing.T) {
	lost, restored := 0, 0
	for seed := range uint64(40) {
		h := newHistory(t, seed)
		for step := range 8 {
			v := h.wish()
			h.doom(t, v)
			dies := never
			if h.r.IntN(2) == 0 {
				dies = h.r.IntN(25)
			}
			h.run(t, v, dies)
			h.nothingIsLost(t, fmt.Sprintf("seed %d, state %d, dying at step %d of %+v", seed, step, dies, v.Shares))
			if err := h.box.Restart(hostName); err != nil {
				t.Fatal(err)
			}
			if h.r.IntN(3) == 0 && h.restore(t, pickOne(h.r, never, h.r.IntN(6))) {
				restored++
			}
			h.nothingIsLost(t, fmt.Sprintf("seed %d, restored after state %d", seed, step))
			if err := h.box.Restart(hostName); err != nil {
				t.Fatal(err)
			}
			h.write(t)
		}
		lost += len(h.pieces) - len(h.where(t))
	}
	if lost == 0 || restored == 0 {
		t.Errorf("%d pieces were deleted, and %d directories restored: the histories prove nothing", lost, restored)
	}
}

// Wherever a removal dies, the next run brings it to its end: to the same
// directories, with nothing left of it in the trash but what is to be there.
func TestRemovalGoesOn(t *testing.T) {
	before := volume("gv0", share("a", "10.0.0.1"), share("a/b", "10.0.0.1"), share("c", "10.0.0.1"))
	before.Shares[1].Size = state.Size{Bytes: 1 << 30, Managed: true}
	wishes := map[string]state.Volume{
		"trash": volume("gv0", absent("a", state.Trash), absent("a/b", state.Trash), share("c", "10.0.0.1")),
		"purge": volume("gv0", absent("a", state.Purge), absent("a/b", state.Trash), share("c", "10.0.0.1")),
		"all":   volume("gv0", absent("a", state.Purge), absent("a/b", state.Purge), absent("c", state.Purge)),
	}
	for name, after := range wishes {
		t.Run(name, func(t *testing.T) {
			prepare := func() *history {
				h := newHistory(t, 0)
				mustConverge(t, h.line, before)
				h.write(t)
				h.doom(t, after)
				return h
			}
			whole := prepare()
			steps := whole.run(t, after, never)
			want := whole.left(t)
			for dies := range steps {
				h := prepare()
				h.run(t, after, dies)
				h.nothingIsLost(t, fmt.Sprint("dying at step ", dies))
				if err := h.box.Restart(hostName); err != nil {
					t.Fatal(err)
				}
				mustConverge(t, h.line, after)
				h.nothingIsLost(t, fmt.Sprint("after dying at step ", dies))
				if got := h.left(t); !slices.Equal(got, want) {
					t.Errorf("died at step %d, and run again there are\n%q\nwant\n%q", dies, got, want)
				}
				if _, p, _ := h.plan(t, after); !p.Empty() {
					t.Errorf("died at step %d, and a third run would do %+v", dies, p.Actions)
				}
			}
		})
	}
}

// left is all that is on the volume, but for names in the trash and for notes
// without data: of those each directory has one at most, until it goes again.
func (h *history) left(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(h.brick(), func(p string, _ fs.DirEntry, err error) error {
		at := strings.TrimPrefix(p, h.brick())
		if rest, inTrash := strings.CutPrefix(at, "/.glusterd-shares/trash/"); inTrash {
			_, below, _ := strings.Cut(rest, "/data")
			if !strings.Contains(rest, "/data") {
				return err
			}
			at = "trash" + below
		}
		if !strings.HasPrefix(at, "/.glusterd-shares") {
			out = append(out, at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
