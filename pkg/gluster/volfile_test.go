package gluster

import (
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

const r2ID = "cd4e1e9d-18c6-4b79-920f-4c6d2231f3ee"

func TestIdentify(t *testing.T) {
	distribute, replicate := sample(t, "client-distribute.vol"), sample(t, "client-replicate.vol")
	gvt := []string{"10.0.0.254:/bricks/gvt"}
	tests := []struct {
		name, volfile, id string
		bricks            []string
		want              string // empty: it is the volume
	}{
		{"by the id", replicate, r2ID, nil, ""},
		{"another id", replicate, gvtID, nil, "shows the volume with the id " + r2ID},
		{"two ids", replicate + strings.ReplaceAll(replicate, r2ID, gvt2ID), r2ID, nil, "shows the volume with the id " + gvt2ID},
		{"by the brick", distribute, gvtID, gvt, ""},
		{"another brick", distribute, gvtID, []string{"10.0.0.254:/bricks/gvt2"}, "has no brick 10.0.0.254:/bricks/gvt2"},
		{"a brick of another host", distribute, gvtID, []string{"10.0.0.253:/bricks/gvt"}, "has no brick"},
		{"one brick more", distribute, gvtID, append(gvt, "n2:/bricks/gvt"), "has no brick n2:/bricks/gvt"},
		{"no bricks", distribute, gvtID, []string{}, "no bricks to know it by"},
		{"empty", "", gvtID, gvt, "has no brick"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := parseVolfile(tt.volfile).identify(state.VolumeInfo{ID: tt.id, Bricks: tt.bricks})
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestParseVolfile(t *testing.T) {
	got := parseVolfile(sample(t, "client-replicate.vol"))
	if !slices.Equal(got.bricks, []string{"10.9.9.9:/bricks/r2a", "10.9.9.9:/bricks/r2b"}) || !slices.Equal(got.ids, []string{r2ID}) {
		t.Errorf("got %+v", got)
	}
}

// No volfile is taken for a volume that it doesn't name.
func FuzzVolfile(f *testing.F) {
	f.Add(sample(f, "client-distribute.vol"))
	f.Add(sample(f, "client-replicate.vol"))
	f.Fuzz(func(t *testing.T, s string) {
		err := parseVolfile(s).identify(state.VolumeInfo{ID: r2ID, Bricks: []string{"host:/brick"}})
		if err == nil && !strings.Contains(s, r2ID) && !(strings.Contains(s, "host") && strings.Contains(s, "/brick")) {
			t.Errorf("%q passes for %s", s, r2ID)
		}
	})
}
