package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/state"
)

// The commands that a report gives put every option of the volume back as it was,
// whatever stood there before, and nothing on other volumes. What is global stays:
// it would open them.
func TestWayBack(t *testing.T) {
	const one = "version: 1\nvolumes: [{target: \"g1:/gv0\", undeclared: revoke, shares: [{name: alpha, access: [10.0.0.1]}, {name: beta, access: [any]}]}]\n"
	for name, before := range map[string]map[string]string{
		"fresh":         {"gv0": "nfs.disable: on\n", "gv1": "nfs.disable: on\n"},
		"served whole":  {"gv0": "nfs.disable: off\nnfs.export-volumes: on\n", "gv1": "nfs.disable: off\nnfs.export-volumes: on\n"},
		"other clients": {"gv0": "nfs.disable: off\nnfs.export-volumes: off\nnfs.export-dir: /alpha(10.0.0.2),/old\nnfs.rpc-auth-allow: 10.0.0.2\n", "gv1": "nfs.export-volumes: off\nuser.note: it's mine\n"},
		"same length":   {"gv0": "nfs.disable: off\nnfs.export-volumes: off\nnfs.export-dir: /alpha(10.0.0.2),/beta(0.0.0.0/1|128.0.0.0/1)\nnfs.rpc-auth-allow: *\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "state.yaml", one)
			for volume := range before {
				write(t, volume+".yaml", strings.ReplaceAll(one, "gv0", volume))
				runIn(t, "box", "plan", "-f", volume+".yaml", "-o", "json")
			}
			for volume, options := range before {
				write(t, filepath.Join("box", "g1", volume, "options"), options)
			}
			for _, command := range wayBackOf(t) {
				runGluster(t, command)
			}
			for volume, want := range before {
				got, err := os.ReadFile(filepath.Join("box", "g1", volume, "options"))
				if err != nil {
					t.Fatal(err)
				}
				want = strings.ReplaceAll(want, "nfs.export-volumes: on\n", "") + "nfs.export-volumes: off\n"
				want = strings.Replace(want, "nfs.export-volumes: off\n", "", strings.Count(want, "nfs.export-volumes")-1)
				if d := cmp.Diff(sorted(want), strings.ReplaceAll(string(got), "),\n", ")\n")); d != "" {
					t.Errorf("%s (-before +after the way back):\n%s", volume, d)
				}
			}
		})
	}
}

// The way back of one volume changes nothing for another one that is served.
func TestWayBackOfOneOfTwo(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "state.yaml", `version: 1
volumes:
  - {target: "g1:/gv0", shares: [{name: alpha, access: [10.0.0.1]}]}
  - {target: "g1:/gv1", shares: [{name: beta, access: [any]}, {name: secret, access: []}]}
`)
	for _, command := range wayBackOf(t) {
		runGluster(t, command)
	}
	var out, errs bytes.Buffer
	args := []string{"plan", "-f", "state.yaml", "--sandbox", "box", "--volume", "g1:/gv1", "--detailed-exitcode"}
	if code := run(context.Background(), args, stdio{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Errorf("exit code %d:\n%s%s", code, out.String(), errs.String())
	}
}

// Where the old options would do something else than before when they are written
// again, there is no way back, and the report says why.
func TestNoWayBack(t *testing.T) {
	next := state.Serving{Volume: "gv0", Settings: map[string]string{"nfs.export-dir": "/alpha(10.0.0.1)"}}
	for name, old := range map[string]state.Serving{
		"":                              {},
		"the NFS server did not go by":  {Untold: map[string]string{"nfs.rpc-auth-allow": "10.0.0.1"}},
		"they hold an entry that the N": {Exports: []state.Export{{Path: "/bad", Broken: "a pattern"}}},
	} {
		old.Volume, old.Settings = "gv0", map[string]string{"nfs.export-dir": "/bad(10.0.0.*)"}
		made := diff.Serve{Stage: diff.Grant, ServingChange: state.ServingChange{Old: old, New: next}}
		r := apply.Report{Steps: []apply.Step{{Action: made, Outcome: apply.Done}}}
		if why := noWayBack(r); !strings.HasPrefix(why, name) || (why == "") != (len(wayBack(r)) > 0) || (why == "") != (name == "") {
			t.Errorf("%q: %q, and %q", name, why, wayBack(r))
		}
	}
}

// After a write of which nobody heard, what the next one replaced is not known to be
// what stood there before the run.
func TestNoWayBackAfterDoubt(t *testing.T) {
	set := func(old, next string) diff.Serve {
		return diff.Serve{Stage: diff.Grant, ServingChange: state.ServingChange{
			Old: state.Serving{Volume: "gv0", Settings: map[string]string{"nfs.export-dir": old}},
			New: state.Serving{Volume: "gv0", Settings: map[string]string{"nfs.export-dir": next}},
		}}
	}
	r := apply.Report{Steps: []apply.Step{
		{Action: set("/a(10.0.0.1)", "/a(10.0.0.2)"), Outcome: apply.Failed, Err: apply.ErrOvertaken},
		{Action: set("/a(10.0.0.2)", "/a(10.0.0.3)"), Outcome: apply.Done},
	}}
	if back, why := wayBack(r), noWayBack(r); len(back) > 0 || why == "" {
		t.Errorf("%q, and %q", back, why)
	}
}

// wayBackOf applies the state and returns what its report gives.
func wayBackOf(t *testing.T) []string {
	t.Helper()
	var out, errs bytes.Buffer
	args := []string{"apply", "-f", "state.yaml", "--sandbox", "box", "-o", "json", "--allow-mass-revoke", "--allow-other-volumes"}
	if code := run(context.Background(), args, stdio{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Fatalf("exit code %d: %s%s", code, out.String(), errs.String())
	}
	var doc struct {
		Volumes []struct {
			Report struct {
				WayBack []string `json:"way_back"`
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Volumes[0].Report.WayBack) == 0 {
		t.Fatal("there is no way back")
	}
	return doc.Volumes[0].Report.WayBack
}

// runGluster runs a command on the sandbox as a shell would take it.
func runGluster(t *testing.T, command string) {
	t.Helper()
	words, err := exec.Command("sh", "-c", "set -- "+command+`; for w; do printf '%s\n' "$w"; done`).Output()
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Split(strings.TrimSpace(string(words)), "\n")
	box, err := sandbox.Open("box")
	if err != nil {
		t.Fatal(err)
	}
	ans, err := box.Host("g1").Gluster(t.Context(), "", append(args[1:], "--xml")...)
	if err != nil || !strings.Contains(ans.Stdout, "<opRet>0</opRet>") {
		t.Fatalf("%s: %v %+v", command, err, ans)
	}
}

// sorted puts lines in order, as the sandbox's files have them.
func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "")
}
