package render

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Comment is what a comment on a pull request is made of.
type Comment struct {
	Key      string          // tells it from other comments there; empty: it is the only one
	Basis    string          // what the plans stand on; empty: on the clusters themselves
	Errors   []state.Problem // of the command line, the state files, and what is beside the volumes
	Unread   []UnreadVolume
	Plans    []diff.Plan
	Refusals []diff.Refusal
	ExitCode int // of plan

	Commands func(diff.Action) []string // as in Options

	// MaxBytes is how long it may be. What must be seen is never cut, and
	// makes it longer where that alone is more.
	MaxBytes int
}

// UnreadVolume is one that can't be read, and why.
type UnreadVolume struct {
	Target state.Target
	Why    string
}

// Markdown returns the comment as CommonMark. Its first line is a comment of HTML
// by which a program finds it again: see Marker. What a reviewer must see stands open and whole,
// however long it is: errors, problems, what guards refuse, what is removed or held back, and
// who gains and who loses access. The rest is folded, and cut in its middle
// where it is too long; how much is left out is said. Text that comes
// from a state file or a cluster stands in code, and can't leave it.
func Markdown(c Comment) []byte {
	whole := c.page(roomy)
	if text := whole.text(); len(text) <= c.MaxBytes {
		return []byte(text)
	}
	if room := c.MaxBytes - whole.least(); room >= 0 {
		return []byte(whole.cut(room).text())
	}
	tight := c.page(dense)
	room := c.MaxBytes - tight.least()
	cut := tight.cut(max(room, 0))
	if room < 0 {
		cut.tail += fmt.Sprintf("\nThis is longer than the %s bytes that were asked for: the rest has to be seen.\n", grouped(c.MaxBytes))
	}
	return []byte(cut.text())
}

// Marker is the first line of the comments with a key.
func Marker(key string) string {
	if key = CommentKey(key); key != "" {
		key = " " + key
	}
	return "<!-- glusterd-shares:plan" + key + " -->"
}

// CommentKey is the key without what can't stand in one: all but letters, digits
// and the characters "._-", and more than 64 of them.
func CommentKey(key string) string {
	key = strings.Map(func(r rune) rune {
		alnum := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if alnum || strings.ContainsRune("._-", r) {
			return r
		}
		return -1
	}, key)
	return key[:min(len(key), 64)]
}

// form is how much room there is for what must be seen.
type form bool

const (
	roomy form = false // an item has lines of its own
	dense form = true  // those to which the same happens share a line
)

// page is the comment with everything in it.
func (c Comment) page(f form) sheet {
	s := sheet{}
	s.must(Marker(c.Key) + "\n\n")
	if c.Basis != "" {
		s.must("**" + code(c.Basis) + "**\n\n")
	}
	s.must("**" + c.title() + "**\n\n" + bullets(c.facts()) + "\n")
	s.must(c.findings(f))
	s.fold(warningsOf(c.Plans))
	for _, p := range c.Plans {
		if !idle(p) {
			s.must(volume(p, f))
			s.fold(rest(p, c.Commands))
		}
	}
	s.fold(idleOnes(c.Plans))
	return s
}

// idle reports whether there is nothing to tell of the volume but that it stays
// as it is.
func idle(p diff.Plan) bool {
	return p.Empty() && !p.Unplanned && len(p.Held)+len(p.Kept)+len(p.Notes)+len(p.Problems) == 0
}

func (c Comment) title() string {
	if len(c.Plans) == 0 {
		return "Nothing planned."
	}
	return diff.Summarize(c.Plans).String()
}

// facts are what a reviewer wants to know first.
func (c Comment) facts() []string {
	s := diff.Summarize(c.Plans)
	var out []string
	if len(c.Plans) > s.Unplanned {
		out = append(out, c.accessFact(s), dataFact(s))
	}
	out = append(out, fmt.Sprintf("**What `apply` would do**: %s (exit code of `plan`: %d)", c.verdict(s), c.ExitCode))
	if s.LosesAccess > 0 {
		out = append(out, onlyAtMount)
	}
	if removesShares(c.Plans) {
		out = append(out, alsoInTheTrash)
	}
	return out
}

func (c Comment) accessFact(s diff.Summary) string {
	var parts []string
	if s.GainsAccess > 0 {
		parts = append(parts, "gained at "+numbered(s.GainsAccess, "directory"))
	}
	if s.LosesAccess > 0 {
		parts = append(parts, "lost at "+numbered(s.LosesAccess, "directory"))
	}
	if n := wideGrants(c.Plans); n > 0 {
		parts = append(parts, fmt.Sprintf("**WARNING: %s, of more than a /16**", numbered(n, "wide grant")))
	}
	if len(parts) == 0 {
		parts = []string{"nobody gains or loses any"}
	}
	return "**Access**: " + strings.Join(parts, "; ")
}

func dataFact(s diff.Summary) string {
	var parts []string
	if s.Purge > 0 {
		parts = append(parts, numbered(s.Purge, "share")+" **DELETED FOR GOOD**")
	}
	if s.Trash > 0 {
		parts = append(parts, numbered(s.Trash, "share")+" moved to the trash")
	}
	if len(parts) == 0 {
		parts = []string{"none goes"}
	}
	return "**Data**: " + strings.Join(parts, "; ")
}

// verdict is what apply would make of it.
func (c Comment) verdict(s diff.Summary) string {
	var flags []string
	for _, r := range c.Refusals {
		if flag := code(r.Flag); !strings.Contains(strings.Join(flags, " "), flag) {
			flags = append(flags, flag)
		}
	}
	switch {
	case s.Problems > 0:
		return "nothing, because of " + numbered(s.Problems, "problem")
	case len(flags) > 0:
		return "nothing, unless it is run with " + strings.Join(flags, " ")
	case len(c.Plans) == 0:
		return "nothing"
	case s.Held > 0 || len(c.Unread) > 0 || len(c.Errors) > 0:
		return "a part of what the state file asks for: see what is held back, or can't be read"
	case s.Empty():
		return "nothing, since all is as it should be"
	}
	return "all of this"
}

func wideGrants(plans []diff.Plan) int {
	n := 0
	for _, p := range plans {
		for _, i := range p.Items() {
			if i.Access.Wide() {
				n++
			}
		}
	}
	return n
}
