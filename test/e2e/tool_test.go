//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Exit codes of the program.
const (
	exitDone    = 0
	exitFailed  = 1
	exitPending = 2
	exitInvalid = 3
	exitRefused = 4
)

// State is a state file.
type State struct {
	Top     string // lines at the top level
	Volumes []Volume
}

// Volume is a volume of a state file.
type Volume struct {
	Name   string
	Keys   string   // lines besides target and shares
	Shares []string // each the inside of {}: name: alpha, access: [any]
}

// shares is the state of one volume, where nothing else is said.
func shares(vol string, shares ...string) State {
	return State{Volumes: []Volume{{Name: vol, Shares: shares}}}
}

func (s State) String() string {
	var b strings.Builder
	b.WriteString("version: 1\n" + s.Top + "\nvolumes:\n")
	for _, v := range s.Volumes {
		b.WriteString("  - target: " + server + ":/" + v.Name + "\n")
		if v.Keys != "" {
			b.WriteString("    " + v.Keys + "\n")
		}
		b.WriteString("    shares:\n")
		for _, share := range v.Shares {
			b.WriteString("      - {" + share + "}\n")
		}
	}
	return b.String()
}

// File writes the state to a file and gives its path.
func (b *Bed) File(s State) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "state.yaml")
	if err := os.WriteFile(path, []byte(s.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// Tool runs the program on the server.
func (b *Bed) Tool(args ...string) Result {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	return finish(b.tool(ctx, "", args...))
}

// tool is the program on the server, with a directory before its PATH where one
// is given.
func (b *Bed) tool(ctx context.Context, path string, args ...string) *exec.Cmd {
	words := []string{"run", "env", "PATH=" + strings.TrimPrefix(path+":"+os.Getenv("PATH"), ":"), tool}
	return bedScript(ctx, b.instance, append(words, args...)...)
}

// Apply applies a state. It has to succeed, and there must be nothing to do
// after it.
func (b *Bed) Apply(s State, flags ...string) {
	b.Helper()
	file := b.File(s)
	b.expect(exitDone, append([]string{"apply", "-f", file}, flags...)...)
	b.expect(exitDone, "plan", "-f", file, "--detailed-exitcode")
}

// Pending checks that there is something to do to reach a state.
func (b *Bed) Pending(s State) {
	b.Helper()
	b.expect(exitPending, "plan", "-f", b.File(s), "--detailed-exitcode")
}

// Refused checks that apply and plan refuse a state, that both say why in
// these words, and that the volumes' options stay as they are.
func (b *Bed) Refused(s State, words ...string) {
	b.Helper()
	file := b.File(s)
	what := func() {
		for _, command := range []string{"plan", "apply"} {
			r := b.expect(exitRefused, command, "-f", file)
			for _, w := range words {
				if !strings.Contains(r.Stdout+r.Stderr, w) {
					b.Errorf("%s does not say %q:\n%s%s", command, w, r.Stdout, r.Stderr)
				}
			}
		}
	}
	for _, v := range s.Volumes {
		inner := what
		what = func() { b.Unchanged(v.Name, inner) }
	}
	what()
}

// expect runs the program, which has to end with the code. With code 1, 3 or 4
// it has to give a reason, too.
func (b *Bed) expect(code int, args ...string) Result {
	b.Helper()
	r := b.Tool(args...)
	if r.Code != code {
		b.Fatalf("%s: exit %d, not %d\n%s%s", strings.Join(args, " "), r.Code, code, r.Stdout, r.Stderr)
	}
	if slices.Contains([]int{exitFailed, exitInvalid, exitRefused}, code) && r.Stdout+r.Stderr == "" {
		b.Errorf("%s: exit %d without a word", strings.Join(args, " "), code)
	}
	return r
}

// expectJSON is expect for a command with -o json: stdout must be one document
// that has a format_version.
func (b *Bed) expectJSON(code int, args ...string) string {
	b.Helper()
	r := b.expect(code, append(args, "-o", "json")...)
	var doc struct {
		FormatVersion any `json:"format_version"`
	}
	if err := json.Unmarshal([]byte(r.Stdout), &doc); err != nil || doc.FormatVersion == nil {
		b.Errorf("%s: this is no document with a format_version (%v):\n%s", strings.Join(args, " "), err, r.Stdout)
	}
	return r.Stdout
}
