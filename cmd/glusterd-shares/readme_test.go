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
	file, want, rest := readmeParts(t, "# glusterd-shares plan -f state.yaml\n", "# glusterd-shares apply -f state.yaml\n")
	_, rest, _ = strings.Cut(rest, "...\n")
	applied, _, _ := strings.Cut(rest, "```\n")
	_, comment, _ := readmeParts(t, "<!-- what plan -o markdown writes begins here -->\n", "<!-- and ends here -->\n")

	t.Chdir(t.TempDir())
	write(t, "state.yaml", file)
	write(t, "empty.yaml", "version: 1\nvolumes: [{target: \"gluster1.example.com:/gv0\", shares: [{name: public, mode: \"0777\", access: []}]}]\n")
	runIn(t, "box", "apply", "-f", "empty.yaml")
	write(t, filepath.Join("box", "gluster1.example.com", "gv0", "options"),
		"nfs.disable: off\nnfs.export-volumes: off\nnfs.rpc-auth-allow: 10.0.0.0/24,10.1.1.1\nnfs.export-dir: /public(10.0.0.0/24),/old(10.1.1.1)\n")

	if d := cmp.Diff(want, runIn(t, "box", "plan", "-f", "state.yaml")); d != "" {
		t.Errorf("the plan in the README (-README +printed):\n%s", d)
	}
	_, printed, _ := strings.Cut(runIn(t, "box", "plan", "-f", "state.yaml", "-o", "markdown"), "\n\n") // that it is a sandbox
	if d := cmp.Diff(strings.TrimSpace(comment), strings.TrimSpace(printed)); d != "" {
		t.Errorf("the comment in the README (-README +printed):\n%s", d)
	}
	if got := runIn(t, "box", "apply", "-f", "state.yaml"); !strings.HasSuffix(got, "\n"+applied) {
		t.Errorf("the README says that apply ends with %q; it prints:\n%s", applied, got)
	}
}

// TestReadmeStatus holds the README's status to what is printed for the README's
// state file, some time after it was applied.
func TestReadmeStatus(t *testing.T) {
	file, want, _ := readmeParts(t, "# glusterd-shares status -f state.yaml --all\n", "```\n")
	t.Chdir(t.TempDir())
	write(t, "state.yaml", file)
	runIn(t, "box", "apply", "-f", "state.yaml")
	brick := filepath.Join("box", "gluster1.example.com", "gv0", "brick")
	write(t, filepath.Join(brick, "alpha", "data"), "")
	if err := os.Truncate(filepath.Join(brick, "alpha", "data"), 181<<30); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"old", "scratch"} {
		if err := os.Mkdir(filepath.Join(brick, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(brick, "public"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join("box", "gluster1.example.com", "gv0", "options"),
		"features.quota: on\nnfs.disable: off\nnfs.export-volumes: off\nnfs.rpc-auth-allow: 10.0.0.0/24,10.1.1.1,10.20.30.11,10.20.31.0/24\n"+
			"nfs.export-dir: /alpha(10.20.30.11|10.20.31.0/24),/public(10.0.0.0/24),/old(10.1.1.1)\n")
	if d := cmp.Diff(want, runIn(t, "box", "status", "-f", "state.yaml", "--all")); d != "" {
		t.Errorf("the status in the README (-README +printed):\n%s", d)
	}
}

// readmeParts are the README's state file, and what stands after begin up to end
// and behind that.
func readmeParts(t *testing.T, begin, end string) (file, part, rest string) {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, file, _ = strings.Cut(string(readme), "```yaml\n")
	file, _, _ = strings.Cut(file, "```\n")
	_, part, _ = strings.Cut(string(readme), begin)
	part, rest, _ = strings.Cut(part, end)
	return file, part, rest
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
