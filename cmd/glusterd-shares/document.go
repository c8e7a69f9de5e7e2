package main

import (
	"maps"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// formatVersion is that of the JSON documents: a change of the first number
// breaks readers, one of the second only adds.
const formatVersion = "1.1"

// document is the JSON form of a result.
type document struct {
	FormatVersion string                 `json:"format_version"`
	Command       string                 `json:"command"`
	Sandbox       *string                `json:"sandbox"`           // the directory; null: real clusters
	Against       *against               `json:"against,omitempty"` // what a plan stands on that no cluster was read for
	Saved         *saved                 `json:"saved,omitempty"`   // of a plan that was saved
	ExitCode      int                    `json:"exit_code"`
	Errors        []render.Problem       `json:"errors"` // of the command line, the state files, and what is beside the volumes
	Volumes       []volumeDocument       `json:"volumes"`
	Refusals      []render.Refusal       `json:"refusals"`
	Differences   []savedplan.Difference `json:"differences,omitempty"` // in what the plans are not those that were saved; then none is carried out
	Summary       *diff.Summary          `json:"summary"`               // null where no plan was computed
	Total         *status.Total          `json:"total,omitempty"`       // of status
	Build         *build                 `json:"build,omitempty"`
	Trash         []trashDocument        `json:"trash,omitzero"` // of the commands of the trash alone
}

type volumeDocument struct {
	Target string             `json:"target"`
	Error  string             `json:"error"`  // why it can't be read; empty where it can
	Plan   *render.VolumePlan `json:"plan"`   // null where it can't be read
	Report *report            `json:"report"` // null where nothing was carried out

	Status *render.VolumeStatus `json:"status,omitempty"` // of status
	Checks []render.Check       `json:"checks,omitzero"`  // of doctor
}

type report struct {
	OK        bool          `json:"ok"`
	Converged bool          `json:"converged"`
	Steps     []step        `json:"steps"`
	Held      []render.Held `json:"held"`
	Remarks   []string      `json:"remarks"`
	WayBack   []string      `json:"way_back"` // commands for the host of the target that put the volume's own old options back, after Trashed was restored
	Trashed   []string      `json:"trashed"`  // shares whose directories were moved to the trash
	Error     string        `json:"error"`
	Next      []string      `json:"next"` // what is to be done where it did not get there
}

type step struct {
	Action  render.Action `json:"action"`
	Outcome apply.Outcome `json:"outcome"` // done, failed, not started or unknown
	Error   string        `json:"error"`
}

// printJSON writes the one document.
func (a *app) printJSON(r result) error {
	return render.JSON(a.std.out, newDocument(r))
}

func newDocument(r result) document {
	d := document{
		FormatVersion: formatVersion, Command: r.command, ExitCode: r.exitCode(), Build: r.build,
		Trash:  newTrashDocuments(r.trash),
		Errors: []render.Problem{}, Volumes: []volumeDocument{}, Refusals: render.Refusals(r.refusals),
	}
	if r.sandbox != "" {
		d.Sandbox = &r.sandbox
	}
	if r.ground != nil {
		r.ground.describe(&d)
	}
	d.Differences = r.differences
	for _, p := range r.invalid {
		d.Errors = append(d.Errors, render.ProblemDocument(p))
	}
	for _, err := range []error{r.usage, r.failure} {
		if err != nil {
			d.Errors = append(d.Errors, render.Problem{Text: err.Error()})
		}
	}
	for _, v := range r.volumes {
		d.Volumes = append(d.Volumes, newVolumeDocument(v, r.goesOn()))
	}
	if plans := r.plans(); len(plans) > 0 {
		s := diff.Summarize(plans)
		d.Summary = &s
	}
	if statuses := r.statuses(); len(statuses) > 0 {
		t := status.TotalOf(statuses)
		d.Total = &t
	}
	return d
}

func newVolumeDocument(v volumeResult, goesOn string) volumeDocument {
	d := volumeDocument{Target: v.target.String()}
	if v.err != nil {
		d.Error = v.err.Error()
	}
	if v.plan != nil {
		p := render.Document(*v.plan, commandsOf)
		d.Plan = &p
	}
	if v.status != nil {
		s := render.StatusDocument(*v.status)
		d.Status = &s
	}
	if v.checks != nil {
		d.Checks = render.CheckDocuments(v.checks)
	}
	if v.report != nil {
		d.Report = newReport(*v.report, goesOn)
	}
	return d
}

func newReport(r apply.Report, goesOn string) *report {
	out := &report{
		OK: r.OK(), Converged: r.Converged, Error: text(r.Err), Steps: []step{}, Held: []render.Held{},
		Remarks: append([]string{}, r.Remarks...), WayBack: append([]string{}, wayBack(r)...),
		Trashed: append([]string{}, retiredBy(r, state.Trash)...), Next: append([]string{}, whatNext(r, goesOn)...),
	}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, step{Action: render.ActionDocument(s.Action, commandsOf), Outcome: s.Outcome, Error: text(s.Err)})
	}
	for _, share := range slices.Sorted(maps.Keys(r.Held)) {
		out.Held = append(out.Held, render.Held{Share: share, Why: r.Held[share]})
	}
	return out
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
