package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

// savedPlanArg takes the file of a saved plan, or nothing.
func (a *app) savedPlanArg(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return noFileArgs(cmd, args)
	}
	if strings.HasSuffix(args[0], ".yaml") || strings.HasSuffix(args[0], ".yml") {
		return fmt.Errorf("%w; without -f it is a plan that plan --out has saved", noFileArgs(cmd, args))
	}
	a.saved = args[0]
	return nil
}

// checkOut refuses what doesn't go together with --out or --show, and to write over
// what is no saved plan.
func (a *app) checkOut(out string, against againstFlags) error {
	switch {
	case a.saved != "" && out != "":
		return errors.New("--show shows a plan that is saved already: leave out --out, or --show")
	case a.saved != "" && (against.given() || a.sandboxDir != ""):
		return errors.New("--show reads nothing else: leave out --against and --sandbox")
	case out != "" && len(against.state) > 0:
		return errors.New("a plan that stands on a state file can't be applied, and not be saved: leave out --out, or --against-state")
	case out == "":
		return nil
	}
	return replaceable(out)
}

// replaceable says why the file can't be written: something else than a saved plan is
// there.
func replaceable(file string) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("--out %s: something is there that is no file; name another one", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := f.Read(head)
	if n > 0 && !savedplan.IsOne(head[:n]) || n == 0 && info.Size() > 0 {
		return errors.Join(fmt.Errorf("--out %s: a file is there that is no saved plan; name another one, or remove it", file), err)
	}
	return nil
}

// savePlan writes the plans into a file, where they can be applied.
func (a *app) savePlan(r *result, s *session, file string) {
	err := r.unsavable()
	if err == nil {
		err = a.writePlan(r, s, file)
	}
	if err != nil {
		r.failure = errors.Join(r.failure, fmt.Errorf("%s was not written: %w", file, err))
		return
	}
	command := "glusterd-shares apply " + file
	if r.sandbox != "" {
		command += " --sandbox " + r.sandbox
	}
	r.remarks = append(r.remarks, fmt.Sprintf("the plan is saved: %s", command))
}

// unsavable is why the plans can't be applied.
func (r result) unsavable() error {
	if r.refused() {
		return errors.New("the plan can't be carried out as it is")
	}
	for _, v := range r.volumes {
		if v.err != nil {
			return fmt.Errorf("%s can't be read", v.target)
		}
	}
	return nil
}

func (a *app) writePlan(r *result, s *session, file string) error {
	d, err := savedplan.New(time.Now(), buildInfo().Version, r.sandbox, a.read)
	if err != nil {
		return err
	}
	for _, j := range s.jobs {
		d.Add(j.plan, j.actual)
	}
	text, err := strictjson.Marshal(d)
	if err != nil {
		return err
	}
	return writeWhole(file, text)
}

// writeWhole puts a file of the user's own in its place, whole or not at all.
func writeWhole(file string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it is not there any more where all went well
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// openedPlan is a saved plan that was read, and holds together.
type openedPlan struct {
	savedPlan
	sandbox string // its directory; empty: real clusters
	desired state.Desired
	others  []state.Volume // of the state files, that it is not for
	plans   []diff.Plan
}

// openSaved reads the saved plan. What is wrong with the file comes as problems.
func (a *app) openSaved(ctx context.Context) (openedPlan, []state.Problem, error) {
	name, text, err := a.readDocument(ctx, a.saved)
	if err != nil {
		return openedPlan{}, nil, err
	}
	d, problems := savedplan.Read(name, text)
	if len(problems) > 0 {
		return openedPlan{}, problems, nil
	}
	p := openedPlan{savedPlan: savedPlan{file: name, saved: d.Saved, age: time.Since(d.Saved), program: d.Program}}
	if d.Sandbox != nil {
		p.sandbox = *d.Sandbox
	}
	if p.desired, p.others, problems = d.Desired(name); len(problems) == 0 {
		p.plans, problems = d.Plans(name, p.desired, gnfs.Server{})
	}
	return p, problems, nil
}

// showSaved is plan --show.
func (a *app) showSaved(ctx context.Context, flags planFlags) result {
	r := result{command: "plan", showCommands: flags.showCommands}
	p, problems, err := a.openSaved(ctx)
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r
	}
	p.only = true
	r.ground, r.sandbox = p.savedPlan, p.sandbox
	for i := range p.plans {
		r.volumes = append(r.volumes, volumeResult{target: p.plans[i].Volume.Target, plan: &p.plans[i]})
	}
	r.refusals = diff.Guard(p.plans, flags.allow)
	return r
}

