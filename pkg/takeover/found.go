package takeover

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Found is what exists on a volume, in the terms of a state file.
type Found struct {
	Target state.Target
	Shares []state.Share // what can be declared so that it stays as it is; those above before those below
	Left   []Left        // what is left alone, by path

	// Unknown are sentences that tell what could not be read, and so may be
	// missing.
	Unknown []string
}

// Left is something that is not declared, and so stays as it is.
type Left struct {
	Path    string   // from the volume's root
	Entries []string // the text of its exports; none where it is no export
	Limit   uint64   // bytes; 0: none
	Why     string   // a sentence
	Mend    string   // how it can be taken over, a sentence
}

// String tells in a line what was left, and why.
func (l Left) String() string {
	return fmt.Sprintf("%s is left as it is. %s To take it over: %s.", cut(l.Path), l.Why, l.Mend)
}

// Of sorts what exists on the volume. It was observed with the shares of
// Candidates, and has the strays from before.
func Of(t state.Target, a state.Actual) Found {
	f := Found{Target: t, Unknown: unknown(a)}
	byName := map[string]state.Share{}
	for _, x := range things(a) {
		why, mend := x.obstacle(t, a)
		s := x.share(a)
		if why == "" {
			why, mend = leak(s, byName)
		}
		if why != "" {
			f.Left = append(f.Left, x.left(a, why, mend))
			continue
		}
		byName[s.Name] = s
		f.Shares = append(f.Shares, s)
	}
	return f
}

// share declares the thing as it is.
func (x thing) share(a state.Actual) state.Share {
	s := state.Share{Name: x.dir[1:]}
	if limit := x.limitIn(a.Quota); limit > 0 {
		s.Size = state.Size{Bytes: limit, Managed: true}
	}
	for _, to := range x.words() {
		s.Access = append(s.Access, state.Rule{Word: to.Strings()[0], To: to, Level: state.ReadWrite})
	}
	return s
}

func (x thing) left(a state.Actual, why, mend string) Left {
	l := Left{Path: x.dir, Limit: x.limitIn(a.Quota), Why: why, Mend: mend}
	for _, e := range x.exports {
		if e.Entry != "" {
			l.Entries = append(l.Entries, e.Entry)
		}
	}
	return l
}

// leak tells through which of the shares somebody reaches the one below it who is
// none of its clients: a state file can't have both.
func leak(inner state.Share, shares map[string]state.Share) (why, mend string) {
	for _, dir := range parents(inner.Dir()) {
		outer, declared := shares[dir[1:]]
		if !declared {
			continue
		}
		if others := outer.Clients().Minus(inner.Clients()); !others.Empty() {
			return fmt.Sprintf("It lies in %s, whose clients reach it, and not all of them are its own: %s. A state file can't declare both.", outer.Name, brief(others.All())),
				fmt.Sprintf("let them into this one too, or take them out of %s", outer.Name)
		}
	}
	return "", ""
}

// unknown tells what could not be read.
func unknown(a state.Actual) []string {
	var out []string
	for _, dir := range a.Strays.More {
		out = append(out, fmt.Sprintf("%s holds more than was looked at: directories in it may be missing here.", dir))
	}
	for _, u := range a.Strays.Unread {
		out = append(out, fmt.Sprintf("%s could not be read: %s.", u.What, u.Why))
	}
	if a.Strays.LimitsUnknown != "" {
		out = append(out, fmt.Sprintf("Limits of directories that are not listed here may be missing: %s.", a.Strays.LimitsUnknown))
	}
	return out
}

func brief(s state.Set) string {
	const most = 8
	words := s.Brief()
	switch {
	case s.Empty():
		return "nobody"
	case s.IsEverybody():
		return "everybody"
	case len(words) > most:
		words = append(slices.Clone(words[:most]), fmt.Sprintf("%d more", len(words)-most))
	}
	return strings.Join(words, ", ")
}
