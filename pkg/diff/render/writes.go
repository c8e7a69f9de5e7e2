package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// why says what a write is for and why it stands where it stands.
func why(s diff.Serve) string {
	switch s.Stage {
	case diff.Narrow:
		return "before the directories: who loses access doesn't wait for them"
	case diff.Grant:
		return "last: access as the file asks for it"
	}
	for _, o := range s.Settings() {
		if reason := whyGlobal[o.Key]; reason != "" {
			return reason
		}
	}
	return "first and alone, since it is set on every volume of the cluster"
}

// whyGlobal says it of the options of the whole cluster. Gluster 10.3 sets them
// volume by volume, and what they mean differs while volumes differ.
var whyGlobal = map[string]string{
	"nfs.export-volumes": "first and alone: half written beside others it could leave a volume open",
	"nfs.export-dirs":    "alone, when no volume is open whole: beside one that is it would open its directories",
}

// writes shows the volume's options as they will be set, in the order of the
// writes.
func (t *text) writes(serves []diff.Serve) {
	if len(serves) == 0 {
		return
	}
	t.end()
	t.to(2)
	title := "options, in one write"
	if len(serves) > 1 {
		title = fmt.Sprintf("options, in %d writes", len(serves))
	}
	t.put(plain, title)
	t.position(serves[0].Pos)
	for i, s := range serves {
		if len(serves) > 1 {
			t.to(2)
			t.put(plain, fmt.Sprintf("%d. ", i+1))
			t.wrapped(fmt.Sprintf("%s, %s", s.Stage, why(s)))
		}
		t.settings(s)
		t.commandsOf(s)
	}
}

func (t *text) settings(s diff.Serve) {
	settings := s.Settings()
	longest := 0
	for _, o := range settings {
		longest = max(longest, utf8.RuneCountInString(Escape(o.Key)))
	}
	for _, o := range settings {
		t.symbol(4, diff.Change)
		t.put(plain, o.Key)
		t.setting(o, 4+len("~ ")+longest+2)
		if s.Stage == diff.Global || len(o.Others) > 0 {
			t.global(o)
		}
	}
}

// setting shows the value before and after on one line from the column on
// where they fit, else each below its label.
func (t *text) setting(o state.Setting, column int) {
	old, next := oldValue(o), value(o.New)
	both := old + " -> " + next
	if old == next {
		both = next + ", as it is on this volume already"
	}
	if column+utf8.RuneCountInString(Escape(both)) <= pageWidth {
		t.to(column)
		t.wrapped(both)
		return
	}
	t.end()
	for _, v := range []struct{ label, value string }{{"old", old}, {"new", next}} {
		t.to(labelColumn + 2)
		t.put(plain, v.label+"  ")
		t.wrapped(v.value)
	}
}

// global says how far a global option reaches: Gluster writes it to every
// volume of the cluster, whichever is named.
func (t *text) global(o state.Setting) {
	text := "global: it is set on every volume of the cluster"
	if len(o.Others) > 0 {
		text += "; its value changes on " + strings.Join(o.Others, ", ")
	}
	t.to(labelColumn + 2)
	t.wrapped(text)
}

func oldValue(o state.Setting) string {
	if !o.WasSet {
		return "not set"
	}
	return value(o.Old)
}

// value is an option's value, quoted where it could be taken for something
// else.
func value(v string) string {
	if v == "" || strings.ContainsAny(v, " \"") {
		return strconv.Quote(v)
	}
	return v
}
