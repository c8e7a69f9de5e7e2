package health_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ask asks the daemon, in whatever way.
func (d *daemon) ask(method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	health.Handler(d.board, d.metrics, d.about).ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

// told runs a story in a bubble, and then the test.
func told(t *testing.T, story func(*daemon), test func(*testing.T, *daemon)) {
	synctest.Test(t, func(t *testing.T) {
		d := newDaemon("")
		story(d)
		test(t, d)
	})
}

// What each story is shown as, at all places.
func TestStories(t *testing.T) {
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			told(t, story, func(t *testing.T, d *daemon) {
				golden(t, filepath.Join("testdata", name+".txtar"), shown(t, d))
			})
		})
	}
}

func shown(t *testing.T, d *daemon) []byte {
	a := &txtar.Archive{}
	for _, path := range []string{"/livez", "/readyz", "/metrics", "/status", "/"} {
		r := d.ask("GET", path)
		body := r.Body.String()
		switch path {
		case "/livez", "/readyz":
			body = fmt.Sprintln(r.Code) + body
		case "/metrics":
			body = own(body)
		case "/":
			_, body, _ = strings.Cut(body, "<body>\n") // the style is the same everywhere
		}
		if r.Code != http.StatusOK && !strings.HasSuffix(path, "z") {
			t.Errorf("%s answers %d", path, r.Code)
		}
		a.Files = append(a.Files, txtar.File{Name: path, Data: []byte(body)})
	}
	return txtar.Format(a)
}

// own are the values of our own metrics that are not 0; buckets say little.
func own(metrics string) string {
	var out strings.Builder
	for line := range strings.Lines(metrics) {
		if strings.HasPrefix(line, "glusterd_shares_") && !strings.Contains(line, "_bucket{") && !strings.HasSuffix(line, " 0\n") {
			out.WriteString(line)
		}
	}
	return out.String()
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// No markup but the page's own is in it, and what it may load is nothing.
func TestPageIsClosed(t *testing.T) {
	told(t, stories["hostile"], func(t *testing.T, d *daemon) {
		r := d.ask("GET", "/")
		page := r.Body.String()
		if found := regexp.MustCompile(`(?i)<(script|img|svg|x|b|state|iframe|object|base)\b`).FindString(page); found != "" {
			t.Errorf("the page has %s", found)
		}
		if n := strings.Count(page, "</style>"); n != 1 {
			t.Errorf("the page ends its style %d times", n)
		}
		for _, alert := range []string{"alert(1)", "alert(2)", "alert(3)", "alert(4)", "alert(5)"} {
			if !strings.Contains(page, alert) {
				t.Errorf("%s is not shown at all", alert)
			}
		}
		policy := r.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy is %s", policy)
		}
	})
}

// The page begins with the volumes that are in trouble, and shows shares with anything
// to say, whatever their number.
func TestWorstFirst(t *testing.T) {
	told(t, func(d *daemon) {
		well, bad, left := volume("well", strings.Fields(strings.Repeat("x ", 30))...), volume("bad", "alpha"), volume("left", "alpha")
		for i := range well.Shares {
			well.Shares[i].Name = fmt.Sprintf("share-%02d", i)
		}
		d.take(well, left, bad)
		d.reconcile(look(well, settled(well), inSync), 0)
		d.reconcile(look(left, settled(left), is(watch.Withheld)), 0)
		d.reconcile(watch.Result{Volume: bad, Condition: failed}, 0)
	}, func(t *testing.T, d *daemon) {
		var titles []string
		for _, m := range regexp.MustCompile("<h2>(g1:/[a-z]*)</h2>").FindAllStringSubmatch(d.ask("GET", "/").Body.String(), -1) {
			titles = append(titles, m[1])
		}
		if got := strings.Join(titles, " "); got != "g1:/bad g1:/left g1:/well" {
			t.Errorf("the volumes are %s", got)
		}
		folded := func() bool { return strings.Contains(d.ask("GET", "/").Body.String(), "30 shares, all in sync") }
		if !folded() {
			t.Error("30 shares of which there is nothing to say are shown at once")
		}
		well := volume("well", "alpha")
		for i := range 29 {
			well.Shares = append(well.Shares, well.Shares[0])
			well.Shares[i+1].Name = fmt.Sprintf("share-%02d", i)
		}
		drift := settled(well)
		drift.Dirs["/alpha"] = state.Dir{}
		d.reconcile(look(well, drift, is(watch.Drifted)), 0)
		if folded() {
			t.Error("a share that is missing is not shown")
		}
	})
}

