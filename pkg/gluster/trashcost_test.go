package gluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// counted is a tree that counts what is asked of it: over SSH each is a command.
type counted struct {
	Tree
	n *int
}

func (c counted) Names(p string, most int) ([]string, error) { *c.n++; return c.Tree.Names(p, most) }

func (c counted) Stat(paths ...string) ([]state.Dir, error) { *c.n++; return c.Tree.Stat(paths...) }

func (c counted) ReadFile(p string, most int) ([]byte, error) {
	*c.n++
	return c.Tree.ReadFile(p, most)
}

func (c counted) Identity(paths ...string) ([]state.FileID, error) {
	*c.n++
	return c.Tree.Identity(paths...)
}

func (c counted) Remove(p string) error { *c.n++; return c.Tree.Remove(p) }

// A note takes as many commands whatever the trash keeps, and so does clearing up.
func TestANoteCostsTheSame(t *testing.T) {
	what := state.Retirement{Path: "/teams/alpha", How: state.Trash, ID: state.FileID{Inode: 1}}
	for name, do := range map[string]func(context.Context, retiring) error{
		"announce": func(ctx context.Context, r retiring) error { return r.Announce(ctx, what) },
		"forget": func(ctx context.Context, r retiring) error {
			r.volume.Shares = []state.Share{{Name: "teams/alpha"}, {Name: "stays"}}
			_, err := r.Forget(ctx)
			return err
		},
	} {
		cost := map[int]int{}
		for _, kept := range []int{1, 90, 2 * mostOfOne} {
			r := newRetiring(t, state.Trash)
			for i := range kept {
				for _, dir := range []string{"teams-alpha", "stays"} {
					ok(t, os.MkdirAll(r.in(fmt.Sprintf("20200101T000000Z-%s-%04d", dir, i), "data"), 0o700))
				}
			}
			r.bareNote(t, "20190101T000000Z-teams-alpha-a", "/teams/alpha")
			n := 0
			r.Endpoint.tree = counted{r.tree, &n}
			ok(t, do(t.Context(), r))
			cost[kept] = n
			vanished(t, r.in("20190101T000000Z-teams-alpha-a"))
		}
		if cost[90] != cost[1] || cost[2*mostOfOne] != cost[1] {
			t.Errorf("%s: commands by what is kept: %v", name, cost)
		}
	}
}

// A note takes so long at most, however many entries without a directory there are.
func TestManyBareNotes(t *testing.T) {
	r := newRetiring(t, state.Trash)
	for i := range 2 * mostOfOne {
		r.bareNote(t, fmt.Sprintf("20200101T000000Z-teams-alpha-%04d", i), "/teams/alpha")
	}
	what := r.retirement(t)
	what.Limit = 0
	ok(t, r.Announce(t.Context(), what))
	if ids := r.entries(t); len(ids) != mostOfOne+1 || !strings.HasSuffix(ids[0], "-0000") {
		t.Errorf("the trash holds %d entries, the first %s", len(ids), ids[0])
	}
}

// blind is a tree in which no more than one path can be looked at a time.
type blind struct{ Tree }

func (b blind) Stat(paths ...string) ([]state.Dir, error) {
	if len(paths) > 1 {
		return nil, errors.New("input/output error")
	}
	return b.Tree.Stat(paths...)
}

// Where can't be told which entries hold a directory, each is looked into: what earlier
// tries tell is not lost.
func TestNotesWhereNothingTells(t *testing.T) {
	r := newRetiring(t, state.Trash)
	before := r.retirement(t)
	before.Clients.RW = setOf("10.0.0.1")
	ok(t, r.Announce(t.Context(), before))
	ok(t, os.MkdirAll(r.in("20200101T000000Z-teams-alpha-kept", "data"), 0o700))
	r.Begin(r.volume)
	r.Endpoint.tree = blind{r.tree}
	what := r.retirement(t)
	what.Names = nil
	ok(t, r.Retire(t.Context(), what))
	ids := r.entries(t)
	if len(ids) != 2 || ids[0] != "20200101T000000Z-teams-alpha-kept" {
		t.Fatalf("the trash holds %q", ids)
	}
	if n, err := r.note(t.Context(), ids[1]); err != nil || n == nil || len(n.Clients) != 1 {
		t.Errorf("the note is %+v, %v", n, err)
	}
}
