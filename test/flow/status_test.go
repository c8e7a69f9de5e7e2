package flow

import (
	"slices"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// survey is what status shows of the volume, with all that is undeclared.
func (l *line) survey(t *testing.T, v state.Volume) status.Volume {
	t.Helper()
	a, err := l.endpoint(t, v).Survey(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	return status.Of(diff.Compute(v, a, gnfs.Server{}), a)
}

// TestStatusSaysWhatAPlanWouldDo: where a run has something to do something is
// shown to have drifted, and after it nothing is. Status itself writes nothing.
func TestStatusSaysWhatAPlanWouldDo(t *testing.T) {
	eachScenario(t, 60, func(t *testing.T, s scenario) {
		l := newScenario(t, s)
		before := l.survey(t, s.volume)
		if w := writes(l.took()); len(w) > 0 {
			t.Errorf("status wrote %q", w)
		}
		if before.InSync || len(before.Options) == 0 && !drifts(before) {
			t.Errorf("nothing has drifted, and a run has something to do: %+v", before)
		}
		mustConverge(t, l, s.volume)
		if after := l.survey(t, s.volume); !after.InSync || len(after.Options) > 0 || drifts(after) || !after.Whole() {
			t.Errorf("after a run: %+v", after)
		}
	})
}

func drifts(v status.Volume) bool {
	return slices.ContainsFunc(v.Shares, func(s status.Share) bool { return s.State != status.InSync }) ||
		slices.ContainsFunc(v.Undeclared, func(e status.Entry) bool { return e.Fate != status.Stays })
}
