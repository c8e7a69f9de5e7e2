package state_test

import (
	"errors"
	"fmt"
	"testing"

	"glusterd-shares/pkg/state"
)

// silent is an error that could know what to do, and doesn't.
type silent struct{ error }

func (silent) Advice() string  { return "" }
func (s silent) Unwrap() error { return s.error }

// What to do is told apart where the error ends with it, however deep it lies; what
// is told stays whole otherwise.
func TestAdvice(t *testing.T) {
	known := state.Advised(errors.New("it is broken"), "mend it")
	for _, c := range []struct {
		err        error
		text, mend string
	}{
		{known, "it is broken", "mend it"},
		{errors.New("it is broken"), "it is broken", ""},
		{fmt.Errorf("on g1: %w", known), "on g1: it is broken", "mend it"},
		{fmt.Errorf("%w: %w", errors.New("gluster was not run"), known), "gluster was not run: it is broken", "mend it"},
		{silent{fmt.Errorf("on g1: %w", known)}, "on g1: it is broken", "mend it"},
		{state.Advised(known, "or buy another"), "it is broken; mend it", "or buy another"},
		{fmt.Errorf("%w; tried 5 times", known), "it is broken; mend it; tried 5 times", ""},
		{errors.Join(known, errors.New("and so on")), "it is broken; mend it\nand so on", ""},
	} {
		if text, mend := state.Advice(c.err); text != c.text || mend != c.mend {
			t.Errorf("%v: got %q and %q, want %q and %q", c.err, text, mend, c.text, c.mend)
		}
	}
}
