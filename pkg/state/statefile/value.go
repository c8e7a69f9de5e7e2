package statefile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state"
)

// value is a node of the document as one path reaches it. It is never an
// alias: those are followed.
type value struct {
	*yaml.Node
	path string
}

// follow makes a value of a node and the path to it.
func follow(n *yaml.Node, path string) value {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return value{n, path}
}

// items are the values of a list.
func (v value) items() []value {
	out := make([]value, len(v.Content))
	for i, n := range v.Content {
		out[i] = follow(n, itemPath(v.path, i))
	}
	return out
}

// entry is one key of a mapping and what stands there.
type entry struct {
	key   *yaml.Node
	value value
}

// entries are the keys of a mapping: its own, then those that << brings in and
// that it does not have itself, of several sources the first. Of a key that
// stands there twice, which is an error, the first counts.
func (v value) entries() []entry {
	out := make([]entry, 0, len(v.Content)/2)
	var merged []*yaml.Node
	for i := 0; i < len(v.Content); i += 2 {
		key, n := v.Content[i], v.Content[i+1]
		switch {
		case isMerge(key):
			merged = append(merged, mergeSources(n)...)
		case key.Kind == yaml.ScalarNode:
			out = append(out, entry{key, follow(n, keyPath(v.path, key.Value))})
		}
	}
	if merged == nil {
		return out
	}
	return v.merge(out, merged)
}

// merge adds to the entries of v those of the merged mappings that are new.
func (v value) merge(own []entry, merged []*yaml.Node) []entry {
	have := map[string]bool{}
	for _, e := range own {
		have[e.key.Value] = true
	}
	for _, source := range merged {
		if source.Kind != yaml.MappingNode { // the inspector has told of it
			continue
		}
		for _, e := range (value{source, v.path}).entries() {
			if !have[e.key.Value] {
				have[e.key.Value] = true
				own = append(own, e)
			}
		}
	}
	return own
}

// mergeSources are the nodes that the value of << names.
func mergeSources(n *yaml.Node) []*yaml.Node {
	v := follow(n, "")
	if v.Kind != yaml.SequenceNode {
		return []*yaml.Node{v.Node}
	}
	var out []*yaml.Node
	for _, item := range v.items() {
		out = append(out, item.Node)
	}
	return out
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// keyPath is the path to a key below path; keys that would make it ambiguous
// are quoted.
func keyPath(path, key string) string {
	switch {
	case !plainKey.MatchString(key):
		return path + "[" + quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

func itemPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func (d *decoder) pos(n *yaml.Node) state.Pos {
	return state.Pos{File: d.file, Line: n.Line, Column: n.Column}
}

// form is what a value is on the page. Forms are bits, so that a shape can
// allow several.
type form uint8

const (
	textForm form = 1 << iota
	numberForm
	listForm
	mappingForm
	booleanForm

	otherForm form = 0 // nothing that a state file has: null, a date
)

func formOf(n *yaml.Node) form {
	switch n.Kind {
	case yaml.SequenceNode:
		return listForm
	case yaml.MappingNode:
		return mappingForm
	}
	switch n.ShortTag() {
	case "!!int":
		return numberForm
	case "!!bool":
		return booleanForm
	case "!!str":
		if !booleanElsewhere(n) {
			return textForm
		}
	}
	return otherForm
}

// booleanElsewhere reports whether text is a boolean to readers of YAML 1.1,
// though not to yaml.v3: what an editor shows and what is loaded would differ.
func booleanElsewhere(n *yaml.Node) bool {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	words := []string{"y", "n", "yes", "no", "on", "off"}
	return n.Style&quoted == 0 && slices.Contains(words, strings.ToLower(n.Value))
}

// nameOf says what a value is, for messages.
func nameOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a mapping"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!timestamp":
		return "the date " + n.Value
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return "the boolean " + n.Value
	}
	if booleanElsewhere(n) {
		return "the boolean " + n.Value
	}
	return "the text " + quote(n.Value)
}
