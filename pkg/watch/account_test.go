package watch_test

import (
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// served is two volumes of a cluster as options say.
func served(gv0, gv1 map[string]string) (state.Serving, state.Serving) {
	all := gnfs.Server{}.Decode(map[string]map[string]string{"gv0": gv0, "gv1": gv1}, nil)
	return all[0], all[1]
}

// A write of access is told in clients: of shares, of what no share declares, of the
// volume as a whole and of other volumes. That it takes access away says how far.
func TestAccountOfAccess(t *testing.T) {
	on := func(whole, exports, gate string) map[string]string {
		return map[string]string{"nfs.disable": "off", "nfs.export-volumes": whole, "nfs.export-dir": exports, "nfs.rpc-auth-allow": gate}
	}
	old, oldOther := served(on("on", "/alpha(10.0.0.1|10.0.0.2),/beta(10.0.0.2)", "10.0.0.1,10.0.0.2"), on("on", "", "10.0.0.9"))
	now, nowOther := served(on("off", "/alpha(10.0.0.1),/beta(10.0.0.2),/old(10.0.0.3)", "10.0.0.1,10.0.0.2,10.0.0.3"), on("off", "", "10.0.0.9"))
	v := desired("gv0", "alpha", "beta")
	serve := func(old, now state.Serving) diff.Serve {
		return diff.Serve{Stage: diff.Grant, ServingChange: state.ServingChange{Old: old, New: now, Others: []state.ServingPair{{Old: oldOther, New: nowOther}}}, Pos: v.Pos}
	}
	got := watch.AccountOf(v, serve(old, now))
	var lines []string
	for _, c := range got.Access {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{c.Share, c.Path, c.OtherVolume, c.Old, "->", c.New + ":", c.Effect, c.Pos.String()}, " ")))
		if c.Action != "access" || c.Whole != (c.Path == "/") {
			t.Errorf("%+v", c)
		}
	}
	want := []string{
		"alpha /alpha  10.0.0.1, 10.0.0.2 -> 10.0.0.1: lose 10.0.0.2 f:2",
		"/  10.0.0.1, 10.0.0.2 -> nobody: lose 10.0.0.1, 10.0.0.2 f:1",
		"/old  nobody -> 10.0.0.3: gain 10.0.0.3 f:1",
		"/ gv1 10.0.0.9 -> nobody: lose 10.0.0.9 f:1",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got.Action != "serve" || !strings.Contains(got.New, "nfs.export-volumes=off") || got.Note != render.OnlyAtMount {
		t.Errorf("it is %s to %q with the note %q", got.Action, got.New, got.Note)
	}
	wider, _ := served(on("on", "/alpha(10.0.0.1|10.0.0.2|10.0.0.3),/beta(10.0.0.2)", "10.0.0.1,10.0.0.2,10.0.0.3"), nil)
	if got := watch.AccountOf(v, diff.Serve{ServingChange: state.ServingChange{Old: old, New: wider}}); got.Note != "" || len(got.Access) == 0 {
		t.Errorf("nobody loses anything, and it is %+v", got)
	}
	if got := watch.AccountOf(v, diff.Retire{Share: "beta"}); got.Note != render.AlsoInTheTrash || got.Access != nil {
		t.Errorf("a removal is %+v", got)
	}
}
