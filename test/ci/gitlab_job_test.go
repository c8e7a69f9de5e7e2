package ci

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// gitlabJobText is what is run of a job.
type gitlabJobText struct {
	Script      []string
	AfterScript []string `yaml:"after_script"`
	Artifacts   struct {
		When  string
		Paths []string
	}
}

func (w *world) gitlabEnv() []string {
	return []string{"CI_API_V4_URL=" + w.forge.gitlab(w.t) + "/api/v4", "CI_PROJECT_ID=1", "CI_DEFAULT_BRANCH=main", "SHARES_TOKEN=" + token}
}

// gitlabJob runs a job as GitLab does: its script in one shell, what comes after it in
// another one, and its artifacts.
func (w *world) gitlabJob(name string) (int, string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, ".gitlab-ci.yml"))
	if err != nil {
		w.t.Fatal(err)
	}
	var flow map[string]yaml.Node
	if err := yaml.Unmarshal(text, &flow); err != nil {
		w.t.Fatal(err)
	}
	node, is := flow[name]
	if !is {
		w.t.Fatalf("there is no job %s", name)
	}
	var job gitlabJobText
	if err := node.Decode(&job); err != nil {
		w.t.Fatal(err)
	}
	w.run++
	env := []string{fmt.Sprintf("CI_MERGE_REQUEST_IID=%d", w.number), "CI_COMMIT_SHA=" + map[bool]string{true: w.head, false: w.commit}[name == "plan"]}
	code, out := w.bash(env, strings.Join(job.Script, "\n"))
	if len(job.AfterScript) > 0 {
		_, after := w.bash(env, strings.Join(job.AfterScript, "\n"))
		out += after
	}
	if code == 0 || job.Artifacts.When == "always" {
		for _, file := range job.Artifacts.Paths {
			if err := w.keep(file, name, file); err != nil {
				out += err.Error()
			}
		}
	}
	return code, out
}
