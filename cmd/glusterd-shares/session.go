package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"glusterd-shares/pkg/await"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// load reads the state files and what of them the command line picks. What is
// wrong with the files comes as problems, everything else as an error.
func (a *app) load(ctx context.Context) (state.Desired, []state.Problem, error) {
	type loaded struct {
		texts   statefile.Texts
		desired state.Desired
	}
	l, err := interruptible(ctx, func() (l loaded, err error) {
		l.texts = statefile.ReadOnce(a.files, a.std.in)
		l.desired, err = l.texts.Parse()
		return l, err
	})
	d := l.desired
	a.read = l.texts.Files()
	if problems := statefile.Problems(err); len(problems) > 0 {
		return d, problems, nil
	}
	if err != nil {
		return d, nil, err
	}
	all := d.Volumes
	if d.Volumes, err = pick(all, a.volumes); err != nil {
		return d, nil, err
	}
	a.leftOut = leftOut(all, d.Volumes)
	return d, nil, nil
}

// errInterrupted: the context ended before what a run begins with was read.
var errInterrupted = errors.New("reading the state files")

// interruptible reads files unless the context ends before: a file may never come to
// its end, and a large one may take long to understand. What is left behind then ends
// with the program.
func interruptible[T any](ctx context.Context, read func() (T, error)) (T, error) {
	if ctx.Err() != nil {
		var none T
		return none, fmt.Errorf("%w: %w", errInterrupted, context.Cause(ctx))
	}
	v, left, err := await.For(ctx, read, func(T, error) {})
	if left {
		err = fmt.Errorf("%w: %w", errInterrupted, err)
	}
	return v, err
}

// pick returns the volumes with these targets, or all where none is named.
func pick(volumes []state.Volume, targets []string) ([]state.Volume, error) {
	if len(targets) == 0 {
		return volumes, nil
	}
	var errs []error
	for _, t := range targets {
		if !slices.ContainsFunc(volumes, func(v state.Volume) bool { return v.Target.String() == t }) {
			errs = append(errs, fmt.Errorf("--volume %s: the state file has no such target; it has %s", t, targetList(volumes)))
		}
	}
	return slices.DeleteFunc(slices.Clone(volumes), func(v state.Volume) bool {
		return !slices.Contains(targets, v.Target.String())
	}), errors.Join(errs...)
}

// leftOut are the volumes that were not picked and have the name of one that
// was, on a host of another name.
func leftOut(all, picked []state.Volume) []state.Volume {
	return slices.DeleteFunc(slices.Clone(all), func(v state.Volume) bool {
		sameName := func(p state.Volume) bool { return p.Target.Volume == v.Target.Volume }
		isPicked := slices.ContainsFunc(picked, func(p state.Volume) bool { return p.Target == v.Target })
		return isPicked || !slices.ContainsFunc(picked, sameName)
	})
}

func targetList(volumes []state.Volume) string {
	var out string
	for i, v := range volumes {
		if i > 0 {
			out += ", "
		}
		out += v.Target.String()
	}
	return out
}

// job is one volume of a run: what is desired, where it is, and its plan.
type job struct {
	volume   state.Volume
	endpoint *gluster.Endpoint // nil where no cluster is read
	actual   state.Actual
	plan     diff.Plan
	err      error // the volume can't be read; there is no plan
}

// session is a run's access to the volumes.
type session struct {
	groups  map[string]state.Set // the host groups of the state file
	jobs    []*job
	leftOut []*job // by --volume; they are only asked which volume they are
	hosts   *hosts // nil where no cluster is read

	saved []diff.Plan // what the plans have to be still, volume by volume; nil where nothing was saved
}

// open prepares the access to all volumes. No cluster is contacted yet.
func (a *app) open(d state.Desired) (*session, error) {
	hosts, err := a.hosts(d)
	if err != nil {
		return nil, err
	}
	jobs := func(volumes []state.Volume) []*job {
		var out []*job
		for _, v := range volumes {
			h, err := hosts.of(v.Target)
			out = append(out, &job{volume: v, endpoint: a.endpoint(h, v), err: err})
		}
		return out
	}
	return &session{groups: d.Groups, jobs: jobs(d.Volumes), leftOut: jobs(a.leftOut), hosts: hosts}, nil
}

func (a *app) endpoint(h gluster.Host, v state.Volume) *gluster.Endpoint {
	c := &gluster.Client{Host: h, Log: a.log, Ran: a.ran}
	if c.Ran == nil {
		c.Ran = a.retries(v.Target)
	}
	if a.sandboxDir == "" { // in the sandbox, what is shown is so
		c.ServerLag = gluster.ServerLag
	}
	return gluster.NewEndpoint(h, c, v, gnfs.Server{})
}

