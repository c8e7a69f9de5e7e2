//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// breaker stands before the server's sh for who logs in. It writes down each command
// of the program by a label and how many of that there were before, and at one of them
// it does something to sshd: before the command is run, when it has run and its answer
// has not been given, or as soon as it has been given.
const breaker = `#!/bin/bash
dir=%s point=%s moment=%s ssh=%s fault=%s
[ "${3-}" = glusterd-shares ] || exec /bin/sh "$@"
label=${2%%%%$'\n'*}
label=${label#': glusterd-shares '}
if [ "$label" = gluster ]; then
  words=("${@:7}")
  label="gluster ${words[*]:2:2} ${words[5]-}"
fi
exec 9>>"$dir/lock"
flock 9
label="$label #$(grep -c -- "^$label #" "$dir/log")"
echo "$label" >>"$dir/log"
exec 9>&-
[ "$label" = "$point" ] || exec /bin/sh "$@"
all() { pgrep --ns "$BASHPID" --nslist net -x sshd; }
connections() { all | grep -vxF "$(cat "$ssh/pid")"; }
strike() {
  echo struck >"$dir/struck"
  case $fault in
  cut) kill -9 $(connections) ;;
  freeze) kill -STOP $(connections) ;;
  down) kill -9 $(all) ;;
  restart) kill -9 $(all); setsid /usr/sbin/sshd -E /var/log/glusterfs/sshd -f "$ssh/config" ;;
  esac
}
case $moment in
before) strike ;;
behind)
  (while kill -0 $$; do :; done; strike) </dev/null >/dev/null 2>&1 &
  exec /bin/sh "$@" ;;
after)
  case $2 in
  *heard*) /bin/sh "$@" > >(head -c %d >/dev/null; strike) ;; # it lasts
  *) /bin/sh "$@" >/dev/null 2>&1; strike ;;
  esac ;;
esac
`

// firstWords is how many bytes a script has said that lasts when it has answered for
// the first time: two marks of 26, and a word at least.
const firstWords = 59

// breakPoint is a command, a moment of it, and what is done to sshd then.
type breakPoint struct{ label, moment, fault string }

// unbroken is a point that is never reached.
var unbroken = breakPoint{"none", "never", "none"}

// breakAt breaks what is run from now on at the point, and gives the directory where
// the commands are written down.
func (b *Bed) breakAt(p breakPoint) (dir string) {
	b.Helper()
	dir = b.here().TempDir()
	b.write(filepath.Join(dir, "log"), "")
	script := filepath.Join(dir, "sh")
	b.write(script, fmt.Sprintf(breaker, dir, "'"+p.label+"'", p.moment, b.sshd(""), p.fault, firstWords))
	b.Run("sh", "-c", `cp "$1" /run/front/sh.new && chmod 755 /run/front/sh.new && mv /run/front/sh.new /run/front/sh`, "sh", script)
	return dir
}

