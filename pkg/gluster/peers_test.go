package gluster

import (
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

const secondPeer = "<peer><uuid>second</uuid><hostname>node2</hostname><connected>0</connected></peer>"

func TestPeers(t *testing.T) {
	two := strings.Replace(sample(t, "pool-list.xml"), "</peer>", "</peer>"+secondPeer, 1)
	c, h := client(Answer{Stdout: two}, nil)
	got, err := c.Peers(t.Context())
	want := []state.Peer{{ID: peerID, Host: "localhost", Connected: true}, {ID: "second", Host: "node2"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if h.calls[0] != "--mode=script --xml pool list" {
		t.Errorf("ran %q", h.calls)
	}
}

func TestPeersRefusesHalfAnswers(t *testing.T) {
	one := sample(t, "pool-list.xml")
	tests := []struct{ name, stdout, want string }{
		{"nothing", "", "is empty"},
		{"another command's", sample(t, "volume-info-all.xml"), "names no node"},
		{"no node", strings.ReplaceAll(one, "peer>", "x>"), "names no node"},
		{"no id", strings.Replace(one, peerID, "", 1), "lacks its uuid"},
		{"no host", strings.Replace(one, "localhost", "", 1), "lacks its uuid"},
		{"not said whether connected", strings.Replace(one, "<connected>1<", "<connected><", 1), "lacks its uuid"},
		{"twice", strings.Replace(one, "</peer>", "</peer>"+strings.Replace(secondPeer, "second", peerID, 1), 1), "stands twice"},
	}
	for _, tt := range tests {
		c, _ := client(Answer{Stdout: tt.stdout}, nil)
		if peers, err := c.Peers(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) || peers != nil {
			t.Errorf("%s: got %v, %v; want %q", tt.name, peers, err, tt.want)
		}
	}
}
