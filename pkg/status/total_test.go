package status_test

import (
	"testing"

	"glusterd-shares/pkg/status"
)

func share(path string, s status.State, used, limit uint64) status.Share {
	return status.Share{Path: path, State: s, Use: status.Use{Measure: status.Counted, Used: used, Limit: limit}}
}

// What a share holds counts once, also where another one is in it.
func TestTotal(t *testing.T) {
	nested := status.Volume{InSync: true, Shares: []status.Share{
		share("/teams/a", status.InSync, 3<<10, 5<<10),
		share("/teams", status.InSync, 10<<10, 0),
		share("/teamsters", status.InSync, 1<<10, 7<<10),
		share("/teams/a/b", status.InSync, 2<<10, 4<<10),
	}}
	drifted := status.Volume{
		Shares: []status.Share{
			share("/a", status.Drifted, 1<<10, 0), share("/b", status.Missing, 0, 0), share("/c", status.Held, 0, 0), share("/d", status.Problem, 0, 0),
		},
		Undeclared: []status.Entry{{Fate: status.Stays}, {Fate: status.Goes}, {Fate: status.Changes}},
	}
	drifted.Shares[1].Use = status.Use{Measure: status.Nothing}
	unread := status.Volume{NotRead: true, Shares: []status.Share{{Path: "/a", State: status.Unknown}}}
	optionsOnly := status.Volume{Shares: []status.Share{share("/a", status.InSync, 0, 0)}}
	for _, tt := range []struct {
		name    string
		volumes []status.Volume
		want    status.Total
		text    string
	}{
		{"nested", []status.Volume{nested}, status.Total{Volumes: 1, Shares: 4, InSync: 4, Used: 11 << 10, Limit: 12 << 10, Counted: 4, Limited: 3},
			"4 shares: 4 in sync; used 11.0KiB, limits 12.0KiB."},
		{"drifted", []status.Volume{drifted}, status.Total{Volumes: 1, OutOfSync: 1, Shares: 4, Drifted: 1, Missing: 1, Held: 1, Problems: 1, Used: 1 << 10, Counted: 3, Undeclared: 3, UndeclaredDrifted: 2},
			"4 shares: 1 drifted, 1 missing, 1 held, 1 with a problem; used 1.00KiB; 3 undeclared, 2 of them drifted."},
		{"unread", []status.Volume{unread}, status.Total{Volumes: 1, NotRead: 1, Shares: 1, Unknown: 1}, "1 share: 1 not read."},
		{"options only", []status.Volume{optionsOnly}, status.Total{Volumes: 1, OutOfSync: 1, Shares: 1, InSync: 1, Counted: 1},
			"1 share: 1 in sync; used 0 bytes; 1 volume not in sync."},
		{"all", []status.Volume{nested, drifted, unread}, status.Total{
			Volumes: 3, OutOfSync: 1, NotRead: 1, Shares: 9, InSync: 4, Drifted: 1, Missing: 1, Held: 1, Problems: 1, Unknown: 1,
			Used: 12 << 10, Limit: 12 << 10, Counted: 7, Limited: 3, Undeclared: 3, UndeclaredDrifted: 2,
		}, "3 volumes, 9 shares: 4 in sync, 1 drifted, 1 missing, 1 held, 1 with a problem, 1 not read; used 12.0KiB, limits 12.0KiB; 3 undeclared, 2 of them drifted."},
		{"none", nil, status.Total{}, "0 volumes, 0 shares."},
	} {
		got := status.TotalOf(tt.volumes)
		equal(t, tt.name, tt.want, got)
		if got.String() != tt.text {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}
