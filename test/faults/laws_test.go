package faults

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
)

// Law 2: where nobody is left there are two walls. Somebody who opens whole volumes by
// hand, or unsets one of the two options, lets nobody in.
func TestTwoWalls(t *testing.T) {
	for _, hand := range [][]string{
		{"volume", "set", "gv0", "nfs.export-volumes", "on"},
		{"volume", "reset", "gv0", "nfs.export-dir"},
		{"volume", "reset", "gv0", "nfs.rpc-auth-allow"},
	} {
		t.Run(strings.Join(hand[1:], " "), func(t *testing.T) {
			defer count(t)
			st := undisturbed(t, readScenario(t, "testdata/nobody-left.txtar"))
			a := st.begin(t)
			if o := a.run(t, *st.after); !o.ok() {
				t.Fatal(o)
			}
			if err := byHand(a.box, hand...); err != nil {
				t.Fatal(err)
			}
			if now := st.admits(t, a.box); len(now) > 0 {
				t.Errorf("there may mount: %v", now)
			}
		})
	}
}

// Law 3: which directories have a limit is not known where the list is blank. A
// directory in which somebody else has one is in the way of a removal, and stays as
// long as that can't be told.
func TestNothingGoesWhileLimitsAreUnknown(t *testing.T) {
	const before, after = `version: 1
volumes:
  - target: g1:/gv0
    shares: [{name: gone, size: 1GiB, access: [10.0.0.1]}, {name: stays, access: [10.0.0.2]}]
`, `version: 1
volumes:
  - target: g1:/gv0
    shares: [{name: gone, state: absent}, {name: stays, access: [10.0.0.2]}]
`
	blank := onAndOn(undone("empty", gluster.Answer{Code: 1}))
	for at, f := range map[string]fault{"listall-1": blank, "list-1": onAndOn(namesNothing)} {
		t.Run(at, func(t *testing.T) {
			defer count(t)
			dir := together(t)
			a := &attempt{dir: dir, box: open(t, dir)}
			a.m = newMachine(a.box, dir)
			if o := a.run(t, desired(t, before)); !o.ok() {
				t.Fatal(o)
			}
			mkdir(t, filepath.Join(brick(dir, "gv0"), "gone/theirs"))
			if err := byHand(a.box, "volume", "quota", "gv0", "limit-usage", "/gone/theirs", "1000"); err != nil {
				t.Fatal(err)
			}
			a.m = newMachine(a.box, dir)
			if o := a.run(t, desired(t, after)); o.ok() {
				t.Fatalf("a directory with somebody else's limit goes: %v", o)
			}
			a.m = newMachine(a.box, dir)
			a.m.fault, a.m.at = &f, at
			o := a.run(t, desired(t, after))
			if _, err := os.Stat(filepath.Join(brick(dir, "gv0"), "gone/theirs")); err != nil || o.ok() {
				t.Errorf("it is gone, or said to be: %v %v", err, o)
			}
		})
	}
}
