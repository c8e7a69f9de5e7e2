package ci

import (
	"strings"
	"testing"
)

// From a request to the cluster: what would happen is in one comment, which is kept up
// to date, and what is merged is applied as it was shown.
func TestReview(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.must(p.job(w, "drift"))
		for i := range 150 {
			w.forge.put(post{Author: "somebody", Of: w.number, Text: "a remark"})
			if i == 99 {
				w.forge.put(post{Author: "somebody", Of: w.number, Text: "<!-- glusterd-shares:plan -->\nall is well"})
			}
		}
		w.forge.leave(artifact{Run: 58, Name: "observed", Branch: "main", Job: "drift"}) // it has expired
		if p.name == "GitHub" {                                                          // where runs of forks, and of any name, are listed, too
			forged := []byte("{}")
			w.forge.leave(
				artifact{Run: 57, Name: "observed", Branch: "main", Fork: true, Job: "drift", File: "observed.json", Text: forged},
				artifact{Run: 56, Name: "observed", Branch: "main", Job: "drift", Event: "pull_request", File: "observed.json", Text: forged},
				artifact{Run: 59, Name: "observed", Branch: "more", Job: "plan", File: "observed.json", Text: forged})
		} else {
			w.forge.leave(artifact{Run: 57, Branch: "main", Tag: true, Job: "drift", File: "observed.json", Text: []byte("{}")})
		}
		w.state(alpha, beta)
		w.must(p.job(w, "plan"))
		comments := w.forge.posted(w.number)
		if len(comments) != 1 || !strings.Contains(comments[0].Text, "10.0.0.2") || !strings.Contains(comments[0].Text, w.head) {
			t.Fatalf("the comments are %+v", comments)
		}
		w.state(alpha, strings.Replace(beta, "10.0.0.2", "10.0.0.3", 1))
		w.head = "decade"
		w.must(p.job(w, "plan"))
		if again := w.forge.posted(w.number); len(again) != 1 || again[0].Changes != 2 || !strings.Contains(again[0].Text, "10.0.0.3") || strings.Contains(again[0].Text, "10.0.0.2") {
			t.Fatalf("then the comments are %+v", again)
		}
		w.merge()
		w.must(p.job(w, "apply"))
		if left := w.must(w.shares("plan", "-f", "state.yaml", "--detailed-exitcode")); !strings.Contains(left, "No changes") {
			t.Errorf("there is something left to do:\n%s", left)
		}
		w.wants(4, "")(p.job(w, "apply"))
	})
}

// What can't be carried out is told, and there is no plan to approve.
func TestProblem(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.must(p.job(w, "drift"))
		w.state(alpha, "{name: beta, owner: nobody-has-this-name, access: [10.0.0.2]}")
		w.wants(4, "")(p.job(w, "plan"))
		if c := w.forge.posted(w.number); len(c) != 1 || !strings.Contains(c[0].Text, "nobody-has-this-name") {
			t.Errorf("the comments are %+v", c)
		}
		w.merge()
		w.wants(1, "")(p.job(w, "apply"))
	})
}

// A state file that is wrong is told where it is wrong.
func TestInvalid(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.must(p.job(w, "drift"))
		w.state("{name: beta}")
		w.wants(3, "")(p.job(w, "plan"))
		if c := w.forge.posted(w.number); len(c) != 1 || !strings.Contains(c[0].Text, "state.yaml:5") {
			t.Errorf("the comments are %+v", c)
		}
	})
}

// A plan that is longer than a text of GitHub may be is told as far as it counts
// everything, and with what can't be done; in an issue as well.
func TestLongPlan(t *testing.T) {
	p := platforms[0]
	w := newWorld(t, p)
	w.write("plan.md", "<!-- glusterd-shares:plan -->\n\n**Plan: 9 to create.**\n\n#### Problems\n\n- a problem\n\n#### `v`\n\n"+strings.Repeat("- one of very many\n", 5000))
	w.must(w.script(p, "comment.sh 5 plan.md")())
	w.must(w.script(p, "drift.sh plan.md 2")())
	for _, of := range []int{5, 0} {
		got := w.forge.posted(of)
		if len(got) != 1 || len(got[0].Text) > 65536 || strings.Contains(got[0].Text, "one of very many") ||
			!strings.Contains(got[0].Text, "9 to create") || !strings.Contains(got[0].Text, "a problem") || !strings.Contains(got[0].Text, "does not fit") {
			t.Errorf("it says %.300q", got[0].Text)
		}
	}
}