// applySaved carries out a saved plan, if the cluster is as it was when that was made.
func (a *app) applySaved(ctx context.Context, flags applyFlags) result {
	r := result{command: "apply", sandbox: a.sandboxDir, showCommands: flags.showCommands, usage: a.askable(flags)}
	if r.usage != nil {
		return r
	}
	ctx, cancel := flags.bounded(ctx)
	defer cancel()
	p, problems, err := a.openSaved(ctx)
	if err == nil && len(problems) == 0 {
		err, problems = p.sameKind(a.sandboxDir), a.remoteTargets(p.desired.Volumes)
	}
	if r.invalid = problems; err != nil || len(problems) > 0 {
		r.unread(err)
		return r
	}
	a.leftOut = leftOut(append(p.desired.Volumes, p.others...), p.desired.Volumes)
	s, err := a.open(p.desired)
	if r.usage = err; err != nil {
		return r
	}
	s.saved, r.ground = p.plans, p.savedPlan
	s.plan(ctx)
	r.volumes, r.refusals = s.results(), diff.Guard(s.plans(), flags.allow)
	r.differences, r.failure = s.compared()
	if r.failure == nil && !flags.dryRun && !r.refused() && r.pending() {
		r = a.carryOut(ctx, r, s, flags)
	}
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// sameKind refuses to carry out on a cluster what was planned in a sandbox, and the
// other way round.
func (p openedPlan) sameKind(sandbox string) error {
	switch {
	case p.sandbox != "" && sandbox == "":
		return fmt.Errorf("%s was made in the sandbox %s, and is for no cluster: say --sandbox %s, or make it anew", p.file, p.sandbox, p.sandbox)
	case p.sandbox == "" && sandbox != "":
		return fmt.Errorf("%s was made on a cluster, and is for no sandbox: leave out --sandbox, or make it anew", p.file)
	}
	return nil
}

// compared tells in what the plans of now are not those that were saved. A volume that
// can't be read stops the others here: the saved plan is one thing.
func (s *session) compared() (out []savedplan.Difference, unread error) {
	for i, j := range s.jobs {
		if j.err != nil {
			unread = errors.New("nothing was changed: whether it is still the saved plan can't be told")
			continue
		}
		out = append(out, savedplan.Compare(s.saved[i], j.plan)...)
	}
	return out, unread
}

// movedError is a plan that is not the saved one any more.
type movedError struct{ differences []savedplan.Difference }

func (e movedError) Error() string {
	return fmt.Sprintf("the plan is not the saved one any more: %s", e.differences[0])
}

// differ notes that a run ended because its plan was not the saved one.
func (r *result) differ(err error) {
	if e, is := errors.AsType[movedError](err); is {
		r.differences = append(r.differences, e.differences...)
	}
}

// stillSaved compares the plan for a volume as it is under the lock with the saved
// one, and with what that is now that the plans for other volumes were carried out:
// what they did to global options is done.
func (s *session) stillSaved(i int) func(diff.Plan) error {
	return func(now diff.Plan) error {
		differences := savedplan.Compare(s.saved[i], now)
		j := s.jobs[i]
		left := diff.Compute(j.volume, j.actual, gnfs.Server{})
		if len(differences) == 0 || len(savedplan.Compare(left, now)) == 0 {
			return nil
		}
		return movedError{differences}
	}
}

// applied takes down what a plan that was carried out did to the cluster of the volumes
// that are still to come.
func (s *session) applied(i int) {
	done := s.jobs[i]
	for _, j := range s.jobs[i+1:] {
		if sameCluster(done.actual, j.actual) {
			j.actual = diff.Beside(j.actual, done.plan)
		}
	}
}

// sameCluster tells it by the nodes: their ids are nobody else's.
func sameCluster(a, b state.Actual) bool {
	for _, p := range a.Peers {
		for _, q := range b.Peers {
			if p.ID == q.ID {
				return true
			}
		}
	}
	return false
}
