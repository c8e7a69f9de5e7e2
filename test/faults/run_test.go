package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// everything lets every guard pass: what they refuse is another test's.
var everything = diff.Allow{MassRevoke: true, MassRemove: true, OtherVolumes: true}

// outcome is what came of a run.
type outcome struct {
	plans    []diff.Plan
	reports  []apply.Report
	problems []state.Problem // nothing was carried out then
	err      error           // of volumes that could not be read
	unheard  bool            // the program was killed
}

// ok is what the exit code 0 says.
func (o outcome) ok() bool {
	for _, r := range o.reports {
		if !r.OK() {
			return false
		}
	}
	return o.err == nil && len(o.problems) == 0
}

// empty reports whether there was nothing to do.
func (o outcome) empty() bool {
	for _, p := range o.plans {
		if !p.Empty() {
			return false
		}
	}
	return true
}

// warns reports whether it is said that not all there is to do can be told: what lies in
// the trash, where clients may have a hand in it, is no reason to fail.
func (o outcome) warns() bool {
	for _, p := range o.plans {
		for _, w := range p.Warnings {
			if strings.Contains(w.Text, untold) {
				return true
			}
		}
	}
	return o.remarks(untold)
}

const untold = "left something in the trash can't be told"

// unnoted reports whether it is said that who had access can't be noted in the trash.
// What a program says that was killed nobody hears.
func (o outcome) unnoted() bool { return !o.unheard && o.remarks("could not be noted") }

func (o outcome) remarks(text string) bool {
	return o.anyRemark(func(s string) bool { return strings.Contains(s, text) })
}

// misses reports whether it is said that the directory's limit is gone.
func (o outcome) misses(path string) bool {
	return o.anyRemark(func(s string) bool {
		return strings.HasPrefix(s, "the limit of "+path+", ") && strings.Contains(s, " was taken away; ")
	})
}

func (o outcome) anyRemark(is func(string) bool) bool {
	return slices.ContainsFunc(o.reports, func(r apply.Report) bool { return slices.ContainsFunc(r.Remarks, is) })
}

// String tells all that the run said.
func (o outcome) String() string {
	var b strings.Builder
	if o.err != nil {
		fmt.Fprintf(&b, "can't be read: %v\n", o.err)
	}
	for _, p := range o.problems {
		fmt.Fprintf(&b, "problem: %v\n", p)
	}
	for _, r := range o.reports {
		fmt.Fprintf(&b, "%s: ok: %v, error: %v\n", r.Target, r.OK(), r.Err)
		for _, s := range r.Steps {
			fmt.Fprintf(&b, "  %s: %s: %v\n", s.Outcome, title(s.Action), s.Err)
		}
		for share, why := range r.Held {
			fmt.Fprintf(&b, "  held: %s: %s\n", share, why)
		}
		for _, remark := range r.Remarks {
			fmt.Fprintf(&b, "  note: %s\n", remark)
		}
	}
	return b.String()
}

// run is one run of the program: all volumes are read, and carried out where no plan
// holds a problem.
func (m *machine) run(ctx context.Context, d state.Desired) outcome {
	o, endpoints := m.plan(ctx, d)
	defer func() {
		for _, e := range endpoints {
			if e != nil {
				_ = e.Close()
			}
		}
	}()
	if len(o.problems) > 0 {
		return o
	}
	options := apply.Options{Server: gnfs.Server{}, Allow: everything, LockTimeout: time.Minute}
	var jobs []apply.Job
	for i, e := range endpoints {
		if e != nil {
			jobs = append(jobs, apply.Job{Plan: o.plans[i], Target: e, Options: options})
		}
	}
	o.reports = apply.All(ctx, jobs)
	return o
}

// plan reads all volumes. The endpoint of one that can't be read is nil.
func (m *machine) plan(ctx context.Context, d state.Desired) (o outcome, endpoints []*gluster.Endpoint) {
	for _, v := range d.Volumes {
		e := gluster.NewEndpoint(m, &gluster.Client{Host: m}, v, gnfs.Server{})
		a, err := e.Observe(ctx)
		var p diff.Plan
		if err != nil {
			o.err = errors.Join(o.err, fmt.Errorf("%s: %w", v.Target, err))
			_ = e.Close()
			e = nil
		} else {
			p = diff.Compute(v, a, gnfs.Server{})
		}
		o.problems = append(o.problems, p.Problems...)
		o.plans, endpoints = append(o.plans, p), append(endpoints, e)
	}
	return o, endpoints
}

// title names an action.
func title(a diff.Action) string {
	switch a := a.(type) {
	case diff.MakeDir:
		return "make " + a.Path
	case diff.SetPerm:
		return fmt.Sprintf("give %s %+v", a.Path, a.New)
	case diff.SetLimit:
		return fmt.Sprintf("limit %s to %d", a.Path, a.New)
	case diff.Retire:
		return fmt.Sprintf("retire %s: %s", a.Path, a.How)
	case diff.Serve:
		return fmt.Sprintf("serve (%s): %+v", a.Stage, a.Settings())
	}
	return fmt.Sprintf("%T", a)
}
