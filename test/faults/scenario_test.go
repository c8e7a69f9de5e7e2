package faults

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// host is the only one of every scenario.
const host = "g1"

// scenario is what a run finds and what it is to do, read from an archive in
// testdata:
//
//	-- before.yaml --     is applied first; may be missing
//	-- hand --            gluster commands of an admin after that, one a line;
//	                      mkdir VOLUME PATH makes a directory, create VOLUME a volume
//	-- after.yaml --      the state of the run that is broken
type scenario struct {
	name          string
	before, after *state.Desired // before may be nil
	hand          [][]string
	text          []byte // of after.yaml
}

func scenarios(t *testing.T) []scenario {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var out []scenario
	for _, f := range files {
		out = append(out, readScenario(t, f))
	}
	return out
}

func readScenario(t *testing.T, file string) scenario {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := scenario{name: strings.TrimSuffix(filepath.Base(file), ".txtar")}
	for _, f := range archive.Files {
		switch f.Name {
		case "before.yaml":
			s.before = parseState(t, file, f)
		case "after.yaml":
			s.after, s.text = parseState(t, file, f), f.Data
		case "hand":
			for line := range strings.Lines(string(f.Data)) {
				s.hand = append(s.hand, strings.Fields(line))
			}
		default:
			t.Fatalf("%s: what is %s?", file, f.Name)
		}
	}
	if s.after == nil {
		t.Fatalf("%s: there is no after.yaml", file)
	}
	return s
}

func parseState(t *testing.T, file string, f txtar.File) *state.Desired {
	t.Helper()
	d, err := statefile.Parse(statefile.File{Name: f.Name, Text: f.Data})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return &d
}

// make brings a new sandbox to where the scenario begins.
func (s scenario) make(t *testing.T, dir string) {
	t.Helper()
	box := open(t, dir)
	for _, v := range s.after.Volumes {
		ensure(t, box, v.Target.Volume)
	}
	if s.before != nil {
		m := newMachine(box, dir)
		if out := m.run(t.Context(), *s.before); !out.ok() {
			t.Fatalf("%s: what it begins with: %v", s.name, out)
		}
	}
	for _, words := range s.hand {
		admin(t, box, dir, words)
	}
	plant(t, dir)
}

func ensure(t *testing.T, box *sandbox.Sandbox, volume string) {
	t.Helper()
	if err := box.Ensure(state.Target{Host: host, Volume: volume}); err != nil {
		t.Fatal(err)
	}
}

// admin does something by hand.
func admin(t *testing.T, box *sandbox.Sandbox, dir string, words []string) {
	t.Helper()
	switch words[0] {
	case "create":
		ensure(t, box, words[1])
	case "mkdir":
		mkdir(t, filepath.Join(brick(dir, words[1]), words[2]))
	default:
		if err := byHand(box, words...); err != nil {
			t.Fatal(err)
		}
	}
}

// byHand runs a gluster command that has to succeed.
func byHand(box *sandbox.Sandbox, words ...string) error {
	ans, err := box.Host(host).Gluster(context.Background(), "", append([]string{"--mode=script", "--xml"}, words...)...)
	if err == nil && !strings.Contains(ans.Stdout, "<opRet>0</opRet>") {
		err = fmt.Errorf("gluster %q: %s%s", words, ans.Stdout, ans.Stderr)
	}
	return err
}
