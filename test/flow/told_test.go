package flow

import (
	"context"
	"maps"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// What somebody set and glusterd did not tell the NFS server is found though
// volume info shows what is declared, and mended: it is then in force.
func TestOverlooked(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	mustConverge(t, l, volume("gv0", share("alpha", "10.0.0.1"), share("beta", "10.0.0.2")))
	args := []string{"--mode=script", "--xml", "volume", "set", "gv0", "nfs.export-dir", "/alpha(10.0.0.2),/beta(10.0.0.1)"}
	if ans, err := l.box.Host(hostName).Gluster(context.Background(), "", args...); err != nil || ans.Code != 0 {
		t.Fatalf("%v: %+v", err, ans)
	}
	old := map[string]bool{"10.0.0.1 /gv0/alpha": true, "10.0.0.2 /gv0/beta": true}
	wantAdmitted(t, l, old)

	swapped := volume("gv0", share("alpha", "10.0.0.2"), share("beta", "10.0.0.1"))
	_, p, _ := l.plan(t, swapped)
	if s := diff.Summarize([]diff.Plan{p}); s.Change != 2 {
		t.Fatalf("the plan for what is set and not in force is %+v", p)
	}
	mustConverge(t, l, swapped)
	wantAdmitted(t, l, map[string]bool{"10.0.0.2 /gv0/alpha": true, "10.0.0.1 /gv0/beta": true})
	l.took()
	mustConverge(t, l, swapped)
	if w := writes(l.took()); len(w) > 0 {
		t.Errorf("the run after that wrote %q", w)
	}
}

// However clients change places, a run tells the server of it.
func TestSwapsAreTold(t *testing.T) {
	l := newLine(t, map[string]map[string]string{"gv0": nil})
	for _, name := range []string{"a", "ab", "abc", "abcd"} {
		for _, clients := range [][2]string{{"10.0.0.1", "10.0.0.2"}, {"10.0.0.2", "10.0.0.1"}, {"10.0.0.3", "10.0.0.1"}} {
			mustConverge(t, l, volume("gv0", share(name, clients[0]), share("x", clients[1])))
			u := universe{clients: addrs([]string{"10.0.0.1", "10.0.0.2", "10.0.0.3"}), paths: []string{"/gv0/" + name, "/gv0/x"}}
			want := map[string]bool{clients[0] + " /gv0/" + name: true, clients[1] + " /gv0/x": true}
			if got := u.admitted(t, served(t, l)); !maps.Equal(got, want) {
				t.Errorf("%s and x for %v: the server admits %v", name, clients, got)
			}
		}
	}
}

func wantAdmitted(t *testing.T, l *line, want map[string]bool) {
	t.Helper()
	u := universe{clients: addrs([]string{"10.0.0.1", "10.0.0.2"}), paths: []string{"/gv0/alpha", "/gv0/beta"}}
	if got := u.admitted(t, served(t, l)); !maps.Equal(got, want) {
		t.Fatalf("the server admits %v, want %v", got, want)
	}
}

func served(t *testing.T, l *line) *mountd.Server {
	t.Helper()
	s, err := l.box.Served(hostName)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
