package apply_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
)

// Under the lock the plan is made again from what is found there.
func TestMeanwhile(t *testing.T) {
	play(t, []scene{
		{
			name: "somebody has done it", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.2)", "rpc-auth-allow=10.0.0.2"))},
			log:    "lock\nobserve\nunlock",
		},
		{
			name: "somebody exports another directory", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.1),/x(10.0.0.1)"))},
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.2),/x(10.0.0.1),
				observe
				unlock`,
			steps:   "done: serve export-dir=/a(10.0.0.2),/x(10.0.0.1),",
			remarks: []string{replanned},
		},
		{
			name: "somebody undoes it", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, set("rpc-auth-allow=10.0.0.9"))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				serve export-dir=/a(10.0.0.2), rpc-auth-allow=10.0.0.2
				observe
				unlock`,
			steps:   "done: " + narrowed + "\ndone: serve export-dir=/a(10.0.0.2), rpc-auth-allow=10.0.0.2",
			remarks: []string{replanned},
		},
		{
			name: "somebody makes it the loss of every export", actual: crowded, desired: `
				revoke
				b: 10.0.0.2
				c: 10.0.0.3`,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/x(10.0.0.1),/y(10.0.0.1),/z(10.0.0.1)"))},
			log:    "lock\nobserve\nunlock",
			steps:  "not started: serve export-dir=/b(10.0.0.2),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31",
			err: "the cluster is not as it was when the plan was made: g1:/gv0: 3 of 3 exports would lose every client " +
				"that they have now: /x, /y, /z; if that is meant, run apply with --allow-mass-revoke",
			is: apply.RefusedError{},
		},
		{
			name: "the loss of every export is allowed", actual: crowded, ok: true, allow: diff.Allow{MassRevoke: true}, desired: `
				revoke
				b: 10.0.0.2
				c: 10.0.0.3`,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/x(10.0.0.1),/y(10.0.0.1),/z(10.0.0.1)"))},
			log: `
				lock
				observe
				serve export-dir=/b(10.0.0.2),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps:   "done: serve export-dir=/b(10.0.0.2),/c(10.0.0.3) rpc-auth-allow=10.0.0.2/31",
			remarks: []string{replanned},
		},
		{
			name: "somebody breaks the server's settings", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{meanwhile("observe", 1, set("exports-auth-enable=on"))},
			log:    "lock\nobserve\nunlock",
			steps:  "not started: " + narrowed,
			err: "the cluster is not as it was when the plan was made: volumes[0].target: nfs.exports-auth-enable is on in gv0: " +
				"beside nfs.export-volumes off the NFS server dies at its next start; gluster volume set gv0 nfs.exports-auth-enable off, which sets it on every volume",
			is: apply.ProblemsError{},
		},
		{
			name: "somebody breaks them after the last write", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{meanwhile("observe", 2, set("exports-auth-enable=on"))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				unlock`,
			steps: "done: " + narrowed,
			err: "the cluster is not as it was when the plan was made: volumes[0].target: nfs.exports-auth-enable is on in gv0: " +
				"beside nfs.export-volumes off the NFS server dies at its next start; gluster volume set gv0 nfs.exports-auth-enable off, which sets it on every volume",
			is: apply.ProblemsError{},
		},
		{
			name: "somebody stops the volume", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("observe", 1, stopVolume)},
			log:    "lock\nobserve\nunlock",
			steps: `
				not started: ` + narrowed + `
				not started: mkdir /b
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
			err: "the cluster is not as it was when the plan was made: volumes[0].target: the volume gv0 is not started; start it: gluster volume start gv0",
			is:  apply.ProblemsError{},
		},
		{
			name: "a volume is made between closing and granting", desired: "a: 10.0.0.1", actual: fresh, ok: true,
			faults: []*fault{meanwhile("mkdir /a", 1, newVolume("gv2"))},
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				mkdir /a
				observe
				serve export-volumes=off
				observe
				serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				unlock`,
			steps: `
				done: serve export-volumes=off
				done: mkdir /a
				done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1`,
			remarks: []string{replanned},
		},
		{
			name: "a volume is made before the last read", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, newVolume("gv2"))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				serve export-volumes=off
				observe
				unlock`,
			steps:   "done: " + narrowed + "\ndone: serve export-volumes=off",
			remarks: []string{replanned},
		},
	})
}

// Whoever has said yes to a plan is asked again when it is another one, and
// nothing is written on what was read before the answer.
func TestConfirm(t *testing.T) {
	const two = "a: 10.0.0.2\nb: 10.0.0.3"
	for _, c := range []struct {
		name    string
		desired string
		actual  string // where it is not served
		faults  []*fault
		answers []bool // one for each question that is to be asked
		lines   string // of the log, but for lock and unlock
		err     error
	}{
		{name: "the same plan", desired: two, lines: "observe serve observe mkdir observe serve observe"},
		{
			name: "the same plan, tried again", desired: two, faults: []*fault{unstored("serve", 0)},
			lines: "observe serve observe serve observe serve observe", err: apply.ErrUncertain,
		},
		{
			name: "shares are held", desired: two, faults: []*fault{fails("mkdir /b", 1)},
			lines: "observe serve observe mkdir observe",
		},
		{
			name: "a share is held and its grant goes on narrower", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.3\nc: 10.0.0.3",
			faults: []*fault{fails("mkdir /b", 1), unanswered("serve", 1)},
			lines:  "observe mkdir mkdir observe serve observe serve observe",
		},
		{
			name: "another plan, and yes", desired: "a: 10.0.0.2", answers: []bool{true},
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.1),/x(10.0.0.1)"))},
			lines:  "observe observe serve observe",
		},
		{
			name: "another plan, and no", desired: "a: 10.0.0.2", answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.1),/x(10.0.0.1)"))},
			lines:  "observe",
		},
		{
			name: "another plan at the second write, and no", desired: two, answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("mkdir", 1, set("rpc-auth-allow=*"))},
			lines:  "observe serve observe mkdir observe",
		},
		{
			name: "another plan while a share is held, and no", desired: two, answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{{on: "mkdir", skip: true, err: errFault, before: set("rpc-auth-allow=*")}},
			lines:  "observe serve observe mkdir observe",
		},
		{
			name: "another plan, yes, and then another one, and no", desired: "a: 10.0.0.2", answers: []bool{true, false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("observe", 1, set("rpc-auth-allow=*")), meanwhile("observe", 1, set("rpc-auth-allow=10.0.0.1"))},
			lines:  "observe observe",
		},
		{
			name: "another directory to change, and no", desired: "a mode=0755: 10.0.0.2\nb: 10.0.0.3", answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("lock", 1, chmod("/a", 0o700))},
			lines:  "observe",
		},
		{
			name: "another directory to change after the first write, and no", desired: "a mode=0755: 10.0.0.2\nb: 10.0.0.3", answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("observe", 2, chmod("/a", 0o700))},
			lines:  "observe serve observe",
		},
		{
			name: "access on another volume goes too, and no", desired: "a: 10.0.0.2", answers: []bool{false}, err: apply.ErrDeclined,
			actual: `
				gv0 disable=off export-volumes=on export-dir=/a(10.0.0.1|10.0.0.2) rpc-auth-allow=10.0.0.1,10.0.0.2
				gv1 disable=on export-volumes=on
				/a`,
			faults: []*fault{meanwhile("lock", 1, setOn("gv1", "disable=off"))},
			lines:  "observe",
		},
		{
			name: "another volume to close, and no", desired: "a: 10.0.0.2", answers: []bool{false}, err: apply.ErrDeclined,
			faults: []*fault{meanwhile("lock", 1, newVolume("gv2"))},
			lines:  "observe",
		},
		{
			name: "nothing left to do", desired: two,
			faults: []*fault{
				meanwhile("lock", 1, set("export-dir=/a(10.0.0.2),/b(10.0.0.3)", "rpc-auth-allow=10.0.0.2/31")),
				meanwhile("observe", 1, chmod("/b", 0o755)),
			},
			lines: "observe",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(c.desired, cmp.Or(c.actual, served))
				f.faults = c.faults
				left := slices.Clone(c.answers)
				r := f.apply(t.Context(), t, apply.Options{Allow: everything, Confirm: func(diff.Plan) bool {
					if len(left) == 0 {
						t.Fatalf("asked once more:\n%s", f.logged())
					}
					answer := left[0]
					left = left[1:]
					return answer
				}})
				if len(left) > 0 {
					t.Errorf("not asked %d times", len(left))
				}
				wantText(t, "log", "lock "+c.lines+" unlock", words(f.log))
				wantEnd(t, r.Err, c.err)
			})
		})
	}
}

// replanned is said where a run carries out another plan than was shown, and nobody is
// asked.
const replanned = "others changed the volume after it was planned for: what was done follows a new plan"

// words are the first words of the lines.
func words(log []string) string {
	var out []string
	for _, line := range log {
		word, _, _ := strings.Cut(line, " ")
		out = append(out, word)
	}
	return strings.Join(out, " ")
}
