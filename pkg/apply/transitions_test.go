package apply_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
)

// fresh is a volume as Gluster makes it.
const fresh = "gv0 disable=on"

// served is a volume with one share for two clients, beside one that is not
// served.
const served = `
	gv0 disable=off export-volumes=off export-dir=/a(10.0.0.1|10.0.0.2) rpc-auth-allow=10.0.0.1,10.0.0.2
	gv1 disable=on export-volumes=off
	/a`

// crowded has three shares for one client each.
const crowded = `
	gv0 disable=off export-volumes=off export-dir=/a(10.0.0.1),/b(10.0.0.2),/c(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2,10.0.0.3
	gv1 disable=on export-volumes=off
	/a
	/b
	/c`

func TestTransitions(t *testing.T) {
	play(t, []scene{
		{
			name: "first export on a fresh volume", desired: "a: 10.0.0.1", actual: fresh, ok: true,
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				mkdir /a
				observe
				serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				unlock`,
			steps: `
				done: serve export-volumes=off
				done: mkdir /a
				done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1`,
		},
		{
			name: "first export of a directory that is there", desired: "a: 10.0.0.1", actual: fresh + "\n/a", ok: true,
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				unlock`,
			steps: `
				done: serve export-volumes=off
				done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1`,
		},
		{
			name: "both global options wrong", desired: "a: 10.0.0.1", ok: true, actual: `
				gv0 disable=on export-volumes=off export-dirs=off
				gv1 disable=on
				/a`,
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				serve export-dirs=on
				observe
				serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				unlock`,
			steps: `
				done: serve export-volumes=off
				done: serve export-dirs=on
				done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1`,
		},
		{
			name: "clients added and taken away", desired: "a: 10.0.0.2 10.0.0.3", actual: served, ok: true,
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps: "done: serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31",
		},
		{
			name: "any", desired: "a: any", actual: served, ok: true,
			log: `
				lock
				observe
				serve export-dir=/a(0.0.0.0/1|128.0.0.0/1) rpc-auth-allow=*
				observe
				unlock`,
			steps: "done: serve export-dir=/a(0.0.0.0/1|128.0.0.0/1) rpc-auth-allow=*",
		},
		{
			name: "nobody left", desired: "a:", actual: served, ok: true,
			log: `
				lock
				observe
				serve export-dir=/.glusterd-shares/closed(0.0.0.0) rpc-auth-allow=0.0.0.0
				observe
				unlock`,
			steps: "done: serve export-dir=/.glusterd-shares/closed(0.0.0.0) rpc-auth-allow=0.0.0.0",
		},
		{
			name: "who goes does not wait for directories", ok: true, actual: served, desired: `
				a: 10.0.0.2
				t/b mode=0770 owner=7: 10.0.0.3`,
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2
				observe
				mkdir /t
				mkdir /t/b 0770 owner=7
				observe
				serve export-dir=/a(10.0.0.2),/t/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps: `
				done: serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2
				done: mkdir /t
				done: mkdir /t/b 0770 owner=7
				done: serve export-dir=/a(10.0.0.2),/t/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
		},
		{
			name: "who comes waits for directories", ok: true, actual: served, desired: `
				a: 10.0.0.1 10.0.0.2
				b: 10.0.0.3`,
			log: `
				lock
				observe
				mkdir /b
				observe
				serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31
				observe
				unlock`,
			steps: `
				done: mkdir /b
				done: serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31`,
		},
		{
			name: "permissions alone", desired: "a mode=2770 owner=7: 10.0.0.1 10.0.0.2", actual: served, ok: true,
			log: `
				lock
				observe
				setperm /a 2770 owner=7
				observe
				unlock`,
			steps: "done: setperm /a 2770 owner=7",
		},
		{
			name: "what is undeclared goes", desired: "revoke\na: 10.0.0.1", actual: crowded, ok: true,
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				unlock`,
			steps: "done: serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1",
		},
		{name: "nothing to do", desired: "a: 10.0.0.1 10.0.0.2", actual: served, ok: true},
	})
}

// What a run asks of the cluster does not grow with the number of shares, but
// for the directories.
func TestCost(t *testing.T) {
	run := func(t *testing.T, shares int) []string {
		var desired strings.Builder
		for i := range shares {
			fmt.Fprintf(&desired, "s%d: 10.0.0.1\n", i)
		}
		f := newFake("gone: 10.0.0.9\n"+desired.String(), served)
		f.apply(t.Context(), t, apply.Options{})
		var out []string
		for _, line := range f.log {
			if word, _, _ := strings.Cut(line, " "); word != "mkdir" {
				out = append(out, word)
			}
		}
		return out
	}
	synctest.Test(t, func(t *testing.T) {
		if d := cmp.Diff(run(t, 1), run(t, 60)); d != "" {
			t.Errorf("1 share and 60 (-1 +60):\n%s", d)
		}
	})
}

func TestSecondRunDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake("a mode=0770: 10.0.0.2\nt/b: any", served)
		if r := f.apply(t.Context(), t, apply.Options{}); !r.OK() {
			t.Fatalf("first run: %v", r.Err)
		}
		r := f.apply(t.Context(), t, apply.Options{})
		if !r.OK() || len(r.Steps) > 0 || len(f.log) > 0 {
			t.Errorf("second run: ok %v, error %v, log:\n%s", r.OK(), r.Err, f.logged())
		}
	})
}

// Progress counts the steps, and a step that is tried again is the same step.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake("a: 10.0.0.2\nb: 10.0.0.3", served)
		f.faults = []*fault{lost("serve", 1)}
		var told []string
		f.apply(t.Context(), t, apply.Options{Progress: func(n, of int, a diff.Action) {
			told = append(told, fmt.Sprintf("%d/%d %s", n, of, actionLine(a)))
		}})
		wantText(t, "progress", `
			1/3 serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2
			1/3 serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2
			2/3 mkdir /b
			3/3 serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`, strings.Join(told, "\n"))
	})
}

// Of limits, which are set all at once, each is told of.
func TestProgressOfLimits(t *testing.T) {
	f := newFake("a size=1500: 10.0.0.1 10.0.0.2\nb size=none:", served+"\n/b\nquota /a=1000 /b=2000")
	var told []string
	f.apply(t.Context(), t, apply.Options{Progress: func(n, of int, a diff.Action) {
		told = append(told, fmt.Sprintf("%d/%d %s", n, of, actionLine(a)))
	}})
	wantText(t, "progress", "1/2 limit /a 1500\n2/2 limit /b 0", strings.Join(told, "\n"))
}

// The end of each step is told when it is there, and what is corrected once more.
func TestEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake("a: 10.0.0.2\nb: 10.0.0.3", served)
		f.faults = []*fault{lost("serve", 1)}
		var told []string
		f.apply(t.Context(), t, apply.Options{Ended: func(s apply.Step, was apply.Outcome) {
			told = append(told, fmt.Sprintf("%s: %s, was %q, after %d calls", actionLine(s.Action), s.Outcome, was, len(f.log)))
		}})
		wantText(t, "ended", `
			serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2: unknown, was "", after 3 calls
			serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2: done, was "unknown", after 5 calls
			mkdir /b: done, was "", after 7 calls
			serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31: done, was "", after 9 calls`, strings.Join(told, "\n"))
	})
}
