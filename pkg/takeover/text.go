package takeover

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// text is the state file of what was found.
func (f Found) text(o Outlook, site Site) []byte {
	var w writer
	w.line("# yaml-language-server: $schema=./state.schema.json")
	w.head(f, o, site.Notice)
	w.line("version: 1")
	w.WriteString(statefile.FormatWay(site.Way))
	w.line("volumes:")
	w.line("  - target: %s", statefile.Name(f.Target.String()))
	w.line("    undeclared: keep")
	w.line("    shares:")
	for _, s := range f.Shares {
		w.share(s)
	}
	w.rest(f.Left)
	return []byte(w.String())
}

// writer writes a state file. Whatever comes from a cluster goes through comment,
// or is a name, an address or a number that was checked.
type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// commentWidth is how long a line with a comment may be.
const commentWidth = 96

// comment writes text as lines of a comment, with nothing in it that could end
// one. indent stands before the text, and blanks of the same length before the
// lines after the first.
func (w *writer) comment(indent, text string) {
	for i, line := range render.Wrap(render.Escape(text), commentWidth-len("# ")-len(indent)) {
		if i > 0 {
			indent = strings.Repeat(" ", len(indent))
		}
		w.line("%s", strings.TrimRight("# "+indent+line, " "))
	}
}

// head tells what the file is, what the next plan does, and what is missing.
func (w *writer) head(f Found, o Outlook, notice string) {
	w.line("#")
	if notice != "" {
		w.comment("", notice)
		w.line("#")
	}
	w.comment("", fmt.Sprintf("What there is on %s, as a state file. access is who may mount a directory today; [] is nobody. "+
		"Owners, groups and modes are left out: they are not managed, and stay as they are.", f.Target))
	w.line("#")
	if len(f.Unknown) > 0 {
		w.comment("", "Not everything could be read:")
		w.sentences("- ", f.Unknown)
		w.line("#")
	}
	if len(o.Changes) == 0 {
		w.comment("", "A plan for this file has no changes.")
	} else {
		w.comment("", "A plan for this file is not empty:")
		w.sentences("- ", o.Changes)
	}
	w.sentences("Note: ", o.Notes)
	if len(f.Left) > 0 {
		w.comment("", "What is not declared here is told at the end.")
	}
}

func (w *writer) sentences(indent string, all []string) {
	for _, s := range all {
		w.comment(indent, s)
	}
}

func (w *writer) share(s state.Share) {
	w.line("      - name: %s", statefile.Name(s.Name))
	if s.Size.Managed {
		w.line("        size: %s", s.Size)
	}
	if len(s.Access) == 0 {
		w.line("        access: []")
		return
	}
	w.line("        access:")
	for _, r := range s.Access {
		if r.IsAny() {
			w.line("          - any # its entry lists every address")
		} else {
			w.line("          - %s", r.Word)
		}
	}
}

// rest tells what is left undeclared.
func (w *writer) rest(left []Left) {
	if len(left) == 0 {
		return
	}
	w.line("")
	w.comment("", "What is not declared above. Its entries stay as they are (undeclared: keep).")
	for _, l := range left {
		w.line("#")
		w.comment("  ", cut(l.Path))
		for _, e := range l.Entries {
			w.comment("    entry: ", cut(e))
		}
		if l.Limit > 0 {
			w.comment("    limit: ", state.ExactBytes(l.Limit))
		}
		w.comment("    ", l.Why)
		w.comment("    ", "To take it over: "+l.Mend+".")
	}
}
