package gluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state"
)

func TestUsage(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "quota-list.xml"), Stderr: "/nope  No such file or directory\n"}, nil)
	got, err := c.Usage(t.Context(), "q1", []string{"/a", "/b/c", "/b", "/nope"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]state.Usage{
		"/a":   {Limit: 10485760, Used: 3145728},
		"/b/c": {Limit: 5000000000},
		"/b":   {Used: 5242880},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if ran := strings.Join(h.calls, "\n"); ran != "--mode=script --xml volume quota q1 list /a /b/c /b /nope" {
		t.Errorf("ran %s", ran)
	}
}

// What is not understood is an error, never a directory without a limit.
func TestUsageRefused(t *testing.T) {
	list := sample(t, "quota-list.xml")
	tests := []struct {
		name, stdout, path, want string
	}{
		{"blank", "", "/a", "the answer is empty"},
		{"off", sample(t, "quota-disabled.xml"), "/a", "Quota is disabled, please enable quota"},
		{"not a list", sample(t, "volume-set-ok.xml"), "/a", "the answer has no list of limits"},
		{"what was not asked for", list, "/a", `the answer speaks of "/b/c"`},
		{"no number", strings.Replace(list, ">3145728<", ">some<", 1), "/a", `the use "some" of "/a"`},
		{"cut off", list[:len(list)-40], "/a", "the answer can't be read"},
		{"a blank in the path", list, "/a b", "on which gluster would split it"},
		{"a line's end in the path", list, "/a\nvolume stop q1", "on which gluster would split it"},
		{"a way up", list, "/../a", "is not a clean path"},
	}
	for _, tt := range tests {
		c, _ := client(Answer{Stdout: tt.stdout}, nil)
		got, err := c.Usage(t.Context(), "q1", []string{tt.path})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestEnableQuota(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "quota-enabled-already.xml")}, nil)
	if err := c.EnableQuota(t.Context(), "q1"); err != nil {
		t.Error(err)
	}
	if ran := strings.Join(h.calls, "\n"); ran != "--mode=script --xml volume quota q1 enable" {
		t.Errorf("ran %s", ran)
	}
	c, _ = client(Answer{Stdout: sample(t, "volume-set-novol.xml")}, nil)
	if err := c.EnableQuota(t.Context(), "q1"); !errors.Is(err, ErrNoVolume) {
		t.Errorf("%v", err)
	}
}

var fourLimits = []state.Limit{{Path: "/a", Bytes: 10485760}, {Path: "/nope", Bytes: 10485760}, {Path: "/b"}, {Path: "/b/c"}}

// Each command's answer is its own.
func TestSetLimits(t *testing.T) {
	var stdin string
	h := &stdinHost{answer: func(in string) (Answer, error) {
		stdin = in
		return Answer{Stdout: sample(t, "quota-limits.xml"), Stderr: "Welcome to gluster prompt\n"}, nil
	}}
	errs := (&Client{Host: h}).SetLimits(t.Context(), "q1", fourLimits)
	wantErrors(t, errs, "", "Failed to get trusted.gfid attribute on path /nope", "", "")
	want := "volume quota q1 limit-usage /a 10485760\nvolume quota q1 limit-usage /nope 10485760\nvolume quota q1 remove /b\nvolume quota q1 remove /b/c\n"
	if stdin != want {
		t.Errorf("gluster was given\n%s", stdin)
	}
	if errors.Is(errs[1], ErrUnknownOutcome) {
		t.Errorf("a refusal is of unknown outcome: %v", errs[1])
	}
}

// Where answers are missing, what became of the commands behind the last answer
// is unknown; where it can't be told whose they are, of all.
func TestSetLimitsUnanswered(t *testing.T) {
	whole := sample(t, "quota-limits.xml")
	two := strings.Join(strings.SplitAfterN(whole, "</cliOutput>\n", 3)[:2], "")
	const unknown, down = "gluster gave no answer", "glusterd does not answer"
	tests := []struct {
		name string
		ans  Answer
		err  error
		want [4]string
	}{
		{"glusterd went away after two", Answer{Stdout: two, Code: 1}, nil, [4]string{"", "gfid", unknown, unknown}},
		{"killed in the third", Answer{Stdout: whole[:len(two)+100], Code: -1}, errors.New("killed"), [4]string{"", "gfid", "killed", "killed"}},
		{"glusterd is down", Answer{Stdout: sample(t, "glusterd-down.txt"), Code: 110}, nil, [4]string{down, down, down, down}},
		{"one has no answer, and gluster went on", Answer{Stdout: two}, nil, [4]string{unknown, unknown, unknown, unknown}},
		{"one was taken for wrong", Answer{Stdout: two, Stderr: "Usage: volume quota", Code: 1}, nil, [4]string{unknown, unknown, unknown, unknown}},
		{"an answer too many", Answer{Stdout: whole + two}, nil, [4]string{unknown, unknown, unknown, unknown}},
		{"text in between", Answer{Stdout: two + "what?\n" + two}, nil, [4]string{unknown, unknown, unknown, unknown}},
		{"blank", Answer{Code: 1}, nil, [4]string{unknown, unknown, unknown, unknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := &stdinHost{answer: func(string) (Answer, error) { return tt.ans, tt.err }}
			errs := (&Client{Host: h}).SetLimits(t.Context(), "q1", fourLimits)
			wantErrors(t, errs, tt.want[:]...)
			for _, err := range errs {
				if err != nil && !strings.Contains(err.Error(), "gfid") && !errors.Is(err, ErrUnknownOutcome) {
					t.Errorf("%v is not of unknown outcome", err)
				}
			}
			if h.calls != 1 {
				t.Errorf("gluster was run %d times", h.calls)
			}
		})
	}
}

