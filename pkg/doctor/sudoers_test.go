package doctor_test

import (
	"os/exec"
	"strings"
	"testing"

	"glusterd-shares/pkg/doctor"
	"glusterd-shares/pkg/state"
)

func targets(t *testing.T, words ...string) []state.Target {
	t.Helper()
	var out []state.Target
	for _, w := range words {
		target, err := state.ParseTarget(w)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, target)
	}
	return out
}

// rules are the lines of a sudoers file that say something.
func rules(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		if line != "\n" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// Each user is allowed the shell once, and who is not reached, or is root, nothing. No
// name means more in a sudoers file than one user.
func TestSudoers(t *testing.T) {
	for _, c := range []struct {
		targets []string
		want    string
	}{
		{[]string{"deploy@g1:/gv0"}, "Defaults:deploy !requiretty\ndeploy ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n"},
		{[]string{"deploy@g2:/gv0", "ann@g1:/gv0", "deploy@g1:/gv1", "g3:/gv0", "root@g4:/gv0"},
			"Defaults:ann !requiretty\nann ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n" +
				"Defaults:deploy !requiretty\ndeploy ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n"},
		{[]string{"ALL@g1:/gv0"}, "Defaults:\\ALL !requiretty\n\\ALL ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n"},
		{[]string{"Defaults@g1:/gv0"}, "Defaults:\\Defaults !requiretty\n\\Defaults ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n"},
		{[]string{"svc-Gluster.1$@g1:/gv0"}, "Defaults:svc-Gluster.1$ !requiretty\nsvc-Gluster.1$ ALL=(root) NOPASSWD: /bin/sh, /usr/bin/sh\n"},
	} {
		text, err := doctor.Sudoers(state.SSH{Become: true}, targets(t, c.targets...))
		if got := rules(text); got != c.want || err != nil {
			t.Errorf("%v: got\n%s%v\nwant\n%s", c.targets, got, err, c.want)
		}
		for _, target := range targets(t, c.targets...) {
			if shown := strings.Contains(text, "#   "+target.User+"@"+target.Host+"\n"); shown != (target.User != "" && target.User != "root") {
				t.Errorf("%v: that it is for %v is told: %v", c.targets, target, shown)
			}
		}
		parsed(t, text)
	}
}

// parsed has visudo read the file, where there is one.
func parsed(t *testing.T, text string) {
	t.Helper()
	visudo, err := exec.LookPath("/usr/sbin/visudo")
	if err != nil {
		t.Log("there is no visudo: the file is not read by it")
		return
	}
	cmd := exec.Command(visudo, "-s", "-c", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("visudo: %v: %s\n%s", err, said, text)
	}
}

// Where nothing is run by sudo there is no file, and it is said why.
func TestNoSudoers(t *testing.T) {
	for _, c := range []struct {
		become  bool
		targets []string
		want    string
	}{
		{true, []string{"g1:/gv0"}, "no target names a user"},
		{true, []string{"root@g1:/gv0", "g2:/gv0"}, "the targets name no other user than root"},
		{false, []string{"deploy@g1:/gv0"}, "ssh.become is not set"},
		{false, []string{"g1:/gv0"}, "no target names a user"},
	} {
		text, err := doctor.Sudoers(state.SSH{Become: c.become}, targets(t, c.targets...))
		if text != "" || err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: got %q, %v, want %s", c.targets, text, err, c.want)
		}
	}
}
