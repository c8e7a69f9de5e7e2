package savedplan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// Difference is something that a plan does, or says of who has access, and another
// one for the same volume does not.
type Difference struct {
	Target  string   `json:"target"`
	What    What     `json:"what"`
	Subject string   `json:"subject"` // in a few words, such as: make the directory /alpha
	Details []Detail `json:"details"` // of what is other
}

// What tells differences apart.
type What string

const (
	Added   What = "new"   // only the plan of now has it
	Gone    What = "gone"  // only the saved plan has it
	Changed What = "other" // both have it, and not alike
)

// Detail is a value that is not the same.
type Detail struct {
	Field string `json:"field"` // in the JSON form of the plan, such as settings[0].old
	Saved string `json:"saved"` // as JSON; empty: nothing
	Now   string `json:"now"`
}

// String tells the difference in one line.
func (d Difference) String() string {
	out := fmt.Sprintf("%s: %s", d.What, d.Subject)
	for i, detail := range d.Details {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		out += sep + detail.String()
	}
	return out
}

// String tells the detail in a few words.
func (d Detail) String() string {
	return fmt.Sprintf("%s was %s and is %s", d.Field, orNone(d.Saved), orNone(d.Now))
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// Compare tells in what the plan of now is not the saved one; nothing where it is the
// same.
func Compare(saved, now diff.Plan) []Difference {
	return compare(brief(saved), saved.Actions, brief(now), now.Actions)
}

// brief is a plan as it is shown, without what follows from the rest of it.
func brief(p diff.Plan) render.VolumePlan {
	out := render.Document(p, nil)
	for i := range out.Access {
		x := &out.Access[i]
		x.Position = nil // in other files it is the same
		x.Changed, x.AccessEffect = false, render.AccessEffect{Volume: x.Volume, Path: x.Path, Whole: x.Whole}
	}
	for i := range out.Actions {
		out.Actions[i].Access = nil
	}
	return out
}

// compare is Compare of plans as they are shown. The actions tell which directory it is
// that goes; they are nil where that is not compared.
func compare(saved render.VolumePlan, savedActions []diff.Action, now render.VolumePlan, nowActions []diff.Action) []Difference {
	a, b := partsOf(saved, savedActions), partsOf(now, nowActions)
	var out []Difference
	for _, key := range keysOf(a, b) {
		d := Difference{Target: saved.Target, Subject: key, Details: []Detail{}}
		old, wasThere := a.values[key]
		next, isThere := b.values[key]
		switch {
		case !isThere:
			d.What = Gone
		case !wasThere:
			d.What = Added
		default:
			d.What, d.Details = Changed, details(nil, "", old, next)
		}
		if d.What != Changed || len(d.Details) > 0 {
			out = append(out, d)
		}
	}
	if len(out) == 0 && !slices.Equal(a.order, b.order) {
		out = append(out, Difference{Target: saved.Target, What: Changed, Subject: "the order of the actions", Details: []Detail{}})
	}
	return out
}

// parts are the parts of a plan that count, by what they are about.
type parts struct {
	order  []string // of the parts
	values map[string]any
}

// keysOf are those of both, in the order of the saved plan, then of the other one.
func keysOf(a, b parts) []string {
	out := slices.Clone(a.order)
	for _, key := range b.order {
		if _, known := a.values[key]; !known {
			out = append(out, key)
		}
	}
	return out
}

func partsOf(p render.VolumePlan, actions []diff.Action) parts {
	out := parts{values: map[string]any{}}
	out.add("the volume", struct {
		ID        string `json:"id"`
		Unplanned bool   `json:"unplanned"`
	}{p.VolumeID, p.Unplanned})
	for i, a := range p.Actions {
		inode := uint64(0)
		if i < len(actions) {
			inode = inodeOf(actions[i])
		}
		out.add(a.Title(), lasting(a, inode))
	}
	for _, x := range p.Access {
		out.add(placeOf(x), x)
	}
	for _, k := range p.Kept {
		out.add("the undeclared export "+k.Entry, k)
	}
	for _, h := range p.Held {
		out.add("that the share "+h.Share+" is held", h)
	}
	for _, problem := range p.Problems {
		out.add("the problem that "+problem.Text, nil)
	}
	return out
}

// add adds a part as what JSON makes of it. What is there twice is told apart.
func (p *parts) add(key string, value any) {
	for n, base := 2, key; ; n++ {
		if _, twice := p.values[key]; !twice {
			break
		}
		key = fmt.Sprintf("%s (%d)", base, n)
	}
	var plain any
	d := json.NewDecoder(strings.NewReader(text(value)))
	d.UseNumber() // a limit may have more digits than a float
	if err := d.Decode(&plain); err != nil {
		panic(err) // it was written right now
	}
	p.order = append(p.order, key)
	p.values[key] = plain
}

// inodeOf tells which directory it is that goes: by its number on the volume, which is
// the same wherever that is mounted.
func inodeOf(a diff.Action) uint64 {
	if r, goes := a.(diff.Retire); goes {
		return r.ID.Inode
	}
	return 0
}

// lasting is an action without what moves by itself, or is only for the reader. How much
// is deleted for good is what somebody has agreed to.
func lasting(a render.Action, inode uint64) any {
	a.Reason, a.Position, a.Commands = "", nil, nil
	if a.Limit != nil {
		l := *a.Limit
		l.Used, a.Limit = nil, &l
	}
	if a.Retirement != nil && a.Retirement.How != state.Purge {
		r := *a.Retirement
		r.Used, a.Retirement = nil, &r
	}
	return struct {
		render.Action
		Directory string `json:"directory"`
	}{a, fmt.Sprint(inode)}
}

func placeOf(x render.Access) string {
	if x.Whole {
		return "who may mount the whole volume " + x.Volume
	}
	return "who may mount " + x.Volume + ":" + x.Path
}

// details adds the values in which two forms differ, to the smallest.
func details(out []Detail, field string, a, b any) []Detail {
	if objectA, ok := a.(map[string]any); ok {
		if objectB, ok := b.(map[string]any); ok {
			keys := maps.Clone(objectA)
			maps.Copy(keys, objectB)
			for _, k := range slices.Sorted(maps.Keys(keys)) {
				out = details(out, strings.TrimPrefix(field+"."+k, "."), objectA[k], objectB[k])
			}
			return out
		}
	}
	listA, isListA := a.([]any)
	listB, isListB := b.([]any)
	if isListA && isListB && len(listA) == len(listB) && !plainList(listA) {
		for i := range listA {
			out = details(out, fmt.Sprintf("%s[%d]", field, i), listA[i], listB[i])
		}
		return out
	}
	if was, is := shown(a), shown(b); was != is {
		out = append(out, Detail{Field: field, Saved: was, Now: is})
	}
	return out
}

// plainList reports whether the list is best shown as a whole.
func plainList(l []any) bool {
	return !slices.ContainsFunc(l, func(x any) bool { _, object := x.(map[string]any); return object })
}

// shown is a value as JSON; empty where there is none, and where a list has nothing in
// it, which says the same.
func shown(v any) string {
	if list, isList := v.([]any); v == nil || isList && len(list) == 0 {
		return ""
	}
	return text(v)
}

// text is a value as JSON, in one line.
func text(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // the forms of plans can be written
	}
	return strings.TrimSpace(b.String())
}
