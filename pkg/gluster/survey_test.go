package gluster

import (
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state"
)

// listed is a tree of which only lists can be had: of the directories by path,
// of which an error stands in place of some.
type listed struct {
	Tree
	names map[string][]string
	fails map[string]error
	hangs string

	mu    sync.Mutex // a listing that was given up may still be at it
	asked []string
}

func (l *listed) List(p string, most int) ([]string, bool, error) {
	l.mu.Lock()
	l.asked = append(l.asked, p)
	l.mu.Unlock()
	if p == l.hangs {
		time.Sleep(time.Hour)
	}
	names := l.names[p]
	if len(names) > most {
		return names[:most], true, nil
	}
	return names, false, l.fails[p]
}

func shareNames(names ...string) state.Volume {
	v := state.Volume{Target: state.Target{Volume: "q1"}}
	for _, n := range names {
		v.Shares = append(v.Shares, state.Share{Name: n})
	}
	return v
}

func directories(paths ...string) map[string]state.Dir {
	out := map[string]state.Dir{}
	for _, p := range paths {
		out[p] = state.Dir{Kind: state.Directory}
	}
	return out
}

// Undeclared is what neither is a share nor lies on the way to one nor in one,
// and is neither Gluster's nor this tool's.
func TestStrayDirs(t *testing.T) {
	tree := &listed{names: map[string][]string{
		"/":        {".glusterd-shares", ".glusterfs", ".trashcan", "alpha", "beta", "teams", "zeta"},
		"/teams":   {".glusterfs", "old", "one", "two"},
		"/teams/1": nil,
	}}
	e := &Endpoint{tree: tree, volume: shareNames("alpha", "alpha/in/side", "teams/one", "teams/two/x", "gone/x", "file/x")}
	dirs := directories("/alpha", "/alpha/in", "/alpha/in/side", "/teams", "/teams/one", "/teams/two", "/teams/two/x")
	dirs["/gone"], dirs["/file"] = state.Dir{}, state.Dir{Kind: state.NotADirectory}
	var got state.Strays
	e.strayDirs(t.Context(), dirs, &got)
	want := state.Strays{Dirs: []string{"/beta", "/teams/.glusterfs", "/teams/old", "/zeta"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff([]string{"/", "/teams", "/teams/two"}, tree.asked); d != "" {
		t.Errorf("looked into (-want +got)\n%s", d)
	}
}

// What can't be read, or not to its end, is told; the rest is read.
func TestStrayDirsUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tree := &listed{
			names: map[string][]string{"/": make([]string, mostEntries+1), "/c": {"stray"}},
			fails: map[string]error{"/b": fs.ErrPermission},
			hangs: "/a",
		}
		e := &Endpoint{tree: tree, volume: shareNames("a/x", "b/x", "c/x")}
		var got state.Strays
		e.strayDirs(t.Context(), directories("/a", "/b", "/c"), &got)
		if len(got.More) != 1 || got.More[0] != "/" || got.Dirs[len(got.Dirs)-1] != "/c/stray" {
			t.Errorf("more in %q; %q", got.More, got.Dirs[len(got.Dirs)-1])
		}
		if len(got.Unread) != 2 || got.Unread[0].What != "/a" || !strings.Contains(got.Unread[0].Why, "hangs") || got.Unread[1] != (state.Unread{What: "/b", Why: "permission denied"}) {
			t.Errorf("unread %+v", got.Unread)
		}
		synctest.Wait()
		time.Sleep(2 * time.Hour) // what was left behind comes to its end
	})
}

func TestLimits(t *testing.T) {
	for name, want := range map[string]map[string]state.Usage{
		"quota-list-all.xml":  {"/a": {Limit: 10485760, Used: 3000320}, "/with blank": {Limit: 10485760}},
		"quota-list-none.xml": {},
	} {
		c, h := client(Answer{Stdout: sample(t, name)}, nil)
		got, err := c.Limits(t.Context(), "q1")
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v, -want +got\n%s", name, err, d)
		}
		if ran := strings.Join(h.calls, "\n"); ran != "--mode=script --xml volume quota q1 list" {
			t.Errorf("ran %s", ran)
		}
	}
}

// What doesn't say which directories have limits is never taken for none.
func TestLimitsRefused(t *testing.T) {
	tests := []struct {
		name string
		ans  Answer
		want string
	}{
		{"another volume's", Answer{Stdout: strings.ReplaceAll(sample(t, "quota-list-none.xml"), "q1", "q2")}, "No quota configured on volume q2"},
		{"off", Answer{Stdout: sample(t, "quota-disabled.xml")}, "Quota is disabled"},
		{"not a list", Answer{Stdout: sample(t, "volume-set-ok.xml")}, "the answer has no list of limits"},
		{"without a limit", Answer{Stdout: sample(t, "quota-list.xml")}, `the list of limits speaks of "/b", which has none`},
	}
	for _, tt := range tests {
		c, _ := client(tt.ans, nil)
		if got, err := c.Limits(t.Context(), "q1"); err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrBlankList) {
			t.Errorf("%s: %v, %v; want %q", tt.name, got, err, tt.want)
		}
	}
	c, _ := client(Answer{Code: 1}, nil)
	if got, err := c.Limits(t.Context(), "q1"); !errors.Is(err, ErrBlankList) || got != nil {
		t.Errorf("blank: %v, %v", got, err)
	}
}

// A blank list is what Gluster gives; everything else that is no list has failed.
func TestStrayLimits(t *testing.T) {
	killed := errors.New("killed")
	for _, tt := range []struct {
		name string
		ans  Answer
		err  error
		want func(state.Strays) bool
	}{
		{"limits", Answer{Stdout: sample(t, "quota-list-all.xml")}, nil, func(s state.Strays) bool {
			return len(s.Limits) == 1 && s.Limits["/with blank"].Limit == 10485760 && s.Unread == nil && s.LimitsUnknown == ""
		}},
		{"blank", Answer{Code: 1}, nil, func(s state.Strays) bool {
			return s.Limits == nil && s.Unread == nil && strings.Contains(s.LimitsUnknown, "is blank")
		}},
		{"killed", Answer{Code: -1}, killed, func(s state.Strays) bool {
			return s.Limits == nil && len(s.Unread) == 1 && strings.Contains(s.Unread[0].Why, "killed") && s.LimitsUnknown == ""
		}},
	} {
		c, _ := client(tt.ans, tt.err)
		var got state.Strays
		(&Endpoint{client: c, volume: shareNames("a")}).strayLimits(t.Context(), &got)
		if !tt.want(got) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// Where no share declares a size nothing hangs on what directories hold.
func TestUses(t *testing.T) {
	usage := map[string]state.Usage{"/a": {Used: 7}}
	failed := readings{usageErr: errors.New("quotad is gone")}
	for _, tt := range []struct {
		name      string
		sized     bool
		read      readings
		has, want state.Quota
	}{
		{"no sizes", false, readings{usage: usage}, state.Quota{On: true}, state.Quota{On: true, Usage: usage}},
		{"no sizes, unread", false, failed, state.Quota{On: true}, state.Quota{On: true, UsageUnread: "quotad is gone"}},
		{"quota off", false, failed, state.Quota{}, state.Quota{}},
		{"a size", true, readings{}, state.Quota{On: true, Usage: usage}, state.Quota{On: true, Usage: usage}},
	} {
		e := &Endpoint{volume: shareNames("a")}
		e.volume.Shares[0].Size.Managed = tt.sized
		e.uses(&tt.has, tt.read)
		if d := cmp.Diff(tt.want, tt.has); d != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, d)
		}
	}
}
