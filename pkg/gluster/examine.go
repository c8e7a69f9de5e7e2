package gluster

import (
	"context"
	"errors"
	"fmt"

	"glusterd-shares/pkg/state"
)

// Examine looks at all that a run needs, each by itself, so that it can be told what
// is missing. It changes nothing but that it mounts the volume where it is not
// mounted; Close takes that away.
func (e *Endpoint) Examine(ctx context.Context) state.Examination {
	var x state.Examination
	if far, is := e.host.(abroad); is {
		x.Arrival = arrive(ctx, far)
		if !x.Arrival.Open() {
			return x
		}
	}
	x.Here, x.HereErr = e.host.Local(ctx, e.volume.Target.Host)
	v, err := e.client.Version(ctx)
	if err != nil {
		x.VersionErr = err
		return x
	}
	if x.Version = v.String(); !v.AtLeast(MinVersion) {
		x.TooOldFor = MinVersion.String()
	}
	e.examineCluster(ctx, &x)
	if x.ClusterErr != nil || !x.Volume.Started {
		return x
	}
	x.Server, x.ServerErr = e.client.Status(ctx, x.Volume.Name)
	if x.TreeErr = e.open(ctx, x.Volume); x.TreeErr == nil {
		x.Space, x.TreeErr = e.space(ctx)
	}
	if x.QuotaOn {
		_, x.LimitsErr = e.client.Limits(ctx, x.Volume.Name)
		x.LimitsBlank = errors.Is(x.LimitsErr, ErrBlankList)
	}
	return x
}

// abroad is a Host that is another machine.
type abroad interface {
	Host

	// Whoami tells by whom what is run there is run.
	Whoami(ctx context.Context) (user string, root bool, err error)
}

// arrive goes to another machine, one step after the other.
func arrive(ctx context.Context, h abroad) *state.Arrival {
	var a state.Arrival
	if a.ConnectErr = h.Reach(ctx); a.ConnectErr == nil {
		a.User, a.Root, a.RunErr = h.Whoami(ctx)
	}
	return &a
}

// examineCluster asks glusterd. One that is down is asked once.
func (e *Endpoint) examineCluster(ctx context.Context, x *state.Examination) {
	name := e.volume.Target.Volume
	volumes, err := e.client.Volumes(ctx)
	if err != nil {
		x.ClusterErr = err
		return
	}
	settings := map[string]map[string]string{}
	for _, v := range volumes {
		settings[v.Name] = serverOptions(v.Options)
		if v.Name == name {
			x.Volume = v.Info()
		}
	}
	x.QuotaOn = quotaOn(volumes, name)
	var told map[string]string
	err = together(
		func() (err error) { x.Peers, err = e.client.Peers(ctx); return err },
		func() (err error) { told, err = e.client.Told(ctx); return err },
	)
	if err != nil {
		x.ClusterErr = err
		return
	}
	for _, s := range e.decoder.Decode(settings, told) {
		if s.Volume == name {
			x.Serving = s
		} else {
			x.Others = append(x.Others, s)
		}
	}
}

// space looks at the root, and at how large the volume is.
func (e *Endpoint) space(ctx context.Context) (uint64, error) {
	root, err := e.stat(ctx, "/")
	switch {
	case err != nil:
		return 0, state.Advised(fmt.Errorf("look at its root: %w", err), "see which bricks are down: gluster volume status "+e.volume.Target.Volume)
	case root.Kind != state.Directory:
		return 0, errors.New("its root is " + root.What)
	}
	t := e.tree
	return look(ctx, t.Space)
}
