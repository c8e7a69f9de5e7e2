package render_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/status"
)

// goldenStatus are the cases of a status: one file each, with the text, what a
// terminal shows where that is of interest (ESC written as ␛), and the JSON.
var goldenStatus = []struct {
	name     string
	volumes  []status.Volume
	terminal bool
}{
	{name: "glances", volumes: []status.Volume{glances()}, terminal: true},
	{name: "strays", volumes: []status.Volume{strays()}, terminal: true},
	{name: "unheeded", volumes: []status.Volume{unheeded()}},
	{name: "unsound", volumes: unsound(), terminal: true},
	{name: "crowded", volumes: crowded(), terminal: true},
	{name: "of-plans", volumes: ofPlans()},
	{name: "nothing-at-all"},
}

func TestGoldenStatus(t *testing.T) {
	for _, c := range goldenStatus {
		t.Run(c.name, func(t *testing.T) {
			a := &txtar.Archive{}
			section(a, "text", statusText(t, c.volumes, render.StatusOptions{}))
			if c.terminal {
				shown := statusText(t, c.volumes, render.StatusOptions{Color: true, Bars: true})
				section(a, "terminal", strings.ReplaceAll(shown, "\x1b", "␛"))
			}
			section(a, "json", statusDocument(t, c.volumes))
			compare(t, filepath.Join("testdata", "status", c.name+".txtar"), txtar.Format(a))
		})
	}
}

func TestStatusSameBytes(t *testing.T) {
	for _, c := range goldenStatus {
		first := statusText(t, c.volumes, render.StatusOptions{Bars: true}) + statusDocument(t, c.volumes)
		for range 20 {
			if again := statusText(t, c.volumes, render.StatusOptions{Bars: true}) + statusDocument(t, c.volumes); again != first {
				t.Fatalf("%s: two runs differ:\n%s", c.name, cmp.Diff(first, again))
			}
		}
	}
}

// No line is longer than a page, whatever stands in its columns, but for a name
// that is, and the lines that count.
func TestStatusPageWidth(t *testing.T) {
	for _, c := range goldenStatus {
		for _, o := range []render.StatusOptions{{}, {Bars: true}} {
			for line := range strings.Lines(statusText(t, c.volumes, o)) {
				line = strings.TrimSuffix(line, "\n")
				name := strings.HasPrefix(line, "  /") && !strings.Contains(line[2:], " ")
				if n := utf8.RuneCountInString(line); n > 100 && !name && !strings.HasSuffix(line, ".") {
					t.Errorf("%s: a line of %d characters: %s", c.name, n, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("%s: blanks at the end of %q", c.name, line)
				}
			}
		}
	}
}

// Every share is named whole, at the beginning of a line.
func TestStatusNamesEveryShare(t *testing.T) {
	for _, c := range goldenStatus {
		shown := statusText(t, c.volumes, render.StatusOptions{})
		for _, v := range c.volumes {
			for _, s := range v.Shares {
				if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(s.Path) + `( .*)?$`).MatchString(shown) {
					t.Errorf("%s: no line of %s", c.name, s.Path)
				}
			}
		}
	}
}

func TestStatusColoursAreNoText(t *testing.T) {
	codes := regexp.MustCompile(`\x1b\[[0-9]+m`)
	for _, c := range goldenStatus {
		for _, s := range hostile {
			volumes := poisoned(c.volumes, s)
			plain := statusText(t, volumes, render.StatusOptions{Bars: true})
			coloured := statusText(t, volumes, render.StatusOptions{Bars: true, Color: true})
			if d := cmp.Diff(plain, codes.ReplaceAllString(coloured, "")); d != "" {
				t.Errorf("%s with %q (-plain +coloured, codes taken out):\n%s", c.name, s, d)
			}
		}
	}
}

