package apply_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
)

// Who has judged the plan that was shown judges those that are computed under the lock.
func TestGuardIsOfTheCaller(t *testing.T) {
	for name, refusals := range map[string][]diff.Refusal{
		"lets it through": nil,
		"refuses it":      {{Rule: "mine"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake("revoke\nb: 10.0.0.2\nc: 10.0.0.3", crowded)
				f.faults = []*fault{meanwhile("lock", 1, set("export-dir=/x(10.0.0.1),/y(10.0.0.1),/z(10.0.0.1)"))}
				r := f.apply(t.Context(), t, apply.Options{Guard: func(diff.Plan) error { return apply.Refused(refusals) }})
				if refused := errors.As(r.Err, new(apply.RefusedError)); refused == r.OK() || refused != (len(refusals) > 0) {
					t.Errorf("it came to %v", r.Err)
				}
			})
		})
	}
}
