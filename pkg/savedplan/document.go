package savedplan

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/observed"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/strictjson"
)

// Format is that of the document. The minor version goes up when fields are added.
var Format = strictjson.Format{Kind: "saved plan", Version: "1.0"}

// Mend is what to do about a file that can't be read, or that contradicts itself.
const Mend = "make it anew: glusterd-shares plan -f STATE --out FILE"

// Document is a plan that was saved.
type Document struct {
	FormatVersion string    `json:"format_version"`
	Kind          string    `json:"kind"`
	Saved         time.Time `json:"saved"`   // UTC, in whole seconds
	Program       string    `json:"program"` // the version of the program that made it
	Sandbox       *string   `json:"sandbox"` // the directory; null: real clusters
	Volumes       []Volume  `json:"volumes"` // in the order of the state files; only those that the plan is for
	Files         []File    `json:"files"`   // the state files, in the order of their names

	Clusters observed.Clusters `json:"clusters"`
}

// Volume is the plan of one volume as it was shown, and what it was made of.
type Volume struct {
	Plan    render.VolumePlan `json:"plan"`
	Cluster int               `json:"cluster"` // which one of the document's
	Actual  state.Actual      `json:"actual"`
}

// File is a state file as it was read.
type File struct {
	Name  string   `json:"name"` // as positions show it
	Lines []string `json:"lines"`
}

// New returns a document without volumes. Files that are not UTF-8 can't be saved.
func New(when time.Time, program, sandbox string, files []statefile.File) (Document, error) {
	d := Document{FormatVersion: Format.Version, Kind: Format.Kind, Saved: when.UTC().Truncate(time.Second), Program: program}
	if sandbox != "" {
		d.Sandbox = &sandbox
	}
	for _, f := range files {
		if !utf8.Valid(f.Text) {
			return d, fmt.Errorf("%s is not UTF-8, and can't be saved with the plan", f.Name)
		}
		d.Files = append(d.Files, File{Name: f.Name, Lines: strings.Split(string(f.Text), "\n")})
	}
	return d, nil
}

// Add adds the plan of a volume, which has no problems, and what was found of it.
func (d *Document) Add(p diff.Plan, a state.Actual) {
	cluster := d.Clusters.Take(&a)
	d.Volumes = append(d.Volumes, Volume{Plan: render.Document(p, nil), Cluster: cluster, Actual: a})
}

// Read reads what Marshal of strictjson wrote of a document. Every problem has its
// place in the file.
func Read(file string, text []byte) (Document, []state.Problem) {
	var d Document
	if problems := Format.Read(file, text, Mend, &d); len(problems) > 0 {
		return Document{}, problems
	}
	if len(d.Volumes) == 0 {
		return Document{}, []state.Problem{contradiction(file, "it has no plan of any volume")}
	}
	return d, nil
}

// IsOne reports whether the text is a saved plan of whatever version, or the beginning
// of one that was not written to its end.
func IsOne(text []byte) bool {
	head, _, _ := strings.Cut(string(text), `"saved":`)
	return strings.HasPrefix(head, "{\n  \"format_version\": \"") && strings.HasSuffix(head, fmt.Sprintf("\"kind\": %q,\n  ", Format.Kind))
}

// Desired is what the plan was made for, and of the state files' other volumes those
// that it was not made for. file is where the document stands.
func (d Document) Desired(file string) (want state.Desired, others []state.Volume, problems []state.Problem) {
	var files []statefile.File
	for _, f := range d.Files {
		files = append(files, statefile.File{Name: f.Name, Text: []byte(strings.Join(f.Lines, "\n"))})
	}
	want, err := statefile.Parse(files...)
	if err != nil {
		return want, nil, append(statefile.Problems(err), contradiction(file, "a state file in it can't be read by this program"))
	}
	all := want.Volumes
	want.Volumes = nil
	for _, v := range d.Volumes {
		i := slices.IndexFunc(all, func(w state.Volume) bool { return w.Target.String() == v.Plan.Target })
		if i < 0 {
			return want, nil, []state.Problem{contradiction(file, fmt.Sprintf("no state file in it has the volume %s, of which it has a plan", v.Plan.Target))}
		}
		want.Volumes = append(want.Volumes, all[i])
		all = slices.Delete(slices.Clone(all), i, i+1)
	}
	return want, all, nil
}

// Plans are the plans for what is desired, computed again from what was found. They
// are those that the document shows, or there is a problem.
func (d Document) Plans(file string, want state.Desired, s diff.Server) ([]diff.Plan, []state.Problem) {
	var out []diff.Plan
	var problems []state.Problem
	for i, v := range d.Volumes {
		p, problem := d.plan(v, want.Volumes[i], s)
		if problem != "" {
			problems = append(problems, contradiction(file, fmt.Sprintf("what was found for %s in it: %s", v.Plan.Target, problem)))
			continue
		}
		if differences := compare(v.Plan, nil, render.Document(p, nil), nil); len(differences) > 0 {
			text := fmt.Sprintf("the plan for %s in it is not the one that this program makes of what else is in it (%s): it was changed, or made by another version (%s)",
				v.Plan.Target, differences[0], d.Program)
			problems = append(problems, contradiction(file, text))
		}
		if len(p.Problems) > 0 {
			problems = append(problems, contradiction(file, fmt.Sprintf("the plan for %s in it has problems, and can't be applied", v.Plan.Target)))
		}
		out = append(out, p)
	}
	return out, problems
}

// plan computes the plan for the volume again, and warns of what was warned of.
func (d Document) plan(v Volume, want state.Volume, s diff.Server) (p diff.Plan, problem string) {
	a := v.Actual
	if a.Volume.Name != want.Target.Volume {
		return p, fmt.Sprintf("it is of the volume %q", a.Volume.Name)
	}
	if err := d.Clusters.Give(v.Cluster, &a); err != nil {
		return p, err.Error()
	}
	p = diff.Compute(want, a, s)
	warned := warnings(v.Plan)
	for _, w := range p.Warnings {
		if !slices.Contains(warned, w) {
			warned = append(warned, w)
		}
	}
	p.Warnings = warned
	return p, ""
}

func contradiction(file, text string) state.Problem {
	return state.Problem{Pos: state.Pos{File: file}, Text: text, Mend: Mend}
}

// warnings are those that the plan was shown with.
func warnings(p render.VolumePlan) []state.Problem {
	var out []state.Problem
	for _, w := range p.Warnings {
		warning := state.Problem{Path: w.Path, Text: w.Text, Mend: w.Mend}
		if at := w.Position; at != nil {
			warning.Pos = state.Pos{File: at.File, Line: at.Line, Column: at.Column}
		}
		out = append(out, warning)
	}
	return out
}
