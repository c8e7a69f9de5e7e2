package gluster

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/state"
)

// steps is a tree that notes what is done to it. The step that hangs comes back
// after an hour, the others at once.
type steps struct {
	Tree
	hangs string
	fails error
	done  []string
}

func (s *steps) do(step string) error {
	s.done = append(s.done, step)
	if step == s.hangs {
		time.Sleep(time.Hour)
	}
	return s.fails
}

func (s *steps) Stat(paths ...string) ([]state.Dir, error) {
	return slices.Repeat([]state.Dir{{Kind: state.Directory}}, len(paths)), s.do("stat " + strings.Join(paths, " "))
}
func (s *steps) Mkdir(p string, _ uint32) error     { return s.do("mkdir " + p) }
func (s *steps) Chown(p string, _, _ *uint32) error { return s.do("chown " + p) }
func (s *steps) Chmod(p string, _ uint32) error     { return s.do("chmod " + p) }

func (s *steps) Names(p string, _ int) ([]string, error)  { return nil, s.do("names " + p) }
func (s *steps) WriteFile(p string, _ []byte) error       { return s.do("write") }
func (s *steps) Rename(p, _ string, _ state.FileID) error { return s.do("rename " + p) }
func (s *steps) Identity(paths ...string) ([]state.FileID, error) {
	return make([]state.FileID, len(paths)), s.do("identify " + strings.Join(paths, " "))
}
func (s *steps) Remove(p string) error { return s.do("remove " + p) }
func (s *steps) RemoveSome(p string, _ int) (int, bool, error) {
	return 1, true, s.do("remove " + p)
}

var perm = state.Perm{Owner: state.ID{Managed: true}, Mode: state.Mode{Managed: true, Bits: 0750}}

// works are the ways in which an endpoint uses its directories.
var works = map[string]func(context.Context, *Endpoint) error{
	"observe": func(ctx context.Context, e *Endpoint) error { _, err := e.dirs(ctx); return err },
	"make":    func(ctx context.Context, e *Endpoint) error { return e.MakeDir(ctx, "/a", perm) },
	"set":     func(ctx context.Context, e *Endpoint) error { return e.SetPerm(ctx, "/a", perm) },
}

// A mount that hangs holds nobody longer than the context lasts, or for what a
// gluster command may take where the context lasts longer. What may have been
// changed is not known then.
func TestEndpointOnAHungMount(t *testing.T) {
	for _, tt := range []struct {
		work, hangs string
		done        []string
		unknown     bool
		said        string
	}{
		{"observe", "stat /a", []string{"stat /a"}, false, "of the shares: "},
		{"make", "mkdir /a", []string{"mkdir /a"}, true, " /a: "},
		{"make", "chown /a", []string{"mkdir /a", "chown /a"}, true, " /a: "},
		{"make", "chmod /a", []string{"mkdir /a", "chown /a", "chmod /a"}, true, " /a: "},
		{"set", "chown /a", []string{"chown /a"}, true, " /a: "},
		{"set", "chmod /a", []string{"chown /a", "chmod /a"}, true, " /a: "},
	} {
		for _, lasts := range []time.Duration{time.Minute, 0} {
			t.Run(strings.Join([]string{tt.work, tt.hangs, lasts.String()}, " "), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, want, reason := t.Context(), stepTimeout, context.DeadlineExceeded
					if lasts != 0 {
						var cancel context.CancelFunc
						want, reason = lasts, errors.New("the time is over")
						ctx, cancel = context.WithTimeoutCause(ctx, lasts, reason)
						defer cancel()
					}
					s := &steps{hangs: tt.hangs}
					e := &Endpoint{tree: s, opened: gvt.ID, volume: state.Volume{Shares: []state.Share{{Name: "a"}}}}
					start := time.Now()
					err := works[tt.work](ctx, e)
					if took := time.Since(start); took != want {
						t.Errorf("it took %v, want %v", took, want)
					}
					if !errors.Is(err, reason) || !strings.Contains(err.Error(), tt.said) || !strings.Contains(err.Error(), "hangs") || errors.Is(err, state.ErrUnknownOutcome) != tt.unknown {
						t.Errorf("got %v", err)
					}
					time.Sleep(2 * time.Hour) // what was left behind is followed by nothing
					synctest.Wait()
					if !slices.Equal(s.done, tt.done) {
						t.Errorf("did %q, want %q", s.done, tt.done)
					}
				})
			})
		}
	}
}

