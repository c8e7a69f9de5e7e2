package status_test

import (
	"slices"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// Some shares of a volume are in sync or not whatever the others are, and whatever
// is not theirs.
func TestOnly(t *testing.T) {
	v := status.Volume{
		Shares:     []status.Share{{Name: "a", State: status.InSync}, {Name: "b", State: status.Drifted}, {Name: "c", State: status.InSync}},
		Undeclared: []status.Entry{{Path: "/x"}}, Options: []string{"nfs.disable"},
	}
	for _, test := range []struct {
		shares []string
		inSync bool
	}{{[]string{"a", "c"}, true}, {[]string{"b"}, false}, {[]string{"c", "b"}, false}} {
		got := v.Only(test.shares)
		var names []string
		for _, s := range got.Shares {
			names = append(names, s.Name)
		}
		if slices.Sort(test.shares); !slices.Equal(names, test.shares) || got.InSync != test.inSync || len(got.Undeclared)+len(got.Options) > 0 {
			t.Errorf("of %q there is %+v", test.shares, got)
		}
	}
	blocked := v
	blocked.Problems = []state.Problem{{Text: "the NFS server is down"}}
	if got := blocked.Only([]string{"a"}); got.InSync || len(got.Problems) != 1 {
		t.Errorf("of a volume with a problem there is %+v", got)
	}
	if v.NotRead = true; v.Only([]string{"a"}).InSync {
		t.Error("a volume that was not read is in sync")
	}
	if len(v.Shares) != 3 {
		t.Error("the whole was changed")
	}
}
