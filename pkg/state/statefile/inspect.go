package statefile

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state"
)

const (
	// maxNodes is how many values all files may come to, an alias counted each
	// time it is used: a few aliases of aliases can stand for billions.
	maxNodes = 1 << 21
	// maxDepth is how deep values may nest. A state file needs eight levels.
	maxDepth = 64
)

// inspector looks at a document as YAML has it, before any key means
// anything, and refuses what yaml.v3 leaves to the user of its nodes:
// duplicate keys, aliases inside what they name, aliases that grow beyond
// measure. It also says no to tags and to keys that are not text.
type inspector struct {
	d     *decoder
	steps []step             // the way from the root to where it stands
	sizes map[*yaml.Node]int // of what has an anchor; 0 while it is being measured
	large *state.Problem     // the first value that alone is more than maxNodes, where it stands; nil: none is
	fatal bool               // the document must not be walked
}

// step is one key or one index of a path.
type step struct {
	key   *yaml.Node // nil: an item of a list
	index int
}

// inspect reports whether the document can be walked safely.
func (d *decoder) inspect(root *yaml.Node) bool {
	in := &inspector{d: d, sizes: map[*yaml.Node]int{}}
	d.values += in.size(root, 0)
	if in.fatal {
		return false
	}
	if d.values > maxNodes {
		if in.large == nil {
			in.large = in.at(root)
		}
		d.tooMuch(*in.large, fmt.Sprintf("the file holds more than %d values, counting an alias each time it is used", maxNodes),
			fmt.Sprintf("the files up to this one hold more than %d values, counting an alias each time it is used", maxNodes))
		return false
	}
	return true
}

// size is how many values the node stands for, at most a bit more than
// maxNodes.
func (in *inspector) size(n *yaml.Node, depth int) int {
	if depth > maxDepth {
		in.stop(n, fmt.Sprintf("values nest more than %d deep", maxDepth), "write them less deep")
		return 1
	}
	if n.Kind == yaml.AliasNode {
		return in.aliasSize(n)
	}
	in.refuseTag(n)
	if n.Anchor != "" {
		in.sizes[n] = 0
	}
	sum := 1
	switch n.Kind {
	case yaml.MappingNode:
		sum += in.mappingSize(n, depth)
	case yaml.SequenceNode:
		sum += in.listSize(n, depth)
	}
	if sum > maxNodes && in.large == nil {
		in.large = in.at(n)
	}
	sum = min(sum, maxNodes+1)
	if n.Anchor != "" {
		in.sizes[n] = sum
	}
	return sum
}

func (in *inspector) aliasSize(n *yaml.Node) int {
	size := in.sizes[n.Alias]
	if size == 0 {
		in.stop(n, fmt.Sprintf("the alias *%s stands inside what it names", n.Value), "write out what is meant here")
	}
	return size
}

func (in *inspector) listSize(n *yaml.Node, depth int) int {
	sum := 0
	for i, item := range n.Content {
		in.steps = append(in.steps, step{index: i})
		sum = min(sum+in.size(item, depth+1), maxNodes+1)
		in.steps = in.steps[:len(in.steps)-1]
	}
	return sum
}

func (in *inspector) mappingSize(n *yaml.Node, depth int) int {
	sum := 0
	first := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		in.checkKey(key, first)
		if isMerge(key) {
			in.checkMerge(value)
		}
		in.steps = append(in.steps, step{key: key})
		sum = min(sum+in.size(key, depth+1)+in.size(value, depth+1), maxNodes+1)
		in.steps = in.steps[:len(in.steps)-1]
	}
	return sum
}

// checkKey refuses a key that is not text or that the mapping has already;
// first holds the keys before it.
func (in *inspector) checkKey(key *yaml.Node, first map[string]*yaml.Node) {
	if f := keyFault(key); f.found() {
		in.problem(key, f.text, f.mend)
		return
	}
	before, twice := first[key.Value]
	if !twice {
		first[key.Value] = key
		return
	}
	mend := "keep one of them"
	if isMerge(key) {
		mend = "merge several mappings by a list: <<: [*a, *b]"
	}
	in.problem(key, fmt.Sprintf("the key %s stands here twice, on line %d already", quote(key.Value), before.Line), mend)
}

func keyFault(key *yaml.Node) fault {
	switch {
	case isMerge(key):
		return fault{}
	case key.Kind == yaml.AliasNode:
		return fault{"an alias as a key", "write the key out"}
	case key.Kind != yaml.ScalarNode || key.ShortTag() == "!!null":
		return fault{nameOf(key) + " as a key", "write a word"}
	case key.Style&yaml.TaggedStyle != 0: // refuseTag tells of it
		return fault{}
	case formOf(key) != textForm:
		return faultf("write "+quote(key.Value), "%s as a key", nameOf(key))
	}
	return fault{}
}

// isMerge reports whether a key is <<, unquoted.
func isMerge(key *yaml.Node) bool { return key.ShortTag() == "!!merge" }

// checkMerge refuses what can't be merged.
func (in *inspector) checkMerge(value *yaml.Node) {
	for i, source := range mergeSources(value) {
		if source.Kind != yaml.MappingNode {
			is := "this is "
			if follow(value, "").Kind == yaml.SequenceNode {
				is = fmt.Sprintf("and item %d of this list is ", i+1)
			}
			in.problem(value, "<< takes a mapping or a list of mappings, "+is+nameOf(source), "write << and the alias of a mapping: <<: *name")
		}
	}
}

// refuseTag says no to !!binary, !custom and the like. It doesn't show them: a password
// may begin with !, too.
func (in *inspector) refuseTag(n *yaml.Node) {
	if n.Style&yaml.TaggedStyle != 0 {
		in.problem(n, "what begins with ! is a tag, which means nothing here", "leave it out; quote what has to be text")
	}
}

// stop reports what makes it unsafe to walk the document.
func (in *inspector) stop(n *yaml.Node, text, mend string) {
	in.fatal = true
	in.problem(n, text, mend)
}

func (in *inspector) problem(n *yaml.Node, text, mend string) {
	p := in.at(n)
	p.Text, p.Mend = text, mend
	in.d.problems.add(*p)
}

// at is a problem of the node that is being looked at, still without words.
func (in *inspector) at(n *yaml.Node) *state.Problem {
	path := ""
	for _, s := range in.steps {
		if s.key != nil {
			path = keyPath(path, s.key.Value)
		} else {
			path = itemPath(path, s.index)
		}
	}
	return &state.Problem{Pos: in.d.pos(n), Path: path}
}
