package ci

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// world is a project on a forge, and the cluster that its state file is of.
type world struct {
	t     *testing.T
	forge *forge
	dir   string // the checkout that jobs run in
	bin   string // what jobs find on their PATH first
	box   string // the cluster
	env   []string

	number       int    // of the open request
	head, branch string // its last commit
	commit       string // what was pushed to the default branch
	run          int    // the last job
	fork         bool   // the request comes from one
}

// platform is a forge with its workflow.
type platform struct {
	name    string
	example string // the folder of examples/ci
	to      string // where users copy it
	api     func(*world) []string
	job     func(*world, string) (code int, output string)
}

var platforms = []platform{
	{"GitHub", "github", ".github", (*world).githubEnv, (*world).githubJob},
	{"GitLab", "gitlab", ".", (*world).gitlabEnv, (*world).gitlabJob},
}

// onEach runs a test on each platform, in a world where the first request is open and
// the cluster is what the state file on the default branch says.
func onEach(t *testing.T, test func(*testing.T, *world, platform)) {
	for _, p := range platforms {
		t.Run(p.name, func(t *testing.T) {
			w := newWorld(t, p)
			w.state(alpha)
			w.must(w.shares("apply", "-f", "state.yaml"))
			test(t, w, p)
		})
	}
}

func newWorld(t *testing.T, p platform) *world {
	w := &world{
		t: t, forge: newForge(), dir: t.TempDir(), bin: t.TempDir(), box: filepath.Join(t.TempDir(), "box"),
		number: 5, head: "c0ffee", branch: "more", commit: "abcdef",
	}
	if err := os.CopyFS(filepath.Join(w.dir, p.to), os.DirFS("../../examples/ci/"+p.example)); err != nil {
		t.Fatal(err)
	}
	w.program("glusterd-shares", w.wrapper())
	w.program("apt-get", "#!/bin/sh\n")
	// What is in an argument is for everybody on the machine to see.
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	w.program("curl", "#!/bin/sh\ncase \"$*\" in *"+token+"*) echo 'the token is in an argument' >&2; exit 99 ;; esac\nexec "+curl+" \"$@\"\n")
	download := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if _, err := rw.Write([]byte(w.wrapper())); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(download.Close)
	sum := sha256.Sum256([]byte(w.wrapper()))
	w.env = append(os.Environ(), "PATH="+w.bin+":"+os.Getenv("PATH"),
		"SHARES_URL="+download.URL, "SHARES_SHA256="+hex.EncodeToString(sum[:]))
	w.env = append(w.env, p.api(w)...)
	return w
}

// wrapper is the program as the jobs have it: their cluster is the sandbox.
func (w *world) wrapper() string {
	return fmt.Sprintf("#!/bin/sh\ncase \"$*\" in validate*|*--against*) exec %[1]q \"$@\" ;; esac\nexec %[1]q \"$@\" --sandbox %[2]q\n", program, w.box)
}

// program puts a program on the jobs' PATH.
func (w *world) program(name, text string) {
	if err := os.WriteFile(filepath.Join(w.bin, name), []byte(text), 0o755); err != nil {
		w.t.Fatal(err)
	}
}

const (
	alpha = "{name: alpha, access: [10.0.0.1]}"
	beta  = "{name: beta, access: [10.0.0.2]}"
)

// state writes the state file of these shares.
func (w *world) state(shares ...string) {
	text := "version: 1\nvolumes:\n  - target: g1:/gv0\n    shares:\n"
	for _, s := range shares {
		text += "      - " + s + "\n"
	}
	w.write("state.yaml", text)
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// shares runs the program on the cluster.
func (w *world) shares(args ...string) (int, string) {
	return w.bash(nil, `glusterd-shares "$@"`, args...)
}

// must takes the result of what has to go well.
func (w *world) must(code int, output string) string {
	w.t.Helper()
	if code != 0 {
		w.t.Fatalf("exit code %d:\n%s", code, output)
	}
	return output
}

// wants checks an exit code, and what was printed.
func (w *world) wants(code int, text string) func(int, string) {
	return func(gotCode int, got string) {
		w.t.Helper()
		if gotCode != code || !strings.Contains(got, text) {
			w.t.Errorf("exit code %d, want %d and %q:\n%s", gotCode, code, text, got)
		}
	}
}

// bash runs a script in the checkout.
func (w *world) bash(env []string, script string, args ...string) (int, string) {
	w.t.Helper()
	c := exec.Command("bash", append([]string{"--noprofile", "--norc", "-eo", "pipefail", "-c", script, "bash"}, args...)...)
	var out bytes.Buffer
	c.Dir, c.Env, c.Stdout, c.Stderr = w.dir, append(w.env, env...), &out, &out
	err := c.Run()
	if exit, is := errors.AsType[*exec.ExitError](err); is {
		return exit.ExitCode(), out.String()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return 0, out.String()
}

// keep takes a file of the checkout in as an artifact of the run.
func (w *world) keep(name, job, file string) error {
	text, err := os.ReadFile(filepath.Join(w.dir, file))
	if err != nil {
		return err
	}
	branch := "main"
	if job == "plan" {
		branch = w.branch
	}
	w.forge.mu.Lock()
	defer w.forge.mu.Unlock()
	w.forge.artifacts = append(w.forge.artifacts, artifact{Run: w.run, Name: name, Branch: branch, Fork: w.fork, Job: job, File: file, Head: w.head, Text: text})
	return nil
}

// merge lets the commit come from the open request.
func (w *world) merge() {
	w.forge.mu.Lock()
	defer w.forge.mu.Unlock()
	w.forge.merged[w.commit] = merged{w.number, w.head, w.branch}
}
