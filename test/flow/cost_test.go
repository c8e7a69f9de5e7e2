package flow

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// look is what one look at a cluster costs: one process that answers all.
var look = []string{
	"--mode=script --xml < volume info\npool list\nvolume status gv0 nfs\nsystem:: getspec gluster/nfs",
}

// first is what the first look of a run costs.
var first = append(slices.Clone(look), "--version")

// unserved is what a look costs besides where no NFS server was ever told
// anything: that is not told by an answer among others.
var unserved = []string{"--mode=script --xml system:: getspec gluster/nfs"}

// TestCost holds a run to what it may cost: the number of processes depends on
// what there is to do, never on the number of shares.
func TestCost(t *testing.T) {
	for _, n := range []int{1, 60} {
		t.Run(fmt.Sprint(n, " shares"), func(t *testing.T) {
			l := newLine(t, map[string]map[string]string{"gv0": nil, "gv1": nil})
			v := volume("gv0", shares(n)...)

			mustConverge(t, l, v)
			got := l.took()
			if w := writes(got); len(w) != 2 {
				t.Errorf("a first export took %d writes, want one that closes whole volumes and one that grants: %q", len(w), w)
			}
			// The plan; before and after the write that closes whole volumes;
			// before the one that grants, after the directories; after it. The
			// server has heard of nothing until then.
			if want := len(first) + 4*len(look) + 4*len(unserved) + 2; len(got) != want {
				t.Errorf("a first export took %d processes, want %d: %q", len(got), want, got)
			}

			mustConverge(t, l, v)
			costs(t, l, "nothing to do", first)

			v.Shares[0] = share(v.Shares[0].Name, "10.0.0.1", "10.0.9.9")
			mustConverge(t, l, v)
			got = l.took()
			if w := writes(got); len(w) != 1 {
				t.Errorf("one change of access took %d writes: %q", len(w), w)
			}
			if want := len(first) + 2*len(look) + 1; len(got) != want {
				t.Errorf("one change of access took %d processes, want %d: %q", len(got), want, got)
			}
		})
	}
}

// TestCostOfSizes: one process lists all limits, and one sets all that change.
func TestCostOfSizes(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	v := volume("gv0", shares(20)...)
	mustConverge(t, l, v)
	l.took()
	for i := range v.Shares {
		v.Shares[i].Size = state.Size{Bytes: 1 << 30, Managed: true}
	}
	list, set := "--mode=script --xml volume quota gv0 list", "--mode=script --xml < "
	for _, s := range v.Shares {
		list += " " + s.Dir()
		set += fmt.Sprintf("volume quota gv0 limit-usage %s %d\n", s.Dir(), s.Size.Bytes)
	}
	set = strings.TrimSpace(set)
	mustConverge(t, l, v)
	want := slices.Concat(first, look, look, []string{list, "--mode=script --xml volume quota gv0 enable", set})
	costs(t, l, "20 sizes", want)
	mustConverge(t, l, v)
	costs(t, l, "nothing to do", append(slices.Clone(first), list))
}

// TestCostOfASurvey: what a glance at a volume shows besides a plan takes one
// command more, and two with what no share declares.
func TestCostOfASurvey(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	v := volume("gv0", shares(20)...)
	v.Shares[3].Size = state.Size{Bytes: 1 << 30, Managed: true}
	mustConverge(t, l, v)
	l.took()
	bare := "--mode=script --xml volume quota gv0 list"
	named := bare
	for _, s := range v.Shares {
		named += " " + s.Dir()
	}
	for strays, want := range map[bool][]string{false: {named}, true: {named, bare}} {
		a, err := l.endpoint(t, v).Survey(t.Context(), strays)
		if err != nil || len(a.Quota.Usage) != 20 || (a.Strays != nil) != strays {
			t.Errorf("strays %v: %v, %d uses, %v", strays, err, len(a.Quota.Usage), a.Strays)
		}
		costs(t, l, fmt.Sprint("strays ", strays), append(slices.Clone(first), want...))
		_, p, _ := l.plan(t, v)
		l.took()
		if d := cmp.Diff(p, diff.Compute(v, a, gnfs.Server{}), cmpopts.EquateComparable(netip.Prefix{})); d != "" {
			t.Errorf("another plan than after Observe (-Observe +Survey):\n%s", d)
		}
	}
}

func shares(n int) []state.Share {
	var out []state.Share
	for i := range n {
		out = append(out, share(fmt.Sprintf("share-%02d", i), "10.0.0.1"))
	}
	return out
}

func mustConverge(t *testing.T, l *line, v state.Volume) {
	t.Helper()
	if r := l.apply(t, v); !r.OK() {
		t.Fatalf("did not converge: %+v", r)
	}
}

func costs(t *testing.T, l *line, what string, want []string) {
	t.Helper()
	got, want := slices.Sorted(slices.Values(l.took())), slices.Sorted(slices.Values(want))
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