// What could not be observed is told all the same, and so is that there is no plan.
func TestUnreadable(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.wants(1, "")(p.job(w, "plan"))
		if c := w.forge.posted(w.number); len(c) != 1 || !strings.Contains(c[0].Text, "There is no plan") || !strings.Contains(c[0].Text, w.head) {
			t.Errorf("the comments are %+v", c)
		}
		w.must(w.bash(nil, `rm -r "$1" && touch "$1"`, w.box+"/g1/gv0/brick"))
		w.wants(1, "")(p.job(w, "drift"))
		if got := w.forge.posted(0); len(got) != 1 || !strings.Contains(got[0].Text, "exit code 1") {
			t.Errorf("the issues are %+v", got)
		}
	})
}

// Only what was shown is applied: not when the cluster has changed since, and not when
// the state file has.
func TestOnlyWhatWasShown(t *testing.T) {
	for name, change := range map[string]func(*world){
		"the cluster": func(w *world) {
			was := w.must(w.bash(nil, `cat "$1"`, w.box+"/g1/gv0/options"))
			w.must(w.bash(nil, `printf '%s' "$1" > "$2"`, strings.Replace(was, "10.0.0.1", "10.0.0.9", 1), w.box+"/g1/gv0/options"))
		},
		"the state file": func(w *world) { w.state(alpha, beta, "{name: gamma, access: [10.0.0.4]}") },
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world, p platform) {
				w.must(p.job(w, "drift"))
				w.state(alpha, beta)
				w.must(p.job(w, "plan"))
				w.merge()
				change(w)
				before := w.options()
				w.wants(4, "")(p.job(w, "apply"))
				if after := w.options(); after != before {
					t.Errorf("the options were\n%sand are\n%s", before, after)
				}
			})
		})
	}
}

// options are those of the volume.
func (w *world) options() string {
	return w.must(w.bash(nil, `cat "$1"`, w.box+"/g1/gv0/options"))
}

// A commit that nobody has approved is not applied.
func TestOnlyWhatWasApproved(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.must(p.job(w, "drift"))
		w.state(alpha, beta)
		w.wants(1, "no plan for it was approved")(p.job(w, "apply"))
	})
}

// Drift is told in one issue, which is kept up to date and closed in the end. What
// others have written is left alone.
func TestDrift(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		const marker = "<!-- glusterd-shares:drift -->"
		theirs := w.forge.put(post{Author: "somebody", Text: marker})
		pull := w.forge.put(post{Author: bot, Text: marker, IsPull: true})
		w.must(p.job(w, "drift"))
		if got := w.forge.posted(0); len(got) > 0 {
			t.Fatalf("there is an issue: %+v", got[0])
		}
		for i, client := range []string{"10.0.0.8", "10.0.0.9"} {
			w.state(strings.Replace(alpha, "10.0.0.1", client, 1))
			w.must(p.job(w, "drift"))
			got := w.forge.posted(0)
			if len(got) != 1 || got[0].Changes != i+1 || got[0].Title == "" || !strings.Contains(got[0].Text, client) {
				t.Fatalf("the issues are %+v", got)
			}
		}
		w.state(alpha)
		w.must(p.job(w, "drift"))
		if got := w.forge.posted(0); len(got) != 1 || !got[0].Closed {
			t.Errorf("in the end the issues are %+v", got)
		}
		if w.forge.changes(theirs, pull) > 0 {
			t.Error("what others have written was changed")
		}
	})
}

// A forge that gives no answer is not one without comments: none is made beside the
// one that is there.
func TestNoAnswer(t *testing.T) {
	onEach(t, func(t *testing.T, w *world, p platform) {
		w.write("plan.md", "<!-- glusterd-shares:plan -->\nthe plan\n")
		comment := w.script(p, "comment.sh 5 plan.md")
		w.must(comment())
		w.forge.refuse(true)
		if code, out := comment(); code == 0 {
			t.Errorf("it went well:\n%s", out)
		}
		w.forge.refuse(false)
		w.must(comment())
		if got := w.forge.posted(5); len(got) != 1 || got[0].Changes != 2 {
			t.Errorf("the comments are %+v", got)
		}
	})
}

// script is one of the platform's, with its arguments.
func (w *world) script(p platform, line string) func() (int, string) {
	return func() (int, string) {
		return w.bash([]string{"GITHUB_TOKEN=" + token}, p.to+"/shares/"+line)
	}
}
