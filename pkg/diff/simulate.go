package diff

import (
	"maps"
	"slices"

	"glusterd-shares/pkg/state"
)

// Simulate returns what the volume is like after the plan was carried out as
// it stands. What the plan doesn't say (who owns a new directory whose owner
// is not managed) is taken as root's.
func Simulate(a state.Actual, p Plan) state.Actual {
	a.Dirs = maps.Clone(a.Dirs)
	if a.Dirs == nil {
		a.Dirs = map[string]state.Dir{}
	}
	a.Others = slices.Clone(a.Others)
	a.Quota.Usage = maps.Clone(a.Quota.Usage)
	a.Leaving = maps.Clone(a.Leaving)
	for _, action := range p.Actions {
		switch action := action.(type) {
		case MakeDir:
			d := state.Dir{Kind: state.Directory, Mode: state.NewDirMode}
			a.Dirs[action.Path] = withPerm(d, action.Perm)
		case SetPerm:
			a.Dirs[action.Path] = withPerm(a.Dirs[action.Path], action.New)
		case EnableQuota:
			a.Quota.On = true
		case SetLimit:
			a.Quota = withLimit(a.Quota, action)
		case Retire:
			a = withoutDir(a, action.Path)
		case Serve:
			a.Serving = action.New
			for _, o := range action.Others {
				i := slices.IndexFunc(a.Others, func(s state.Serving) bool { return s.Volume == o.New.Volume })
				a.Others[i] = o.New
			}
		}
	}
	for _, s := range p.Volume.Shares {
		if _, listed := a.Quota.Usage[s.Dir()]; s.Size.Managed && a.Quota.On && !listed && a.Dirs[s.Dir()].Kind == state.Directory {
			a.Quota = withLimit(a.Quota, SetLimit{Path: s.Dir()})
		}
	}
	if a.Serving.On && len(p.Serves()) > 0 && !running(a.Server) {
		a.Server.Nodes = startedNodes(a.Peers)
	}
	return a
}

// Beside returns what another volume of the same cluster is like after the plan was
// carried out as it stands; a is what that volume was like before.
func Beside(a state.Actual, p Plan) state.Actual {
	a.Others = slices.Clone(a.Others)
	set := func(s state.Serving) {
		if s.Volume == a.Serving.Volume {
			a.Serving = s
		} else if i := slices.IndexFunc(a.Others, func(o state.Serving) bool { return o.Volume == s.Volume }); i >= 0 {
			a.Others[i] = s
		}
	}
	for _, o := range p.others() {
		set(o.New)
	}
	set(p.After)
	return a
}

// withoutDir is the volume when a directory has gone with all that was in it.
func withoutDir(a state.Actual, dir string) state.Actual {
	gone := func(p string) bool { return p == dir || inside(p, dir) }
	for p := range a.Dirs {
		if gone(p) {
			a.Dirs[p] = state.Dir{}
		}
	}
	for p, l := range a.Leaving {
		switch {
		case p == dir:
			a.Leaving[p] = state.Leaving{}
		case gone(p):
			a.Leaving[p] = state.Leaving{Left: l.Left}
		}
	}
	maps.DeleteFunc(a.Quota.Usage, func(p string, _ state.Usage) bool { return gone(p) })
	return a
}

func withLimit(q state.Quota, l SetLimit) state.Quota {
	if l.Retiring {
		q.Limited = slices.DeleteFunc(slices.Clone(q.Limited), func(p string) bool { return p == l.Path })
	}
	if q.Usage == nil {
		q.Usage = map[string]state.Usage{}
	}
	u := q.Usage[l.Path]
	u.Limit = l.New
	q.Usage[l.Path] = u
	return q
}

func running(s state.ServerStatus) bool {
	return len(s.Nodes) > 0 && !slices.ContainsFunc(s.Nodes, func(n state.ServerNode) bool { return !n.Online })
}

func withPerm(d state.Dir, perm state.Perm) state.Dir {
	if perm.Owner.Managed {
		d.UID = perm.Owner.Number
	}
	if perm.Group.Managed {
		d.GID = perm.Group.Number
	}
	if perm.Mode.Managed {
		d.Mode = perm.Mode.Bits
	}
	return d
}

// startedNodes are the NFS servers that come up when the first volume is served,
// or when what kept them from it is mended.
func startedNodes(peers []state.Peer) []state.ServerNode {
	var out []state.ServerNode
	for _, p := range peers {
		if p.Connected {
			out = append(out, state.ServerNode{Peer: p.ID, Host: p.Host, Online: true})
		}
	}
	return out
}
