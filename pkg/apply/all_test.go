package apply_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// Nobody who is to lose access to one volume keeps it until what goes of another has gone.
func TestAll(t *testing.T) {
	const (
		goes    = "a absent=purge:"
		narrows = "a: 10.0.0.1"
		gone    = unexported
		narrow  = "serve export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1"
	)
	for name, f := range map[string]struct {
		desired []string // of each volume
		trouble int      // which of them can't be locked; -1: none
		want    []string // volume by volume, as it was done
		locks   int      // how often a lock was asked for
	}{
		"what goes goes after all access": {
			[]string{goes, narrows, goes}, -1,
			[]string{"1: " + narrow, "0: " + gone, "2: " + gone, "0: retire /a purge", "2: retire /a purge"}, 5,
		},
		"only one has what goes: it comes last, whole": {
			[]string{goes, narrows}, -1,
			[]string{"1: " + narrow, "0: " + gone, "0: retire /a purge"}, 2,
		},
		"nothing goes": {[]string{narrows, narrows}, -1, []string{"0: " + narrow, "1: " + narrow}, 2},
		"trouble of one stops no other": {
			[]string{goes, goes, goes}, 1,
			[]string{"0: " + gone, "1: " + gone, "2: " + gone, "0: retire /a purge", "2: retire /a purge"}, 6,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var jobs []apply.Job
			var volumes []*fake
			var done []string
			for i, desired := range f.desired {
				v := newFake(desired, served)
				v.desired.Target.Host = fmt.Sprintf("g%d", i)
				if i == f.trouble {
					v.faults = []*fault{fails("lock", 0).with(state.ErrNoLock)}
				}
				volumes = append(volumes, v)
				jobs = append(jobs, apply.Job{Plan: v.plan(), Target: v, Options: apply.Options{
					Server: gnfs.Server{}, Allow: diff.Allow{MassRevoke: true, MassRemove: true},
					Ended: func(s apply.Step, _ apply.Outcome) {
						done = append(done, fmt.Sprintf("%d: %s", i, actionLine(s.Action)))
					},
				}})
			}
			reports := apply.All(t.Context(), jobs)
			if d := gocmp.Diff(f.want, done); d != "" {
				t.Errorf("what was done (-want +got):\n%s", d)
			}
			locks := 0
			for _, v := range volumes {
				for _, line := range v.log {
					if line == "lock" {
						locks++
					}
				}
			}
			if locks != f.locks {
				t.Errorf("the locks were asked for %d times, not %d", locks, f.locks)
			}
			var reported []string
			for i, r := range reports {
				if host := fmt.Sprintf("g%d", i); r.Target.Host != host || r.OK() != (i != f.trouble) {
					t.Errorf("the report of %s is that of %v: %v:\n%s", host, r.Target, r.Err, stepsText(r))
				}
				for _, s := range r.Steps {
					if s.Outcome == apply.Done {
						reported = append(reported, fmt.Sprintf("%d: %s", i, actionLine(s.Action)))
					}
				}
			}
			slices.SortStableFunc(done, func(a, b string) int { return cmp.Compare(a[0], b[0]) })
			if d := gocmp.Diff(done, reported); d != "" {
				t.Errorf("what was done of each volume, and what its report says (-want +got):\n%s", d)
			}
		})
	}
}
