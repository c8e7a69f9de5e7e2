package render

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// warnings shows those of all plans.
func (t *text) warnings(plans []diff.Plan) {
	t.findings(plans, yellow, "warnings", func(p diff.Plan) []state.Problem { return p.Warnings })
}

// problems shows those of all plans. They stand near the end, where a terminal
// still shows them.
func (t *text) problems(plans []diff.Plan) {
	t.findings(plans, red, "problems: nothing is carried out before they are mended",
		func(p diff.Plan) []state.Problem { return p.Problems })
}

// findings shows problems or warnings under a title; nothing where there are
// none.
func (t *text) findings(plans []diff.Plan, s style, title string, of func(diff.Plan) []state.Problem) {
	shown := false
	for _, p := range plans {
		for _, f := range of(p) {
			if !shown {
				t.title(s, title)
				shown = true
			}
			t.finding(s, where(f, p.Volume.Target), f.Text)
			if f.Mend != "" {
				t.advice("mend: ", f.Mend)
			}
		}
	}
	if shown {
		t.end()
	}
}

// refusals shows why guards hold the plans back, and what lets them through.
func (t *text) refusals(refusals []diff.Refusal) {
	if len(refusals) == 0 {
		return
	}
	t.title(red, "refused: nothing is carried out")
	for _, r := range refusals {
		t.finding(red, r.Target.String()+": "+r.Rule, r.Text)
		t.advice("if that is meant: ", "run it with "+r.Flag)
	}
	t.end()
}

func (t *text) title(s style, title string) {
	t.put(s, title)
	t.end()
}

func (t *text) finding(s style, where, what string) {
	t.to(2)
	t.put(s, "!")
	t.put(plain, " ")
	t.wrapped(where)
	t.to(labelColumn)
	t.wrapped(what)
}

func (t *text) advice(label, what string) {
	t.to(labelColumn)
	t.put(plain, label)
	t.wrapped(what)
}

// where is what a problem is about: its place in the file and in the document,
// or the volume where nothing in a file asks for it.
func where(p state.Problem, volume state.Target) string {
	switch at := p.Pos.String(); {
	case at == "":
		return volume.String()
	case p.Path == "":
		return at
	default:
		return at + ": " + p.Path
	}
}
