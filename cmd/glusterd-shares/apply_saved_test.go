package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
)

// What somebody does while a saved plan waits for the lock of gv0 is seen under it,
// before anything is done there, and nothing is done after that. Whether anything was
// done before hangs on which volume comes first.
func TestSavedPlanThatMovesUnderTheLock(t *testing.T) {
	const gv0, gv1 = "  - {target: 'g1:/gv0', shares: [{name: a, access: [10.0.0.1]}%s]}\n", "  - {target: 'g1:/gv1', shares: [{name: x, access: [%s]}]}\n"
	for _, tt := range []struct {
		volumes []any
		code    int
		title   string
	}{
		{[]any{gv0, gv1}, exitRefused, "not the saved plan: nothing is carried out"},
		{[]any{gv1, gv0}, exitFailed, "not the saved plan any more: the rest is not carried out"},
	} {
		t.Chdir(t.TempDir())
		text := fmt.Sprint(append([]any{"version: 1\nvolumes:\n"}, tt.volumes...)...)
		write(t, "old.yaml", strings.NewReplacer("]}%s]", "]}]", "%s", "").Replace(text))
		write(t, "new.yaml", strings.NewReplacer("]}%s]", "]}, {name: b, access: [10.0.0.2]}]", "%s", "10.0.0.3").Replace(text))
		runIn(t, "box", "apply", "-f", "old.yaml")
		runIn(t, "box", "plan", "-f", "new.yaml", "--out", "plan.json")

		brick := filepath.Join("box", "g1", "gv0", "brick")
		lock, err := os.OpenFile(filepath.Join(brick, ".glusterd-shares", "lock"), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		somebody := &watcher{out: &errs, pattern: regexp.MustCompile("waiting for the lock"), seen: func() error {
			if err := os.Mkdir(filepath.Join(brick, "b"), 0o711); err != nil {
				return err
			}
			return lock.Close()
		}}
		code := run(t.Context(), []string{"apply", "plan.json", "--sandbox", "box"}, stdio{strings.NewReader(""), &out, somebody})
		if want := "\n" + tt.title + "\n  ! g1:/gv0: gone: make the directory /b\n"; code != tt.code || !strings.Contains(out.String(), want) {
			t.Errorf("exit %d, want %d and %s\n%s%s", code, tt.code, want, out.String(), errs.String())
		}
		options, err := os.ReadFile(filepath.Join("box", "g1", "gv0", "options"))
		if err != nil || strings.Contains(string(options), "10.0.0.2") {
			t.Errorf("%v: somebody has access to what was not approved:\n%s", err, options)
		}
	}
}

// What somebody does in the middle of a saved plan ends it: what is left on that volume
// is not done, and nothing on those that come after it.
func TestSavedPlanThatMovesInTheMiddle(t *testing.T) {
	t.Chdir(t.TempDir())
	const file = "version: 1\nvolumes:\n  - {target: 'g1:/gv0', shares: [{name: a, %saccess: [10.0.0.1%s]}]}\n  - {target: 'g1:/gv1', shares: [{name: x, access: [10.0.0.1%[2]s]}]}\n"
	write(t, "old.yaml", fmt.Sprintf(file, "", ""))
	write(t, "new.yaml", fmt.Sprintf(file, "size: 1GiB, ", ", 10.0.0.2"))
	runIn(t, "box", "apply", "-f", "old.yaml")
	runIn(t, "box", "plan", "-f", "new.yaml", "--out", "plan.json")

	options := func(volume string) string { return filepath.Join("box", "g1", volume, "options") }
	var out, errs bytes.Buffer
	somebody := &watcher{out: &errs, pattern: regexp.MustCompile("limit-usage"), seen: func() error {
		text, err := os.ReadFile(options("gv0"))
		if err != nil {
			return err
		}
		return os.WriteFile(options("gv0"), bytes.Replace(text, []byte("rpc-auth-allow: 10.0.0.1"), []byte("rpc-auth-allow: 10.0.0.9"), 1), 0o600)
	}}
	code := run(t.Context(), []string{"apply", "plan.json", "--sandbox", "box", "--log-level", "debug"}, stdio{strings.NewReader(""), &out, somebody})
	if want := "nothing is done to it any more, nor to the volumes after it"; code != exitFailed || !strings.Contains(out.String(), want) {
		t.Errorf("exit %d, want %d and %s\n%s%s", code, exitFailed, want, out.String(), errs.String())
	}
	for _, volume := range []string{"gv0", "gv1"} {
		if text, err := os.ReadFile(options(volume)); err != nil || strings.Contains(string(text), "10.0.0.2") {
			t.Errorf("%v: %s was carried out:\n%s", err, volume, text)
		}
	}
}

// A step that failed is not a plan that has moved: the other volumes are gone on with.
func TestWhatEndsASavedPlan(t *testing.T) {
	moved := movedError{[]savedplan.Difference{{What: savedplan.Gone}}}
	for _, tt := range []struct {
		err         error
		ends        bool
		differences int
	}{
		{nil, false, 0},
		{errors.New("a step failed"), false, 0},
		{apply.ErrStopped, false, 0},
		{moved, true, 1},
		{apply.ErrDeclined, true, 0},
		{apply.ProblemsError{Problems: []state.Problem{{Text: "x"}}}, true, 0},
		{apply.RefusedError{Refusals: []diff.Refusal{{Rule: "x"}}}, true, 0},
	} {
		var r result
		if ends := r.differ(&apply.Report{Err: tt.err}); ends != tt.ends || len(r.differences) != tt.differences {
			t.Errorf("%v: it ends: %v, with %v", tt.err, ends, r.differences)
		}
	}
}
