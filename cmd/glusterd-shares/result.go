package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/doctor"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// result is all that a command has to say. Text, Markdown, JSON and the exit code
// are derived from it, and from nothing else.
type result struct {
	command string
	sandbox string // its directory; empty: real clusters
	ground  ground // what plans stand on beside the state files and the cluster; nil: nothing

	usage   error           // the command line
	invalid []state.Problem // what is wrong with the state files
	failure error           // what went wrong beside the volumes

	valid *state.Desired // of validate
	build *build         // of version
	text  []byte         // of schema, completion and import

	remarks []string // of import: what to know of the text, for stderr

	trash []trashEntry // of the commands of the trash; nil: of none

	volumes      []volumeResult
	refusals     []diff.Refusal
	differences  []savedplan.Difference // in what the plans are not those that were saved
	detailed     bool                   // pending changes have an exit code of their own
	showCommands bool
	planShown    bool // the text of the plans is out already
}

// volumeResult is what became of one volume.
type volumeResult struct {
	target state.Target
	err    error         // it can't be read; there is no plan
	plan   *diff.Plan    // nil where it can't be read
	report *apply.Report // nil where nothing was carried out

	status *status.Volume // of the command status, which shows no plan; also where it can't be read
	checks []doctor.Check // of the command doctor, which shows no plan; nil where it can't be examined
}

// unread notes why there is no state file to go by. Who was told to stop says
// nothing against the file.
func (r *result) unread(err error) {
	if errors.Is(err, errInterrupted) {
		r.failure = err
	} else {
		r.usage = err
	}
}

func (r result) plans() []diff.Plan {
	var out []diff.Plan
	for _, v := range r.volumes {
		if v.plan != nil {
			out = append(out, *v.plan)
		}
	}
	return out
}

// commands gives the exact commands of an action, or is nil where they are not
// asked for.
func (r result) commands() func(diff.Action) []string {
	if !r.showCommands {
		return nil
	}
	return commandsOf
}

// commandsOf are the commands that do what the action does. Directories are
// made by system calls: the commands are those with the same effect, in the
// volume's root.
func commandsOf(a diff.Action) []string {
	switch a := a.(type) {
	case diff.MakeDir:
		mode := 0o700
		if !a.Perm.Mode.Managed {
			mode = state.NewDirMode
		}
		return append([]string{fmt.Sprintf("mkdir -m %04o .%s", mode, a.Path)}, permCommands(a.Path, a.Perm)...)
	case diff.SetPerm:
		return permCommands(a.Path, a.New)
	case diff.EnableQuota:
		return []string{gluster.EnableQuotaCommand(a.Volume)}
	case diff.SetLimit:
		return []string{gluster.LimitCommand(a.Volume, state.Limit{Path: a.Path, Bytes: a.New})}
	case diff.Retire:
		return retireCommands(a)
	case diff.Serve:
		return []string{gluster.ServeCommand(a.New.Volume, a.ServingChange)}
	}
	return nil
}

// retireCommands are without the note that stands beside a directory in the
// trash.
func retireCommands(a diff.Retire) []string {
	var out []string
	entry := "." + gluster.TrashDir + "/ID"
	if a.ID != (state.FileID{}) {
		out = append(out, "mkdir -p -m 0700 "+entry, fmt.Sprintf("mv -T .%s %s/data", a.Path, entry))
		if a.How == state.Purge {
			out = append(out, "rm -r --one-file-system "+entry)
		}
	}
	for _, id := range a.Left {
		out = append(out, "rm -r --one-file-system ."+gluster.TrashDir+"/"+id)
	}
	return out
}

func permCommands(path string, p state.Perm) []string {
	var out []string
	if p.Owner.Managed {
		out = append(out, fmt.Sprintf("chown %d .%s", p.Owner.Number, path))
	}
	if p.Group.Managed {
		out = append(out, fmt.Sprintf("chgrp %d .%s", p.Group.Number, path))
	}
	if p.Mode.Managed {
		out = append(out, fmt.Sprintf("chmod %04o .%s", p.Mode.Bits, path))
	}
	return out
}

// end prints the result and returns its exit code. It is called once.
func (a *app) end(r result) int {
	print := a.printText
	switch a.format {
	case formatJSON:
		print = a.printJSON
	case formatMarkdown:
		print = a.printMarkdown
	}
	a.ended, a.code = true, a.printed(print(r), r.exitCode())
	return a.code
}

// printed returns the exit code of a result, given the error of printing it:
// what nobody could read has failed.
func (a *app) printed(err error, code int) int {
	if err == nil {
		return code
	}
	a.complainOf("glusterd-shares: the result can't be written", err)
	if code == exitDone || code == exitPending {
		return exitFailed
	}
	return code
}

