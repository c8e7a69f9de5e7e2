package main

import (
	"context"
	"time"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/state"
)

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
