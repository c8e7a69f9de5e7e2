package gluster

import "fmt"

// advice is an error with what to do about it.
type advice struct {
	err  error
	mend string
}

// advised is an error at what was done, with what to do about it.
func advised(what string, err error, mend string) error {
	return &advice{fmt.Errorf("%s: %w", what, err), mend}
}

func (a *advice) Error() string { return a.err.Error() + "; " + a.mend }
func (a *advice) Unwrap() error { return a.err }

// Advice implements state.Advisor.
func (a *advice) Advice() string { return a.mend }

const mendFUSE = "load the kernel's module: modprobe fuse"