// commands are those that were written down.
func (b *Bed) commands(dir string) []string {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		b.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// seesaw is a volume with two states. To go from one to the other creates a share,
// resizes one, changes its permissions, takes access from a client and moves a share to
// the trash.
type seesaw struct {
	*Bed
	vol    string
	states [2]State
	mounts [2]grants
	turns  int // how often it has gone over
}

func (b *Bed) seesaw() *seesaw {
	b.Helper()
	s := &seesaw{Bed: b, vol: b.FreshVolume()}
	s.states[0] = shares(s.vol,
		`name: alpha, size: 10MiB, mode: "0750", access: [10.0.0.1, 10.0.0.2]`, "name: omega, state: absent",
		`name: beta, size: 10MiB, mode: "0750", access: [10.0.0.1, 10.0.0.2]`)
	s.mounts[0] = grants{"alpha": "1 2", "omega": "", "beta": "1 2"}
	s.states[1] = shares(s.vol,
		`name: omega, size: 10MiB, mode: "0750", access: [10.0.0.1, 10.0.0.2]`, "name: alpha, state: absent",
		`name: beta, size: 20MiB, mode: "0700", access: [10.0.0.2]`)
	s.mounts[1] = grants{"alpha": "", "omega": "1 2", "beta": "2"}
	b.Apply(s.states[0])
	return s
}

// in is the bed in the hands of a subtest.
func (b *Bed) in(t *testing.T) *Bed {
	t.Helper()
	return b.heldBy(onBed(t).TB)
}

// goes is the share that goes next.
func (s *seesaw) goes() string { return [2]string{"alpha", "omega"}[s.turns%2] }

// turn applies the other state while something goes wrong, and checks what that has
// left behind; then it converges, by another run. Between them the server may be helped.
func (s *seesaw) turn(apply func(file string) Result, help func()) {
	s.Helper()
	old, next := s.mounts[s.turns%2], s.mounts[(s.turns+1)%2]
	s.On(s.vol, "sh", "-c", "echo precious >"+s.goes()+"/precious")
	file := s.File(s.states[(s.turns+1)%2])
	r := apply(file)
	help()
	s.expectPrecious()
	s.expectNobodyElse(old, next)
	s.expectTruth(r, s.expectJSON(exitDone, "plan", "-f", file))
	s.leavesNothingAtWork()
	s.Apply(s.states[(s.turns+1)%2])
	s.expectPrecious()
	s.ExpectMounts(s.vol, next)
	s.On(s.vol, "sh", "-c", "rm -rf .glusterd-shares/trash/*")
	s.turns++
}

// nothing is how the server is helped where it needs no help.
func nothing() {}

// broken makes a turn of which the apply is broken.
func (s *seesaw) broken(p breakPoint, help func()) {
	s.Helper()
	s.turn(func(file string) Result {
		dir := s.breakAt(p)
		defer s.breakAt(unbroken)
		r := s.Tool("apply", "-f", file, "-o", "json")
		if _, err := os.Stat(filepath.Join(dir, "struck")); err != nil {
			s.Errorf("nothing was broken: %v; there were %q", err, s.commands(dir))
		}
		return r
	}, help)
}

// leavesNothingAtWork checks that mounts and processes on the server go. The directory
// above the mounts stays where one of two of them has made it and the other one has
// gone last.
func (s *seesaw) leavesNothingAtWork() {
	s.Helper()
	s.Eventually(s.stillLeft)
	s.Run("sh", "-c", "rmdir /run/glusterd-shares 2>/dev/null; true")
}

// expectPrecious checks that the data of the share that goes lies where it was, or in
// the trash.
func (s *seesaw) expectPrecious() {
	s.Helper()
	if got := s.On(s.vol, "sh", "-c", "cat "+s.goes()+"/precious .glusterd-shares/trash/*/data/precious 2>/dev/null; true"); got != "precious\n" {
		s.Errorf("of the data there is %q", got)
	}
}

// expectNobodyElse checks that nobody can mount what neither state grants.
func (s *seesaw) expectNobodyElse(old, next grants) {
	s.Helper()
	before, after := old.mounts(s.vol), next.mounts(s.vol)
	for n := 1; n <= clients; n++ {
		var paths []string
		for m := range before {
			if m.client == n && !before[m] && !after[m] {
				paths = append(paths, m.path)
			}
		}
		for path, word := range s.Client(n).Ask(paths...) {
			if !slices.Contains(refusals, word) {
				s.Errorf("client %d got %s for %s, which neither state grants it", n, word, path)
			}
		}
	}
}

// action is one of a plan, or a step of a report.
type action struct {
	Kind, Stage, Path string
	Settings          []struct{ Key, New string }
}

func (a action) String() string { return fmt.Sprint(a.Kind, " ", a.Stage, a.Path, a.Settings) }

// expectTruth checks a report against the plan that follows: what was done is not
// planned again, and what was not, is.
func (b *Bed) expectTruth(r Result, plan string) {
	b.Helper()
	var report struct {
		Errors  []string
		Volumes []struct {
			Error  string
			Report *struct {
				Error string
				Held  []struct{ Why string }
				Steps []struct {
					Action  action
					Outcome string
				}
			}
		}
	}
	var next struct {
		Volumes []struct {
			Plan struct{ Actions []action }
		}
	}
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil {
		b.Fatalf("exit %d, and no report: %v\n%s%s", r.Code, err, r.Stdout, r.Stderr)
	}
	if err := json.Unmarshal([]byte(plan), &next); err != nil || len(next.Volumes) != 1 {
		b.Fatalf("no plan: %v\n%s", err, plan)
	}
	planned := map[string]bool{}
	for _, a := range next.Volumes[0].Plan.Actions {
		planned[a.String()] = true
	}
	outcomes := map[string]int{}
	said := strings.Join(report.Errors, "\n")
	for _, v := range report.Volumes {
		said += v.Error
		if v.Report == nil {
			continue
		}
		said += v.Report.Error
		for _, h := range v.Report.Held {
			said += h.Why
		}
		for _, s := range v.Report.Steps {
			outcomes[s.Outcome]++
			undone := s.Outcome == "failed" || s.Outcome == "not started"
			if s.Outcome == "done" && planned[s.Action.String()] || undone && s.Action.Kind != "serve" && !planned[s.Action.String()] {
				b.Errorf("%v is said to be %s; the next plan has %v", s.Action, s.Outcome, slices.Collect(maps.Keys(planned)))
			}
		}
	}
	b.Logf("exit %d, %v: %s", r.Code, outcomes, said)
	switch {
	case r.Code == exitDone && len(planned) > 0:
		b.Errorf("it said that it was done; the next plan has %v", slices.Collect(maps.Keys(planned)))
	case r.Code != exitDone && (r.Code != exitFailed || said == "" && outcomes["failed"]+outcomes["unknown"] == 0):
		b.Errorf("exit %d without a reason: %v\n%s", r.Code, report, r.Stderr)
	}
}

// breakable is a seesaw whose applies can be broken, and the commands of one.
func breakable(t *testing.T) (s *seesaw, commands []string) {
	t.Helper()
	s = onBed(t).overSSH("root").seesaw()
	s.Cleanup(func() { s.Run("rm", "-f", "/run/front/sh") })
	s.turn(func(file string) Result {
		dir := s.breakAt(unbroken)
		r := s.Tool("apply", "-f", file, "-o", "json")
		commands = s.commands(dir)
		return r
	}, nothing)
	t.Logf("%d commands: %s", len(commands), strings.Join(commands, ", "))
	return s, commands
}

// A connection that is cut anywhere in an apply, at each of its commands, is mended or
// ends the run, which tells what became of it; the next run gets there. With
// SSH_FAULTS=all at each single one, else at the last of each kind.
func TestTheConnectionIsCut(t *testing.T) {
	s, commands := breakable(t)
	top := s.Bed
	for _, p := range cuts(commands) {
		t.Run(p.moment+" "+p.label, func(t *testing.T) {
			s.Bed = top.in(t)
			s.broken(p, nothing)
		})
	}
}

// kindOf is a label without its number.
func kindOf(label string) string {
	kind, _, _ := strings.Cut(label, " #")
	return kind
}

// cuts are where a connection is cut: where something is changed before that and
// after it, elsewhere where the answer is lost.
func cuts(commands []string) []breakPoint {
	all := os.Getenv("SSH_FAULTS") == "all"
	last := map[string]string{}
	for _, c := range commands {
		last[kindOf(c)] = c
	}
	var out []breakPoint
	for _, c := range commands {
		kind := kindOf(c)
		if !all && last[kind] != c {
			continue
		}
		moments := []string{"after"}
		switch {
		case kind == "lock" || kind == "mount": // they last
			moments = []string{"before", "after"}
		case all || strings.Contains(kind, "volume set"):
			moments = []string{"before", "after", "behind"}
		case slices.Contains([]string{"mkdir", "chmod", "write", "rename"}, kind):
			moments = []string{"before", "behind"}
		}
		for _, m := range moments {
			out = append(out, breakPoint{c, m, "cut"})
		}
	}
	return out
}

// lastOf is the last command of a kind.
func lastOf(commands []string, kind string) string {
	for _, c := range slices.Backward(commands) {
		if kindOf(c) == kind {
			return c
		}
	}
	return "no " + kind
}

const grantCommand = "gluster volume set nfs.export-dir"

// An sshd that is started anew under an apply is found again; one that stays away ends
// it, with a word on what to see after.
func TestSSHDGoesDown(t *testing.T) {
	s, commands := breakable(t)
	top := s.Bed
	for _, p := range []breakPoint{
		{"stat #0", "after", "restart"},
		{lastOf(commands, grantCommand), "after", "restart"},
		{lastOf(commands, "stat"), "after", "down"},
		{lastOf(commands, grantCommand), "before", "down"},
	} {
		t.Run(p.fault+" "+p.moment+" "+p.label, func(t *testing.T) {
			s.Bed = top.in(t)
			s.broken(p, func() { s.do("sshd") })
		})
	}
}

// A connection that freezes in the middle of a write ends within the time for a sign
// of life, and what the run has held there goes by itself: the lock is free and the
// mount gone while sshd takes the connection for alive.
func TestTheConnectionFreezes(t *testing.T) {
	s, commands := breakable(t)
	s.broken(breakPoint{lastOf(commands, grantCommand), "after", "freeze"}, func() {
		s.On(s.vol, "flock", "-w", "90", ".glusterd-shares/lock", "true")
		s.Eventually(func() string {
			if left := s.ownMounts(s.vol); len(left) > 0 {
				return "there are still mounts: " + strings.Join(left, " ")
			}
			return ""
		})
		s.cut()
	})
}

// Where sshd takes few sessions on a connection a run takes more connections, and
// comes to its end.
func TestFewSessions(t *testing.T) {
	for n, most := range map[int]int{1: 3, 2: 2} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := onBed(t).overSSH("sudo").seesaw()
			s.withSessions(n)
			before := s.logged()
			s.turn(func(file string) Result { return s.expect(exitDone, "apply", "-f", file, "-o", "json") }, func() {
				if took := s.logged() - before; took > most {
					s.Errorf("it took %d connections", took)
				}
			})
		})
	}
}

// withSessions starts the server's sshd anew, with so many sessions on a connection.
// When the test ends it is as it was.
func (b *Bed) withSessions(n int) {
	b.Helper()
	b.KillSSHD()
	b.Run("sh", "-c", `cp "$1" "$1.was" && echo "MaxSessions $2" >>"$1"`, "sh", b.sshd("config"), fmt.Sprint(n))
	b.do("sshd")
	b.Cleanup(func() {
		b.Run("mv", b.sshd("config.was"), b.sshd("config"))
		b.KillSSHD()
		b.do("sshd")
	})
}
