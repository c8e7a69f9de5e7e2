package gluster

import (
	"context"
	"slices"
	"testing"

	"glusterd-shares/pkg/state"
)

// The list of limits that this run has turned blank, by taking one away, is what it
// was without it. Of one that was blank before nothing is known, nor of one after a
// limit was set.
func TestBlankListOfOnesOwn(t *testing.T) {
	whole, blank := Answer{Stdout: sample(t, "quota-list-all.xml")}, Answer{Code: 1}
	list, done := whole, Answer{Stdout: sample(t, "volume-set-ok.xml")}
	h := &stdinHost{answer: func(string) (Answer, error) { return done, nil }}
	h.Host = &fakeHost{answer: func(context.Context, []string) (Answer, error) { return list, nil }}
	e := &Endpoint{client: &Client{Host: bothHosts{h}}, volume: state.Volume{Target: state.Target{Volume: "q1"}}}
	ask := func() readings {
		var r readings
		e.askLimited(t.Context(), &r)
		return r
	}
	set := func(l state.Limit) {
		t.Helper()
		if errs := e.SetLimits(t.Context(), []state.Limit{l}); errs[0] != nil {
			t.Fatal(errs[0])
		}
	}
	list = blank
	if r := ask(); r.unlisted == "" {
		t.Errorf("blank from the start: %+v", r)
	}
	list = whole
	if r := ask(); r.unlisted != "" || !slices.Equal(r.limited, []string{"/a", "/with blank"}) {
		t.Errorf("whole: %+v", r)
	}
	list = blank
	set(state.Limit{Path: "/a"})
	for range 2 {
		if r := ask(); r.unlisted != "" || !slices.Equal(r.limited, []string{"/with blank"}) {
			t.Errorf("blank since a limit was taken away: %+v", r)
		}
	}
	set(state.Limit{Path: "/a", Bytes: 1000})
	if r := ask(); r.unlisted == "" {
		t.Errorf("blank though a limit was set: %+v", r)
	}
}

// bothHosts runs what is on stdin by one host, and anything else by the one in it.
type bothHosts struct{ *stdinHost }

func (h bothHosts) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	if stdin == "" {
		return h.Host.Gluster(ctx, stdin, args...)
	}
	return h.stdinHost.Gluster(ctx, stdin, args...)
}
