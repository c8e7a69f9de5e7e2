package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// findings are why nothing, or not all, of the plans can be carried out.
func (r review) findings(f form) string {
	var unread, moved, refused []string
	for _, u := range r.Unread {
		unread = append(unread, bullet(code(u.Target.String())+": "+code(u.Why)))
	}
	for _, m := range r.Moved {
		moved = append(moved, bullet(code(m)))
	}
	for _, no := range r.Refusals {
		refused = append(refused, bullet(code(no.Target.String())+", "+code(no.Rule)+": "+code(no.Text), "if that is meant: run it with "+code(no.Flag)))
	}
	return under("Errors", problemItems(r.Errors, state.Target{}, f)) +
		under("Volumes that can't be read", unread) +
		under("Not the saved plan: nothing is carried out", moved) +
		under("Problems: nothing is carried out before they are mended", problemsOf(r.Plans, f)) +
		under("Refused: nothing is carried out", refused)
}

// under puts a list under a heading; nothing where there is none.
func under(heading string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "#### " + heading + "\n\n" + strings.Join(items, "") + "\n"
}

func problemsOf(plans []diff.Plan, f form) []string {
	var out []string
	for _, p := range plans {
		out = append(out, problemItems(p.Problems, p.Volume.Target, f)...)
	}
	return out
}

func problemItems(problems []state.Problem, volume state.Target, f form) []string {
	var out []string
	for _, p := range problems {
		out = append(out, problemItem(p, volume, f))
	}
	return out
}

func problemItem(p state.Problem, volume state.Target, f form) string {
	at := where(p, volume)
	if volume == (state.Target{}) && p.Pos == (state.Pos{}) {
		at = "" // it is of no volume
	}
	var more []string
	if at != "" {
		more = append(more, "at "+code(at))
	}
	if p.Mend != "" {
		more = append(more, "mend: "+code(p.Mend))
	}
	if f == dense && len(more) > 0 {
		return bullet(code(p.Text) + "; " + strings.Join(more, "; "))
	}
	return bullet(code(p.Text), more...)
}

// volume is what must be seen of a plan.
func (p reviewed) volume(f form) string {
	head := "#### " + code(p.Volume.Target.String()) + at(p.Volume.Pos) + "\n\n"
	if p.Unplanned {
		return head + bullet("nothing can be planned, see the problems") + "\n"
	}
	var items []diff.Item
	for _, i := range p.items {
		if mustBeSeen(i) {
			items = append(items, i)
		}
	}
	slices.SortStableFunc(items, func(a, b diff.Item) int { return cmp.Compare(weight(a), weight(b)) })
	list := roomyItems
	if f == dense {
		list = denseItems
	}
	body := list(items, p.Plan) + globals(p.Plan)
	if body == "" {
		body = bullet("nobody gains or loses access, and nothing is removed")
	}
	return head + body + "\n"
}

// at is a position behind what it is of; nothing where nothing asks for it.
func at(pos state.Pos) string {
	if pos == (state.Pos{}) {
		return ""
	}
	return " (" + code(state.Pos{File: pos.File, Line: pos.Line}.String()) + ")"
}

// mustBeSeen reports whether something is removed or held back, or somebody
// gains or loses access, be it by an owner, a group or a mode.
func mustBeSeen(i diff.Item) bool {
	return i.Symbol == diff.Remove || i.Access.Changed() || i.Held != "" || len(permsOf(i)) > 0
}

// permsOf are the changes of who owns the item's directory, and of its mode.
func permsOf(i diff.Item) []permChange {
	var out []permChange
	for _, a := range i.Actions {
		if p, is := a.(diff.SetPerm); is {
			out = append(out, permChanges(p)...)
		}
	}
	return out
}

// weight is where an item stands: what can't be taken back first, then who is
// let in.
func weight(i diff.Item) int {
	switch _, goes := retired(i); {
	case goes && i.Fate == state.Purge:
		return 0
	case goes:
		return 1
	case i.Access.Wide():
		return 2
	case i.Access.Gains():
		return 3
	case i.Access.Loses():
		return 4
	}
	return 5
}

// retired is what becomes of the item's directory, where it goes.
func retired(i diff.Item) (diff.Retire, bool) {
	for _, a := range i.Actions {
		if r, goes := a.(diff.Retire); goes {
			return r, true
		}
	}
	return diff.Retire{}, false
}

func roomyItems(items []diff.Item, p diff.Plan) string {
	var b strings.Builder
	for _, i := range items {
		name := subject(i, p)
		if i.Symbol == diff.Create {
			name += ", new"
		}
		b.WriteString(bullet(name+at(i.Access.Pos), effects(i, true)...))
	}
	return b.String()
}

// denseItems has one line for all to which the same happens.
func denseItems(items []diff.Item, p diff.Plan) string {
	var happens []string
	names := map[string][]string{}
	for _, i := range items {
		what := strings.Join(effects(i, false), "; ")
		if names[what] == nil {
			happens = append(happens, what)
		}
		names[what] = append(names[what], subject(i, p))
	}
	var b strings.Builder
	for _, what := range happens {
		b.WriteString(bullet(strings.Join(names[what], ", ") + ": " + what))
	}
	return b.String()
}

// subject names what an item is of, as itemName does.
func subject(i diff.Item, p diff.Plan) string {
	if i.Access.Share != "" {
		return "**" + code(i.Access.Share) + "**"
	}
	export := "export of **" + code(i.Access.Path) + "**"
	if i.Access.Whole {
		export = "export of the **whole volume**"
	}
	switch {
	case i.Access.Volume != p.Before.Volume:
		return "volume **" + code(i.Access.Volume) + "**: " + export
	case i.Access.Whole:
		return export
	}
	return export + " (undeclared)"
}

// effects are what becomes of an item's data, clients and permissions; with the
// directory that goes where it is named.
func effects(i diff.Item, named bool) []string {
	var out []string
	if i.Absent && i.Held == "" {
		out = append(out, dataEffect(i, named))
	}
	if i.Symbol == diff.Remove && !i.Absent {
		out = append(out, "**closes**")
	}
	if i.Held != "" {
		out = append(out, "**held**: "+code(i.Held))
	}
	for _, l := range accessLines(i.Access) {
		out = append(out, fmt.Sprintf("**%s** %s: %s", l.verb, l.count, code(strings.Join(l.who, ", "))))
	}
	switch {
	case i.Access.Wide() && i.Access.After.All().IsEverybody():
		out = append(out, "**WARNING: everybody may mount it**")
	case i.Access.Wide():
		out = append(out, "**WARNING: this is more than a /16**")
	}
	if i.Symbol == diff.Remove && !i.Access.Changed() {
		out = append(out, "nobody loses access")
	}
	for _, c := range permsOf(i) {
		out = append(out, "**"+c.what+"** "+code(c.old+" -> "+c.new))
	}
	return out
}

func dataEffect(i diff.Item, named bool) string {
	r, goes := retired(i)
	if !goes {
		return "data " + dataStays
	}
	verb, what := fateOf(r)
	if !named {
		return "data **" + verb + "**"
	}
	return "data **" + verb + "**: " + code(what)
}

// globals tell of options that other volumes get as well.
func globals(p diff.Plan) string {
	var out []string
	for _, s := range p.Serves() {
		for _, o := range s.Settings() {
			if s.Stage != diff.Global && len(o.Others) == 0 {
				continue
			}
			text := code(o.Key) + " is set on every volume of the cluster"
			if len(o.Others) > 0 {
				text += "; its value changes on " + codes(o.Others)
			}
			out = append(out, text)
		}
	}
	return bullets(out)
}
