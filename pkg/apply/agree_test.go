package apply_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
)

var errOtherPlan = errors.New("it is another plan")

// Who wants to agree is asked once, under the lock and before anything is done, about
// the plan as it is then: also where nothing urgent is to be written, and directories
// come first. What was agreed to counts as shown.
func TestAgree(t *testing.T) {
	for _, c := range []struct {
		name    string
		desired string
		faults  []*fault
		no      bool
		log     string
		actions int // of the plan that is asked about
		confirm int // how often it is asked after that
	}{
		{
			name: "directories first", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", actions: 2,
			log: "lock\nobserve\nmkdir /b\nobserve\nserve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.1)\nobserve\nunlock",
		},
		{
			name: "access first", desired: "a: 10.0.0.2", actions: 1,
			log: "lock\nobserve\n" + narrowed + "\nobserve\nunlock",
		},
		{
			name: "directories first, and no", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", no: true, actions: 2,
			log: "lock\nobserve\nunlock",
		},
		{
			name: "no more to do, and no", desired: "a: 10.0.0.2", no: true, actions: 0,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.2)", "rpc-auth-allow=10.0.0.2"))},
			log:    "lock\nobserve\nunlock",
		},
		{
			name: "another plan, and yes: nobody is asked again", desired: "a: 10.0.0.2", actions: 1,
			faults: []*fault{meanwhile("lock", 1, set("export-dir=/a(10.0.0.1),/x(10.0.0.1)"))},
			log:    "lock\nobserve\nserve export-dir=/a(10.0.0.2),/x(10.0.0.1),\nobserve\nunlock",
		},
		{
			name: "another plan later: that is for Confirm", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1", actions: 2, confirm: 1,
			faults: []*fault{meanwhile("mkdir", 1, set("rpc-auth-allow=*"))},
			log:    "lock\nobserve\nmkdir /b\nobserve\nunlock",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(c.desired, served)
				f.faults = c.faults
				asked, confirmed := []diff.Plan{}, 0
				r := f.apply(t.Context(), t, apply.Options{
					Agree: func(p diff.Plan) error {
						if asked = append(asked, p); c.no {
							return errOtherPlan
						}
						return nil
					},
					Confirm: func(diff.Plan) bool { confirmed++; return false },
				})
				wantText(t, "log", c.log, f.logged())
				if len(asked) != 1 || len(asked[0].Actions) != c.actions {
					t.Errorf("it was asked about %v", asked)
				}
				if confirmed != c.confirm {
					t.Errorf("it was asked to confirm %d times, not %d", confirmed, c.confirm)
				}
				if c.no != errors.Is(r.Err, errOtherPlan) || c.no && (r.OK() || r.Count(apply.NotStarted) != len(r.Steps)) {
					t.Errorf("the report is %+v", r)
				}
			})
		})
	}
}
