package main

import (
	"context"
	"slices"

	"glusterd-shares/pkg/assumed"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// planFrom is plan where another state file stands for the cluster.
func (a *app) planFrom(ctx context.Context, flags planFlags, g againstFlags) result {
	r := result{command: "plan", showCommands: flags.showCommands}
	desired, problems, err := a.load(ctx)
	if err != nil {
		r.unread(err)
	}
	old, err := interruptible(ctx, func() (state.Desired, error) { return statefile.Load(g.state, a.std.in) })
	mistakes := statefile.Problems(err)
	if err != nil && len(mistakes) == 0 {
		r.unread(err)
	}
	r.invalid = append(problems, mistakes...)
	if r.usage != nil || r.failure != nil || len(r.invalid) > 0 {
		return r
	}
	plans := assumedPlans(desired.Volumes, old.Volumes)
	for i := range plans {
		r.volumes = append(r.volumes, volumeResult{target: plans[i].Volume.Target, plan: &plans[i]})
	}
	r.ground = assumption{files: old.Files, names: hasNames(old.Volumes) || hasNames(desired.Volumes)}
	r.refusals = diff.Guard(plans, flags.allow)
	return r
}

// assumedPlans are the plans for volumes that are what the old ones say.
func assumedPlans(volumes, old []state.Volume) []diff.Plan {
	w := assumed.World{
		Server: gnfs.Server{},
		Fresh: func(volume string) state.Serving {
			return gnfs.Server{}.Decode(map[string]map[string]string{volume: {"nfs.disable": "on"}}, nil)[0]
		},
		Number: sandbox.Number,
	}
	var out []diff.Plan
	for _, v := range volumes {
		var was *state.Volume
		if i := slices.IndexFunc(old, func(o state.Volume) bool { return o.Target == v.Target }); i >= 0 {
			was = &old[i]
		}
		out = append(out, w.Plan(was, v))
	}
	return out
}

// hasNames reports whether any share has an owner or a group whose number only its host
// knows.
func hasNames(volumes []state.Volume) bool {
	madeUp := func(name string) bool {
		_, isNumber := state.ParseAccount(name)
		return name != "" && name != "root" && !isNumber
	}
	return slices.ContainsFunc(volumes, func(v state.Volume) bool {
		return slices.ContainsFunc(v.Shares, func(s state.Share) bool { return madeUp(s.Owner) || madeUp(s.Group) })
	})
}
