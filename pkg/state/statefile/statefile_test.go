package statefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/go-multierror"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// One file in full, to show what becomes of what.
func TestParseGivesDesired(t *testing.T) {
	const text = `version: 1
host_groups: {web: [10.0.0.1, 10.0.0.2]}
volumes:
  - target: root@h:/v
    shares:
      - name: teams/alpha
        group: projects
        mode: "2770"
        access: [web, {to: 10.1.0.0/24, level: ro, note: backup}]
`
	at := func(line, column int) state.Pos { return state.Pos{File: "f.yaml", Line: line, Column: column} }
	want := state.Desired{
		Files:          []string{"f.yaml"},
		MountPointBase: "/run/glusterd-shares",
		Groups:         map[string]state.Set{"web": set("10.0.0.1/32", "10.0.0.2/32")},
		Volumes: []state.Volume{{
			Target: state.Target{User: "root", Host: "h", Volume: "v"},
			Serve:  "gluster-nfs", Undeclared: state.Keep, Pos: at(4, 13), Path: "volumes[0]",
			Shares: []state.Share{{
				Name: "teams/alpha", Pos: at(6, 15), Path: "volumes[0].shares[0]",
				Group: "projects", GroupPos: at(7, 16),
				Mode: state.Mode{Bits: 0o2770, Managed: true}, ModePos: at(8, 15),
				AccessPos: at(9, 17),
				Access: []state.Rule{{
					Word: "web", To: set("10.0.0.1/32", "10.0.0.2/32"), Level: state.ReadWrite,
					Pos: at(9, 18), Path: "volumes[0].shares[0].access[0]",
				}, {
					Word: "10.1.0.0/24", To: set("10.1.0.0/24"), Level: state.ReadOnly, Note: "backup",
					Pos: at(9, 23), Path: "volumes[0].shares[0].access[1]",
				}},
			}},
		}},
	}
	got, err := parse("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func set(prefixes ...string) state.Set {
	var out []netip.Prefix
	for _, p := range prefixes {
		out = append(out, netip.MustParsePrefix(p))
	}
	return state.SetOf(out...)
}

// A file with anchors and merges means what it means written out.
func TestAliasesMeanWhatTheyName(t *testing.T) {
	const short = `version: 1
x-perm: &perm {owner: root, mode: "0700"}
x-more: &more {mode: "0750", group: staff, access: [10.0.0.1]}
volumes:
  - target: h:/v
    shares:
      - &first {name: a, <<: [*perm, *more]}
      - {<<: *first, name: b, access: []}
  - target: h:/w
    shares: [*first]
`
	const long = `version: 1
volumes:
  - target: h:/v
    shares:
      - {name: a, owner: root, mode: "0700", group: staff, access: [10.0.0.1]}
      - {name: b, owner: root, mode: "0700", group: staff, access: []}
  - target: h:/w
    shares:
      - {name: a, owner: root, mode: "0700", group: staff, access: [10.0.0.1]}
`
	got, err := parse("f", []byte(short))
	if err != nil {
		t.Fatal(err)
	}
	want, err := parse("f", []byte(long))
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want, got, cmpopts.IgnoreTypes(state.Pos{})); d != "" {
		t.Errorf("(-long +short):\n%s", d)
	}
}

// Problems gives every mistake, in the order of the file, as a value.
func TestProblemsAreValuesInFileOrder(t *testing.T) {
	_, err := statefile.Load([]string{"testdata/bad/all-at-once.yaml"}, nil)
	problems := statefile.Problems(fmt.Errorf("checking: %w", err))
	if len(problems) < 10 {
		t.Fatalf("only %d problems: %v", len(problems), err)
	}
	if !slices.IsSortedFunc(problems, func(a, b state.Problem) int { return a.Pos.Compare(b.Pos) }) {
		t.Errorf("not in the order of the file:\n%v", err)
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Error())
		if p.Pos.Line == 0 || p.Mend == "" {
			t.Errorf("no line or no mend: %v", p)
		}
	}
	if got, want := err.Error(), strings.Join(lines, "\n"); got != want {
		t.Errorf("the error reads\n%s\nnot\n%s", got, want)
	}
	var errs *multierror.Error
	if !errors.As(err, &errs) || len(errs.Errors) != len(problems) {
		t.Errorf("%T is no multierror of %d problems", err, len(problems))
	}
}