// A step that is slow, but not for longer than that, is waited for; a look at
// many paths may take longer.
func TestEndpointWaitsForSlowSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shares []state.Share
		for _, name := range []string{"a", "b", "c"} {
			shares = append(shares, state.Share{Name: name})
		}
		e := &Endpoint{tree: slow{}, opened: gvt.ID, volume: state.Volume{Shares: shares}}
		if dirs, err := e.dirs(t.Context()); len(dirs) != 3 || err != nil {
			t.Errorf("got %v, %v", dirs, err)
		}
	})
}

// slow is a tree that answers late.
type slow struct{ Tree }

func (slow) Stat(paths ...string) ([]state.Dir, error) {
	time.Sleep(stepTimeout + time.Duration(len(paths)-1)*morePerPath - time.Millisecond)
	return slices.Repeat([]state.Dir{{Kind: state.Directory}}, len(paths)), nil
}

// What fails, or is never begun, is not of unknown outcome.
func TestEndpointKnowsWhatFailed(t *testing.T) {
	over := errors.New("the time is over")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	for name, work := range works {
		s := &steps{fails: fs.ErrPermission}
		err := work(t.Context(), &Endpoint{tree: s, opened: gvt.ID, volume: state.Volume{Shares: []state.Share{{Name: "a"}}}})
		if !errors.Is(err, fs.ErrPermission) || errors.Is(err, state.ErrUnknownOutcome) || len(s.done) != 1 {
			t.Errorf("%s: %v after %q", name, err, s.done)
		}
		s = &steps{}
		err = work(ended, &Endpoint{tree: s, opened: gvt.ID, volume: state.Volume{Shares: []state.Share{{Name: "a"}}}})
		if !errors.Is(err, over) || errors.Is(err, state.ErrUnknownOutcome) || len(s.done) != 0 {
			t.Errorf("%s after the context ended: %v after %q", name, err, s.done)
		}
	}
}

// roots is a host that gives the root of any volume, and on which a name has
// another number at each look-up.
type roots struct {
	Host
	lookUps uint32
	trees   int
}

func (h *roots) Gluster(context.Context, string, ...string) (Answer, error) {
	return Answer{Stdout: "glusterfs 10.3\n"}, nil
}
func (h *roots) Local(context.Context, string) (bool, error) { return true, nil }
func (h *roots) Numbers(_ context.Context, owners, _ []string) (map[string]uint32, map[string]uint32, error) {
	h.lookUps++
	return map[string]uint32{owners[0]: h.lookUps}, nil, nil
}
func (h *roots) Open(context.Context, state.VolumeInfo) (Tree, error) {
	h.trees++
	return &steps{}, nil
}

// A name is looked up once in a run, and again in the next one, which may desire
// other shares. The directories stay open.
func TestEndpointBeginsAnotherRun(t *testing.T) {
	h := &roots{}
	owned := state.Volume{Shares: []state.Share{{Name: "a", Owner: "alice"}}}
	e := NewEndpoint(h, &Client{Host: h}, owned, nil)
	for run, share := range []string{"a", "b"} {
		owned.Shares = []state.Share{{Name: share, Owner: "alice"}}
		e.Begin(owned)
		for range 2 {
			err := e.open(t.Context(), gvt)
			dirs, dirsErr := e.dirs(t.Context())
			if err = errors.Join(err, dirsErr, e.askOnce(t.Context())); err != nil {
				t.Fatal(err)
			}
			if _, looked := dirs["/"+share]; !looked || e.lasting.owners["alice"] != uint32(run+1) {
				t.Errorf("run %d: looked at %v, alice is %d", run+1, dirs, e.lasting.owners["alice"])
			}
		}
	}
	if h.trees != 1 {
		t.Errorf("the directories were opened %d times", h.trees)
	}
}

// A volume of the same name that is not the one whose directories are open is not
// looked at by them.
func TestEndpointNoticesAnotherVolume(t *testing.T) {
	e := NewEndpoint(&roots{}, nil, state.Volume{Shares: []state.Share{{Name: "a"}}}, nil)
	if err := e.open(t.Context(), gvt); err != nil {
		t.Fatal(err)
	}
	other := gvt
	other.ID = "other"
	if err := e.open(t.Context(), other); err == nil || !strings.Contains(err.Error(), "another one than before") {
		t.Errorf("got %v", err)
	}
}