// printText writes the answer to stdout and what is wrong to stderr.
func (a *app) printText(r result) error {
	a.complainOfInput(r)
	err := a.printAnswer(&r)
	for _, remark := range r.remarks {
		a.complain(remark)
	}
	a.complainOfFailure(r)
	return err
}

// complainOfInput says what is wrong with the state files and the command line.
func (a *app) complainOfInput(r result) {
	for _, p := range r.invalid {
		a.complain(p.Error())
	}
	a.complainOf("glusterd-shares", r.usage)
}

func (a *app) complainOfFailure(r result) { a.complainOf("glusterd-shares", r.failure) }

// complainOf says of what an error is; each line of one that has several is
// one. Nil is nothing to say.
func (a *app) complainOf(what string, err error) {
	for _, line := range errorLines(err) {
		a.complain(what + ": " + line)
	}
}

// errorLines are the lines of what an error says; nil says nothing.
func errorLines(err error) []string {
	if err == nil {
		return nil
	}
	return slices.Collect(lines(err.Error()))
}

// complain writes a line to stderr, with nothing in it that a terminal would
// obey.
func (a *app) complain(line string) { fmt.Fprintln(a.std.err, render.Escape(line)) }

func (a *app) printAnswer(r *result) error {
	switch {
	case r.valid != nil:
		_, err := fmt.Fprintln(a.std.out, inventory(*r.valid))
		return err
	case r.build != nil:
		_, err := fmt.Fprintf(a.std.out, "glusterd-shares %s %s %s %s\n", r.build.Version, r.build.Revision, r.build.Go, r.build.Platform)
		return err
	case r.trash != nil:
		if err := sayNoCluster(a.std.out, r.sandbox); err != nil {
			return err
		}
		return writeTrash(a.std.out, *r)
	case r.text != nil:
		_, err := a.std.out.Write(r.text)
		return err
	case len(r.statuses()) > 0:
		return a.printStatus(*r)
	case len(r.checks()) > 0:
		return a.printChecks(*r)
	}
	if err := a.showPlan(r); err != nil {
		return err
	}
	if err := writeDifferences(a.std.out, *r); err != nil {
		return err
	}
	return writeReports(a.std.out, *r)
}

// showPlan writes the plans to stdout, and what can't be read to stderr, once.
func (a *app) showPlan(r *result) error {
	if r.planShown {
		return nil
	}
	r.planShown = true
	defer a.complainOfUnread(*r)
	if len(r.plans()) == 0 {
		if len(r.volumes) == 0 {
			return nil
		}
		return sayGround(a.std.err, *r) // there is nothing for stdout
	}
	out := a.std.out
	if a.format == formatJSON {
		out = a.std.err // stdout is for the one document
	}
	if err := sayGround(out, *r); err != nil {
		return err
	}
	return render.Text(out, r.plans(), r.refusals, render.Options{Color: a.colored(out), Commands: r.commands()})
}

// showOther shows the plan of a volume that is no longer the one that was shown.
func (a *app) showOther(p diff.Plan, r result) error {
	r.planShown, r.volumes = false, []volumeResult{{target: p.Volume.Target, plan: &p}}
	return a.showPlan(&r)
}

func (a *app) complainOfUnread(r result) {
	for _, v := range r.volumes {
		a.complainOf(v.target.String()+": can't be read", v.err)
	}
}

// basis says in one line what plans stand on, where that is no real cluster.
func (r result) basis() string {
	if r.ground == nil {
		return noCluster(r.sandbox)
	}
	return strings.TrimSpace(r.ground.sentence() + " " + noCluster(r.sandbox))
}

// sayGround says first what plans stand on, where that is no real cluster.
func sayGround(w io.Writer, r result) error {
	if r.ground != nil {
		if _, err := fmt.Fprintln(w, render.Escape(r.ground.sentence())); err != nil {
			return err
		}
	}
	return sayNoCluster(w, r.sandbox)
}

func sayNoCluster(w io.Writer, sandbox string) error {
	if sandbox == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "%s\n\n", render.Escape(noCluster(sandbox)))
	return err
}

// noCluster says that what is shown is of a sandbox; empty where it is not.
func noCluster(sandbox string) string {
	if sandbox == "" {
		return ""
	}
	return fmt.Sprintf("This is the sandbox in %s, not a cluster.", sandbox)
}

// inventory counts what is declared. A file that stands alone is named.
func inventory(d state.Desired) string {
	shares := 0
	for _, v := range d.Volumes {
		shares += len(v.Shares)
	}
	what := plural(len(d.Volumes), "volume") + ", " + plural(shares, "share")
	if len(d.Files) == 1 {
		return render.Escape(d.Files[0]) + ": valid: " + what
	}
	return "valid: " + plural(len(d.Files), "file") + ", " + what
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
