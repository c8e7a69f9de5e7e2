package statefile

import (
	"slices"
	"strings"
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
}

// key is one row of the table.
type key[T any] struct {
	field
	decode func(*decoder, value, *T) // is given only what fits the shape
}

// field is what the table says of a key apart from its decoding.
type field struct {
	name     string
	shape    shape
	required string // the mend where the key is missing; empty: it may be left out
	once     string // of a required key that only one of several places needs: where it has to stand
	absent   string // what it means to leave it out; empty where it is required
	doc      string
	example  string // YAML, the key included
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
	for _, k := range s.keys {
		i := slices.IndexFunc(entries, func(e entry) bool { return e.key.Value == k.name })
		switch {
		case i < 0 && k.required != "" && !slices.Contains(meant, k.name):
			out.lack(k.field)
		case i >= 0 && d.fits(entries[i].value, k.shape):
			k.decode(d, entries[i].value, into)
		}
	}
	return out
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
		d.problem(value{e.key, path}, "unknown key "+quote(name), d.suggest(name, known))
		meant = append(meant, nearest(name, known))
	}
	return meant
}

func (s section[T]) names() []string {
	out := make([]string, len(s.keys))
	for i, k := range s.keys {
		out[i] = k.name
	}
	return out
}
