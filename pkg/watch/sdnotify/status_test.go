package sdnotify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

func TestStatus(t *testing.T) {
	taken := health.Content{Taken: time.Now()}
	kinds := func(kinds ...watch.Kind) (out []health.Volume) {
		for i, k := range kinds {
			out = append(out, health.Volume{Target: fmt.Sprintf("n1:/gv%d", i), Condition: watch.Condition{Kind: k}})
		}
		return out
	}
	bad := func(c health.Content, mistakes ...string) health.Content {
		c.Bad = mistakes
		return c
	}
	long := "state.yaml:1:1: " + strings.Repeat("ä", 300)
	for _, tt := range []struct {
		want    string
		s       health.Snapshot
		sandbox string
	}{
		{"1 volume in sync", health.Snapshot{Content: taken, Volumes: kinds(watch.InSync)}, ""},
		{"sandbox /tmp/box; 2 volumes in sync", health.Snapshot{Content: taken, Volumes: kinds(watch.InSync, watch.InSync)}, "/tmp/box"},
		{"0 of 1 volume in sync; 1 withheld: n1:/gv0", health.Snapshot{Content: taken, Volumes: kinds(watch.Withheld)}, ""},
		{"1 of 6 volumes in sync; 2 failed: n1:/gv3, n1:/gv5; 1 refused: n1:/gv1; 1 drifted: n1:/gv0; 1 not looked at yet: n1:/gv4",
			health.Snapshot{Content: taken, Volumes: kinds(watch.Drifted, watch.Refused, watch.InSync, watch.Failed, watch.Unknown, watch.Failed)}, ""},
		{"0 of 5 volumes in sync; 5 held: n1:/gv0, n1:/gv1, n1:/gv2, 2 more", health.Snapshot{Content: taken, Volumes: kinds(watch.Held, watch.Held, watch.Held, watch.Held, watch.Held)}, ""},
		{"no valid state yet: a:1:1: x (and 2 more)", health.Snapshot{Content: bad(health.Content{}, "a:1:1: x", "a:2:1: y", "a:3:1: z")}, ""},
		{"bad state, what was desired before stays: a:1:1: x READY=1; 1 volume in sync", health.Snapshot{Content: bad(taken, "a:1:1: x\nREADY=1"), Volumes: kinds(watch.InSync)}, ""},
		{"no valid state yet: state.yaml:1:1: " + strings.Repeat("ä", 184) + "...", health.Snapshot{Content: bad(health.Content{}, long)}, ""},
		{"stuck: no sign; 1 volume in sync", health.Snapshot{Stuck: "no sign", Content: taken, Volumes: kinds(watch.InSync)}, ""},
	} {
		if got := statusOf(tt.s, tt.sandbox); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
