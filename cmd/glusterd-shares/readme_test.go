package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadme holds the README's plan to what is printed for the README's state
// file, on the cluster that it has in mind.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```yaml\n")
	file, _, _ := strings.Cut(rest, "```\n")
	_, rest, _ = strings.Cut(string(readme), "# glusterd-shares plan -f state.yaml\n")
	want, rest, _ := strings.Cut(rest, "# glusterd-shares apply -f state.yaml\n")
	_, rest, _ = strings.Cut(rest, "...\n")
	applied, _, _ := strings.Cut(rest, "```\n")

	t.Chdir(t.TempDir())
	write(t, "state.yaml", file)
	write(t, "empty.yaml", "version: 1\nvolumes: [{target: \"gluster1.example.com:/gv0\", shares: [{name: public, mode: \"0777\", access: []}]}]\n")
	runIn(t, "box", "apply", "-f", "empty.yaml")
	write(t, filepath.Join("box", "gluster1.example.com", "gv0", "options"),
		"nfs.disable: off\nnfs.export-volumes: off\nnfs.rpc-auth-allow: 10.0.0.0/24,10.1.1.1\nnfs.export-dir: /public(10.0.0.0/24),/old(10.1.1.1)\n")

	if d := cmp.Diff(want, runIn(t, "box", "plan", "-f", "state.yaml")); d != "" {
		t.Errorf("the plan in the README (-README +printed):\n%s", d)
	}
	if got := runIn(t, "box", "apply", "-f", "state.yaml"); !strings.HasSuffix(got, "\n"+applied) {
		t.Errorf("the README says that apply ends with %q; it prints:\n%s", applied, got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runIn runs a command line in the sandbox and returns what it prints, without
// the word that it is one.
func runIn(t *testing.T, box string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), append(args, "--sandbox", box), stdio{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Fatalf("%v: exit code %d: %s%s", args, code, out.String(), errs.String())
	}
	_, answer, _ := strings.Cut(out.String(), "\n\n")
	return answer
}