// close lets go of all volumes, the last one first: what was made for the first
// of them may hold what was made for the others. What can't be put back as it
// was is told.
func (s *session) close() error {
	var errs []error
	for _, j := range slices.Backward(s.jobs) {
		if j.endpoint == nil {
			continue
		}
		if err := j.endpoint.Close(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", j.volume.Target, err))
		}
	}
	s.hosts.close()
	return errors.Join(errs...)
}

// plan observes every volume and computes its plan. A volume that can't be read
// does not stop the others.
func (s *session) plan(ctx context.Context) { s.look(ctx, (*gluster.Endpoint).Observe) }

// look is plan with another look at each volume.
func (s *session) look(ctx context.Context, observe func(*gluster.Endpoint, context.Context) (state.Actual, error)) {
	each(s.jobs, func(_ int, j *job) {
		if j.err != nil {
			return
		}
		if j.actual, j.err = observe(j.endpoint, ctx); j.err == nil {
			j.plan = diff.Compute(j.volume, j.actual, gnfs.Server{})
		}
	})
	s.refuseSameVolume(ctx)
}

// each does something that changes nothing for each job: side by side on the hosts,
// so that one that is slow keeps nobody else waiting, and one after the other on the
// same host.
func each(jobs []*job, do func(int, *job)) {
	type host struct{ user, name string } // the zero one is this machine
	on := map[host][]int{}
	for i, j := range jobs {
		var at host
		if t := j.volume.Target; t.User != "" {
			at = host{t.User, t.Host}
		}
		on[at] = append(on[at], i)
	}
	var wg sync.WaitGroup
	for _, indexes := range on {
		wg.Go(func() {
			for _, i := range indexes {
				do(i, jobs[i])
			}
		})
	}
	wg.Wait()
}

// refuseSameVolume finds targets that are one volume under two names: each of
// them would take away what the other one grants.
func (s *session) refuseSameVolume(ctx context.Context) {
	first := map[string]*job{}
	for _, j := range s.jobs {
		id := j.plan.Found.ID
		if j.err != nil || id == "" || j.plan.Unplanned {
			continue
		}
		if other, seen := first[id]; seen {
			j.refuseAs(other)
			continue
		}
		first[id] = j
	}
	for _, other := range s.leftOut {
		if id, err := other.id(ctx); err != nil {
			s.doubt(other, err)
		} else if j := first[id]; j != nil {
			j.refuseAs(other)
		}
	}
}

// id tells which volume the job is for; empty where it is none.
func (j *job) id(ctx context.Context) (string, error) {
	if j.err != nil || j.endpoint == nil {
		return j.actual.Volume.ID, j.err
	}
	return j.endpoint.ID(ctx)
}

func (j *job) refuseAs(other *job) {
	j.plan.Problems = append(j.plan.Problems, sameVolume(j.volume, other.volume))
}

// sameVolume refuses a volume that is the other one under another name.
func sameVolume(v, other state.Volume) state.Problem {
	return state.Problem{
		Pos: v.Pos, Path: v.Path + ".target",
		Text: fmt.Sprintf("%s is the same volume as %s at %s", v.Target, other.Target, other.Pos),
		Mend: "write the same target for all of its shares",
	}
}

// doubt warns of a target that was left out and may be a volume of this run.
func (s *session) doubt(other *job, err error) {
	for _, j := range s.jobs {
		if j.err == nil && j.volume.Target.Volume == other.volume.Target.Volume {
			j.plan.Warnings = append(j.plan.Warnings, state.Problem{
				Pos: j.volume.Pos, Path: j.volume.Path + ".target",
				Text: fmt.Sprintf("whether %s at %s is the same volume is not known: %v", other.volume.Target, other.volume.Pos, err),
				Mend: "write the same target for all shares of a volume",
			})
		}
	}
}

// plans are those that could be computed.
func (s *session) plans() []diff.Plan {
	var out []diff.Plan
	for _, j := range s.jobs {
		if j.err == nil {
			out = append(out, j.plan)
		}
	}
	return out
}

// results are the volumes as they are to be printed.
func (s *session) results() []volumeResult {
	var out []volumeResult
	for _, j := range s.jobs {
		v := volumeResult{target: j.volume.Target, err: j.err}
		if j.err == nil {
			v.plan = &j.plan
		}
		out = append(out, v)
	}
	return out
}
