package gluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// session is a host whose gluster answers commands on its stdin with one thing,
// and by themselves with another one.
type session struct {
	fakeHost
	onStdin Answer
	err     error
	stdin   string
}

func (h *session) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	if stdin == "" {
		return h.fakeHost.Gluster(ctx, stdin, args...)
	}
	h.stdin = stdin
	return h.onStdin, h.err
}

const refused = documentHead + " version=\"1.0\"?><cliOutput><opRet>-1</opRet></cliOutput>\n"

// What one process has answered is not asked again; what it has not is asked
// alone.
func TestAhead(t *testing.T) {
	pool, told := sample(t, "pool-list.xml"), sample(t, "nfs-server.vol")
	over := errors.New("the time is over")
	for _, tt := range []struct {
		name string
		ans  Answer
		err  error
		want []string // how peers and told are answered: ahead or alone
	}{
		{"all", Answer{Stdout: pool + told}, nil, []string{"ahead", "ahead"}},
		{"the last one with nothing", Answer{Stdout: pool, Code: 1}, nil, []string{"ahead", "alone"}},
		{"the last one with nothing, and no complaint", Answer{Stdout: pool}, nil, []string{"ahead", "alone"}},
		{"the last one with something and a complaint", Answer{Stdout: pool + told, Code: 1}, nil, []string{"ahead", "alone"}},
		{"one is refused", Answer{Stdout: refused + told}, nil, []string{"ahead", "ahead"}},
		{"one without a document", Answer{Stdout: "unrecognized word: pool\n" + told}, nil, []string{"alone", "alone"}},
		{"one is cut off", Answer{Stdout: pool[:len(pool)/2], Code: 1}, nil, []string{"alone", "alone"}},
		{"no connection", Answer{Stdout: "Connection failed. Please check if gluster daemon is operational.\n", Code: 110}, nil, []string{"alone", "alone"}},
		{"nothing", Answer{}, nil, []string{"alone", "alone"}},
		{"it didn't end", Answer{Stdout: pool, Code: -1}, over, []string{"alone", "alone"}},
	} {
		h := &session{onStdin: tt.ans, err: tt.err}
		h.answer = func(context.Context, []string) (Answer, error) { return Answer{Stdout: "alone"}, nil }
		c := (&Client{Host: h}).ahead(t.Context(), peersArgs, toldArgs)
		if want := "pool list\nsystem:: getspec gluster/nfs\n"; h.stdin != want {
			t.Errorf("%s: gluster was given %q", tt.name, h.stdin)
		}
		for i, args := range [][]string{peersArgs, toldArgs} {
			for _, want := range []string{tt.want[i], "alone"} { // the second time
				ans, err := c.run(t.Context(), commandTimeout, "", xmlArgs(args...)...)
				got := "ahead"
				switch {
				case ans.Stdout == "alone":
					got = "alone"
				case err != nil || ans.Code != 0 || !strings.Contains(tt.ans.Stdout, ans.Stdout):
					t.Errorf("%s: %q gave %+v, %v", tt.name, args, ans, err)
				}
				if got != want {
					t.Errorf("%s: %q was answered %s, not %s", tt.name, args, got, want)
				}
			}
		}
	}
}

// waiting is a gluster that waits on its stdin for a glusterd which is down, and
// that says so at once where it is asked for one thing.
type waiting struct{ Host }

func (waiting) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	if stdin == "" {
		return Answer{Stdout: "Connection failed. Please check if gluster daemon is operational.\n", Code: 1}, nil
	}
	<-ctx.Done()
	return Answer{Stderr: "Welcome to gluster prompt, type 'help' to see the available commands.\n", Code: -1}, ctx.Err()
}

// That glusterd is down is said soon, and as that.
func TestAheadOfADeadGlusterd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &Client{Host: waiting{}, Jitter: func() float64 { return 0 }}
		_, err := c.ahead(t.Context(), peersArgs, volumesArgs).Volumes(t.Context())
		if took := time.Since(start); !errors.Is(err, ErrDaemonDown) || took > 10*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		start = time.Now()
		if c.ahead(t.Context(), peersArgs, volumesArgs); time.Since(start) > 0 {
			t.Error("it was tried again")
		}
	})
}

// Where one in the middle gave no answer, no other one's is taken for it.
func TestAheadOfAGap(t *testing.T) {
	pool, told := sample(t, "pool-list.xml"), sample(t, "nfs-server.vol")
	commands := [][]string{volumesArgs, peersArgs, statusArgs("gvt"), toldArgs}
	for _, stdout := range []string{pool + told, pool + pool + told, told} {
		h := &session{onStdin: Answer{Stdout: stdout}}
		h.answer = func(context.Context, []string) (Answer, error) { return Answer{Stdout: "alone"}, nil }
		c := (&Client{Host: h}).ahead(t.Context(), commands...)
		for _, args := range commands {
			if ans, _ := c.run(t.Context(), commandTimeout, "", xmlArgs(args...)...); ans.Stdout != "alone" {
				t.Errorf("%q was answered by %.40q", args, ans.Stdout)
			}
		}
	}
}

// What is asked again, since it may pass, is asked of Gluster again.
func TestAheadOfABusyGluster(t *testing.T) {
	busy := strings.Replace(refused, "<opRet>-1</opRet>", "<opRet>-1</opRet><opErrno>30802</opErrno><opErrstr>Another transaction is in progress for gvt. Please try again after some time.</opErrstr>", 1)
	h := &session{onStdin: Answer{Stdout: busy + busy}}
	h.answer = func(context.Context, []string) (Answer, error) {
		return Answer{Stdout: sample(t, "pool-list.xml")}, nil
	}
	c := (&Client{Host: h, Jitter: func() float64 { return 0 }}).ahead(t.Context(), peersArgs, volumesArgs)
	if peers, err := c.Peers(t.Context()); err != nil || len(peers) == 0 {
		t.Errorf("got %v, %v", peers, err)
	}
	if want := []string{"--mode=script --xml pool list"}; !slices.Equal(h.calls, want) {
		t.Errorf("asked %q", h.calls)
	}
}