// Nothing that a cluster or a file says steers a terminal, or makes a line.
func TestStatusIsOnlyText(t *testing.T) {
	for _, c := range goldenStatus {
		for _, s := range hostile {
			shown := statusText(t, poisoned(c.volumes, s), render.StatusOptions{Bars: true})
			if !utf8.ValidString(shown) || strings.Contains(shown, "\n  + evil") {
				t.Errorf("%s with %q: no UTF-8, or a forged line", c.name, s)
			}
			if i := strings.IndexFunc(shown, func(r rune) bool { return r != '\n' && steers(r) }); i >= 0 {
				t.Errorf("%s with %q: %q reaches the terminal", c.name, s, shown[i:i+4])
			}
		}
	}
}

func TestStatusNoNullLists(t *testing.T) {
	for _, c := range append(goldenStatus, goldenStatus[0]) {
		out := strings.ReplaceAll(statusDocument(t, c.volumes), `"position": null`, "")
		if strings.Contains(out, "null") {
			t.Errorf("%s: a null that is no position:\n%s", c.name, out)
		}
	}
	zero := statusDocument(t, []status.Volume{{Shares: make([]status.Share, 1), Undeclared: make([]status.Entry, 1)}})
	if out := strings.ReplaceAll(zero, `"position": null`, ""); strings.Contains(out, "null") {
		t.Errorf("the zero volume:\n%s", out)
	}
}

// A bar is full where nothing more may be used, and never empty where anything
// is; without a limit there is none.
func TestBars(t *testing.T) {
	for _, tt := range []struct {
		used, limit uint64
		want        string
	}{
		{0, 800, "[........] 0 bytes of 800 bytes"},
		{1, 800, "[#.......] 1 bytes of 800 bytes"},
		{400, 800, "[####....] 400 bytes of 800 bytes"},
		{799, 800, "[#######.] 799 bytes of 800 bytes"},
		{800, 800, "[########] 800 bytes of 800 bytes"},
		{1 << 63, 1, "[########] 8192PiB of 1 bytes"},
		{5, 0, "  5 bytes, no limit"},
	} {
		v := volumeStatus("gv0", 1, shareStatus("a", 2, counted(tt.used, tt.limit), mounts(""), "in-sync"))
		if shown := statusText(t, []status.Volume{v}, render.StatusOptions{Bars: true}); !strings.Contains(shown, tt.want) {
			t.Errorf("no %q in\n%s", tt.want, shown)
		}
	}
}

func TestStatusWriteError(t *testing.T) {
	broken := errors.New("the pipe is closed")
	if err := render.Status(failing{broken}, nil, render.StatusOptions{}); !errors.Is(err, broken) {
		t.Errorf("got %v, want the writer's own error", err)
	}
}

// What is folded away is counted.
func TestFoldedClientsAreCounted(t *testing.T) {
	more := regexp.MustCompile(`  (\S+(?:, \S+)*) \+(\d+)  `)
	for n := 1; n < 300; n += 7 {
		var words []string
		for i := range n {
			words = append(words, "10.0."+strings.Join([]string{strconv.Itoa(i / 100), strconv.Itoa(2*(i%100) + 1)}, "."))
		}
		v := volumeStatus("gv0", 1, shareStatus("a", 2, counted(0, 0), mounts(strings.Join(words, " ")), "in-sync"))
		shown := statusText(t, []status.Volume{v}, render.StatusOptions{})
		found := more.FindStringSubmatch(shown)
		if found == nil {
			if !strings.Contains(shown, "  "+strings.Join(words, ", ")+"  ") {
				t.Errorf("%d clients, neither folded nor whole:\n%s", n, shown)
			}
			continue
		}
		first := strings.Split(found[1], ", ")
		if !slices.Equal(first, words[:len(first)]) || strconv.Itoa(n-len(first)) != found[2] {
			t.Errorf("%d clients:\n%s", n, shown)
		}
	}
}

func statusText(t *testing.T, volumes []status.Volume, o render.StatusOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Status(&b, volumes, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func statusDocument(t *testing.T, volumes []status.Volume) string {
	t.Helper()
	outer := struct {
		Volumes []render.VolumeStatus `json:"volumes"`
		Total   status.Total          `json:"total"`
	}{[]render.VolumeStatus{}, status.TotalOf(volumes)}
	for _, v := range volumes {
		outer.Volumes = append(outer.Volumes, render.StatusDocument(v))
	}
	var b bytes.Buffer
	if err := render.JSON(&b, outer); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
