package observed

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

var update = flag.Bool("update", false, "write the golden file anew")

// sameValues holds nil and empty for the same, and passes by what no plan looks at.
var sameValues = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{}),
	cmpopts.IgnoreFields(state.Actual{}, "Strays"), cmpopts.IgnoreFields(state.VolumeInfo{}, "Bricks"),
}

// fill puts something into every field of a value, whatever fields it has.
func fill(t *testing.T, r *rand.Rand, v reflect.Value) {
	t.Helper()
	switch x := v.Addr().Interface().(type) {
	case *state.Set:
		*x = state.SetOf(randomPrefix(r), randomPrefix(r))
		return
	case *state.Access:
		x.RW = state.SetOf(randomPrefix(r))
		x.RO = state.SetOf(randomPrefix(r)).Minus(x.RW)
		return
	case *state.DirKind:
		*x = state.DirKind(r.IntN(3))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "ü\x00\u2028<&>\"\\", fmt.Sprint(r.Uint64())}[r.IntN(4)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(int64(r.Uint64()))
	case reflect.Uint32:
		v.SetUint(uint64(r.Uint32N(0o7777)))
	case reflect.Uint64:
		v.SetUint(r.Uint64())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, r, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			fill(t, r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, r, key)
			fill(t, r, value)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer: // Strays, which are not written
	default:
		t.Fatalf("nobody knows how to fill %v", v.Type())
	}
}

func randomPrefix(r *rand.Rand) netip.Prefix {
	a := netip.AddrFrom4([4]byte{10, 0, byte(r.IntN(4)), byte(r.Uint32())})
	return netip.PrefixFrom(a, 24+r.IntN(9)).Masked()
}

// Whatever fields there are: what is written is read again. A field that is added
// and not written fails here.
func TestEveryFieldIsKept(t *testing.T) {
	target := state.Target{Host: "g1", Volume: "gv5"}
	for seed := range uint64(300) {
		var o state.Observation
		fill(t, rand.New(rand.NewPCG(seed, 1)), reflect.ValueOf(&o).Elem())
		o.Actual.Volume.Name, o.Actual.Serving.Volume = target.Volume, target.Volume
		for i := range o.Actual.Others {
			o.Actual.Others[i].Volume = fmt.Sprint("gv", 4+2*i)
		}
		for _, dir := range o.Looked {
			o.Actual.Dirs[dir], o.Actual.Leaving[dir] = state.Dir{}, state.Leaving{}
		}
		d := New(time.Unix(0, 0), "", "")
		d.Add(target, o, nil)
		text := mustMarshal(t, d)
		d, problems := Read("f", []byte(text))
		if len(problems) > 0 {
			t.Fatalf("seed %d: %v in\n%s", seed, problems, text)
		}
		got, _, _ := d.Of(target)
		if d := cmp.Diff(o, got, sameValues); d != "" {
			t.Fatalf("seed %d: -written +read\n%s", seed, d)
		}
	}
}

// How volumes are served stands there once for all of a cluster, as long as they agree;
// it is what each of them found.
func TestClusters(t *testing.T) {
	serving := func(volume, value string) state.Serving {
		return state.Serving{Volume: volume, Settings: map[string]string{"nfs.export-dir": value}}
	}
	found := func(name string, own state.Serving, others ...state.Serving) state.Actual {
		return state.Actual{Volume: state.VolumeInfo{Name: name}, Serving: own, Others: others}
	}
	a, b, c := serving("a", "1"), serving("b", "2"), serving("c", "3")
	all := []state.Actual{
		found("a", a, b, c), found("b", b, a, c), found("c", c, a, b), found("", state.Serving{}, a, b, c), // the last one doesn't exist
		found("b", serving("b", "changed meanwhile"), a, c),
		found("alone", serving("alone", "")),
	}
	var clusters Clusters
	var at []int
	for _, x := range all {
		at = append(at, clusters.Take(&x))
		if x.Serving.Volume != "" || x.Others != nil {
			t.Errorf("it is there still: %v", x)
		}
	}
	if want := []int{0, 0, 0, 0, 1, 2}; !slices.Equal(at, want) {
		t.Errorf("they stand at %v, want %v", at, want)
	}
	for i, want := range all {
		got := state.Actual{Volume: want.Volume}
		if err := clusters.Give(at[i], &got); err != nil || !cmp.Equal(want, got, sameValues) {
			t.Errorf("%v\n%s", err, cmp.Diff(want, got, sameValues))
		}
	}
	for _, bad := range []struct {
		clusters Clusters
		at       int
		want     string
	}{
		{clusters, 3, "there is no cluster 3"},
		{clusters, -1, "there is no cluster -1"},
		{clusters, 2, `cluster 2 has no volume "a"`},
		{Clusters{{b, a}}, 0, "the volumes of cluster 0 are not in the order of their names"},
		{Clusters{{a, a}}, 0, "the volumes of cluster 0 are not in the order of their names"},
	} {
		if err := bad.clusters.Give(bad.at, &state.Actual{Volume: state.VolumeInfo{Name: "a"}}); fmt.Sprint(err) != bad.want {
			t.Errorf("%v, want %s", err, bad.want)
		}
	}
}

