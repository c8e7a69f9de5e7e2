package gluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/state"
)

// What a command of gluster asks is asked again where its answer went with the
// connection, but not for ever; what it changes is not.
func TestGlusterIsAskedAgain(t *testing.T) {
	type ask func(context.Context, *Client) error
	asks := map[string]ask{
		"a question":  func(ctx context.Context, c *Client) error { _, err := c.read(ctx, "x"); return err },
		"the version": func(ctx context.Context, c *Client) error { _, err := c.Version(ctx); return err },
		"what is told": func(ctx context.Context, c *Client) error {
			_, err := c.Told(ctx)
			return err
		},
		"a write": func(ctx context.Context, c *Client) error { return c.write(ctx, "x") },
		"limits": func(ctx context.Context, c *Client) error {
			return c.SetLimits(ctx, "gvt", []state.Limit{{Path: "/a", Bytes: 1}})[0]
		},
	}
	for name, ask := range asks {
		write := name == "a write" || name == "limits"
		for lost := range lostTries + 1 {
			t.Run(fmt.Sprint(name, " ", lost), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, h := client(Answer{}, nil)
					h.answer = func(ctx context.Context, args []string) (Answer, error) {
						if IsUnbroken(ctx) != write {
							t.Errorf("begun over a new connection: %v", write)
						}
						if len(h.calls) <= lost {
							return Answer{Code: -1}, fmt.Errorf("cut off: %w", ErrConnectionLost)
						}
						return Answer{Stdout: answerTo(t, args)}, nil
					}
					err := ask(t.Context(), c)
					calls, want := lost+1, ""
					switch {
					case write && lost > 0:
						calls, want = 1, "unknown"
					case lost == lostTries:
						calls = lostTries
					}
					failed := write && lost > 0 || lost == lostTries
					if len(h.calls) != calls || kinds(err) != want || errors.Is(err, ErrConnectionLost) != failed || (err != nil) != failed {
						t.Errorf("%d calls, %v; want %d calls, %q", len(h.calls), err, calls, want)
					}
				})
			})
		}
	}
}

// answerTo is a whole answer.
func answerTo(t *testing.T, args []string) string {
	t.Helper()
	switch {
	case slices.Equal(args, versionArgs):
		return "glusterfs 10.3\n"
	case slices.Contains(args, "getspec"):
		return "volume nfs-server\n    type nfs/server\nend-volume\n"
	}
	return sample(t, "volume-set-ok.xml")
}

// A look whose process was lost with the connection is made by another one.
func TestAheadAfterTheConnectionWasLost(t *testing.T) {
	c, h := client(Answer{Code: -1}, ErrConnectionLost)
	c.ahead(t.Context(), versionArgs)
	c.ahead(t.Context(), versionArgs)
	if len(h.calls) != 2 {
		t.Errorf("asked %d times", len(h.calls))
	}
}

// losing is a shell whose connection goes under the next commands, when they have
// been run.
type losing struct {
	Shell
	left, runs int
	unbroken   bool // of the last one
}

func (l *losing) Run(ctx context.Context, stdin string, argv ...string) (Answer, error) {
	ans, err := l.Shell.Run(ctx, stdin, argv...)
	l.runs++
	l.unbroken = IsUnbroken(ctx)
	if l.left > 0 && err == nil {
		l.left--
		return Answer{Code: -1}, ErrConnectionLost
	}
	return ans, err
}

// What is asked of directories is asked again, what is to be changed is not.
func TestTheFarSideIsAskedAgain(t *testing.T) {
	dir := t.TempDir()
	d, far := openFar(t, "sh", dir)
	l := &losing{Shell: far}
	d.host.Shell = l
	look := func() error { _, err := d.Stat("/none"); return err }
	number := func() error { _, _, err := d.host.Numbers(t.Context(), []string{"root"}, nil); return err }
	mkdir := func() error { return d.Mkdir("/new", 0o700) }
	for name, c := range map[string]struct {
		do         func() error
		lost, runs int
		failed     bool
	}{
		"a look":                 {look, lostTries - 1, lostTries, false},
		"a look that never ends": {look, lostTries, lostTries, true},
		"names":                  {number, 1, 2, false},
	} {
		l.left, l.runs = c.lost, 0
		err := c.do()
		if l.runs != c.runs || l.unbroken || (err != nil) != c.failed || errors.Is(err, ErrConnectionLost) != c.failed || errors.Is(err, ErrUnknownOutcome) {
			t.Errorf("%s: run %d times, %v", name, l.runs, err)
		}
	}
	l.left, l.runs = 1, 0
	if err := mkdir(); !errors.Is(err, ErrUnknownOutcome) || l.runs != 1 || !l.unbroken {
		t.Errorf("a change: run %d times, %v", l.runs, err)
	}
	if _, err := os.Stat(dir + "/new"); err != nil {
		t.Error(err)
	}
}

// A mount that was made for the tree goes with the connection, and the lock with both:
// what changes something is not done at another root.
func TestNoChangeAtANewRoot(t *testing.T) {
	dir := t.TempDir()
	d, far := openFar(t, "sh", dir)
	l := &losing{Shell: far}
	d.host.Shell = l
	d.root.file += "0"
	if err := d.Mkdir("/new", 0o700); !errors.Is(err, errRootGone) || errors.Is(err, ErrUnknownOutcome) || l.runs != 1 {
		t.Errorf("run %d times, %v", l.runs, err)
	}
}

// A lock whose connection went before it was had is asked for again.
func TestLockAfterTheConnectionWasLost(t *testing.T) {
	dir := t.TempDir()
	d, far := openFar(t, "sh", dir)
	d.host.Shell = &losingOnce{Shell: far}
	l := lock(t, d)
	ok(t, l.Held(t.Context()), l.Close())
}

// losingOnce is a shell of which the first session goes with its connection.
type losingOnce struct {
	Shell
	lost bool
}

func (l *losingOnce) Hold(ctx context.Context, argv ...string) (Session, error) {
	s, err := l.Shell.Hold(ctx, argv...)
	if err != nil || l.lost {
		return s, err
	}
	l.lost = true
	return mute{s}, s.Close()
}

// mute is a session of which nothing more is heard.
type mute struct{ Session }

func (mute) Read([]byte) (int, error) { return 0, ErrConnectionLost }
