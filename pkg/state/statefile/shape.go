package statefile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// shape is what a value may look like. It is checked before the key's own
// decode function sees the value, and it is what the JSON Schema says.
type shape struct {
	forms form
	what  string // for messages and the reference: a list of shares

	values   []string // of a text: the only ones
	pattern  string   // of a text; anchored, and meant alike by Go and by ECMAScript
	most     int      // of a text: characters; 0: no limit
	min, max int      // of a number, both included

	items    *shape // of a list
	nonEmpty bool   // of a list or a mapping

	section *description // of a mapping with known keys
	names   string       // of a mapping with any keys: their pattern; items is what they hold

	// hint says what to write instead of a scalar that is no text. Nil, or an
	// empty answer: it is shown quoted, if it would do so.
	hint func(scalar string) string

	// secret: what stands here by mistake may be a secret, and is not shown.
	secret bool
}

// show says what a scalar is, for messages.
func (s shape) show(v value) string {
	if s.secret {
		return "what stands here"
	}
	return quote(v.Value)
}

// fits reports whether the value is of a form that the shape allows and, where
// it has to be one of a few words, is one of them. It says what is wrong.
func (d *decoder) fits(v value, s shape) bool {
	switch f := formOf(v.Node); {
	case v.Style&yaml.TaggedStyle != 0: // the inspector has told of it
		return false
	case f&s.forms == 0:
		d.wrongForm(v, s)
		return false
	case f == textForm && s.values != nil && !slices.Contains(s.values, v.Value):
		d.problem(v, quote(v.Value)+" is not known here", d.suggest(v.Value, s.values))
		return false
	case s.nonEmpty && len(v.Content) == 0:
		d.problem(v, nameOf(v.Node)+" with nothing in it", "write at least one item")
		return false
	}
	return true
}

func (d *decoder) wrongForm(v value, s shape) {
	text, mend := nameOf(v.Node)+" stands here", "write "+s.what
	switch scalar := v.Kind == yaml.ScalarNode && v.ShortTag() != "!!null"; {
	case scalar && s.secret:
		text = s.show(v) + " is no text"
	case scalar && s.forms&textForm != 0:
		mend = scalarMend(v.Value, s)
	}
	d.problem(v, text, mend)
}

// scalarMend says what to write instead of a scalar that YAML doesn't take for
// text.
func scalarMend(scalar string, s shape) string {
	if s.hint != nil {
		if mend := s.hint(scalar); mend != "" {
			return mend
		}
	}
	if scalar != "" && s.pattern != "" && regexp.MustCompile(s.pattern).MatchString(scalar) {
		return fmt.Sprintf("quote it: %q", scalar)
	}
	return "write " + s.what
}

// oneOf lists words for a sentence: "a", "b" or "c".
func oneOf(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}