func sample() Document {
	d := New(time.Date(2026, 11, 25, 22, 33, 44, 55, time.FixedZone("", 3600)), "1.0", "box")
	d.Add(state.Target{Host: "g1", Volume: "gv0"}, lookedAt(), nil)
	d.Add(state.Target{Host: "g1", Volume: "gv1"}, state.Observation{}, fmt.Errorf("no answer"))
	return d
}

func mustMarshal(t *testing.T, d Document) string {
	t.Helper()
	text, err := strictjson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The format is what it was. Where the golden file changes so does the version.
func TestFormat(t *testing.T) {
	const golden = "testdata/actual.json"
	if *update {
		if err := os.WriteFile(golden, []byte(mustMarshal(t, sample())), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), mustMarshal(t, sample())); d != "" {
		t.Errorf("-golden +written\n%s", d)
	}
}

func TestDocument(t *testing.T) {
	text := mustMarshal(t, sample())
	d, problems := Read("f", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(sample(), d, sameValues); diff != "" {
		t.Errorf("-written +read\n%s", diff)
	}
	if !strings.Contains(text, `"observed": "2026-11-25T21:33:44Z"`) {
		t.Error("the time is not in whole seconds of UTC")
	}
	o, unread, found := d.Of(state.Target{Host: "g1", Volume: "gv0"})
	if unread != nil || !found || o.Actual.Volume.ID != "id" {
		t.Errorf("of gv0: %v, %v, found %v", o.Actual.Volume, unread, found)
	}
	if _, unread, found := d.Of(state.Target{Host: "g1", Volume: "gv1"}); !found || fmt.Sprint(unread) != "no answer" {
		t.Errorf("of gv1: %v, found %v", unread, found)
	}
	if _, _, found := d.Of(state.Target{User: "root", Host: "g1", Volume: "gv0"}); found {
		t.Error("of another target something is found")
	}
}

// What contradicts itself is not read.
func TestContradictions(t *testing.T) {
	for _, tt := range []struct {
		change func(*Document)
		want   string
	}{
		{func(d *Document) { d.Volumes[1].Target = "g1:/gv0" }, "g1:/gv0: it stands there twice"},
		{func(d *Document) { d.Volumes[0].Error = "no" }, "g1:/gv0: there has to be either an error or an observation"},
		{func(d *Document) { d.Volumes[1].Error = "" }, "g1:/gv1: there has to be either an error or an observation"},
		{func(d *Document) { d.Volumes[0].Target = "g1:/gv2" }, `g1:/gv2: what was found is of the volume "gv0"`},
		{func(d *Document) { d.Clusters[0][0].Volume = "gv1" }, `g1:/gv0: cluster 0 has no volume "gv0"`},
		{func(d *Document) { d.Volumes[0].Cluster = 1 }, "g1:/gv0: there is no cluster 1"},
		{func(d *Document) { delete(d.Volumes[0].Observation.Actual.Dirs, "/alpha") }, "g1:/gv0: it says that /alpha was looked at, and not what was found"},
		{func(d *Document) { delete(d.Volumes[0].Observation.Actual.Leaving, "/alpha") }, "g1:/gv0: it says that /alpha was looked at, and not what was found"},
	} {
		d := sample()
		tt.change(&d)
		_, problems := Read("f", []byte(mustMarshal(t, d)))
		if len(problems) != 1 || problems[0].Text != tt.want || problems[0].Mend != Mend {
			t.Errorf("%v, want %s", problems, tt.want)
		}
	}
}

// Whatever is read: nothing panics, and what can be read can be planned against.
func FuzzRead(f *testing.F) {
	text, err := strictjson.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, problems := Read("f", text)
		if len(problems) > 0 {
			return
		}
		if again, problems := Read("f", []byte(mustMarshal(t, d))); len(problems) > 0 || !cmp.Equal(d, again, sameValues) {
			t.Errorf("%q reads back otherwise: %v", text, problems)
		}
		for _, v := range d.Volumes {
			if v.Observation != nil {
				For(declared(), *v.Observation, "f")
			}
		}
	})
}
