package statefile

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// section is the table of the keys that one kind of mapping has, and how each
// of them goes into a T. Keys are decoded in the order of the table, whatever
// their order in the file.
type section[T any] struct {
	description
	keys []key[T]
}

// description is what the schema and the reference say of a section as a
// whole.
type description struct {
	title  string // the definition's name in the schema
	where  string // its heading in the reference: where it stands in a file
	doc    string
	free   bool // keys that begin with x- are ignored
	fields []field

	instead []instead // of keys that people write here, and that there are not

	kinds kinds // of a section that is not the same for all mappings
}

// kinds tells kinds of a mapping apart, which have different keys: by the value
// of one of them.
type kinds struct {
	key       string // empty: there is one kind only
	otherwise string // the kind where the key is left out
}

// key is one row of the table.
type key[T any] struct {
	field
	decode func(*decoder, value, *T) // is given only what fits the shape
}

// field is what the table says of a key apart from its decoding.
type field struct {
	name      string
	shape     shape
	required  string // the mend where the key is missing; empty: it may be left out
	once      string // of a required key that only one of several places needs: where it has to stand
	absent    string // what it means to leave it out; empty where it is required
	only      string // of a section with kinds: the one that has the key; empty: all have it
	wrongKind string // of such a key: the mend where it stands in another kind
	doc       string
	example   string // YAML, the key included
}

// describe returns the description with the fields of the keys.
func (s section[T]) describe() *description {
	out := s.description
	for _, k := range s.keys {
		out.fields = append(out.fields, k.field)
	}
	return &out
}

// read decodes a mapping by its section into a T, and reports the keys that
// are unknown or missing. A key that is missing because it is misspelled is
// reported once. What another place may have instead stands in the result.
func read[T any](d *decoder, s section[T], v value, into *T) place {
	out := place{d: d, at: v}
	entries := v.entries()
	meant := d.refuseUnknown(s.description, s.names(), entries, v.path)
	kind, known := s.kindOf(entries)
	for _, k := range s.keys {
		i := slices.IndexFunc(entries, func(e entry) bool { return e.key.Value == k.name })
		switch {
		case k.only != "" && !known && i < 0: // whether it has to be there can't be told
		case k.only != "" && known && k.only != kind:
			if i >= 0 {
				d.refuseKind(s.kinds, kind, k.field, entries[i])
			}
		case i < 0 && k.required != "" && !slices.Contains(meant, k.name):
			out.lack(k.field)
		case i >= 0 && d.fits(entries[i].value, k.shape):
			k.decode(d, entries[i].value, into)
		}
	}
	return out
}

// kindOf is the kind of a mapping of the section, where its key says a known
// one.
func (s section[T]) kindOf(entries []entry) (kind string, known bool) {
	if s.kinds.key == "" {
		return "", true
	}
	i := slices.IndexFunc(entries, func(e entry) bool { return e.key.Value == s.kinds.key })
	if i < 0 {
		return s.kinds.otherwise, true
	}
	kind = entries[i].value.Value
	j := slices.IndexFunc(s.keys, func(k key[T]) bool { return k.name == s.kinds.key })
	return kind, slices.Contains(s.keys[j].shape.values, kind)
}

// refuseKind reports a key that stands in a mapping of the wrong kind.
func (d *decoder) refuseKind(by kinds, kind string, f field, e entry) {
	d.problems.add(state.Problem{Pos: d.pos(e.key), Path: e.value.path,
		Text: fmt.Sprintf("the key %q can't stand beside %q", f.name, by.key+": "+kind), Mend: f.wrongKind})
}

// refuseUnknown reports the entries whose keys are none of the known ones, and
// returns which of these were probably meant.
func (d *decoder) refuseUnknown(s description, known []string, entries []entry, path string) []string {
	var meant []string
	for _, e := range entries {
		name := e.key.Value
		ignored := s.free && strings.HasPrefix(name, "x-")
		if ignored || slices.Contains(known, name) || formOf(e.key) != textForm { // of the last the inspector has told
			continue
		}
		d.problem(value{e.key, path}, "unknown key "+quote(name), d.mendKey(s, name, known))
		meant = append(meant, nearest(name, known))
	}
	return meant
}

// mendKey is the mend for an unknown key.
func (d *decoder) mendKey(s description, name string, known []string) string {
	if mend := mendOf(s.instead, name); mend != "" {
		return mend
	}
	return d.suggest(name, known)
}

func (s section[T]) names() []string {
	out := make([]string, len(s.keys))
	for i, k := range s.keys {
		out[i] = k.name
	}
	return out
}
