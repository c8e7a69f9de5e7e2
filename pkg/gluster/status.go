package gluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"glusterd-shares/pkg/state"
)

type statusXML struct {
	Volumes []struct {
		Name  string    `xml:"volName"`
		Nodes []nodeXML `xml:"node"`
	} `xml:"volume"`
}

type nodeXML struct {
	Hostname string `xml:"hostname"`
	Path     string `xml:"path"`
	PeerID   string `xml:"peerid"`
	Status   string `xml:"status"`
	PID      string `xml:"pid"`
}

// nfsServer stands as the host name of a node's NFS server; no host can be
// called so.
const nfsServer = "NFS Server"

// ServerLag is how long a server that serves may be shown as offline: glusterd
// sees one that it has started after 3 s (10.3), and starts it anew whenever a
// volume is started for the first time, for all volumes.
const ServerLag = 5 * time.Second

// statusPoll is how often a server that is shown as offline is looked at.
const statusPoll = 200 * time.Millisecond

// Status tells how the NFS server is that serves the volume. The volume must
// be started, else the error is ErrNotStarted. Where a server is shown as
// offline it looks again until c.ServerLag is over.
func (c *Client) Status(ctx context.Context, volume string) (state.ServerStatus, error) {
	for start := time.Now(); ; {
		s, err := c.statusNow(ctx, volume)
		offline := slices.ContainsFunc(s.Nodes, func(n state.ServerNode) bool { return !n.Online })
		if err != nil || !offline || time.Since(start) >= c.ServerLag {
			return s, err
		}
		if err := wait(ctx, statusPoll); err != nil {
			return s, fmt.Errorf("waiting for the NFS server of volume %s, which is shown as offline: %w", volume, err)
		}
	}
}

// statusNow looks once.
//
// A Gluster with an NFS server answers with one node for each peer that is
// connected, or refuses because the volume is not served. One that is built
// without it takes the word nfs for nothing and answers with bricks (10.3,
// glusterd-op-sm.c glusterd_op_status_volume).
func (c *Client) statusNow(ctx context.Context, volume string) (state.ServerStatus, error) {
	if !volumeName.MatchString(volume) {
		return state.ServerStatus{}, badVolumeName(volume)
	}
	args := statusArgs(volume)
	r, err := c.read(ctx, args...)
	var e *Error
	if errors.As(err, &e) && e.OpErrstr == "NFS server is disabled for volume "+volume {
		return state.ServerStatus{Built: true}, nil
	}
	if err != nil {
		return state.ServerStatus{}, err
	}
	s, err := r.Status.server(volume)
	if err != nil {
		return s, fmt.Errorf("gluster %s: %w", showArgs(args), err)
	}
	return s, nil
}

func statusArgs(volume string) []string { return []string{"volume", "status", volume, "nfs"} }

func (x *statusXML) server(volume string) (state.ServerStatus, error) {
	var s state.ServerStatus
	if x == nil || len(x.Volumes) != 1 || x.Volumes[0].Name != volume {
		return s, errors.New("the answer is not about this volume")
	}
	nodes := x.Volumes[0].Nodes
	if len(nodes) == 0 {
		return s, errors.New("the answer names no node; see whether glusterd and the bricks run")
	}
	for _, nx := range nodes {
		if nx.Hostname != nfsServer {
			continue
		}
		n, err := nx.server()
		if err != nil {
			return s, err
		}
		if slices.ContainsFunc(s.Nodes, func(m state.ServerNode) bool { return m.Peer == n.Peer }) {
			return s, fmt.Errorf("node %s stands twice in the answer", escape(n.Host, maxShownArg))
		}
		s.Built = true
		s.Nodes = append(s.Nodes, n)
	}
	return s, nil
}

// server reads one node. A server that is not there has the status 0 and -1
// for its process.
func (x nodeXML) server() (state.ServerNode, error) {
	n := state.ServerNode{Peer: x.PeerID, Host: x.Path, Online: x.Status == "1"}
	pid, err := strconv.Atoi(x.PID)
	if err != nil || x.PeerID == "" || x.Status != "0" && x.Status != "1" {
		return n, fmt.Errorf("node %q of the answer lacks its peerid, status or pid", escape(x.Path, maxShownArg))
	}
	n.PID = max(pid, 0)
	return n, nil
}

func badVolumeName(name string) error {
	return fmt.Errorf("%q can't be the name of a volume", escape(name, maxShownArg))
}
