package main

import (
	"context"
	"log/slog"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// lookTimeout bounds one look at a volume by the daemon. It is longer than that of
// any one gluster command, whose answer says more.
const lookTimeout = 3 * time.Minute

// watchedCluster is where the volumes are that the daemon looks after.
type watchedCluster struct {
	app         *app
	lockTimeout time.Duration
	sign        func() // is called when a step on a directory has ended
	inHand      inHand

	hosts *hosts // nil until there was content
	way   state.Way
	all   []state.Volume // of the content, also those that --volume leaves out
}

// Take implements watch.Cluster. What is wrong with the command line for this
// content is wrong with the content here: the next one may have the target.
func (c *watchedCluster) Take(d state.Desired) (state.Desired, error) {
	all := d.Volumes
	picked, err := pick(all, c.app.volumes)
	if err != nil {
		return d, err
	}
	if d.Way() != c.way || c.hosts == nil {
		hosts, err := c.app.hosts(d)
		if err != nil {
			return d, err
		}
		c.close() // what is open on it is opened anew
		c.hosts, c.way = hosts, d.Way()
	}
	c.hosts.hasten(picked)
	c.all = all
	d.Volumes = picked
	return d, nil
}

// close ends the connections.
func (c *watchedCluster) close() { c.hosts.close() }

// Open implements watch.Cluster.
func (c *watchedCluster) Open(v state.Volume) (watch.Volume, error) {
	c.app.log.Debug("opening", "volume", v.Target.String())
	h, err := c.hosts.of(v.Target)
	if err != nil {
		return nil, err
	}
	return &watchedVolume{cluster: c, Endpoint: c.app.endpoint(h, v)}, nil
}

// sameAs are the other targets that are this volume. One that can't be asked
// keeps nobody from being looked after.
func (c *watchedCluster) sameAs(ctx context.Context, v state.Volume, id string) []state.Problem {
	var out []state.Problem
	for _, other := range c.all {
		if other.Target == v.Target || other.Target.Volume != v.Target.Volume {
			continue
		}
		h, err := c.hosts.of(other.Target)
		if err != nil {
			continue
		}
		if found, err := c.app.endpoint(h, other).ID(ctx); err == nil && found == id && id != "" {
			out = append(out, sameVolume(v, other))
		}
	}
	return out
}

// watchedVolume is one of them.
type watchedVolume struct {
	*gluster.Endpoint
	cluster *watchedCluster
}

// Observe implements watch.Volume. By now those volumes are closed that the content has
// left out.
func (w *watchedVolume) Observe(ctx context.Context, v state.Volume) (state.Actual, error) {
	w.cluster.hosts.keep(w.cluster.all)
	ctx, cancel := bounded(ctx, lookTimeout)
	defer cancel()
	w.Begin(v)
	a, err := w.Endpoint.Observe(ctx)
	if err == nil {
		a.Problems = append(a.Problems, w.cluster.sameAs(ctx, v, a.Volume.ID)...)
	}
	return a, err
}

// Apply implements watch.Volume.
func (w *watchedVolume) Apply(ctx context.Context, p diff.Plan, guard func(diff.Plan) error, ended func(apply.Step, apply.Outcome)) apply.Report {
	defer w.cluster.inHand.over()
	return apply.Apply(ctx, p, signing{w.Endpoint, w.cluster.sign}, apply.Options{
		Server: gnfs.Server{}, Guard: guard, LockTimeout: w.cluster.lockTimeout, Progress: w.cluster.inHand.begins,
		Ended: func(s apply.Step, was apply.Outcome) {
			w.cluster.inHand.ended(s, was)
			ended(s, was)
		},
		Revived: w.cluster.app.auditRevived(p.Volume.Target),
		Waiting: func(holder string) {
			w.cluster.app.log.LogAttrs(ctx, slog.LevelInfo, "waiting for the lock of another run",
				said(slog.String("volume", p.Volume.Target.String()), slog.String("holder", holder))...)
		},
	})
}
