package savedplan

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/strictjson"
)

var update = flag.Bool("update", false, "write the golden file anew")

const stateFile = `version: 1
volumes:
  - target: g1:/gv0
    shares:
      - {name: alpha, owner: root, mode: "0755", size: 2GiB, access: [10.0.0.1]}
      - {name: old, state: absent, on_delete: purge}
      - {name: new, access: [10.0.0.2, {to: 10.0.1.0/24, note: "<backup>"}]}
  - target: g1:/gv1
    shares: [{name: x, access: []}]
`

// found is what stands there when sample is planned.
func found() state.Actual {
	a := state.Actual{
		Volume: state.VolumeInfo{Name: "gv0", ID: "id-of-gv0", Started: true},
		Server: state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: "p1", Host: "n1", Online: true, PID: 7}}},
		Peers:  []state.Peer{{ID: "p1", Host: "n1", Connected: true}},
		Dirs: map[string]state.Dir{
			"/alpha": {Kind: state.Directory, Mode: 0o700}, "/old": {Kind: state.Directory, Mode: 0o755}, "/new": {},
		},
		Leaving: map[string]state.Leaving{"/old": {ID: state.FileID{Device: 1, Inode: 1<<64 - 1}}},
		Quota: state.Quota{On: true, Space: 1 << 40, Usage: map[string]state.Usage{
			"/alpha": {Limit: 1 << 30, Used: 5}, "/old": {},
		}},
		Owners: map[string]uint32{"root": 0},
	}
	for _, s := range (gnfs.Server{}).Decode(map[string]map[string]string{
		"gv0": {"nfs.disable": "off", "nfs.export-volumes": "off", "nfs.rpc-auth-allow": "10.0.0.0/30", "nfs.export-dir": "/alpha(10.0.0.3),/kept(10.0.0.1)"},
		"gv1": {"nfs.disable": "on", "nfs.export-volumes": "off"},
	}, nil) {
		if s.Volume == "gv0" {
			a.Serving = s
		} else {
			a.Others = append(a.Others, s)
		}
	}
	return a
}

