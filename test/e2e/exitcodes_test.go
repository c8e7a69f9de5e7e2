//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// Each exit code, as text and as JSON. The first one found that fits is the
// code: nothing is changed by any of these but the last.
func TestExitCodes(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	good := b.File(shares(vol, "name: alpha, access: [10.0.0.1]"))
	invalid := b.File(shares(vol, "name: alpha, access: [10.0.0.1/24]"))
	missing := b.File(shares("nosuchvolume", "name: alpha, access: []"))
	cases := []struct {
		code int
		args []string
	}{
		{exitDone, []string{"plan", "-f", good}},
		{exitPending, []string{"plan", "-f", good, "--detailed-exitcode"}},
		{exitInvalid, []string{"plan", "-f", invalid}},
		{exitInvalid, []string{"apply", "-f", invalid}},
		{exitInvalid, []string{"apply", "-f", good, "--nosuchflag"}},
		{exitRefused, []string{"plan", "-f", missing}},
		{exitRefused, []string{"apply", "-f", missing}},
	}
	b.Unchanged(vol, func() {
		for _, c := range cases {
			b.expect(c.code, c.args...)
			b.expectJSON(c.code, c.args...)
		}
	})
	b.expectJSON(exitDone, "apply", "-f", good)
	b.expectJSON(exitDone, "apply", "-f", good)
	b.ExpectMounts(vol, grants{"alpha": "1"})
}

// A glusterd that does not answer is no empty cluster.
func TestGlusterdIsDown(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	file := b.File(shares(vol, "name: alpha, access: [10.0.0.1]"))
	b.KillGlusterd()
	for _, command := range []string{"plan", "apply"} {
		r := b.expect(exitFailed, command, "-f", file)
		if !strings.Contains(r.Stderr, "glusterd does not answer") {
			b.Errorf("%s does not say that glusterd is down:\n%s%s", command, r.Stdout, r.Stderr)
		}
		b.expectJSON(exitFailed, command, "-f", file)
	}
}
