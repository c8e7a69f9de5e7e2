package statefile_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// book is what state files can say, in the pieces at which they can be split.
type book struct {
	top     []string // mount_point_base and the like, a line each
	groups  []string // a line each
	volumes []entry
}

// entry is one volume: its target, its other keys and its shares.
type entry struct {
	target       string
	keys, shares []string
}

// dice makes books.
type dice struct{ *rand.Rand }

func (d dice) book() book {
	b := book{top: []string{"mount_point_base: /run/mounts", "ssh: {port: 2222}"}}
	for i := range 1 + d.IntN(5) {
		b.groups = append(b.groups, fmt.Sprintf("g%d: [10.0.%d.0/28, 10.1.0.%d]", i, i, i))
		b.groups = append(b.groups, fmt.Sprintf("outer%d: [g%d, 10.2.0.%d]", i, d.IntN(i+1), i))
	}
	for i := range 1 + d.IntN(3) {
		e := entry{target: fmt.Sprintf("h:/v%d", i), keys: []string{"undeclared: revoke", "serve: gluster-nfs"}}
		for j := range 1 + d.IntN(6) {
			e.shares = append(e.shares, fmt.Sprintf("{name: s%d, mode: \"0750\", access: [outer%d, 10.3.0.%d]}", j, d.IntN(len(b.groups)/2), j))
		}
		b.volumes = append(b.volumes, e)
	}
	return b
}

// split deals what the book says out to n files, each piece to one of them; what
// may be said twice is, now and then.
func (d dice) split(b book, n int) []statefile.File {
	books := make([]book, n)
	for _, line := range b.top {
		d.deal(n, true, func(i int) { books[i].top = append(books[i].top, line) })
	}
	for _, line := range b.groups {
		d.deal(n, false, func(i int) { books[i].groups = append(books[i].groups, line) })
	}
	for _, e := range b.volumes {
		parts := make([]entry, n)
		for _, line := range e.keys {
			d.deal(n, true, func(i int) { parts[i].keys = append(parts[i].keys, line) })
		}
		for _, line := range e.shares {
			d.deal(n, false, func(i int) { parts[i].shares = append(parts[i].shares, line) })
		}
		for i, part := range parts {
			if len(part.keys)+len(part.shares) > 0 {
				part.target = e.target
				books[i].volumes = append(books[i].volumes, part)
			}
		}
	}
	var files []statefile.File
	for i, part := range books {
		files = append(files, statefile.File{Name: fmt.Sprintf("f%d.yaml", i), Text: part.text()})
	}
	d.Shuffle(n, func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files
}

// deal gives a piece to one of n, or, where it may be there twice, to more.
func (d dice) deal(n int, twice bool, to func(i int)) {
	first := d.IntN(n)
	to(first)
	for i := range n {
		if twice && i != first && d.IntN(3) == 0 {
			to(i)
		}
	}
}

func (b book) text() []byte {
	var out strings.Builder
	out.WriteString("version: 1\n" + lines("", b.top))
	if len(b.groups) > 0 {
		out.WriteString("host_groups:\n" + lines("  ", b.groups))
	}
	if len(b.volumes) > 0 {
		out.WriteString("volumes:\n")
	}
	for _, e := range b.volumes {
		out.WriteString("  - target: " + e.target + "\n" + lines("    ", e.keys))
		if len(e.shares) > 0 {
			out.WriteString("    shares:\n" + lines("      - ", e.shares))
		}
	}
	return []byte(out.String())
}

func lines(before string, all []string) string {
	var out strings.Builder
	for _, line := range all {
		out.WriteString(before + line + "\n")
	}
	return out.String()
}

// A state file says the same when it is split into several, wherever between its
// groups, shares and keys, and in whatever order the parts are read.
func TestSplitFilesSayTheSame(t *testing.T) {
	for seed := range uint64(200) {
		d := dice{rand.New(rand.NewPCG(seed, 0))}
		b := d.book()
		want, err := parse("whole", b.text())
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, b.text())
		}
		files := d.split(b, 2+d.IntN(4))
		got, err := statefile.Parse(files...)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, texts(files))
		}
		if d := diff(want, got, butForPlaces...); d != "" {
			t.Fatalf("seed %d (-whole +split):\n%s\n%s", seed, d, texts(files))
		}
		slices.Reverse(files)
		if again, err := statefile.Parse(files...); err != nil || diff(got, again) != "" {
			t.Fatalf("seed %d: in another order it is (%v):\n%s", seed, err, diff(got, again))
		}
	}
}

// butForPlaces compares what files say, wherever they say it.
var butForPlaces = []gocmp.Option{
	cmpopts.IgnoreTypes(state.Pos{}),
	cmpopts.IgnoreFields(state.Desired{}, "Files"),
	cmpopts.IgnoreFields(state.Volume{}, "Path"),
	cmpopts.IgnoreFields(state.Share{}, "Path"),
	cmpopts.IgnoreFields(state.Rule{}, "Path"),
	cmpopts.SortSlices(func(a, b state.Volume) int { return cmp.Compare(a.Target.String(), b.Target.String()) }),
	cmpopts.SortSlices(func(a, b state.Share) int { return cmp.Compare(a.Name, b.Name) }),
}

func texts(files []statefile.File) string {
	byName := map[string][]byte{}
	for _, f := range files {
		byName[f.Name] = f.Text
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		fmt.Fprintf(&out, "-- %s --\n%s", name, byName[name])
	}
	return out.String()
}
