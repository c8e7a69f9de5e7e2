package flow

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/observed"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

// record observes the volume, writes that down and reads it again.
func (l *line) record(t *testing.T, v state.Volume) observed.Document {
	t.Helper()
	o, err := l.endpoint(t, v).Record(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	d := observed.New(time.Unix(0, 0), "test", "")
	d.Add(v.Target, o, nil)
	text, err := strictjson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	d, problems := observed.Read("actual.json", text)
	if len(problems) > 0 {
		t.Fatalf("%v in\n%s", problems, text)
	}
	return d
}

// against is the plan for what was written down, and what that doesn't tell.
func against(t *testing.T, d observed.Document, v state.Volume) (diff.Plan, []state.Problem) {
	t.Helper()
	o, unread, found := d.Of(v.Target)
	if unread != nil || !found {
		t.Fatalf("%v, found: %v", unread, found)
	}
	a, unknown := observed.For(v, o, "actual.json")
	return diff.Compute(v, a, gnfs.Server{}), unknown
}

// shown is all that anybody sees of a plan.
func shown(t *testing.T, p diff.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Text(&b, []diff.Plan{p}, diff.Guard([]diff.Plan{p}, diff.Allow{}), render.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := render.JSON(&b, render.Document(p, nil)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// disturb is somebody else at work on the volume: with directories, files and
// symlinks where shares may come to lie, and with entries in the trash.
func (h *history) disturb(t *testing.T) {
	t.Helper()
	trash := filepath.Join(h.brick(), ".glusterd-shares", "trash")
	at := filepath.Join(h.brick(), pickOne(h.r, names...))
	var err error
	switch h.r.IntN(8) {
	case 0:
		err = os.MkdirAll(at, 0o755)
	case 1:
		err = os.WriteFile(at, nil, 0o644)
	case 2:
		err = os.Symlink("/nowhere", at)
	case 3:
		err = os.RemoveAll(at)
	case 4:
		err = os.MkdirAll(filepath.Join(trash, fmt.Sprintf("20261125T162030Z-%s-abcdefgh", pickOne(h.r, names[:4]...)), "data"), 0o700)
	}
	if err != nil && !os.IsExist(err) && !strings.Contains(err.Error(), "not a directory") && !os.IsNotExist(err) && !strings.Contains(err.Error(), "is a directory") {
		t.Fatal(err)
	}
}

// plansAlike compares the plan that is made on the cluster with the one against what
// was written down. It is false where that says that it doesn't know enough.
func (l *line) plansAlike(t *testing.T, d observed.Document, v state.Volume) bool {
	t.Helper()
	_, live, _ := l.plan(t, v)
	p, unknown := against(t, d, v)
	if len(unknown) > 0 {
		return false
	}
	if d := cmp.Diff(shown(t, live), shown(t, p)); d != "" {
		t.Errorf("-live +against\n%s", d)
	}
	return true
}

// A plan against what was observed is the plan that is made on the cluster, to the
// byte: of the file that it was observed with always, and of any other file unless it
// says what it doesn't know.
func TestPlanAgainstWhatWasObserved(t *testing.T) {
	tried, known := 0, 0
	for seed := range uint64(60) {
		h := newHistory(t, seed)
		h.r = rand.New(rand.NewPCG(seed, 21))
		for range 4 {
			h.disturb(t)
			if v := h.wish(); h.r.IntN(2) == 0 {
				if _, p, _ := h.plan(t, v); len(p.Problems) == 0 {
					h.try(t, v)
				}
			}
			asObserved := h.wish()
			d := h.record(t, asObserved)
			if !h.plansAlike(t, d, asObserved) {
				t.Fatalf("seed %d: it doesn't know all of the very file that was observed", seed)
			}
			for range 3 {
				if tried++; h.plansAlike(t, d, h.wish()) {
					known++
				}
			}
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
	t.Logf("%d plans, %d of them known", tried, known)
	if 3*known < 2*tried {
		t.Errorf("of %d plans only %d were known: it is of no use", tried, known)
	}
}

// So it is whatever options the volumes have, and whoever is admitted to what by hand.
func TestPlanAgainstOptionsSetByHand(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 22))
		s := randomScenario(r)
		l := newScenario(t, s)
		d := l.record(t, s.volume)
		if !l.plansAlike(t, d, s.volume) {
			t.Fatalf("seed %d: it doesn't know all of the very file that was observed", seed)
		}
		l.plansAlike(t, d, randomScenario(r).volume)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
