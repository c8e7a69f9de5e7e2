package faults

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
)

// shareOf is a state that declares one share and its one client, of a volume on which
// others have theirs.
func shareOf(run int) string {
	return fmt.Sprintf("version: 1\nvolumes:\n  - target: g1:/gv0\n    shares: [{name: %c, access: [10.0.0.%d]}]\n", 'a'+rune(run), run+1)
}

// TestNoRuleIsLost: another run begins when one has read what there is and is about to
// write. It doesn't get the lock and says so, or what it has done is there in the end:
// of two who each have their own share, none is lost.
func TestNoRuleIsLost(t *testing.T) {
	defer count(t)
	dir := together(t)
	a := &attempt{dir: dir, box: open(t, dir)}
	a.m = newMachine(a.box, dir)
	if first := a.run(t, desired(t, shareOf(2))); !first.ok() {
		t.Fatal(first)
	}
	a.again()
	var other outcome
	another := newMachine(open(t, dir), dir)
	a.m.at, a.m.fault = "set-1", &fault{gluster: func(c command) (gluster.Answer, error) {
		other = another.run(context.WithoutCancel(c.ctx), desired(t, shareOf(1)))
		return c.do()
	}}
	if o := a.run(t, desired(t, shareOf(0))); !o.ok() || !a.m.struck {
		t.Errorf("it is not done, or wrote nothing:\n%v", o)
	}
	another.close()
	want := admission{"/gv0/a": 1 << 0, "/gv0/c": 1 << 2}
	if other.ok() {
		want["/gv0/b"] = 1 << 1
	} else if !strings.Contains(other.String(), "the lock of the volume was not had: another run holds it") {
		t.Errorf("the other run:\n%v", other)
	}
	if now := who(t, a.box); !maps.Equal(now, want) {
		t.Errorf("a rule is lost: there may mount %v, and %v by what each run says that it has done", now, want)
	}
}
