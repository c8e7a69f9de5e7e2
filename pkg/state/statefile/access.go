package statefile

import (
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// client is an item of an access list while it is read. It is sound where it
// is known whom it stands for.
type client struct {
	state.Rule
	sound bool
}

// wordPattern is what a client's word may look like: a group or any, IPv4
// with or without a length, IPv6 likewise.
const wordPattern = `^([A-Za-z][A-Za-z0-9_-]*|[0-9]+(\.[0-9]+){3}(/[0-9]+)?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+(/[0-9]+)?)$`

var (
	wordShape   = shape{forms: textForm, what: "a group, any, an address or a network", pattern: wordPattern}
	clientShape = shape{
		forms: textForm | mappingForm, what: "a group, any, an address, a network or a mapping {to: ...}",
		pattern: wordPattern, section: clientSection.describe(),
	}
	memberShape = shape{forms: textForm, what: "an address, a network or a group", pattern: wordPattern}
)

// access reads who may mount a share.
func (d *decoder) access(list value, s *share) {
	s.AccessPos = d.pos(list.Node)
	sound := true
	for _, v := range list.items() {
		c, ok := d.client(v)
		sound = sound && ok
		s.Access = append(s.Access, c)
	}
	s.sound = s.sound && sound
	switch {
	case addUpToEverybody(s.Access):
		d.problem(list, "the networks add up to everybody", "write any, if that is meant")
	case sound && len(s.Access) > 0 && !slices.ContainsFunc(s.Access, admitsSomebody):
		d.problem(list, "the groups here are empty, so this admits nobody", "write access: [], if that is meant")
	}
}

func admitsSomebody(r state.Rule) bool { return !r.To.Empty() }

// client reads an item of an access list, and reports whether it is known
// whom it stands for.
func (d *decoder) client(v value) (state.Rule, bool) {
	c := client{Rule: state.Rule{Level: state.ReadWrite, Pos: d.pos(v.Node), Path: v.path}}
	switch {
	case !d.fits(v, clientShape):
	case formOf(v.Node) == mappingForm:
		read(d, clientSection, v, &c)
	default:
		c.Word = v.Value
		c.To, c.sound = d.word(v)
	}
	return c.Rule, c.sound
}

// word returns the addresses that a word of an access list stands for, and
// whether they are known: of a group with a mistake in it they are not, and
// the mistake is told where it is.
func (d *decoder) word(v value) (state.Set, bool) {
	if v.Value == "any" {
		return state.Everybody, true
	}
	if g, ok := d.groups[v.Value]; ok {
		return g.set, g.sound
	}
	p, f := parseClient(v.Value)
	if looksLikeGroup(v.Value, f) {
		d.missGroup(v, "any")
		return nil, false
	}
	return state.SetOf(p), !d.fault(v, f)
}

// missGroup reports a word that could be the name of a group that there is not,
// unless it could be in a file that can't be read. more are words that could be
// meant beside the groups.
func (d *decoder) missGroup(v value, more ...string) {
	if d.partial {
		return
	}
	mend := d.near(v.Value, append(keysOf(d.groups), more...))
	if mend == "" {
		mend = "add it to host_groups, or write the address if it is a host"
	}
	d.problem(v, "there is no group "+quote(v.Value), mend)
}

// looksLikeGroup reports whether a word that is no client could be the name
// of a group that is missing, and not one of the words for everybody.
func looksLikeGroup(word string, f fault) bool {
	return f.found() && groupName.MatchString(word) && !meansEverybody(word)
}

// addUpToEverybody reports whether rules that are not any come to everybody
// all the same. Counting first spares the union of sets where it can't be.
func addUpToEverybody(rules []state.Rule) bool {
	var sets []state.Set
	var n uint64
	for _, r := range rules {
		if r.IsAny() {
			return false
		}
		sets = append(sets, r.To)
		n += r.To.Count()
	}
	return n >= state.Everybody.Count() && state.Union(sets...).IsEverybody()
}

func meansEverybody(word string) bool {
	switch strings.ToLower(word) {
	case "*", "any", "all", "everyone", "everybody", "world", "0.0.0.0", "0.0.0.0/0", "::", "::/0":
		return true
	}
	return false
}
