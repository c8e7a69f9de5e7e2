package takeover_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/takeover"
)

// checkFile holds a file against what it was made of: it declares nothing but
// what is there, grants nothing but what is granted, lets nobody in or out by its
// next plan who is in it, and says so where that plan has something to do.
func checkFile(t testing.TB, a state.Actual, f takeover.File) {
	t.Helper()
	for _, s := range parsed(t, f.Text).Shares {
		checkDeclared(t, a, s)
	}
	p := planOf(t, a, f.Text)
	quiet := p.Empty() && len(p.Problems) == 0 && len(p.Held) == 0
	if said := strings.Contains(string(f.Text), "\n# A plan for this file has no changes.\n"); said != quiet || quiet != (len(f.Changes) == 0) {
		t.Errorf("it says %v of a plan that has no changes: %v\n%s", said, quiet, f.Text)
	}
	for _, c := range p.Access() {
		if c.Gains() || c.Share != "" && c.Loses() {
			t.Errorf("%s: %v gain, %v lose, %v may lose\n%s", c.Path, c.Gained(), c.Lost(), c.MayLose(), f.Text)
		}
	}
	if bad := unfit.FindString(string(f.Text)); bad != "" || !utf8.Valid(f.Text) {
		t.Errorf("it holds %q", bad)
	}
}

// unfit is what a terminal could obey, or an editor could end a line at.
var unfit = regexp.MustCompile(`[^\n -~\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{2010}-\x{2027}\x{2030}-\x{205e}\x{2070}-\x{dfff}\x{f900}-\x{10ffff}]|\x{202e}|\x{feff}`)

func checkDeclared(t testing.TB, a state.Actual, s state.Share) {
	t.Helper()
	if a.Dirs[s.Dir()].Kind != state.Directory || s.Absent {
		t.Errorf("%s is declared, and no directory", s.Dir())
	}
	if access, _ := a.Serving.At(s.Dir()); !access.Equal(s.Clients()) {
		t.Errorf("%s is declared for %v, and admits %v", s.Dir(), s.Clients(), access)
	}
	if s.Size.Bytes != a.Quota.Usage[s.Dir()].Limit {
		t.Errorf("%s has the limit %d, and is declared to have %d", s.Dir(), a.Quota.Usage[s.Dir()].Limit, s.Size.Bytes)
	}
	if (s.Mode != state.Mode{}) || s.Owner+s.Group != "" {
		t.Errorf("%s has permissions", s.Dir())
	}
}

// Whatever stands in the options, the directories and what the tool is told, the
// file can be read and declares what is there.
func FuzzFile(f *testing.F) {
	f.Add("/alpha(10.0.0.1|10.0.0.2),/beta(0.0.0.0/1|128.0.0.0/1)", "*", "", "off", "alpha beta gamma", uint64(1<<30), "")
	f.Add("/a,/b(),/c(c1|10.0.0.1),/d(10.0.0.*),/e(10.0.0.1),/e(10.0.0.2)", "10.0.0.1", "10.0.0.9", "off", "a b c d e", uint64(1000), "a\nversion: 2")
	f.Add("/a\nversion: 1(10.0.0.1),/x # y(10.0.0.1),x(10.0.0.1),/\x1b[31m\u202e(\xff)", "10.0.0.*,10.*.1", "*", "on", "2024 true ~ - \x00 \xff", uint64(1)<<63, "\u2028\r#")
	f.Add("/t(10.0.0.0/30),/t/a(10.0.0.1),/t/a/b(10.0.0.0/24),/z/.(10.0.0.1),/.glusterd-shares/closed(0.0.0.0)", "10.0.0.0/24", "10.0.0.2", "off", "t z .glusterfs", uint64(0), "")
	f.Fuzz(func(t *testing.T, exportDir, allow, reject, whole, names string, limit uint64, notice string) {
		w := newWorld(nil)
		w.notice = notice
		w.options["gv0"] = map[string]string{"nfs.disable": "off", "nfs.export-dir": exportDir, "nfs.rpc-auth-allow": allow, "nfs.export-volumes": whole}
		if reject != "" {
			w.options["gv0"]["nfs.rpc-auth-reject"] = reject
		}
		w.actual.Quota.On = true
		w.actual.Strays.Limits = map[string]state.Usage{}
		for i, name := range strings.Split(names, " ") {
			if name == "" || strings.ContainsAny(name, "/") {
				continue
			}
			w.actual.Strays.Dirs = append(w.actual.Strays.Dirs, "/"+name)
			if limit > 0 {
				w.actual.Strays.Limits[fmt.Sprintf("/%s/%d", name, i%3)] = state.Usage{Limit: limit}
			}
		}
		w.actual.Strays.Unread = []state.Unread{{What: names, Why: allow}}
		file, err := w.file()
		switch {
		case err == nil:
			checkFile(t, w.observed(), file)
		case file.Text != nil || !strings.Contains(err.Error(), takeover.ErrNothing.Error()):
			t.Fatal(err)
		}
	})
}
