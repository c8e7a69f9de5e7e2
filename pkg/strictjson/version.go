package strictjson

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// Format is what a document says that it is.
type Format struct {
	Kind    string // the value of its field kind
	Version string // MAJOR.MINOR, the value of its field format_version
}

// Read fills the struct that into points to with a document of the format, which
// this program knows in that version. One of another kind, or of another major
// version, is not read; of a newer minor version the fields are passed by that
// were added since. mend says what is to be done about any problem in it.
func (want Format) Read(file string, text []byte, mend string, into any) []state.Problem {
	d, problem := Parse(file, text, mend)
	if problem != nil {
		return []state.Problem{*problem}
	}
	newer, problem := d.is(want)
	if problem != nil {
		return []state.Problem{*problem}
	}
	return d.Into(into, newer)
}

// is checks that the document is of the format. newer tells that its minor version
// is one that this program doesn't know yet.
func (d *Document) is(want Format) (newer bool, problem *state.Problem) {
	if d.root.token != json.Delim('{') {
		return false, d.problem(d.root.at, "", fmt.Sprintf("%s, where an object belongs", d.root.kind()))
	}
	kind, at := d.textOf("kind")
	if kind != want.Kind {
		return false, d.problem(at, "kind", fmt.Sprintf("this is %s, where %q belongs", saidOr(kind), want.Kind))
	}
	version, at := d.textOf("format_version")
	major, minor, ok := splitVersion(version)
	known, knownMinor, _ := splitVersion(want.Version)
	switch {
	case !ok:
		return false, d.problem(at, "format_version", fmt.Sprintf("this is %s, where a version such as %q belongs", saidOr(version), want.Version))
	case major != known:
		return false, d.problem(at, "format_version", fmt.Sprintf("it has the version %s, and this program reads %d", version, known))
	}
	return minor > knownMinor, nil
}

// textOf is a text in the outermost object, and where it stands: the beginning of
// the document where it is none.
func (d *Document) textOf(name string) (string, int) {
	for i, n := range d.root.names {
		if s, ok := d.root.items[i].token.(string); ok && n == name {
			return s, d.root.items[i].at
		}
	}
	return "", d.root.at
}

func saidOr(s string) string {
	if s == "" {
		return "not said"
	}
	return strconv.Quote(s)
}

func splitVersion(s string) (major, minor uint64, ok bool) {
	a, b, ok := strings.Cut(s, ".")
	major, err := strconv.ParseUint(a, 10, 16)
	minor, err2 := strconv.ParseUint(b, 10, 16)
	return major, minor, ok && err == nil && err2 == nil
}
