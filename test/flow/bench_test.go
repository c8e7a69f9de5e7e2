package flow

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// BenchmarkPlan is all of a plan but for asking Gluster: a state file is read
// and checked, the plan computed for volumes that have nothing yet, and written
// as text. More than 30 shares of 10 clients don't fit into a volume's options.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n, " shares"), func(b *testing.B) {
			file := statefile.File{Name: "state.yaml", Text: stateOf(n)}
			b.ReportAllocs()
			b.SetBytes(int64(len(file.Text)))
			var plans []diff.Plan
			for b.Loop() {
				plans = planText(b, file)
			}
			b.ReportMetric(liveMegabytes(), "MB-live")
			runtime.KeepAlive(plans)
		})
	}
}

func planText(b *testing.B, file statefile.File) []diff.Plan {
	b.Helper()
	d, err := statefile.Parse(file)
	if err != nil {
		b.Fatal(err)
	}
	var plans []diff.Plan
	for _, v := range d.Volumes {
		p := diff.Compute(v, fresh(v), gnfs.Server{})
		if len(p.Problems) > 0 {
			b.Fatal(p.Problems[0])
		}
		plans = append(plans, p)
	}
	if err := render.Text(io.Discard, plans, nil, render.Options{}); err != nil {
		b.Fatal(err)
	}
	return plans
}

// fresh is a volume as Gluster makes it.
func fresh(v state.Volume) state.Actual {
	return state.Actual{
		Volume:  state.VolumeInfo{Name: v.Target.Volume, ID: "id", Started: true},
		Serving: state.Serving{Volume: v.Target.Volume, Settings: map[string]string{"nfs.disable": "on"}},
		Server:  state.ServerStatus{Built: true},
		Peers:   []state.Peer{{ID: "p", Host: "n", Connected: true}},
	}
}

// stateOf is a state file with so many shares of 10 clients, 30 in a volume.
func stateOf(shares int) []byte {
	const perVolume = 30
	var s strings.Builder
	s.WriteString("version: 1\nvolumes:\n")
	for i := range shares {
		if i%perVolume == 0 {
			fmt.Fprintf(&s, "  - target: g1.example.com:/gv%d\n    shares:\n", i/perVolume)
		}
		fmt.Fprintf(&s, "      - name: s%d\n        size: 10GiB\n        mode: \"2770\"\n        access:\n", i)
		for c := range 10 {
			fmt.Fprintf(&s, "          - 10.%d.%d.%d\n", i>>8&255, i&255, 2*c+1)
		}
	}
	return []byte(s.String())
}

// liveMegabytes is how much memory is in use.
func liveMegabytes() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