// What is wrong stands before what is well, and the title says the worst.
func TestNews(t *testing.T) {
	want := map[string]string{
		"whole": "g1:/gv0 can be mounted whole", "server-down": "the NFS server of g1:/gv0", "shut-out": "1 volume refused: g1:/gv0",
		"undeclared": "g1:/gv0 exports /alpha/deep", "everyday": "the state files are bad", "stuck": "not live",
		"idle": "1 of 1 volume in sync", "mended": "1 of 1 volume in sync", "started": "nothing to look after yet", "trouble": "1 volume failed: g1:/gv0",
		"cured": "1 volume withheld",
	}
	for name, first := range want {
		told(t, stories[name], func(t *testing.T, d *daemon) {
			page := d.ask("GET", "/").Body.String()
			if news := d.board.Snapshot().News(); !strings.HasPrefix(news[0].Text, first) || !strings.Contains(page, "<title>"+first) {
				t.Errorf("%s: the first news are %q", name, news[0].Text)
			}
			good := strings.Contains(page, `<li class="yes">`)
			if bad := strings.Contains(page, `<li class="no">`); bad && strings.Index(page, `<li class="yes">`) < strings.Index(page, `<li class="no">`) && good {
				t.Errorf("%s: good news stand before bad ones", name)
			}
		})
	}
}

// A browser applies the style only where it is what the policy says.
func TestPolicyHoldsTheStyle(t *testing.T) {
	told(t, stories["started"], func(t *testing.T, d *daemon) {
		r := d.ask("GET", "/")
		_, rest, _ := strings.Cut(r.Body.String(), "<style>")
		style, _, _ := strings.Cut(rest, "</style>")
		if want := "'" + health.HashOf(style) + "'"; !strings.Contains(r.Header().Get("Content-Security-Policy"), want) {
			t.Errorf("the policy has not %s", want)
		}
	})
}

func TestOnlyReading(t *testing.T) {
	told(t, stories["everyday"], func(t *testing.T, d *daemon) {
		for _, path := range []string{"/livez", "/readyz", "/metrics", "/status", "/"} {
			for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
				if r := d.ask(method, path); r.Code != http.StatusMethodNotAllowed {
					t.Errorf("%s %s answers %d", method, path, r.Code)
				}
			}
			if r := d.ask("HEAD", path); r.Code != http.StatusOK {
				t.Errorf("HEAD %s answers %d", path, r.Code)
			}
		}
		if r := d.ask("GET", "/elsewhere"); r.Code != http.StatusNotFound {
			t.Errorf("GET /elsewhere answers %d", r.Code)
		}
	})
}

// Readers and the loop at once: each reader sees whole volumes. It is of use with
// the race detector.
func TestReadersBesideTheLoop(t *testing.T) {
	d := newDaemon("box")
	v := volume("gv0", "alpha", "beta")
	first, later := applied(look(v, blank(v), inSync)), look(v, settled(v), inSync)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 50 {
				for _, path := range []string{"/status", "/metrics", "/", "/readyz", "/livez"} {
					d.ask("GET", path)
				}
				var doc health.Document
				if err := json.NewDecoder(d.ask("GET", "/status").Body).Decode(&doc); err != nil {
					t.Error(err)
				}
				if len(doc.Volumes) == 1 && len(doc.Volumes[0].Shares) != 2 {
					t.Errorf("the volume has %d shares", len(doc.Volumes[0].Shares))
				}
			}
		})
	}
	for range 100 {
		d.take(v)
		d.reconcile(first, 0)
		d.board.Beat()
		d.reconcile(later, 0)
		d.Refused(os.ErrNotExist)
		d.Turned(v.Target, watch.Condition{}, inSync)
	}
	readers.Wait()
}

// The sandbox is named wherever something is told.
func TestSandboxIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDaemon("/tmp/box")
		for path, want := range map[string]string{
			"/": "no real cluster", "/status": `"sandbox": "/tmp/box"`, "/metrics": "glusterd_shares_sandbox 1",
		} {
			if body := d.ask("GET", path).Body.Bytes(); !bytes.Contains(body, []byte(want)) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	})
}
