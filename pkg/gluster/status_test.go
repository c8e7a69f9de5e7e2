package gluster

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state"
)

const peerID = "d12aa025-0f52-446b-b2a3-e768566c7e36"

func TestStatus(t *testing.T) {
	running := sample(t, "volume-status-nfs.xml")
	node := running[strings.Index(running, "<node>") : strings.Index(running, "</node>")+len("</node>")]
	second := strings.NewReplacer(peerID, "second", "localhost", "node2", "<status>1<", "<status>0<", ">15208<", ">-1<").Replace(node)
	tests := []struct {
		name, volume, stdout string
		want                 state.ServerStatus
	}{
		{"running", "gvt", running, state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: peerID, Host: "localhost", Online: true, PID: 15208}}}},
		{"among bricks", "gvt", sample(t, "volume-status.xml"), state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: peerID, Host: "localhost", Online: true, PID: 15208}}}},
		{"dead", "gvt", sample(t, "volume-status-nfs-dead.xml"), state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: "c7fb3bff-78ae-4259-a471-9da4818b8f56", Host: "localhost"}}}},
		{"two nodes, one dead", "gvt", strings.Replace(running, node, node+second, 1), state.ServerStatus{Built: true, Nodes: []state.ServerNode{
			{Peer: peerID, Host: "localhost", Online: true, PID: 15208}, {Peer: "second", Host: "node2"}}}},
		{"not served", "gvt2", sample(t, "volume-status-nfs-disabled.xml"), state.ServerStatus{Built: true}},
		{"built without", "d1", sample(t, "volume-status-nfs-stock.xml"), state.ServerStatus{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, h := client(Answer{Stdout: tt.stdout}, nil)
			got, err := c.Status(t.Context(), tt.volume)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if want := "--mode=script --xml volume status " + tt.volume + " nfs"; h.calls[0] != want {
				t.Errorf("ran %q", h.calls)
			}
		})
	}
}

func TestStatusRefusesHalfAnswers(t *testing.T) {
	running := sample(t, "volume-status-nfs.xml")
	node := running[strings.Index(running, "<node>") : strings.Index(running, "</node>")+len("</node>")]
	tests := []struct{ name, stdout, want, kind string }{
		{"no volume", sample(t, "volume-status-nosuch.xml"), "does not exist", "no-volume"},
		{"not started", sample(t, "volume-status-not-started.xml"), "is not started; start it with", "not-started"},
		{"another volume is not served", sample(t, "volume-status-nfs-disabled.xml"), "NFS server is disabled for volume gvt2", ""},
		{"another volume", sample(t, "volume-status-nfs-stock.xml"), "not about this volume", ""},
		{"another command's", sample(t, "pool-list.xml"), "not about this volume", ""},
		{"no node", strings.Replace(running, node, "", 1), "names no node", ""},
		{"a node twice", strings.Replace(running, node, node+node, 1), "stands twice", ""},
		{"no status", strings.Replace(running, "<status>1</status>", "", 1), "lacks its peerid, status or pid", ""},
		{"no pid", strings.Replace(running, "<pid>15208</pid>", "", 1), "lacks its peerid, status or pid", ""},
		{"no peer", strings.Replace(running, peerID, "", 1), "lacks its peerid, status or pid", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := client(Answer{Stdout: tt.stdout}, nil)
			_, err := c.Status(t.Context(), "gvt")
			if err == nil || !strings.Contains(err.Error(), tt.want) || kinds(err) != tt.kind {
				t.Errorf("got %v (%s); want %q (%s)", err, kinds(err), tt.want, tt.kind)
			}
		})
	}
	c, h := client(Answer{}, nil)
	if _, err := c.Status(t.Context(), "--remote-host=x"); err == nil || len(h.calls) != 0 {
		t.Errorf("a name that can't be one: %v, ran %q", err, h.calls)
	}
}

// A server that glusterd shows as offline is looked at again for a while: glusterd
// may just have started it, and not see it yet.
func TestStatusWaitsForTheServerToBeSeen(t *testing.T) {
	const lag, never = 5 * time.Second, time.Hour
	dead := strings.ReplaceAll(sample(t, "volume-status-nfs-dead.xml"), "c7fb3bff-78ae-4259-a471-9da4818b8f56", peerID)
	tests := []struct {
		name      string
		lag, seen time.Duration
		online    bool
		waited    time.Duration
	}{
		{"online", lag, 0, true, 0},
		{"seen late", lag, 3 * time.Second, true, 3 * time.Second},
		{"dead", lag, never, false, lag},
		{"dead, and seen at once", 0, never, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, h := client(Answer{}, nil)
				c.ServerLag = tt.lag
				start := time.Now()
				h.answer = func(context.Context, []string) (Answer, error) {
					if time.Since(start) < tt.seen {
						return Answer{Stdout: dead}, nil
					}
					return Answer{Stdout: sample(t, "volume-status-nfs.xml")}, nil
				}
				s, err := c.Status(t.Context(), "gvt")
				if err != nil {
					t.Fatal(err)
				}
				if s.Nodes[0].Online != tt.online || time.Since(start) != tt.waited {
					t.Errorf("online %v after %v; want %v after %v", s.Nodes[0].Online, time.Since(start), tt.online, tt.waited)
				}
			})
		})
	}
}

func TestStatusWaitsNoLongerThanTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c, _ := client(Answer{Stdout: sample(t, "volume-status-nfs-dead.xml")}, nil)
		c.ServerLag = ServerLag
		if s, err := c.Status(ctx, "gvt"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, %v; want the deadline", s, err)
		}
	})
}
