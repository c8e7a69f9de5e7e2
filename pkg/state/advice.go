package state

import "strings"

// Advisor is an error that knows what to do about it, and says so at the end of its
// text, after a semicolon.
type Advisor interface {
	error
	Advice() string // empty: it knows nothing
}

// Advised is err with what to do about it.
func Advised(err error, mend string) error { return &advised{err, mend} }

type advised struct {
	err  error
	mend string
}

func (a *advised) Error() string  { return a.err.Error() + "; " + a.mend }
func (a *advised) Unwrap() error  { return a.err }
func (a *advised) Advice() string { return a.mend }

// Advice tells apart what an error says: what is wrong, and what to do about it,
// where it ends with that. mend is empty where it doesn't.
func Advice(err error) (text, mend string) {
	text = err.Error()
	if mend = adviceIn(err, text); mend != "" {
		text = strings.TrimSuffix(text, "; "+mend)
	}
	return text, mend
}

// adviceIn is the advice of err, or of one that it wraps, with which text ends.
func adviceIn(err error, text string) string {
	if a, is := err.(Advisor); is && a.Advice() != "" && strings.HasSuffix(text, "; "+a.Advice()) {
		return a.Advice()
	}
	switch of := err.(type) {
	case interface{ Unwrap() error }:
		if e := of.Unwrap(); e != nil {
			return adviceIn(e, text)
		}
	case interface{ Unwrap() []error }:
		for _, e := range of.Unwrap() {
			if advice := adviceIn(e, text); advice != "" {
				return advice
			}
		}
	}
	return ""
}
