package gluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"glusterd-shares/pkg/state"
)

type poolXML struct {
	Peers []struct {
		ID        string `xml:"uuid"`
		Hostname  string `xml:"hostname"`
		Connected string `xml:"connected"`
	} `xml:"peer"`
}

var peersArgs = []string{"pool", "list"}

// Peers returns the nodes of the cluster. The host of the node that answers is
// localhost.
func (c *Client) Peers(ctx context.Context) ([]state.Peer, error) {
	args := peersArgs
	r, err := c.read(ctx, args...)
	if err != nil {
		return nil, err
	}
	peers, err := r.Pool.peers()
	if err != nil {
		return nil, fmt.Errorf("gluster %s: %w", showArgs(args), err)
	}
	return peers, nil
}

// peers checks that the list can be what it should be; at least the node that
// answers stands in it.
func (x *poolXML) peers() ([]state.Peer, error) {
	if x == nil || len(x.Peers) == 0 {
		return nil, errors.New("the answer names no node")
	}
	var out []state.Peer
	for _, px := range x.Peers {
		p := state.Peer{ID: px.ID, Host: px.Hostname, Connected: px.Connected == "1"}
		switch {
		case p.ID == "" || p.Host == "" || px.Connected != "0" && px.Connected != "1":
			return nil, fmt.Errorf("node %q of the answer lacks its uuid, hostname or connected", escape(p.Host, maxShownArg))
		case slices.ContainsFunc(out, func(q state.Peer) bool { return q.ID == p.ID }):
			return nil, fmt.Errorf("node %s stands twice in the answer", escape(p.Host, maxShownArg))
		}
		out = append(out, p)
	}
	return out, nil
}
