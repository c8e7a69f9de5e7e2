package render

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
)

// rest is what a reader opens at need of a plan.
func (p reviewed) rest(commands func(diff.Action) []string) folded {
	sections := []section{
		{title: "Directories and limits", noun: "directory change", pieces: p.directoryPieces()},
		{title: "Options, in the order of the writes", noun: "option", pieces: optionPieces(p.Serves())},
		{title: "Kept: undeclared exports", noun: "kept export"},
		{title: "Notes", noun: "note"},
	}
	for _, e := range p.Kept {
		sections[2].pieces = append(sections[2].pieces, bullet(code(e.Entry)+": "+code(admits(e))))
	}
	for _, n := range p.Notes {
		sections[3].pieces = append(sections[3].pieces, bullet(code(n)))
	}
	if commands != nil {
		title := "Commands"
		if host := abroad(p.Plan); host != "" {
			title += ", run on " + code(host) + " as root"
		}
		title += "; those on directories are run in the root of a mount of the volume"
		sections = append(sections, section{title: title, noun: "command", pieces: commandLines(p.Actions, commands), code: true})
	}
	return folded{sections: sections}
}

// warnings stand open, but are no more than warnings: they may be cut.
func warnings(p diff.Plan) folded {
	pieces := problemItems(p.Warnings, p.Volume.Target, roomy)
	return folded{open: true, sections: []section{{title: "Warnings", noun: "warning", pieces: pieces}}}
}

// idleOnes are the volumes of which there is nothing else to tell.
func idleOnes(plans []diff.Plan) folded {
	s := section{title: "Nothing to do", noun: "unchanged volume"}
	for _, p := range plans {
		if idle(p) {
			s.pieces = append(s.pieces, bullet(code(p.Volume.Target.String())+at(p.Volume.Pos)+": "+numbered(len(p.Volume.Shares), "share")))
		}
	}
	return folded{sections: []section{s}}
}

func (p reviewed) directoryPieces() []string {
	var out []string
	for _, i := range p.items {
		for _, a := range i.Actions {
			if text := directoryPiece(a, i.Symbol == diff.Create); text != "" {
				out = append(out, bullet(text+at(a.At())))
			}
		}
	}
	for _, a := range p.Actions {
		if q, on := a.(diff.EnableQuota); on {
			out = append(out, bullet("quota off -> on: "+whatQuotaCosts+at(q.Pos)))
		}
	}
	return out
}

// directoryPiece is empty for what is told elsewhere.
func directoryPiece(a diff.Action, made bool) string {
	switch a := a.(type) {
	case diff.MakeDir:
		what := "is made"
		if a.Parent {
			what = "is made, on the way to another"
		}
		return code(a.Path) + " " + what + ": " + code(strings.Join(newPerm(a.Perm), ", "))
	case diff.SetLimit:
		return code(a.Path) + ": size " + code(limitChange(a, made))
	}
	return ""
}

// optionPieces are the settings that are written, with the number of their write
// where there are more.
func optionPieces(serves []diff.Serve) []string {
	var out []string
	for n, s := range serves {
		for _, o := range s.Settings() {
			name := code(o.Key)
			if len(serves) > 1 {
				name += fmt.Sprintf(", in write %d of %d", n+1, len(serves))
			}
			out = append(out, bullet(name, "old "+code(oldValue(o)), "new "+code(value(o.New))))
		}
	}
	return out
}

func commandLines(actions []diff.Action, commands func(diff.Action) []string) []string {
	var out []string
	for _, a := range actions {
		for _, c := range commands(a) {
			out = append(out, Escape(c)+"\n")
		}
	}
	return out
}
