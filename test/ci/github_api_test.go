package ci

import (
	"cmp"
	"net/http"
	"testing"
)

// events are those that the jobs run for.
var events = map[string]string{"plan": "pull_request", "apply": "push", "drift": "schedule"}

// github serves the API of GitHub, and returns its URL.
func (f *forge) github(t testing.TB) string {
	const repo = "/repos/storage/shares/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+repo+"issues/{of}/comments", func(w http.ResponseWriter, r *http.Request) {
		of := number(r.PathValue("of"))
		answer(w, list(f.listed(r, func(p *post) bool { return p.Of == of }), githubPost))
	})
	mux.HandleFunc("POST "+repo+"issues/{of}/comments", func(w http.ResponseWriter, r *http.Request) {
		p := f.add(post{Author: bot, Of: number(r.PathValue("of"))})
		p.write(t, r)
		answer(w, githubPost(p))
	})
	mux.HandleFunc("PATCH "+repo+"issues/comments/{id}", f.githubPatch(t))
	mux.HandleFunc("GET "+repo+"issues", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("state") != "open" || r.FormValue("creator") != bot {
			t.Errorf("all issues are asked for: %s", r.URL)
		}
		answer(w, list(f.listed(r, func(p *post) bool { return p.Of == 0 && !p.Closed && p.Author == bot }), githubPost))
	})
	mux.HandleFunc("POST "+repo+"issues", func(w http.ResponseWriter, r *http.Request) {
		p := f.add(post{Author: bot})
		p.write(t, r)
		answer(w, githubPost(p))
	})
	mux.HandleFunc("PATCH "+repo+"issues/{id}", f.githubPatch(t))
	mux.HandleFunc("GET "+repo+"actions/artifacts", func(w http.ResponseWriter, r *http.Request) {
		var found []artifact
		for _, a := range f.artifacts {
			if a.Name == r.FormValue("name") {
				found = append(found, a)
			}
		}
		answer(w, object{"total_count": len(found), "artifacts": list(found, githubArtifact)})
	})
	mux.HandleFunc("GET "+repo+"actions/runs/{run}", func(w http.ResponseWriter, r *http.Request) {
		for _, a := range f.artifacts {
			if a.Run == number(r.PathValue("run")) {
				answer(w, object{"id": a.Run, "event": cmp.Or(a.Event, events[a.Job])})
				return
			}
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("GET "+repo+"commits/{sha}/pulls", func(w http.ResponseWriter, r *http.Request) {
		m, is := f.merged[r.PathValue("sha")]
		if !is {
			answer(w, []object{})
			return
		}
		answer(w, []object{
			{"number": 1, "merged_at": nil, "merge_commit_sha": "another", "head": object{"sha": "open", "ref": "open"}},
			{"number": m.Number, "merged_at": "2026-01-02T03:04:05Z", "merge_commit_sha": r.PathValue("sha"), "head": object{"sha": m.Head, "ref": m.Branch}},
		})
	})
	return f.serve(t, "Authorization", "Bearer "+token, mux)
}

func (f *forge) githubPatch(t testing.TB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := f.byID(r.PathValue("id"))
		if p == nil || p.Author != bot {
			t.Errorf("%s is not the bot's to change", r.URL)
			http.NotFound(w, r)
			return
		}
		p.write(t, r)
		answer(w, githubPost(p))
	}
}

func githubPost(p *post) object {
	o := object{"id": p.ID, "user": object{"login": p.Author}, "body": p.Text}
	if p.Of == 0 {
		o["id"], o["number"] = 7000+p.ID, p.ID
	}
	if p.IsPull {
		o["pull_request"] = object{}
	}
	return o
}

func githubArtifact(a artifact) object {
	const own, fork = 11, 12
	from := own
	if a.Fork {
		from = fork
	}
	return object{
		"id": 9000 + a.Run, "name": a.Name, "expired": a.Text == nil, "created_at": "2026-01-02T03:04:" + twoDigits(a.Run) + "Z",
		"workflow_run": object{"id": a.Run, "repository_id": own, "head_repository_id": from, "head_branch": a.Branch},
	}
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
