package ci

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
)

// token is what the scripts have to show, and nobody else may see.
const token = "the-secret-token"

// post is a comment, a note or an issue.
type post struct {
	ID      int
	Author  string
	Text    string
	Title   string // of an issue
	Closed  bool
	IsPull  bool // GitHub lists pull requests as issues
	Of      int  // the issue, or the pull request, that it is a comment on; 0: it is an issue
	Changes int  // how often it was written anew
}

// artifact is a file that a job has left behind.
type artifact struct {
	Run    int
	Name   string
	Branch string
	Fork   bool
	Tag    bool   // the branch is a tag of that name
	Event  string // for which the job ran, where it is not the job's own
	Job    string
	File   string
	Head   string // the commit that the job ran for
	Text   []byte
}

// forge keeps what a forge does. Its handlers are GitHub's and GitLab's APIs, as far
// as the scripts use them, to the letter of their paths and fields.
type forge struct {
	mu        sync.Mutex
	posts     []*post
	artifacts []artifact
	refusing  bool // every request fails
	merged    map[string]merged
}

// merged is the request that a commit came from.
type merged struct {
	Number       int
	Head, Branch string
}

func newForge() *forge { return &forge{merged: map[string]merged{}} }

// leave has jobs that a test makes up leave these behind.
func (f *forge) leave(artifacts ...artifact) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.artifacts = append(f.artifacts, artifacts...)
}

// refuse has every request fail from now on, or none any more.
func (f *forge) refuse(all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusing = all
}

// put is add, of a test.
func (f *forge) put(p post) *post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(p)
}

// add puts a post of somebody there.
func (f *forge) add(p post) *post {
	p.ID = 1000 + len(f.posts)
	f.posts = append(f.posts, &p)
	return &p
}

// posted are the posts that the bot has made: comments on the number, or issues where
// that is 0.
func (f *forge) posted(of int) []post {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []post
	for _, p := range f.posts {
		if p.Author == bot && p.Of == of && !p.IsPull {
			out = append(out, *p)
		}
	}
	return out
}

// changes is how often others' posts were written anew.
func (f *forge) changes(posts ...*post) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, p := range posts {
		n += p.Changes
	}
	return n
}

// bot is who the token writes as.
const bot = "github-actions[bot]"

// write takes in what a request says of a post.
func (p *post) write(t testing.TB, r *http.Request) {
	var said struct {
		Body, Description, Title *string
		State                    string
		StateEvent               string `json:"state_event"`
	}
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	for _, text := range []*string{said.Body, said.Description} {
		if text != nil {
			p.Text = *text
		}
	}
	if said.Title != nil {
		p.Title = *said.Title
	}
	p.Closed = p.Closed || said.State == "closed" || said.StateEvent == "close"
	p.Changes++
}

// listed are the posts that the filter lets through, on the page that is asked for.
func (f *forge) listed(r *http.Request, filter func(*post) bool) []*post {
	size, page := number(r.FormValue("per_page")), number(r.FormValue("page"))
	var out []*post
	for _, p := range f.posts {
		if filter(p) {
			out = append(out, p)
		}
	}
	from := min(len(out), size*(page-1))
	return out[from:min(len(out), from+size)]
}

func (f *forge) byID(id string) *post {
	for _, p := range f.posts {
		if strconv.Itoa(p.ID) == id {
			return p
		}
	}
	return nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// serve answers on loopback until the test ends. Who doesn't show the token, in the
// header of that name, is refused.
func (f *forge) serve(t testing.TB, header, value string, mux *http.ServeMux) string {
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("nothing answers %s %s", r.Method, r.URL)
		http.NotFound(w, r)
	})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case f.refusing:
			http.Error(w, `[]`, http.StatusForbidden)
		case r.Header.Get(header) != value:
			t.Errorf("%s %s without the token", r.Method, r.URL)
			http.Error(w, "no", http.StatusUnauthorized)
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// object is a JSON object.
type object = map[string]any

func answer(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(fmt.Sprint("an answer that can't be written: ", err))
	}
}

// list is a JSON list of what each item becomes; never null.
func list[T any](items []T, of func(T) object) []object {
	out := []object{}
	for _, item := range items {
		out = append(out, of(item))
	}
	return out
}
