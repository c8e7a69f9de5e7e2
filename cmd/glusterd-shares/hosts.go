package main

import (
	"context"
	"slices"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/remote"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

// hosts are where the volumes of a run are reached.
type hosts struct {
	app            *app
	mountPointBase string
	sandbox        *sandbox.Sandbox // nil: real clusters
	remote         *remote.Hosts
}

// hosts prepares the access to the hosts; none is contacted yet.
func (a *app) hosts(d state.Desired) (*hosts, error) {
	h := &hosts{app: a, mountPointBase: d.MountPointBase, remote: a.remoteHosts(d.SSH)}
	if a.sandboxDir == "" {
		return h, nil
	}
	var err error
	h.sandbox, err = sandbox.Open(a.sandboxDir)
	return h, err
}

// of is the host on which a target is reached: this machine, or the one that it
// names where it names a user. In a sandbox its volume is made where it is missing,
// and the error is of that one volume.
func (h *hosts) of(t state.Target) (gluster.Host, error) {
	switch {
	case h.sandbox != nil:
		return h.sandbox.Host(t.Host), h.sandbox.Ensure(t)
	case t.User != "":
		return &gluster.Far{Shell: h.remote.Host(t.User, t.Host), Name: t.Host, MountPointBase: h.mountPointBase, Log: h.app.log}, nil
	}
	return &gluster.Local{Server: t.Host, MountPointBase: h.mountPointBase, Log: h.app.log}, nil
}

// hasten begins to connect to all hosts of the volumes, so that who looks at one after
// the other doesn't wait for each of those that can't be reached.
func (h *hosts) hasten(volumes []state.Volume) {
	for _, v := range volumes {
		if t := v.Target; t.User != "" && h.sandbox == nil {
			go func() { _ = h.remote.Host(t.User, t.Host).Connect(context.Background()) }() // who looks at the volume is told
		}
	}
}

// keep ends the connections to hosts that none of the volumes is on.
func (h *hosts) keep(volumes []state.Volume) {
	h.remote.Keep(func(user, host string) bool {
		return slices.ContainsFunc(volumes, func(v state.Volume) bool { return v.Target.User == user && v.Target.Host == host })
	})
}

// close ends the connections; h may be nil.
func (h *hosts) close() {
	if h != nil {
		h.remote.Close()
	}
}
