//go:build e2e

package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
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
	Host   string   // empty: the server
	Keys   string   // lines besides target and shares
	Shares []string // each the inside of {}: name: alpha, access: [any]
}

// shares is the state of one volume, where nothing else is said.
func shares(vol string, shares ...string) State {
	return State{Volumes: []Volume{{Name: vol, Shares: shares}}}
}

// text is the state as the program reads it.
func (b *Bed) text(s State) string {
	var t strings.Builder
	t.WriteString("version: 1\n" + s.Top + "\n" + b.ssh.block() + "\nvolumes:\n")
	for _, v := range s.Volumes {
		t.WriteString("  - target: " + b.target(v) + "\n")
		if v.Keys != "" {
			t.WriteString("    " + v.Keys + "\n")
		}
		t.WriteString("    shares:\n")
		for _, share := range v.Shares {
			t.WriteString("      - {" + share + "}\n")
		}
	}
	return t.String()
}

// target is a volume as the program is told of it.
func (b *Bed) target(v Volume) string {
	target := cmp.Or(v.Host, server) + ":/" + v.Name
	if b.ssh != nil {
		target = b.ssh.user + "@" + target
	}
	return target
}

// File writes the state to a file and gives its path.
func (b *Bed) File(s State) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "state.yaml")
	b.write(path, b.text(s))
	return path
}

// write writes a file that the program may read.
func (b *Bed) write(path, text string) {
	b.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	b.hand(path)
}

// Tool runs the program, on the server or over SSH.
func (b *Bed) Tool(args ...string) Result {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	return finish(b.tool(ctx, "", args...))
}

// tool is the program, which finds gluster in a directory from before where one is
// given. The process of the command is the program's own.
func (b *Bed) tool(ctx context.Context, path string, args ...string) *exec.Cmd {
	if b.ssh != nil {
		return b.toolOverSSH(ctx, args...)
	}
	words := []string{"run", "env", "PATH=" + strings.TrimPrefix(path+":"+os.Getenv("PATH"), ":"), b.program}
	return bedScript(ctx, b.instance, append(words, args...)...)
}

// running is a run of the program that was started.
type running struct {
	cmd   *exec.Cmd
	out   bytes.Buffer
	errs  transcript
	ended chan struct{}
}

// start starts the program, with a directory from before where one is given.
func (b *Bed) start(dir string, args ...string) *running {
	b.Helper()
	r := &running{cmd: b.tool(b.Context(), dir, args...), ended: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.errs
	if err := r.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	go func() {
		defer close(r.ended)
		_ = r.cmd.Wait() // the exit code tells
		r.errs.end()
	}()
	return r
}

// wait waits for the end, however that comes.
func (r *running) wait() Result {
	<-r.ended
	return Result{r.out.String(), r.errs.String(), r.cmd.ProcessState.ExitCode()}
}

// Meddle runs the program to its end with a script in the place of gluster. The
// script finds the program's pid in a file "pid" in its own directory, which is dir.
func (b *Bed) Meddle(script string, args ...string) (r Result, dir string) {
	b.Helper()
	dir, away := b.before(script)
	defer away()
	run := b.start(dir, args...)
	if err := os.WriteFile(filepath.Join(dir, "pid"), fmt.Appendln(nil, run.cmd.Process.Pid), 0o600); err != nil {
		b.Fatal(err)
	}
	return run.wait(), dir
}

// before has a script stand before gluster, as gluster, on the server's PATH for
// the run that is started with the directory, and over SSH for all until it is put
// away. The script is in that directory.
func (b *Bed) before(script string) (dir string, away func()) {
	b.Helper()
	dir = b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "gluster"), []byte(script), 0o700); err != nil {
		b.Fatal(err)
	}
	if b.ssh == nil {
		return dir, func() {}
	}
	return dir, b.beforeOverSSH(dir)
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
