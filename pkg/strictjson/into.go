package strictjson

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Checker is a value that may not be all that its type can hold.
type Checker interface{ Check() error }

// maxProblems is how many are told: what has more was not written by this program.
const maxProblems = 20

// Into fills the struct that into points to. lenient passes by fields that nobody
// knows. The problems come in the order of the file, and no more than a reader needs.
func (d *Document) Into(into any, lenient bool) []state.Problem {
	f := &filler{Document: d, lenient: lenient}
	f.fill(reflect.ValueOf(into).Elem(), d.root, "")
	if more := len(f.problems) - maxProblems; more > 0 {
		f.problems = append(f.problems[:maxProblems], *d.problem(-1, "", fmt.Sprintf("so it goes on: %d problems more", more)))
	}
	return f.problems
}

type filler struct {
	*Document
	lenient  bool
	problems []state.Problem
}

func (f *filler) fail(n *node, path, format string, args ...any) {
	f.problems = append(f.problems, *f.problem(n.at, path, fmt.Sprintf(format, args...)))
}

// fill puts a value into v. What doesn't fit is a problem, and leaves v as it is.
func (f *filler) fill(v reflect.Value, n *node, path string) {
	before := len(f.problems)
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		f.text(text, n, path)
	} else {
		f.plain(v, n, path)
	}
	if c, ok := v.Addr().Interface().(Checker); ok && len(f.problems) == before {
		if err := c.Check(); err != nil {
			f.fail(n, path, "%v", err)
		}
	}
}

func (f *filler) text(into encoding.TextUnmarshaler, n *node, path string) {
	s, ok := n.token.(string)
	if !ok {
		f.fail(n, path, "%s, where a text belongs", n.kind())
	} else if err := into.UnmarshalText([]byte(s)); err != nil {
		f.fail(n, path, "%q: %v", s, err)
	}
}

func (f *filler) plain(v reflect.Value, n *node, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if n.token != nil {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), n, path)
		}
	case reflect.Struct:
		f.object(v, n, path)
	case reflect.Map:
		f.mapping(v, n, path)
	case reflect.Slice:
		f.list(v, n, path)
	case reflect.String:
		if s, ok := n.token.(string); ok {
			v.SetString(s)
		} else {
			f.fail(n, path, "%s, where a text belongs", n.kind())
		}
	case reflect.Bool:
		if b, ok := n.token.(bool); ok {
			v.SetBool(b)
		} else {
			f.fail(n, path, "%s, where true or false belongs", n.kind())
		}
	default:
		f.number(v, n, path)
	}
}

// number lets encoding/json tell whether a number fits: an integer that is none
// or is too large doesn't.
func (f *filler) number(v reflect.Value, n *node, path string) {
	number, ok := n.token.(json.Number)
	if !ok {
		f.fail(n, path, "%s, where a number belongs", n.kind())
		return
	}
	if err := json.Unmarshal([]byte(number), v.Addr().Interface()); err != nil {
		f.fail(n, path, "%s is no number that can stand here", number)
	}
}

func (f *filler) list(v reflect.Value, n *node, path string) {
	if n.token != json.Delim('[') {
		f.fail(n, path, "%s, where a list belongs", n.kind())
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
	for i, item := range n.items {
		f.fill(out.Index(i), item, element(path, i))
	}
	if len(n.items) == 0 {
		out = reflect.Zero(v.Type())
	}
	v.Set(out)
}

func (f *filler) mapping(v reflect.Value, n *node, path string) {
	if n.token != json.Delim('{') {
		f.fail(n, path, "%s, where an object belongs", n.kind())
		return
	}
	out := reflect.MakeMap(v.Type())
	for i, item := range n.items {
		value := reflect.New(v.Type().Elem()).Elem()
		f.fill(value, item, member(path, n.names[i]))
		out.SetMapIndex(reflect.ValueOf(n.names[i]).Convert(v.Type().Key()), value)
	}
	v.Set(out)
}

func (f *filler) object(v reflect.Value, n *node, path string) {
	if n.token != json.Delim('{') {
		f.fail(n, path, "%s, where an object belongs", n.kind())
		return
	}
	fields := fieldsOf(v.Type())
	for i, item := range n.items {
		if at, known := fields[n.names[i]]; known {
			f.fill(v.FieldByIndex(at.index), item, member(path, n.names[i]))
		} else if !f.lenient {
			f.fail(item, member(path, n.names[i]), "nobody knows this field")
		}
	}
	for _, name := range missing(fields, n.names) {
		f.fail(n, member(path, name), "it is missing")
	}
}

// field is where a field of a struct stands, and whether it may be missing.
type field struct {
	index    []int
	optional bool
}

// fieldsOf are the fields by their names. Those of a struct that is embedded are the
// outer one's own.
func fieldsOf(t reflect.Type) map[string]field {
	out := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" && !(f.Anonymous && name == "") {
			out[name] = field{f.Index, options != ""}
		}
	}
	return out
}

// missing are the names, sorted, of fields that have to be there and are not.
func missing(fields map[string]field, names []string) []string {
	var out []string
	for name, at := range fields {
		if !at.optional && !slices.Contains(names, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
