package doctor

import (
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Planned are the checks of a plan, or of why there is none.
func Planned(p diff.Plan, err error) []Check {
	if err != nil {
		return []Check{wrong(Settings, err, "")}
	}
	var out []Check
	for _, problem := range p.Problems {
		out = append(out, of(Settings, Bad, problem))
	}
	if len(out) == 0 {
		out = append(out, ok(Settings, "nothing is in the way of a plan"))
	}
	for _, warning := range p.Warnings {
		out = append(out, of(Advice, Note, warning))
	}
	return out
}

// Unplanned stands for them where something before is bad.
func Unplanned() []Check { return []Check{unasked(Settings)} }

func of(name string, grade Grade, p state.Problem) Check {
	return Check{Name: name, Grade: grade, Text: p.Text, Mend: p.Mend, At: p.Pos.String()}
}
