package diff_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// Whatever the budget, a comment on a plan tells of every client that gains or loses
// access, of every mode, of all that is removed or held back, of every problem and every
// refusal.
func TestCommentTellsAllThatMatters(t *testing.T) {
	told := map[string]int{}
	for seed := range uint64(400) {
		d := dice{rand.New(rand.NewPCG(seed, 9))}
		w := d.world(d.one(2))
		p := compute(w)
		for _, budget := range []int{1, 300 + d.IntN(4000), 60_000} {
			c := render.Comment{Plans: []diff.Plan{p}, Refusals: diff.Guard([]diff.Plan{p}, diff.Allow{}), MaxBytes: budget}
			r := reader{t: t, plan: p, told: told}
			for item := range strings.SplitSeq(string(render.Markdown(c)), "\n- ") {
				r.items = append(r.items, item)
			}
			r.matters(c)
			if t.Failed() {
				t.Fatalf("seed %d in %d bytes: %s\n%s", seed, budget, render.Markdown(c), tell(w))
			}
		}
	}
	t.Log(told)
	for _, what := range []string{"gain", "lose", "may lose", "gain (host names)", "lose (host names)", "closes", "IS DELETED FOR GOOD", "moves to the trash of the volume", "held", "mode", "problem", "refusal"} {
		if told[what] < 5 {
			t.Errorf("%s is told %d times: the worlds are too odd to prove anything", what, told[what])
		}
	}
}

// reader looks for what has to be in a comment.
type reader struct {
	t     *testing.T
	plan  diff.Plan
	items []string       // of all lists
	told  map[string]int // how often what was found
}

func (r reader) matters(c render.Comment) {
	for _, change := range r.plan.Access() {
		if !r.plan.Unplanned && change.Changed() {
			r.access(change, r.item(change))
		}
	}
	for _, i := range r.plan.Items() {
		item := ""
		if i.Symbol == diff.Remove || i.Held != "" {
			item = r.item(i.Access)
		}
		switch {
		case i.Held != "":
			r.has(item, "held", fmt.Sprintf(": `%s`", i.Held))
		case i.Symbol == diff.Remove && !i.Absent:
			r.has(item, "closes", "")
		}
	}
	for _, a := range r.plan.Actions {
		if p, is := a.(diff.SetPerm); is {
			r.has(r.find("**`"+p.Share+"`**"), "mode", fmt.Sprintf(" `%04o -> %04o`", p.Old.Mode.Bits, p.New.Mode.Bits))
		}
	}
	for _, a := range r.plan.Retirements() {
		verb := "moves to the trash of the volume"
		if a.How == state.Purge {
			verb = "IS DELETED FOR GOOD"
		}
		r.has(r.find("**`"+a.Share+"`**"), verb, "")
	}
	for _, p := range r.plan.Problems {
		r.find("`" + p.Text)
		r.told["problem"]++
	}
	for _, refusal := range c.Refusals {
		r.has(r.find("`"+refusal.Text+"`")+"**refusal**", "refusal", "")
	}
}

// access checks the clients who gain and lose the directory of an item.
func (r reader) access(c diff.AccessChange, item string) {
	for verb, want := range map[string]state.Set{"gain": c.Gained().RW, "lose": c.Lost().RW, "may lose": c.MayLose().Clients} {
		if want.Empty() {
			continue
		}
		r.has(item, verb, "")
		if got := clientsOf(item, verb); !got.Equal(want) {
			r.t.Errorf("%s of %s is told as %v, and is %v", verb, c.Path, got, want)
		}
	}
	for verb, want := range map[string][]string{"gain (host names)": c.NamesGained(), "lose (host names)": c.NamesLost()} {
		if len(want) > 0 {
			if r.has(item, verb, ""); !strings.Contains(item, "`"+strings.Join(want, ", ")+"`") {
				r.t.Errorf("%s of %s is to name %v: %s", verb, c.Path, want, item)
			}
		}
	}
}

// clientsOf reads the clients behind a verb.
func clientsOf(item, verb string) state.Set {
	m := regexp.MustCompile(`\*\*` + regexp.QuoteMeta(verb) + "\\*\\* [^`]*: `+([^`;]*)").FindStringSubmatch(item)
	if m == nil {
		return nil
	}
	if whole, rest, isRest := strings.Cut(m[1], " but "); isRest {
		return setOf(whole).Minus(setOf(strings.Split(rest, ", ")...))
	}
	return setOf(strings.Split(m[1], ", ")...)
}

// item is what tells of a directory.
func (r reader) item(c diff.AccessChange) string {
	name := "export of **`" + c.Path + "`**"
	if c.Whole {
		name = "export of the **whole volume**"
	}
	switch {
	case c.Share != "":
		name = "**`" + c.Share + "`**"
	case c.Volume != r.plan.Before.Volume:
		name = "volume **`" + c.Volume + "`**: " + name
	}
	return r.find(name)
}

// find is the item that begins with the text, or has it behind other ones.
func (r reader) find(text string) string {
	for _, item := range r.items {
		if strings.HasPrefix(item, text) || strings.Contains(item, ", "+text) || strings.Contains(item, ": "+text) && text[0] == '`' {
			return item
		}
	}
	r.t.Errorf("nothing is told of %s", text)
	return ""
}

func (r reader) has(item, verb, text string) {
	if !strings.Contains(item, "**"+verb+"**"+text) {
		r.t.Errorf("%q does not tell %s%s", item, verb, text)
	}
	r.told[verb]++
}
