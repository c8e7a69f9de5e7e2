package apply_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

var everything = diff.Allow{MassRevoke: true, MassRemove: true, OtherVolumes: true}

// Whatever goes wrong once, nobody is let in on the way who should not be, the
// report says what became of each step, and the next run mends the rest.
func TestAnyOneFault(t *testing.T) {
	const shards, cases = 4, 600
	for shard := range uint64(shards) {
		t.Run(fmt.Sprint(shard), func(t *testing.T) {
			t.Parallel()
			hit := 0
			for i := range uint64(cases) {
				synctest.Test(t, func(t *testing.T) { hit += anyOneFault(t, shard*cases+i) })
				if t.Failed() {
					return
				}
			}
			if hit < cases/5 {
				t.Errorf("the fault hit in %d of %d cases only", hit, cases)
			}
		})
	}
}

// anyOneFault is one such case. It returns 1 where the fault hit.
func anyOneFault(t *testing.T, seed uint64) int {
	rng := rand.New(rand.NewPCG(seed, 1))
	desired, actual, broken := randomDesired(rng), randomActual(rng), randomFault(rng)
	f := newFake(desired, actual)
	p := f.plan()
	if p.Empty() || len(p.Problems) > 0 {
		return 0
	}
	f.faults = []*fault{broken}
	r := f.apply(t.Context(), t, apply.Options{Allow: everything})
	reported := f.checkSteps(t, r)
	if broken.before == nil || f.stopped {
		f.checkDirs(t, p, r, reported)
	}
	first := f.logged()

	f.faults = nil
	f.mend()
	if p := f.plan(); len(p.Problems) == 0 {
		if r := f.apply(t.Context(), t, apply.Options{Allow: everything}); !r.OK() {
			t.Errorf("the second run: %v\n%s", r.Err, stepsText(r))
		}
	} else if broken.before == nil {
		t.Errorf("problems that nobody made: %v", p.Problems)
	}
	if t.Failed() {
		t.Logf("seed %d, desired:\n%sactual:\n%sfault: %+v\nfirst run:\n%s\n%s", seed, desired, actual, *broken, first, stepsText(r))
	}
	if broken.hit {
		return 1
	}
	return 0
}

// mend is an admin who does what the problems of a plan, and the shares that are
// held, ask for.
func (f *fake) mend() {
	f.stopped = false
	maps.DeleteFunc(f.dirs, func(_ string, d state.Dir) bool { return d.Kind == state.NotADirectory })
	for _, s := range f.servers {
		s.dead = false
	}
}

// checkSteps compares what the report says with what really became of the
// calls, and returns of which of them it says anything. A share whose directory
// did not become what it should is held, whatever was said of the call.
func (f *fake) checkSteps(t *testing.T, r apply.Report) map[string]bool {
	reported := map[string]bool{}
	for _, s := range r.Steps {
		line := actionLine(s.Action)
		reported[line] = true
		last, n := f.lastCall(line)
		held := r.Held[s.Action.Of()] != ""
		right := map[apply.Outcome]bool{
			apply.Done:       n > 0 && (last.made || held || f.isThere(s.Action)),
			apply.Failed:     n > 0 && (!last.made || f.isBack(s.Action)) || n == 0 && f.isUnannounced(s.Action),
			apply.NotStarted: n == 0,
			apply.Unknown:    last.unknown,
		}
		if !right[s.Outcome] {
			t.Errorf("said to be %s, after %d calls, of which the last was %+v: %s", s.Outcome, n, last, line)
		}
	}
	for _, c := range f.calls {
		if isChange(c.line) && !reported[c.line] {
			t.Errorf("done, and not in the report: %s", c.line)
		}
	}
	return reported
}

// isThere reports whether the action makes a directory that is there. What is missing of
// its permissions is an action of its own.
func (f *fake) isThere(a diff.Action) bool {
	m, makes := a.(diff.MakeDir)
	return makes && f.dirs[m.Path].Kind == state.Directory
}

// isBack reports whether the action takes a limit away that is there again.
func (f *fake) isBack(a diff.Action) bool {
	l, is := a.(diff.SetLimit)
	return is && l.Retiring && f.limits[l.Path] == l.Old
}

// isUnannounced reports whether the action is to retire what could not be written down.
func (f *fake) isUnannounced(a diff.Action) bool {
	gone, is := a.(diff.Retire)
	if !is {
		return false
	}
	last, n := f.lastCall("announce " + gone.Path)
	return n > 0 && !last.made
}

// checkDirs: no directory that was to be changed is passed over in silence, and
// a share that is held lets nobody in who was not there before.
func (f *fake) checkDirs(t *testing.T, p diff.Plan, r apply.Report, reported map[string]bool) {
	for _, a := range p.Actions {
		if _, isServe := a.(diff.Serve); !isServe && !reported[actionLine(a)] {
			t.Errorf("planned, and not in the report: %s", actionLine(a))
		}
	}
	for share := range r.Held {
		now, _ := f.actual().Serving.At("/" + share)
		before, _ := p.Before.At("/" + share)
		whole, _ := p.Before.At("/")
		if more := now.RW.Minus(state.Union(before.RW, whole.RW)); !more.Empty() {
			t.Errorf("%s is held, and lets %s in", share, more)
		}
	}
}