func parse(t testing.TB) state.Desired {
	t.Helper()
	want, err := statefile.Parse(statefile.File{Name: "state.yaml", Text: []byte(stateFile)})
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func planned(t testing.TB, a state.Actual) diff.Plan {
	t.Helper()
	p := diff.Compute(parse(t).Volumes[0], a, gnfs.Server{})
	if len(p.Problems) > 0 {
		t.Fatal(p.Problems)
	}
	return p
}

func sample(t testing.TB) []byte {
	t.Helper()
	d, err := New(time.Date(2026, 11, 25, 22, 33, 44, 0, time.UTC), "1.0", "", []statefile.File{{Name: "state.yaml", Text: []byte(stateFile)}})
	if err != nil {
		t.Fatal(err)
	}
	d.Add(planned(t, found()), found())
	text, err := strictjson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The format is what it was. Where the golden file changes so does the version, unless
// the change is in what a plan holds.
func TestFormat(t *testing.T) {
	const golden = "testdata/plan.json"
	if *update {
		if err := os.WriteFile(golden, sample(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(sample(t))); d != "" {
		t.Errorf("-golden +written\n%s", d)
	}
}

// What is read is what was written: the state, and the plan for it.
func TestRead(t *testing.T) {
	d, problems := Read("f", sample(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want, others, problems := d.Desired("f")
	if len(problems) > 0 || len(want.Volumes) != 1 || len(others) != 1 || others[0].Target.Volume != "gv1" {
		t.Fatalf("%v, for %v and not for %v", problems, want.Volumes, others)
	}
	plans, problems := d.Plans("f", want, gnfs.Server{})
	if len(problems) > 0 || len(Compare(planned(t, found()), plans[0])) > 0 {
		t.Errorf("%v: %v", problems, Compare(planned(t, found()), plans[0]))
	}
	if pos := plans[0].Volume.Shares[0].Pos; pos.String() != "state.yaml:5:16" {
		t.Errorf("the first share stands at %v", pos)
	}
}

// Carriage returns, and a last line that has no end, are kept.
func TestFilesAreKeptToTheByte(t *testing.T) {
	text := strings.ReplaceAll(strings.TrimSuffix(stateFile, "\n"), "\n", "\r\n")
	d, err := New(time.Time{}, "", "", []statefile.File{{Name: "f", Text: []byte(text)}})
	if err != nil || strings.Join(d.Files[0].Lines, "\n") != text {
		t.Errorf("%v, %q", err, d.Files)
	}
	if _, err := New(time.Time{}, "", "", []statefile.File{{Name: "f", Text: []byte("# \xff")}}); err == nil {
		t.Error("what is not UTF-8 is saved as if it were")
	}
}

// A file without a plan is none: to carry it out would do nothing, and look as if all
// were done.
func TestReadWithoutAPlan(t *testing.T) {
	d, problems := Read("f", sample(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	d.Volumes = nil
	text, err := strictjson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := Read("f", text); len(problems) != 1 || problems[0].Text != "it has no plan of any volume" || problems[0].Mend != Mend {
		t.Errorf("the problems are %v", problems)
	}
}

// Every change of what counts is told, and nothing else is.
func TestCompare(t *testing.T) {
	set := func(a *state.Actual, key, value string) {
		settings := map[string]map[string]string{"gv0": a.Serving.Settings, "gv1": a.Others[0].Settings}
		settings["gv0"][key] = value
		a.Serving = gnfs.Server{}.Decode(settings, nil)[0]
	}
	for _, tt := range []struct {
		name   string
		change func(*state.Actual)
		want   []string
	}{
		{"nothing", func(*state.Actual) {}, nil},
		{"what is used", func(a *state.Actual) { a.Quota.Usage["/alpha"] = state.Usage{Limit: 1 << 30, Used: 99 << 30} }, nil},
		{"the volume's mount", func(a *state.Actual) {
			a.Leaving["/old"] = state.Leaving{ID: state.FileID{Device: 2, Inode: 1<<64 - 1}}
		}, nil},
		{"what is only warned of", func(a *state.Actual) { set(a, "nfs.volume-access", "read-only") }, nil},
		{"the volume", func(a *state.Actual) { a.Volume.ID = "other" }, []string{`other: the volume: id was "id-of-gv0" and is "other"`}},
		{"the directory that goes", func(a *state.Actual) {
			a.Leaving["/old"] = state.Leaving{ID: state.FileID{Device: 1, Inode: 1<<64 - 2}}
		},
			[]string{`other: delete the directory /old, by way of the trash: directory was "18446744073709551615" and is "18446744073709551614"`}},
		{"what an earlier purge has left", func(a *state.Actual) {
			a.Leaving["/old"] = state.Leaving{ID: a.Leaving["/old"].ID, Left: []string{"x"}}
		}, []string{`other: delete the directory /old, by way of the trash: retirement.left was nothing and is ["x"]`}},
		{"a directory that is there", func(a *state.Actual) { a.Dirs["/new"] = state.Dir{Kind: state.Directory} }, []string{"gone: make the directory /new"}},
		{"a mode", func(a *state.Actual) { a.Dirs["/alpha"] = state.Dir{Kind: state.Directory, Mode: 0o711} },
			[]string{`other: set the permissions of /alpha: old.mode was "0700" and is "0711"`}},
		{"an owner", func(a *state.Actual) { a.Dirs["/alpha"] = state.Dir{Kind: state.Directory, Mode: 0o700, UID: 5} },
			[]string{`other: set the permissions of /alpha: new.owner was nothing and is {"name":"root","number":0}, old.owner was nothing and is {"number":5}`}},
		{"a limit beyond what a float holds", func(a *state.Actual) { a.Quota.Usage["/alpha"] = state.Usage{Limit: 1<<62 + 1} },
			[]string{"other: set the limit of /alpha: limit.old was 1073741824 and is 4611686018427387905"}},
		{"who is admitted", func(a *state.Actual) { set(a, "nfs.rpc-auth-allow", "10.0.0.1,10.0.0.2,10.0.0.3") },
			[]string{`other: take access away: settings[1].old was "10.0.0.0/30" and is "10.0.0.1,10.0.0.2,10.0.0.3"`}},
		{"what is kept", func(a *state.Actual) { set(a, "nfs.export-dir", "/alpha(10.0.0.3),/kept(10.0.0.2)") }, []string{
			"gone: the undeclared export /kept(10.0.0.1)", "new: the undeclared export /kept(10.0.0.2)",
			`other: who may mount gv0:/kept: after.rw was ["10.0.0.1"] and is ["10.0.0.2"], before.rw was ["10.0.0.1"] and is ["10.0.0.2"]`,
		}},
		{"a share that is held", func(a *state.Actual) { a.Dirs["/new"] = state.Dir{Kind: state.NotADirectory, What: "a symlink"} },
			[]string{"gone: make the directory /new"}},
		{"a problem", func(a *state.Actual) { a.Server.Built = false },
			[]string{"new: the problem that this Gluster has no NFS server: it takes every nfs option and serves nothing"}},
		{"a volume that is stopped", func(a *state.Actual) { a.Volume.Started = false }, []string{"other: the volume: unplanned was false and is true"}},
	} {
		a := found()
		tt.change(&a)
		var got []string
		for _, d := range Compare(planned(t, found()), diff.Compute(parse(t).Volumes[0], a, gnfs.Server{})) {
			if d.Target != "g1:/gv0" {
				t.Errorf("%s: the difference is of %s", tt.name, d.Target)
			}
			got = append(got, d.String())
		}
		for _, want := range tt.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: it is not told: %s\nbut:\n%s", tt.name, want, strings.Join(got, "\n"))
			}
		}
		if len(tt.want) == 0 && len(got) > 0 {
			t.Errorf("%s: %s", tt.name, strings.Join(got, "\n"))
		}
	}
}

func TestIsOne(t *testing.T) {
	text := sample(t)
	for _, tt := range []struct {
		text string
		want bool
	}{
		{string(text), true},
		{string(text[:200]), true},
		{strings.Replace(string(text), `"1.0"`, `"7.3"`, 1), true},
		{strings.Replace(string(text), "saved plan", "observation", 1), false},
		{"", false}, {"version: 1", false}, {"{}", false},
	} {
		if got := IsOne([]byte(tt.text)); got != tt.want {
			t.Errorf("%.80q: %v", tt.text, got)
		}
	}
}

// Whatever is read, nothing panics, and what is taken for a plan holds together.
func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, problems := Read("f", text)
		if len(problems) > 0 {
			return
		}
		want, _, problems := d.Desired("f")
		if len(problems) > 0 {
			return
		}
		plans, problems := d.Plans("f", want, gnfs.Server{})
		if len(problems) == 0 && len(plans) != len(d.Volumes) {
			t.Errorf("%d plans of %d volumes", len(plans), len(d.Volumes))
		}
	})
}