// Only what Gluster was too busy for comes again.
func TestSetLimitsBusy(t *testing.T) {
	for _, name := range []string{"volume-set-locked.xml", "quota-limit-not-connected.xml"} {
		testSetLimitsBusy(t, sample(t, name))
	}
}

func testSetLimitsBusy(t *testing.T, busy string) {
	t.Helper()
	yes := sample(t, "quota-limits.xml")
	yes = yes[:strings.Index(yes, "</cliOutput>\n")+len("</cliOutput>\n")]
	var asked []int
	h := &stdinHost{answer: func(in string) (Answer, error) {
		n := strings.Count(in, "\n")
		asked = append(asked, n)
		if n == 2 {
			return Answer{Stdout: busy + yes}, nil
		}
		return Answer{Stdout: yes + strings.Repeat(busy, n-1)}, nil
	}}
	synctest.Test(t, func(t *testing.T) {
		errs := (&Client{Host: h}).SetLimits(t.Context(), "q1", fourLimits)
		wantErrors(t, errs, "", "", "", "")
	})
	if !slices.Equal(asked, []int{4, 3, 2, 1}) {
		t.Errorf("asked for %v limits", asked)
	}
}

func TestSetLimitsRefuses(t *testing.T) {
	h := &stdinHost{answer: func(in string) (Answer, error) { t.Errorf("ran %q", in); return Answer{}, nil }}
	longest := "/" + strings.Repeat("x", maxLine-len("volume quota q1 limit-usage / 10"))
	if err := checkLimit("q1", state.Limit{Path: longest, Bytes: 10}); err != nil {
		t.Error(err)
	}
	limits := []state.Limit{{Path: "/a b", Bytes: 1}, {Path: "a", Bytes: 1}, {Path: "/a\n", Bytes: 1}, {Path: "/a", Bytes: 1 << 63}, {Path: longest + "x", Bytes: 10}}
	errs := (&Client{Host: h}).SetLimits(t.Context(), "q1", limits)
	wantErrors(t, errs, "split", "not a clean path", "split", "more than Gluster takes", "cut the command in two")
	errs = (&Client{Host: h}).SetLimits(t.Context(), "-q1;", []state.Limit{{Path: "/a", Bytes: 1}})
	wantErrors(t, errs, "can't be the name of a volume")
}

// stdinHost answers what is written to gluster's stdin.
type stdinHost struct {
	Host
	answer func(stdin string) (Answer, error)
	calls  int
}

func (h *stdinHost) Gluster(_ context.Context, stdin string, _ ...string) (Answer, error) {
	h.calls++
	return h.answer(stdin)
}

func wantErrors(t *testing.T, errs []error, want ...string) {
	t.Helper()
	if len(errs) != len(want) {
		t.Fatalf("%d errors, want %d: %v", len(errs), len(want), errs)
	}
	for i, w := range want {
		switch {
		case w == "" && errs[i] != nil:
			t.Errorf("%d: %v, want none", i, errs[i])
		case w != "" && (errs[i] == nil || !strings.Contains(errs[i].Error(), w)):
			t.Errorf("%d: %v, want %q", i, errs[i], w)
		}
	}
}

func (s *steps) Space() (uint64, error) { return 1 << 40, nil }

// What is read of limits counts only where quota is on; there a directory that
// is not listed, or a list that can't be had, is an error.
func TestObserveQuota(t *testing.T) {
	sized := state.Volume{Target: state.Target{Volume: "gvt"}, Shares: []state.Share{
		{Name: "a", Size: state.Size{Bytes: 1, Managed: true}}, {Name: "b"}, {Name: "c", Size: state.Size{Managed: true}},
	}}
	usage := map[string]state.Usage{"/a": {Limit: 5, Used: 1}}
	broken := errors.New("no list")
	there := map[string]state.Dir{"/a": {Kind: state.Directory}, "/b": {Kind: state.Directory}}
	both := map[string]state.Dir{"/a": {Kind: state.Directory}, "/c": {Kind: state.Directory}}
	tests := []struct {
		name   string
		volume state.Volume
		on     bool
		dirs   map[string]state.Dir
		read   readings
		want   state.Quota
		err    string
	}{
		{"no sizes", state.Volume{}, true, there, readings{usageErr: broken}, state.Quota{On: true}, ""},
		{"off", sized, false, there, readings{usageErr: broken}, state.Quota{Space: 1 << 40}, ""},
		{"on", sized, true, there, readings{usage: usage}, state.Quota{On: true, Space: 1 << 40, Usage: usage}, ""},
		{"on, and no list", sized, true, there, readings{usageErr: broken}, state.Quota{}, "no list"},
		{"on, and one is not listed", sized, true, both, readings{usage: usage}, state.Quota{}, "says nothing of /c"},
	}
	for _, tt := range tests {
		e := &Endpoint{volume: tt.volume, tree: &steps{}}
		a := state.Actual{Dirs: tt.dirs, Quota: state.Quota{On: tt.on}}
		err := errors.Join(e.lookAtSpace(t.Context(), &a), e.quota(&a, tt.read))
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.err)
			}
			continue
		}
		if d := cmp.Diff(tt.want, a.Quota); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", tt.name, err, d)
		}
	}
}
