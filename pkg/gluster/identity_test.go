package gluster

import (
	"context"
	"errors"
	"testing"

	"glusterd-shares/pkg/state"
)

// answersTo is a host that knows itself by one name.
type answersTo struct {
	*fakeHost
	name string
	err  error
}

func (h answersTo) Local(_ context.Context, host string) (bool, error) { return host == h.name, h.err }

func TestEndpointID(t *testing.T) {
	unresolved := errors.New("the resolver doesn't say")
	info := Answer{Stdout: sample(t, "volume-info-all.xml")}
	tests := []struct {
		name   string
		target state.Target
		ans    Answer
		err    error // of Local
		id     string
		fails  bool
	}{
		{name: "one of two volumes", target: state.Target{Host: "g1", Volume: "gvt2"}, ans: info, id: gvt2ID},
		{name: "there is none of that name", target: state.Target{Host: "g1", Volume: "gv9"}, ans: info},
		{name: "another machine may have one of that name", target: state.Target{Host: "g2", Volume: "gvt2"}, ans: info},
		{name: "whether it is another machine can't be told", target: state.Target{Host: "g1", Volume: "gvt2"}, ans: info, err: unresolved, fails: true},
		{name: "gluster doesn't answer", target: state.Target{Host: "g1", Volume: "gvt2"}, ans: Answer{Code: 1}, fails: true},
	}
	for _, test := range tests {
		c, h := client(test.ans, nil)
		e := NewEndpoint(answersTo{h, "g1", test.err}, c, state.Volume{Target: test.target}, nil)
		id, err := e.ID(t.Context())
		if id != test.id || (err != nil) != test.fails {
			t.Errorf("%s: %q, %v", test.name, id, err)
		}
	}
}
