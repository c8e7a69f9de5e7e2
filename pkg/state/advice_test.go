package state_test

import (
	"errors"
	"fmt"
	"testing"

	"glusterd-shares/pkg/state"
)

type advised struct {
	err  error
	mend string
}

func (a advised) Error() string {
	if a.mend == "" {
		return a.err.Error()
	}
	return a.err.Error() + "; " + a.mend
}
func (a advised) Unwrap() error  { return a.err }
func (a advised) Advice() string { return a.mend }

// What to do is told apart where the error ends with it, however deep it lies; what
// is told stays whole otherwise.
func TestAdvice(t *testing.T) {
	known := advised{errors.New("it is broken"), "mend it"}
	for _, c := range []struct {
		err        error
		text, mend string
	}{
		{known, "it is broken", "mend it"},
		{errors.New("it is broken"), "it is broken", ""},
		{fmt.Errorf("on g1: %w", known), "on g1: it is broken", "mend it"},
		{fmt.Errorf("%w: %w", errors.New("gluster was not run"), known), "gluster was not run: it is broken", "mend it"},
		{advised{fmt.Errorf("on g1: %w", known), ""}, "on g1: it is broken", "mend it"},
		{advised{known, "or buy another"}, "it is broken; mend it", "or buy another"},
		{fmt.Errorf("%w; tried 5 times", known), "it is broken; mend it; tried 5 times", ""},
		{errors.Join(known, errors.New("and so on")), "it is broken; mend it\nand so on", ""},
	} {
		if text, mend := state.Advice(c.err); text != c.text || mend != c.mend {
			t.Errorf("%v: got %q and %q, want %q and %q", c.err, text, mend, c.text, c.mend)
		}
	}
}