// lastCall is the last call with the line, and how many there were.
func (f *fake) lastCall(line string) (last call, n int) {
	for _, c := range f.calls {
		if c.line == line {
			last, n = c, n+1
		}
	}
	return last, n
}

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

func randomDesired(rng *rand.Rand) string {
	var b strings.Builder
	if rng.IntN(3) == 0 {
		b.WriteString("revoke\n")
	}
	for _, name := range []string{"a", "b", "t/c", "t/d"} {
		switch rng.IntN(5) {
		case 0:
			fmt.Fprintf(&b, "%s absent=%s:\n", name, pick(rng, "trash", "retain", "purge"))
		case 1, 2:
			fmt.Fprintf(&b, "%s%s: %s\n", name, pick(rng, "", "", " mode=0770", " mode=2775 owner=7"), randomClients(rng, " "))
		}
	}
	return b.String()
}

func randomClients(rng *rand.Rand, separator string) string {
	var out []string
	for _, c := range []string{"10.0.0.1", "10.0.0.2", "10.0.1.0/24", "10.0.1.5"} {
		if rng.IntN(2) == 0 {
			out = append(out, c)
		}
	}
	if separator == " " && rng.IntN(8) == 0 {
		return "any"
	}
	return strings.Join(out, separator)
}

func randomActual(rng *rand.Rand) string {
	var b strings.Builder
	for _, name := range []string{"gv0", "gv1", "gv2"}[:1+rng.IntN(3)] {
		fmt.Fprintf(&b, "%s%s%s%s%s%s\n", name,
			pick(rng, " disable=on", " disable=off", " disable=off"),
			pick(rng, "", " export-volumes=off", " export-volumes=off", " export-volumes=on"),
			pick(rng, "", "", "", " export-dirs=off"),
			pick(rng, "", " export-dir="+randomEntries(rng)),
			pick(rng, "", " rpc-auth-allow=*", " rpc-auth-allow=10.0.0.1,10.0.0.2,10.0.1.0/24", " rpc-auth-allow=10.0.0.2"))
	}
	for _, dir := range []string{"/a", "/b", "/t", "/t/c"} {
		if rng.IntN(2) == 0 && (dir != "/t/c" || strings.Contains(b.String(), "/t=")) {
			fmt.Fprintf(&b, "%s=%s\n", dir, pick(rng, "0755", "0770"))
		}
	}
	if rng.IntN(3) == 0 && strings.Contains(b.String(), "/a=") {
		b.WriteString("quota /a=1000\n")
	}
	return b.String()
}

func randomEntries(rng *rand.Rand) string {
	out := []string{"/x"}
	for _, dir := range []string{"/a", "/b", "/t/c", "/x"} {
		if clients := randomClients(rng, "|"); clients != "" && rng.IntN(2) == 0 {
			out = append(out, dir+"("+clients+")")
		}
	}
	if len(out) > 1 && rng.IntN(4) > 0 {
		out = out[1:]
	}
	return strings.Join(out, ",")
}

// randomFault breaks one call, or all of a kind. What is never stored all
// through a run can't be told afterwards from what is: no run could mend it.
func randomFault(rng *rand.Rand) *fault {
	if rng.IntN(2) == 0 {
		return meanwhile(pick(rng, "lock", "observe", "mkdir", "setperm", "retire", "limit"), 1+rng.IntN(4), pick(rng,
			set("export-dir=/a(10.0.0.1),/y(10.0.0.9)"), set("rpc-auth-allow=*"), set("rpc-auth-allow=10.0.0.1"),
			set("disable=on"), set("disable=off"), set("export-volumes=on"), newVolume("gv3"),
			replace("/a"), replace("/b"), limit("/a", 7), remove("/a"), remove("/t/c"), chmod("/b", 0o700),
			putSymlink("/a"), stopVolume, killServer, restartServer))
	}
	on := pick(rng, "lock", "observe", "mkdir", "setperm", "serve", "serve", "serve", "unlock", "retire", "limit", "announce")
	nth := rng.IntN(5)
	kinds := []*fault{fails(on, nth)}
	switch on {
	case "mkdir", "setperm", "retire":
		kinds = append(kinds, ignored(on, nth), lost(on, nth), unanswered(on, nth), halfDone(on, nth, errFault),
			cut(on, nth, false), cut(on, nth, true), cut(on, nth, true).inPart())
	case "serve":
		kinds = append(kinds, ignored(on, nth), lost(on, nth), unanswered(on, nth), unstored(on, max(nth, 1)),
			halfDone(on, nth, state.ErrUnknownOutcome), fails(on, nth).with(state.ErrUnknownOutcome),
			cut(on, nth, false), cut(on, nth, true), cut(on, nth, true).inPart())
	case "limit":
		kinds = append(kinds, cut(on, nth, false), cut(on, nth, true))
	}
	return pick(rng, kinds...)
}