// Line 10 comes after line 2.
func TestOrderIsByNumber(t *testing.T) {
	text := "version: 1\nk2: 1\n" + strings.Repeat("#\n", 7) + "k10: 1\nvolumes: []\n"
	_, err := parse("f", []byte(text))
	var got []int
	for _, p := range statefile.Problems(err) {
		got = append(got, p.Pos.Line)
	}
	if d := diff([]int{2, 10, 11}, got); d != "" {
		t.Errorf("lines (-want +got):\n%s", d)
	}
}

func TestLoadReadsAFile(t *testing.T) {
	got, err := statefile.Load([]string{"testdata/good/minimal.yaml"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "testdata/good/minimal.yaml:3:13"; got.Volumes[0].Pos.String() != want {
		t.Errorf("the volume stands at %s, want %s", got.Volumes[0].Pos, want)
	}
}

func TestLoadReadsStdin(t *testing.T) {
	got, err := statefile.Load([]string{"-"}, bytes.NewReader(read(t, "testdata/good/minimal.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	if want := "stdin:3:13"; got.Volumes[0].Pos.String() != want {
		t.Errorf("the volume stands at %s, want %s", got.Volumes[0].Pos, want)
	}
}

// What can't be read is a problem of its place, told without a Go error's words.
func TestLoadTellsWhatCannotBeRead(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "state.yaml")
	for _, c := range []struct {
		name, path string
		stdin      io.Reader
		want       string
	}{
		{"missing", missing, nil, missing + ": the state file can't be read: no such file or directory"},
		{"stdin", "-", failing{errors.New("broken pipe")}, "stdin: the state file can't be read: broken pipe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := statefile.Load([]string{c.path}, c.stdin)
			if p := statefile.Problems(err); len(p) != 1 || p[0].Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// The limit of size holds for files, stdin and texts, to the byte.
func TestSizeIsLimited(t *testing.T) {
	const limit = 16 << 20
	fits := slices.Concat(read(t, "testdata/good/minimal.yaml"), []byte("\n#"))
	fits = append(fits, bytes.Repeat([]byte("x"), limit-len(fits))...)
	if _, err := parse("f", fits); err != nil {
		t.Errorf("%d bytes: %v", len(fits), err)
	}
	big := append(fits, 'x')
	file := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(file, big, 0o600); err != nil {
		t.Fatal(err)
	}
	_, fromFile := statefile.Load([]string{file}, nil)
	_, fromStdin := statefile.Load([]string{"-"}, bytes.NewReader(big))
	_, fromText := parse("f", big)
	for _, err := range []error{fromFile, fromStdin, fromText} {
		if p := statefile.Problems(err); len(p) != 1 || p[0].Text != "the file is larger than 16 MiB" {
			t.Errorf("%d bytes: %v", len(big), err)
		}
	}
}

// The limits are those of all files together, told once at the file that goes
// beyond; what follows it is not looked at.
func TestLimitsAreOfAllFiles(t *testing.T) {
	const broken = "version: 2\n"
	half := "version: 1\n#" + strings.Repeat("x", 9<<20) + "\n"
	many := "version: 1\nx-a: &a [" + strings.Repeat("1,", 1100) + "]\nx-b: [" + strings.Repeat("*a,", 1000) + "]\n"
	for _, c := range []struct{ name, text, want string }{
		{"size", half, "b.yaml: the files up to this one come to more than 16 MiB"},
		{"values", many, "b.yaml:1:1: the files up to this one hold more than 2097152 values, counting an alias each time it is used"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			ok(t, os.WriteFile("a.yaml", []byte(oneShare("alpha")+c.text[len("version: 1\n"):]), 0o644))
			if _, err := statefile.Load([]string{"a.yaml"}, nil); err != nil {
				t.Fatalf("alone: %v", err)
			}
			ok(t, os.WriteFile("b.yaml", []byte(c.text), 0o644))
			ok(t, os.WriteFile("c.yaml", []byte(broken), 0o644))
			_, err := statefile.Load([]string{"."}, nil)
			want := c.want + "; name clients that many shares have in common as a group in host_groups"
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// A file that is too large hides no mistake of those before it, whichever is
// named first.
func TestWhatFitsIsRead(t *testing.T) {
	t.Chdir(t.TempDir())
	ok(t, os.WriteFile("a.yaml", []byte("version: 2\n"), 0o644))
	ok(t, os.WriteFile("b.yaml", bytes.Repeat([]byte("#"), 17<<20), 0o644))
	_, err := statefile.Load([]string{"b.yaml", "a.yaml"}, nil)
	var got []string
	for _, p := range statefile.Problems(err) {
		got = append(got, p.Pos.String()+": "+p.Text)
	}
	want := []string{"a.yaml:1:10: version 2 of the format is not known", "b.yaml: the files up to this one come to more than 16 MiB"}
	if d := diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Ten thousand shares of ten clients each fit into the limits.
func TestTenThousandSharesLoad(t *testing.T) {
	got, err := parse("f", manyShares(10_000))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Volumes[0].Shares); n != 10_000 {
		t.Errorf("%d shares", n)
	}
}

// Groups of groups that grow with each other are stopped, in one file or in two.
func TestGroupsAreLimited(t *testing.T) {
	chain := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "  g%d: [g%d, 10.%d.%d.0]\n", i, i-1, i/250, i%250)
		}
		return b.String()
	}
	const head = "version: 1\nhost_groups:\n"
	first, rest := head+"  g0: [10.0.0.0]\n"+chain(1, 1000), chain(1000, 1501)+"volumes: [{target: 'h:/v', shares: [{name: a, access: [g1500]}]}]\n"
	const want = "the groups come to more than 1048576 addresses and networks"
	if _, err := parse("f", []byte(first+rest)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("one file: %v", err)
	}
	_, err := statefile.Parse(statefile.File{Name: "f", Text: []byte(first)}, statefile.File{Name: "g", Text: []byte(head + rest)})
	if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "g:") {
		t.Errorf("two files: %v", err)
	}
	if _, err := parse("f", []byte(first+"volumes: [{target: 'h:/v', shares: [{name: a, access: [g999]}]}]\n")); err != nil {
		t.Errorf("the first file alone: %v", err)
	}
}

// manyShares is a file of n shares, each with ten clients.
func manyShares(n int) []byte {
	var b bytes.Buffer
	b.WriteString("version: 1\nvolumes:\n  - target: h:/v\n    shares:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - name: projects/p%05d\n        owner: root\n        mode: \"2770\"\n        access:\n", i)
		for j := range 10 {
			fmt.Fprintf(&b, "          - 10.%d.%d.%d\n", i/250, i%250, j+1)
		}
	}
	return b.Bytes()
}

func TestNameReadsBack(t *testing.T) {
	for _, name := range []string{"alpha", "teams/alpha", "2024", "1e3", "0x1f", "0o17", "1_000", "null", "true", "yes", "on", "n", "2026-11-25", "_", "a.b@c+d"} {
		text := "version: 1\nvolumes:\n  - target: g1:/gv0\n    shares:\n      - name: " + statefile.Name(name) + "\n        access: []\n"
		got, err := statefile.Parse(statefile.File{Name: "f", Text: []byte(text)})
		if err != nil || got.Volumes[0].Shares[0].Name != name {
			t.Errorf("%s: %v", statefile.Name(name), err)
		}
	}
	if name := statefile.Name("alpha"); name != "alpha" {
		t.Errorf("alpha is written as %s", name)
	}
}

func BenchmarkParse(b *testing.B) {
	text := manyShares(1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := parse("f", text); err != nil {
			b.Fatal(err)
		}
	}
}
