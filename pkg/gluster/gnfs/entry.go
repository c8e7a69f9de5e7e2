package gnfs

import (
	"errors"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// closedEntry stands for a volume that is served and exports nothing: an
// empty nfs.export-dir can only be had by a reset, which this tool never does.
// The directory need not exist, and no client has the address.
const (
	closedEntry = "/.glusterd-shares/closed(0.0.0.0)"
	closedGate  = "0.0.0.0"
)

// entry is one item of nfs.export-dir.
type entry struct {
	text    string // as it stands there
	path    string // what the server appends to the volume's name
	clients clients
	broken  error // why the server gives up on the list here
}

// parseEntries reads the value of nfs.export-dir as the server does: split at
// commas, nothing else, empty items skipped.
func parseEntries(value string) []entry {
	var out []entry
	for text := range strings.SplitSeq(value, ",") {
		if text == "" {
			continue
		}
		dir, rest := cutPath(text)
		e := entry{text: text, path: dir}
		e.clients, e.broken = parseClients(rest)
		out = append(out, e)
	}
	return out
}

// cutPath splits an entry at its opening parenthesis. Any at the very beginning
// belong to the path, since the server searches with strtok.
func cutPath(text string) (dir, rest string) {
	lead := len(text) - len(strings.TrimLeft(text, "("))
	dir, rest, _ = strings.Cut(text[lead:], "(")
	return text[:lead] + dir, rest
}

// whole reports whether the entry opens every directory of the volume, as one
// without a slash does (seen on 10.3): s2 on volume gv exports a "volume" gvs2,
// of which /gvs2/ANY/DIRECTORY can be mounted.
func (e entry) whole() bool { return !strings.HasPrefix(e.path, "/") }

// dir is the directory that the entry opens, whatever its spelling.
func (e entry) dir() string {
	if e.whole() {
		return "/"
	}
	return path.Clean(e.path)
}

// plain reports whether clients reach the entry by its directory's own name.
// /alpha/ they reach as /alpha// only, /alpha/. by exactly that.
func (e entry) plain() bool { return e.path == e.dir() }

// mountPath is what a client has to ask for: the server takes one slash off the
// end.
func (e entry) mountPath(volume string) string {
	p := "/" + volume + e.path
	if strings.HasSuffix(p, "/") {
		p += "/"
	}
	return p
}

func (e entry) own() bool { return e.text == closedEntry }

// mountable reports whether any client can name the path: the server compares
// byte by byte, and takes one slash off what the client asks for. The root
// itself it can't resolve.
func (e entry) mountable() bool { return e.path != "/" }

// unreadable says why the entry's text can't be carried over: its directory
// can't be told, or glusterd would not survive it.
func (e entry) unreadable() error {
	switch {
	case e.whole():
		return errors.New("it begins with no slash, and so opens every directory of the volume")
	case strings.ContainsAny(e.text, "\"\\"):
		return errors.New("glusterd does not survive a quote or a backslash")
	case strings.ContainsFunc(e.text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return errors.New("it holds white space or control characters")
	}
	return nil
}

// admitting returns the entries that count, with what each of them admits as
// far as its own text goes: of the same path the first one, none that can't
// be mounted, and none from the first on that the server can't read, since it
// reads no further (10.3, mount3.c:3360).
func admitting(entries []entry) []entry {
	seen := map[string]bool{}
	var out []entry
	for _, e := range entries {
		if e.broken != nil {
			break
		}
		if e.mountable() && !seen[e.path] {
			seen[e.path] = true
			out = append(out, e)
		}
	}
	return out
}

// firstBroken is the entry at which the server gives up on the list; nil where
// it reads it to the end.
func firstBroken(entries []entry) *entry {
	i := slices.IndexFunc(entries, func(e entry) bool { return e.broken != nil })
	if i < 0 {
		return nil
	}
	return &entries[i]
}

// formatEntry prints the entry that grants the directory to the addresses,
// who must not be nobody.
func formatEntry(dir string, to state.Set) string {
	return dir + "(" + strings.Join(spell(to), "|") + ")"
}

// spell prints a set in the only form that both the entries and the gate
// understand: a single address without a length, and no /0.
func spell(s state.Set) []string {
	if s.IsEverybody() {
		return []string{"0.0.0.0/1", "128.0.0.0/1"}
	}
	return s.Strings()
}
