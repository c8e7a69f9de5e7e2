package render_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenCase is what is shown. What only a comment tells is in the second part.
type goldenCase struct {
	name     string
	plans    []diff.Plan
	refusals []diff.Refusal
	options  render.Options
	colour   bool

	basis  string
	errors []state.Problem
	unread []render.UnreadVolume
	saved  bool
	moved  []string
}

// golden are the cases of testdata: one file each, with the text, the comment and
// the JSON, and the text in colours (ESC written as ␛) where they are of interest.
var golden = []goldenCase{
	{name: "everyday", plans: []diff.Plan{everyday()}, colour: true},
	{name: "commands", plans: []diff.Plan{everyday(), threeWrites()}, options: render.Options{Commands: commands}},
	{name: "directories", plans: []diff.Plan{directories()}},
	{name: "three-writes", plans: []diff.Plan{threeWrites()}, refusals: refusals()},
	{name: "global-only", plans: []diff.Plan{globalOnly()}},
	{name: "halves", plans: []diff.Plan{halves()}},
	{name: "levels", plans: []diff.Plan{levels()}},
	{name: "undeclared", plans: []diff.Plan{undeclared()}},
	{name: "held", plans: []diff.Plan{held()}},
	{name: "nothing", plans: []diff.Plan{nothing("gv0", 10), nothing("gv1", 20)}},
	{name: "none"},
	{name: "problems", plans: []diff.Plan{troubled(), missing(), everyday()}, refusals: refusals(), colour: true},
	{name: "stopped", plans: []diff.Plan{stopped()}},
	{name: "stopped-beside", plans: []diff.Plan{nothing("gv0", 10), stopped()}},
	{name: "globals", plans: []diff.Plan{globals()}},
	{name: "quota", plans: []diff.Plan{limited(false)}},
	{name: "limits", plans: []diff.Plan{limited(true)}},
	{name: "removals", plans: []diff.Plan{removals()}, options: render.Options{Commands: commands}, colour: true},
	{name: "doubts", plans: []diff.Plan{doubts()}},
	{name: "wide", plans: []diff.Plan{wide()}},
	{name: "grants", plans: []diff.Plan{grants()}},
	{name: "unread", plans: []diff.Plan{halves()}, basis: "This is the sandbox in box, not a cluster.", unread: []render.UnreadVolume{
		{Target: volume("gv7", 10).Target, Why: "gluster: it is not in PATH"},
	}},
	{name: "saved-unread", plans: []diff.Plan{halves()}, saved: true, unread: []render.UnreadVolume{
		{Target: volume("gv7", 10).Target, Why: "no answer"},
	}},
	{name: "saved-moved", plans: []diff.Plan{halves()}, refusals: refusals(), saved: true, moved: []string{"g1:/gv0: gone: make the directory /new"}},
	{name: "invalid", errors: []state.Problem{
		{Pos: at(3, 7), Path: "volumes[0].target", Text: `"gv0" lacks the volume`, Mend: "write host:/volume"}, {Text: "--volume x: the state file has no such target"},
	}},
}

func TestGolden(t *testing.T) {
	for _, c := range golden {
		t.Run(c.name, func(t *testing.T) {
			o := c.options
			a := &txtar.Archive{}
			section(a, "text", text(t, c.plans, c.refusals, o))
			if c.colour {
				o.Color = true
				section(a, "colour", strings.ReplaceAll(text(t, c.plans, c.refusals, o), "\x1b", "␛"))
			}
			section(a, "markdown", string(render.Markdown(comment(c))))
			section(a, "json", document(t, c.plans, c.refusals, o))
			compare(t, filepath.Join("testdata", c.name+".txtar"), txtar.Format(a))
		})
	}
}

// The same plan gives the same bytes, whatever the order in which Go walks
// its maps.
func TestSameBytes(t *testing.T) {
	for _, c := range golden {
		t.Run(c.name, func(t *testing.T) {
			all := func() string {
				return text(t, c.plans, c.refusals, c.options) + string(render.Markdown(comment(c))) + document(t, c.plans, c.refusals, c.options)
			}
			first := all()
			for range 50 {
				again := all()
				if again != first {
					t.Fatalf("two runs differ:\n%s", cmp.Diff(first, again))
				}
			}
		})
	}
}

