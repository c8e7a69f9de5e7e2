package gluster

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/state"
)

// torn answers the first n commands in one way and the others in another one.
func torn(n int, first, then Answer) (*Client, *fakeHost) {
	h := &fakeHost{}
	h.answer = func(context.Context, []string) (Answer, error) {
		if len(h.calls) <= n {
			return first, nil
		}
		return then, nil
	}
	return &Client{Host: h, Jitter: func() float64 { return 0 }}, h
}

// A list that another one has torn is asked for again, for a while; what is left
// out of it is never taken for what has no limit.
func TestTornLists(t *testing.T) {
	all := Answer{Stdout: sample(t, "quota-list-all.xml")}
	named := Answer{Stdout: sample(t, "quota-list.xml")}
	missing := Answer{Stdout: all.Stdout, Stderr: "/x       No such file or directory\n"}
	lost := Answer{Stdout: named.Stdout, Stderr: "/x       Transport endpoint is not connected\n"}
	umount := Answer{Stdout: all.Stdout, Stderr: "umount: /run/gluster/q1_quota_list: not mounted.\n"}
	refused := Answer{Stdout: strings.Replace(sample(t, "quota-disabled.xml"), "Quota is disabled, please enable quota", "Failed to start aux mount", 1)}
	limits := func(ctx context.Context, c *Client) error { _, err := c.Limits(ctx, "q1"); return err }
	usage := func(ctx context.Context, c *Client) error {
		_, err := c.Usage(ctx, "q1", []string{"/a", "/b/c", "/b", "/x"})
		return err
	}
	for _, tt := range []struct {
		name        string
		n           int
		first, then Answer
		ask         func(context.Context, *Client) error
		calls       int
		err         string
	}{
		{"all, whole", 0, all, all, limits, 1, ""},
		{"all, torn twice", 2, missing, all, limits, 3, ""},
		{"all, torn always", 100, missing, all, limits, listTries, "the list is not whole: /x       No such file or directory"},
		{"all, and only the mount's end goes wrong", 100, umount, all, limits, 1, ""},
		{"all, blank and torn", 1, Answer{Code: 1, Stderr: missing.Stderr}, all, limits, 2, ""},
		{"all, blank", 100, Answer{Code: 1}, all, limits, 1, ErrBlankList.Error()},
		{"all, without a mount", 1, refused, all, limits, 2, ""},
		{"named, torn once", 1, lost, named, usage, 2, ""},
		{"named, torn always", 100, lost, named, usage, listTries, "the list is not whole: /x       Transport endpoint is not connected"},
		{"named, and one is not there", 100, Answer{Stdout: named.Stdout, Stderr: missing.Stderr}, named, usage, 1, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, h := torn(tt.n, tt.first, tt.then)
			err := tt.ask(t.Context(), c)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.err)
			}
			if len(h.calls) != tt.calls {
				t.Errorf("%s: asked %d times, want %d", tt.name, len(h.calls), tt.calls)
			}
		})
	}
}

// Nor is one in which a directory is missing that is there.
func TestRelist(t *testing.T) {
	named := Answer{Stdout: sample(t, "quota-list.xml")}
	none := Answer{Stdout: named.Stdout[:strings.Index(named.Stdout, "<volQuota>")] + "<volQuota/></cliOutput>"}
	there := map[string]state.Dir{"/a": {Kind: state.Directory}, "/b": {Kind: state.Directory}}
	for _, tt := range []struct {
		name  string
		n     int
		dirs  map[string]state.Dir
		calls int
		whole bool
	}{
		{"it comes", 2, there, 3, true},
		{"it never comes", 100, there, listTries - 1, false},
		{"it is not there", 100, nil, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, h := torn(tt.n, none, named)
			e := &Endpoint{client: c, volume: state.Volume{Target: state.Target{Volume: "q1"}}}
			r := readings{usage: map[string]state.Usage{}}
			e.relist(t.Context(), &r, []string{"/a", "/b", "/b/c"}, tt.dirs)
			if whole := unlisted(r.usage, []string{"/a", "/b"}, tt.dirs) == ""; whole != tt.whole || len(h.calls) != tt.calls || r.usageErr != nil {
				t.Errorf("%s: asked %d times, %+v", tt.name, len(h.calls), r)
			}
		})
	}
}
