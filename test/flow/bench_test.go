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
				if plans = planText(b, file); len(plans[0].Problems) > 0 {
					b.Fatal(plans[0].Problems[0])
				}
			}
			b.ReportMetric(liveMegabytes(), "MB-live")
			runtime.KeepAlive(plans)
		})
	}
}

// BenchmarkComputeOneVolume is what a run computes at each of its looks at one
// volume, here one in which all is as it should be. More shares don't fit in.
func BenchmarkComputeOneVolume(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run(fmt.Sprint(n, " shares"), func(b *testing.B) {
			var s []state.Share
			for i := range n {
				s = append(s, share(fmt.Sprint("s", i), fmt.Sprintf("10.1.%d.1", i), fmt.Sprintf("10.1.%d.3", i)))
			}
			v := volume("gv0", s...)
			a := diff.Simulate(fresh(v), diff.Compute(v, fresh(v), gnfs.Server{}))
			b.ReportAllocs()
			for b.Loop() {
				if p := diff.Compute(v, a, gnfs.Server{}); !p.Empty() {
					b.Fatal("there is something to do")
				}
			}
		})
	}
}

// BenchmarkPlanOfALargeGroup is BenchmarkPlan with one group of 5,000 addresses
// in all shares. No volume takes so many: that is what the plan says.
func BenchmarkPlanOfALargeGroup(b *testing.B) {
	for _, n := range []int{10, 100} {
		b.Run(fmt.Sprint(n, " shares"), func(b *testing.B) {
			file := statefile.File{Name: "state.yaml", Text: stateOfAGroup(n, 5000)}
			b.ReportAllocs()
			for b.Loop() {
				if plans := planText(b, file); len(plans[0].Problems) == 0 {
					b.Fatal("so many clients fit in")
				}
			}
		})
	}
}

// stateOfAGroup is a state file with one group in so many shares, 30 in a
// volume.
func stateOfAGroup(shares, addresses int) []byte {
	var s strings.Builder
	s.WriteString("version: 1\nhost_groups:\n  all:\n")
	for i := range addresses {
		fmt.Fprintf(&s, "    - 10.0.%d.%d\n", i>>7&255, 2*i&255)
	}
	s.WriteString("volumes:\n")
	for i := range shares {
		if i%perVolume == 0 {
			fmt.Fprintf(&s, "  - target: g1.example.com:/gv%d\n    shares:\n", i/perVolume)
		}
		fmt.Fprintf(&s, "      - {name: s%d, access: [all]}\n", i)
	}
	return []byte(s.String())
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
		plans = append(plans, p)
	}
	if err := render.Text(io.Discard, plans, nil, render.Options{}); err != nil {
		b.Fatal(err)
	}
	return plans
}

// perVolume is how many shares of 10 clients fit into a volume's options.
const perVolume = 30

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
