package ci

import (
	"net/http"
	"testing"
)

// gitlab serves the API of GitLab, and returns its URL.
func (f *forge) gitlab(t testing.TB) string {
	const project = "/api/v4/projects/1/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v4/user", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, object{"id": authorID(bot)})
	})
	for _, kind := range []string{"merge_requests", "issues"} {
		mux.HandleFunc("GET "+project+kind+"/{of}/notes", func(w http.ResponseWriter, r *http.Request) {
			of := number(r.PathValue("of"))
			answer(w, list(f.listed(r, func(p *post) bool { return p.Of == of }), gitlabPost))
		})
		mux.HandleFunc("POST "+project+kind+"/{of}/notes", func(w http.ResponseWriter, r *http.Request) {
			p := f.add(post{Author: bot, Of: number(r.PathValue("of"))})
			p.write(t, r)
			answer(w, gitlabPost(p))
		})
	}
	mux.HandleFunc("PUT "+project+"merge_requests/{of}/notes/{id}", f.gitlabPut(t))
	mux.HandleFunc("GET "+project+"issues", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("state") != "opened" || r.FormValue("scope") != "created_by_me" {
			t.Errorf("all issues are asked for: %s", r.URL)
		}
		answer(w, list(f.listed(r, func(p *post) bool { return p.Of == 0 && !p.Closed && !p.IsPull && p.Author == bot }), gitlabPost))
	})
	mux.HandleFunc("POST "+project+"issues", func(w http.ResponseWriter, r *http.Request) {
		p := f.add(post{Author: bot})
		p.write(t, r)
		answer(w, gitlabPost(p))
	})
	mux.HandleFunc("PUT "+project+"issues/{id}", f.gitlabPut(t))
	mux.HandleFunc("GET "+project+"repository/commits/{sha}/merge_requests", func(w http.ResponseWriter, r *http.Request) {
		out := []object{{"iid": 1, "state": "opened", "sha": r.PathValue("sha")}}
		if m, is := f.merged[r.PathValue("sha")]; is {
			out = append(out, object{"iid": m.Number, "state": "merged", "sha": m.Head, "merge_commit_sha": r.PathValue("sha"), "squash_commit_sha": nil})
		}
		answer(w, out)
	})
	mux.HandleFunc("GET "+project+"merge_requests/{iid}/pipelines", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, list(f.made("plan"), func(a artifact) object { return object{"id": 500 + a.Run, "sha": a.Head} }))
	})
	mux.HandleFunc("GET "+project+"pipelines/{id}/jobs", func(w http.ResponseWriter, r *http.Request) {
		var jobs []artifact
		for _, a := range f.made("plan") {
			if 500+a.Run == number(r.PathValue("id")) {
				jobs = append(jobs, a)
			}
		}
		answer(w, list(jobs, gitlabJobObject))
	})
	mux.HandleFunc("GET "+project+"jobs", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, list(f.artifacts, gitlabJobObject))
	})
	mux.HandleFunc("GET "+project+"jobs/{id}/artifacts/{file}", func(w http.ResponseWriter, r *http.Request) {
		for _, a := range f.artifacts {
			if a.Run == number(r.PathValue("id")) && a.File == r.PathValue("file") {
				if _, err := w.Write(a.Text); err != nil {
					t.Error(err)
				}
				return
			}
		}
		http.NotFound(w, r)
	})
	return f.serve(t, "PRIVATE-TOKEN", token, mux)
}

// made are the artifacts of a job.
func (f *forge) made(job string) []artifact {
	var out []artifact
	for _, a := range f.artifacts {
		if a.Job == job {
			out = append(out, a)
		}
	}
	return out
}

func (f *forge) gitlabPut(t testing.TB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := f.byID(r.PathValue("id"))
		if p == nil || p.Author != bot {
			t.Errorf("%s is not the bot's to change", r.URL)
			http.NotFound(w, r)
			return
		}
		p.write(t, r)
		answer(w, gitlabPost(p))
	}
}

func authorID(name string) int {
	if name == bot {
		return 42
	}
	return 43
}

func gitlabPost(p *post) object {
	author := object{"id": authorID(p.Author), "username": p.Author}
	if p.Of == 0 {
		return object{"id": 7000 + p.ID, "iid": p.ID, "author": author, "description": p.Text}
	}
	return object{"id": p.ID, "author": author, "body": p.Text}
}

func gitlabJobObject(a artifact) object {
	o := object{"id": a.Run, "name": a.Job, "ref": a.Branch, "tag": a.Tag, "commit": object{"id": a.Head}, "artifacts_file": object{"filename": "artifacts.zip"}}
	if a.Text == nil {
		o["artifacts_file"] = nil
	}
	return o
}
