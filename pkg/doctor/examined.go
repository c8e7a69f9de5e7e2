package doctor

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Examined are the checks of what was found of a volume.
func Examined(v state.Volume, x state.Examination) []Check {
	e := examined{v, x}
	arrived := x.Arrival == nil || x.Arrival.Open()
	asked := arrived && x.ClusterErr == nil && x.VersionErr == nil
	started := asked && x.Volume.Started
	out := e.arrival()
	for _, c := range []struct {
		name  string
		asked bool
		check func() Check
	}{
		{Program, arrived, e.program},
		{Node, arrived, e.node},
		{Cluster, arrived && x.VersionErr == nil, e.cluster},
		{Volume, asked, e.isThere},
		{Peers, asked, e.peers},
		{Server, started, e.server},
		{Exposure, asked, e.exposure},
		{Directories, started, e.directories},
		{Quota, started, e.quota},
	} {
		if !c.asked {
			out = append(out, unasked(c.name))
			continue
		}
		out = append(out, c.check())
	}
	return out
}

// examined is one volume, and what was found of it.
type examined struct {
	volume state.Volume
	state.Examination
}

func (e examined) program() Check {
	switch {
	case e.VersionErr != nil:
		return wrong(Program, e.VersionErr, "")
	case e.TooOldFor != "":
		return bad(Program, "this is Gluster "+e.Version, fmt.Sprintf("upgrade to %s or newer", e.TooOldFor))
	}
	return ok(Program, "Gluster "+e.Version)
}

func (e examined) node() Check {
	host := e.volume.Target.Host
	switch {
	case e.HereErr != nil:
		return wrong(Node, e.HereErr, "")
	case !e.Here:
		return bad(Node, host+" is not this machine", "run it there, name a user in the target to reach it by SSH (root@host:/volume), or write a name or an address of this machine")
	}
	if e.Arrival != nil {
		return ok(Node, host+" is the host that is asked")
	}
	return ok(Node, host+" is this machine")
}

func (e examined) cluster() Check {
	if e.ClusterErr != nil {
		return wrong(Cluster, e.ClusterErr, "see whether glusterd runs: systemctl status glusterd")
	}
	return ok(Cluster, "answers")
}

func (e examined) isThere() Check {
	name := e.volume.Target.Volume
	switch {
	case e.Volume.ID == "":
		return bad(Volume, fmt.Sprintf("there is no volume %s in this cluster", name), "correct the target, or create the volume (gluster volume create)")
	case !e.Volume.Started:
		return bad(Volume, fmt.Sprintf("the volume %s is not started", name), fmt.Sprintf("start it: gluster volume start %s", name))
	}
	return ok(Volume, fmt.Sprintf("%s is started, on %s", name, plural(len(e.Volume.Bricks), "brick")))
}

func (e examined) peers() Check {
	if down := e.actual().Disconnected(); len(down) > 0 {
		return note(Peers, strings.Join(down, ", ")+" can't be reached: what is revoked stays in force there until it is back, and nothing can be exported for the first time",
			"bring it back; see gluster peer status")
	}
	return ok(Peers, plural(len(e.Peers), "node")+", all connected")
}

// actual is what was found, as far as a plan would know it.
func (e examined) actual() state.Actual {
	return state.Actual{Volume: e.Volume, Serving: e.Serving, Others: e.Others, Server: e.Server, Peers: e.Peers}
}

func (e examined) server() Check {
	switch {
	case e.ServerErr != nil:
		return wrong(Server, e.ServerErr, "")
	case !e.Server.Built:
		return bad(Server, "this Gluster has no NFS server: it takes every nfs option and serves nothing", "install a Gluster that was built with --enable-gnfs")
	}
	if dead := e.actual().Offline(); len(dead) > 0 {
		return bad(Server, "it is not running on "+strings.Join(dead, ", "), fmt.Sprintf("revive it: gluster volume start %s force", e.Volume.Name))
	}
	if !e.Serving.On {
		return ok(Server, "there is one; it does not serve this volume yet")
	}
	return ok(Server, "runs on "+plural(len(e.Server.Nodes), "node"))
}

// exposure tells of volumes of the cluster that clients can mount whole: whoever does
// passes every share by.
func (e examined) exposure() Check {
	var open []string
	for _, s := range slices.Concat([]state.Serving{e.Serving}, e.Others) {
		if slices.ContainsFunc(s.Exports, func(x state.Export) bool { return x.Whole && x.Open() }) {
			open = append(open, s.Volume)
		}
	}
	if len(open) > 0 {
		return note(Exposure, "clients can mount whole, and pass every share by: "+strings.Join(open, ", "), "plan shows who, and what closes it")
	}
	return ok(Exposure, "no volume can be mounted whole")
}

func (e examined) directories() Check {
	if e.TreeErr != nil {
		return wrong(Directories, e.TreeErr, fmt.Sprintf("see which bricks are down: gluster volume status %s", e.Volume.Name))
	}
	return ok(Directories, "can be reached; the volume holds "+state.Size{Bytes: e.Space}.String())
}

func (e examined) quota() Check {
	switch sized := slices.ContainsFunc(e.volume.Shares, func(s state.Share) bool { return s.Size.Managed && s.Size.Bytes > 0 }); {
	case e.LimitsBlank:
		return note(Quota, e.LimitsErr.Error(), "")
	case e.LimitsErr != nil:
		return wrong(Quota, e.LimitsErr, "")
	case e.QuotaOn:
		return ok(Quota, "is on")
	case sized:
		return ok(Quota, "is off; the first apply with a size turns it on")
	}
	return ok(Quota, "is off, and no share has a size")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