// No line is longer than a page but for what is never broken: commands (not
// shown here), a share's name, and the line that counts.
func TestPageWidth(t *testing.T) {
	for _, c := range golden {
		lines := strings.Split(text(t, c.plans, c.refusals, render.Options{}), "\n")
		for _, line := range lines[:len(lines)-2] {
			if n := utf8.RuneCountInString(line); n > 100 && !strings.HasPrefix(line, "  + ") {
				t.Errorf("%s: a line of %d characters: %s", c.name, n, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%s: blanks at the end of %q", c.name, line)
			}
		}
	}
}

// Who takes the commands from a plan for another machine reads on which one they are
// run, and who has none of them doesn't.
func TestWhereCommandsRun(t *testing.T) {
	idle := remote()
	idle.Actions = nil
	shown := render.Options{Commands: commands}
	const inText, inMarkdown = "  . the commands are run on gluster1.example.com as root\n", "**Commands, run on `gluster1.example.com` as root; "
	for name, c := range map[string]struct {
		plan    diff.Plan
		options render.Options
		said    bool
	}{
		"on another machine": {remote(), shown, true},
		"on this one":        {everyday(), shown, false},
		"not shown":          {remote(), render.Options{}, false},
		"none":               {idle, shown, false},
	} {
		plans := []diff.Plan{c.plan}
		if got := strings.Contains(text(t, plans, nil, c.options), inText); got != c.said {
			t.Errorf("%s: text says so: %v", name, got)
		}
		page := string(render.Markdown(render.Comment{Plans: plans, Commands: c.options.Commands, MaxBytes: roomy}))
		if got := strings.Contains(page, inMarkdown); got != c.said {
			t.Errorf("%s: the comment says so: %v", name, got)
		}
	}
}

// Nobody who gains or loses access is left out, however many there are.
func TestNoClientIsCut(t *testing.T) {
	p := wide()
	_, shown, _ := strings.Cut(text(t, []diff.Plan{p}, nil, render.Options{}), "gain ")
	shown, _, _ = strings.Cut(shown, "\n\n")
	want := p.Access()[0].Gained().RW.Strings()
	if got := strings.Fields(strings.ReplaceAll(shown, ",", " ")); !slices.Equal(got, want) {
		t.Errorf("gains are shown as %v, want %v", got, want)
	}
}

// Colours change nothing but the colour.
func TestColoursAreNoText(t *testing.T) {
	codes := regexp.MustCompile(`\x1b\[[0-9]+m`)
	for _, c := range golden {
		for _, s := range hostile {
			plans, refusals, o := poisoned(c.plans, s), poisoned(c.refusals, s), c.options
			plain := text(t, plans, refusals, o)
			o.Color = true
			coloured := text(t, plans, refusals, o)
			if d := cmp.Diff(plain, codes.ReplaceAllString(coloured, "")); d != "" {
				t.Errorf("%s with %q (-plain +coloured, codes taken out):\n%s", c.name, s, d)
			}
			if len(plans) > 0 && coloured == plain {
				t.Errorf("%s: no colours at all", c.name)
			}
		}
	}
}

func TestWriteError(t *testing.T) {
	broken := errors.New("the pipe is closed")
	if err := render.Text(failing{broken}, nil, nil, render.Options{}); !errors.Is(err, broken) {
		t.Errorf("got %v, want the writer's own error", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func text(t *testing.T, plans []diff.Plan, refusals []diff.Refusal, o render.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Text(&b, plans, refusals, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func document(t *testing.T, plans []diff.Plan, refusals []diff.Refusal, o render.Options) string {
	t.Helper()
	outer := struct {
		Volumes  []render.VolumePlan `json:"volumes"`
		Refusals []render.Refusal    `json:"refusals"`
		Summary  diff.Summary        `json:"summary"`
	}{[]render.VolumePlan{}, render.Refusals(refusals), diff.Summarize(plans)}
	for _, p := range plans {
		outer.Volumes = append(outer.Volumes, render.Document(p, o.Commands))
	}
	var b bytes.Buffer
	if err := render.JSON(&b, outer); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func section(a *txtar.Archive, name, text string) {
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", file, d)
	}
}
