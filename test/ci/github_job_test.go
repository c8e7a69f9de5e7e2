package ci

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// githubWorkflow is what is run of a workflow.
type githubWorkflow struct {
	Concurrency any // of all jobs
	Jobs        map[string]struct {
		Concurrency any // the name of a group, or what more there is to say of one
		Env         map[string]string
		Steps       []githubStep
	}
}

func readWorkflow(t *testing.T, file string) (flow githubWorkflow) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, &flow)
	}
	if err != nil {
		t.Fatal(err)
	}
	return flow
}

type githubStep struct {
	Name, ID, If, Uses, Run string
	Env, With               map[string]string
}

func (w *world) githubEnv() []string {
	return []string{"GITHUB_API_URL=" + w.forge.github(w.t), "GITHUB_REPOSITORY=storage/shares", "RUNNER_TEMP=" + w.t.TempDir()}
}

// githubRun is a job under way.
type githubRun struct {
	*world
	job      string
	context  map[string]string // of expressions
	env      []string
	failed   int // the exit code of the step that failed; 0: none did
	output   strings.Builder
	commands string // a folder for the files by which steps tell the runner something
}

// githubJob runs a job as GitHub does: expressions, outputs and artifacts.
func (w *world) githubJob(name string) (int, string) {
	w.t.Helper()
	flow := readWorkflow(w.t, filepath.Join(w.dir, ".github/workflows/shares.yaml"))
	job, is := flow.Jobs[name]
	if !is {
		w.t.Fatalf("there is no job %s", name)
	}
	w.run++
	from := "storage/shares"
	if w.fork {
		from = "somebody/shares"
	}
	r := &githubRun{world: w, job: name, commands: w.t.TempDir(), context: map[string]string{
		"github.token": token, "github.repository": "storage/shares", "github.event.number": fmt.Sprint(w.number),
		"github.event.repository.default_branch": "main", "github.event.pull_request.head.sha": w.head,
		"github.event.pull_request.head.repo.full_name": from,
	}}
	for _, v := range []string{"SHARES_URL", "SHARES_SHA256"} {
		r.context["vars."+v] = envOf(w.env, v)
	}
	r.env = append(r.env, "GITHUB_SHA="+w.commit)
	for k, v := range job.Env {
		r.env = append(r.env, k+"="+r.expand(v))
	}
	for _, s := range job.Steps {
		if r.due(s.If) {
			r.step(s)
		}
	}
	return r.failed, r.output.String()
}

func envOf(env []string, name string) string {
	for _, e := range env {
		if v, is := strings.CutPrefix(e, name+"="); is {
			return v
		}
	}
	return ""
}

var expression = regexp.MustCompile(`\$\{\{ *([^}]*?) *\}\}`)

// expand puts in what expressions say. One that nothing is known of ends the test.
func (r *githubRun) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		return r.value(expression.FindStringSubmatch(e)[1])
	})
}

// value is what one side of a comparison says.
func (r *githubRun) value(e string) string {
	if text, is := strings.CutPrefix(e, "'"); is {
		return strings.TrimSuffix(text, "'")
	}
	if file, is := strings.CutPrefix(e, "hashFiles('"); is {
		if _, err := os.Stat(filepath.Join(r.dir, strings.TrimSuffix(file, "')"))); err != nil {
			return ""
		}
		return "hash"
	}
	v, known := r.context[e]
	if !known {
		r.t.Fatalf("nothing is known of the expression %q", e)
	}
	return v
}

// due reports whether a step is run.
func (r *githubRun) due(condition string) bool {
	due := r.failed == 0
	for clause := range strings.SplitSeq(condition, " && ") {
		left, right, differs := strings.Cut(clause, " != ")
		left2, right2, same := strings.Cut(clause, " == ")
		switch {
		case clause == "":
		case clause == "always()":
			due = true
		case differs:
			due = due && r.value(left) != r.value(right)
		case same:
			due = due && r.value(left2) == r.value(right2)
		default:
			r.t.Fatalf("the condition %q is not understood", condition)
		}
	}
	return due
}

func (r *githubRun) step(s githubStep) {
	action, _, _ := strings.Cut(s.Uses, "@")
	var err error
	switch {
	case s.Run != "":
		r.script(s)
	case action == "actions/checkout":
	case action == "actions/upload-artifact":
		err = r.keep(r.expand(s.With["name"]), r.job, s.With["path"])
	case action == "actions/download-artifact":
		err = r.download(r.expand(s.With["name"]), r.expand(s.With["run-id"]))
	default:
		r.t.Fatalf("the action %s is not known", s.Uses)
	}
	if err != nil {
		fmt.Fprintln(&r.output, err)
		r.failed = 1
	}
}

// script runs the script of a step, and takes in what it tells the runner.
func (r *githubRun) script(s githubStep) {
	tell := map[string]string{}
	var env []string
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"} {
		tell[name] = filepath.Join(r.commands, name)
		env = append(env, name+"="+tell[name])
	}
	for k, v := range s.Env {
		env = append(env, k+"="+r.expand(v))
	}
	code, out := r.bash(append(r.env, env...), r.expand(s.Run))
	fmt.Fprintf(&r.output, "== %s\n%s", s.Name, out)
	if r.failed == 0 {
		r.failed = code
	}
	outputs, err := os.ReadFile(tell["GITHUB_OUTPUT"])
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	for line := range strings.Lines(string(outputs)) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		r.context["steps."+s.ID+".outputs."+k] = v
	}
	if err := os.RemoveAll(tell["GITHUB_OUTPUT"]); err != nil {
		r.t.Fatal(err)
	}
}

func (r *githubRun) download(name, run string) error {
	r.forge.mu.Lock()
	defer r.forge.mu.Unlock()
	for _, a := range r.forge.artifacts {
		if a.Name == name && fmt.Sprint(a.Run) == run {
			return os.WriteFile(filepath.Join(r.dir, a.File), a.Text, 0o644)
		}
	}
	return fmt.Errorf("the run %s has no artifact %s", run, name)
}

// Of the jobs that wait in a group GitHub keeps the last one and cancels the others: an
// apply that stands in one is not carried out, though it was approved and merged.
func TestNothingCancelsAnApply(t *testing.T) {
	flow := readWorkflow(t, "../../examples/ci/github/workflows/shares.yaml")
	if group := flow.Jobs["apply"].Concurrency; group != nil {
		t.Errorf("apply stands in the group %v", group)
	}
	if flow.Concurrency != nil || flow.Jobs["drift"].Concurrency == nil {
		t.Error("groups are not read: the workflow should have none, and its job drift one")
	}
}
