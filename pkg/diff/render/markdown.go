package render

import (
	"fmt"
	"slices"
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

	// Saved tells that the plans are saved ones: all of them are carried out, or none is.
	// Moved is in what they are others by now, one line each.
	Saved bool
	Moved []string

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

// Markdown returns the comment as CommonMark. Its first line is its Marker, a comment
// of HTML by which a program finds it again. What a reviewer must see stands open
// and whole, however long it is: errors, problems, what guards refuse, what is
// removed or held back, who gains and who loses access, and what owner, group or
// mode change. The rest is folded, and cut where it is too long; how much is left
// out is said at the end. Text that comes from a state file or a cluster stands in
// code, and can't leave it.
func Markdown(c Comment) []byte {
	r := newReview(c)
	whole := r.page(roomy)
	if text := whole.text(); len(text) <= c.MaxBytes {
		return []byte(text)
	}
	if room := c.MaxBytes - whole.least(); room >= 0 {
		return []byte(whole.cut(room).text())
	}
	tight := r.page(dense)
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

// review is a comment with what is needed of its plans more than once.
type review struct {
	Comment
	plans   []reviewed
	summary diff.Summary
}

// reviewed is a plan with its items.
type reviewed struct {
	diff.Plan
	items []diff.Item
}

func newReview(c Comment) review {
	r := review{Comment: c, summary: diff.Summarize(c.Plans)}
	for _, p := range c.Plans {
		r.plans = append(r.plans, reviewed{p, p.Items()})
	}
	return r
}

// form is how much room there is for what must be seen.
type form bool

const (
	roomy form = false // an item has lines of its own
	dense form = true  // those to which the same happens share a line
)

// page is the comment with everything in it.
func (r review) page(f form) sheet {
	s := sheet{}
	s.must(Marker(r.Key) + "\n\n")
	if r.Basis != "" {
		s.must("**" + code(r.Basis) + "**\n\n")
	}
	s.must("**" + r.title() + "**\n\n" + bullets(r.facts()) + "\n")
	s.must(r.findings(f))
	for _, p := range r.plans {
		if !idle(p.Plan) {
			s.must(p.volume(f))
			s.fold(warnings(p.Plan))
			s.fold(p.rest(r.Commands))
		}
	}
	s.fold(idleOnes(r.Plans))
	return s
}

// idle reports whether there is nothing to tell of the volume but that it stays
// as it is.
func idle(p diff.Plan) bool {
	return p.Empty() && !p.Unplanned && len(p.Held)+len(p.Kept)+len(p.Notes)+len(p.Problems)+len(p.Warnings) == 0
}

func (r review) title() string {
	if len(r.Plans) == 0 {
		return "Nothing planned."
	}
	return r.summary.String()
}

// facts are what a reviewer wants to know first.
func (r review) facts() []string {
	var out []string
	if len(r.Plans) > r.summary.Unplanned {
		of := ""
		if r.summary.Unplanned+len(r.Unread) > 0 {
			of = ", as far as anything could be planned"
		}
		out = append(out, "**Access**"+of+": "+r.accessFact(), "**Data**"+of+": "+dataFact(r.summary))
	}
	out = append(out, fmt.Sprintf("**What `apply` would do**: %s (exit code of `plan`: %d)", r.verdict(), r.ExitCode))
	if r.summary.LosesAccess > 0 {
		out = append(out, "Note: "+OnlyAtMount)
	}
	if r.count(func(i diff.Item) bool { return i.Absent && i.Symbol == diff.Remove }) > 0 {
		out = append(out, "Note: "+AlsoInTheTrash)
	}
	return out
}

// count is of how many items it is true.
func (r review) count(is func(diff.Item) bool) int {
	n := 0
	for _, p := range r.plans {
		for _, i := range p.items {
			if is(i) {
				n++
			}
		}
	}
	return n
}

func (r review) accessFact() string {
	var parts []string
	if n := r.summary.GainsAccess; n > 0 {
		parts = append(parts, "gained at "+numbered(n, "directory"))
	}
	if n := r.summary.LosesAccess; n > 0 {
		parts = append(parts, "lost at "+numbered(n, "directory"))
	}
	if n := r.count(func(i diff.Item) bool { return len(permsOf(i)) > 0 }); n > 0 {
		parts = append(parts, "owner, group or mode changed at "+numbered(n, "directory"))
	}
	if n := r.count(func(i diff.Item) bool { return i.Access.Wide() }); n > 0 {
		parts = append(parts, fmt.Sprintf("**WARNING: %s, of more than a /16**", numbered(n, "wide grant")))
	}
	if len(parts) == 0 {
		parts = []string{"nobody gains or loses any"}
	}
	return strings.Join(parts, "; ")
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
	return strings.Join(parts, "; ")
}

// verdict is what apply would make of it.
func (r review) verdict() string {
	var flags []string
	for _, refusal := range r.Refusals {
		if flag := code(refusal.Flag); !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	switch {
	case r.summary.Problems > 0:
		return "nothing, because of " + numbered(r.summary.Problems, "problem")
	case len(r.Moved) > 0:
		return "nothing, since it is not the saved plan any more"
	case r.Saved && len(r.Unread) > 0:
		return "nothing, since whether it is still the saved plan can't be told"
	case len(flags) > 0:
		return "nothing, unless it is run with " + strings.Join(flags, " ")
	case len(r.Plans) == 0:
		return "nothing"
	case r.summary.Held+len(r.Unread) > 0:
		return "a part of what the state file asks for: see what is held back, or can't be read"
	case r.summary.Empty():
		return "nothing, since all is as it should be"
	}
	return "all of this"
}
