package state

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestActualOffline(t *testing.T) {
	actual := func(change func(*Actual)) Actual {
		a := Actual{
			Volume:  VolumeInfo{Started: true},
			Serving: Serving{On: true},
			Server:  ServerStatus{Built: true, Nodes: []ServerNode{{Peer: "1", Online: true}, {Peer: "2"}}},
			Peers:   []Peer{{"1", "g1", true}, {"2", "g2", true}, {"3", "g3", true}, {"4", "g4", false}},
		}
		change(&a)
		return a
	}
	tests := []struct {
		name string
		a    Actual
		want []string
	}{
		{"dead on one, missing on another", actual(func(*Actual) {}), []string{"g2", "g3"}},
		{"nothing is known of it", actual(func(a *Actual) { a.Server.Nodes = nil }), []string{"g1", "g2", "g3"}},
		{"the volume is stopped", actual(func(a *Actual) { a.Volume.Started = false }), nil},
		{"the volume is not served", actual(func(a *Actual) { a.Serving.On = false }), nil},
		{"there is no NFS server", actual(func(a *Actual) { a.Server.Built = false }), nil},
	}
	for _, test := range tests {
		if d := cmp.Diff(test.want, test.a.Offline()); d != "" {
			t.Errorf("%s: -want +got\n%s", test.name, d)
		}
	}
}

func TestActualDisconnected(t *testing.T) {
	a := Actual{Peers: []Peer{{"1", "g1", false}, {"2", "g2", true}, {"3", "g3", false}}}
	if d := cmp.Diff([]string{"g1", "g3"}, a.Disconnected()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}
