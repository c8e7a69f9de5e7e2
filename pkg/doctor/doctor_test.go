package doctor_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/doctor"
	"glusterd-shares/pkg/state"
)

var desired = state.Volume{Target: state.Target{Host: "n1", Volume: "gv0"}}

// sound is a volume with which nothing is wrong.
func sound() state.Examination {
	return state.Examination{
		Version: "10.3", Here: true,
		Volume:  state.VolumeInfo{Name: "gv0", ID: "id", Started: true, Bricks: []string{"n1:/b", "n2:/b"}},
		Peers:   []state.Peer{{ID: "p1", Host: "n1", Connected: true}, {ID: "p2", Host: "n2", Connected: true}},
		Serving: state.Serving{Volume: "gv0", On: true},
		Others:  []state.Serving{{Volume: "gv1"}},
		Server: state.ServerStatus{Built: true, Nodes: []state.ServerNode{
			{Peer: "p1", Host: "n1", Online: true}, {Peer: "p2", Host: "n2", Online: true}}},
		Space: 1 << 40, QuotaOn: true,
	}
}

// whole is an export of a whole volume to one client.
var whole = state.Export{Path: "/", Whole: true, Clients: state.Access{RW: state.Set{netip.MustParsePrefix("10.0.0.1/32")}}}

// Whatever is wrong is the one check that is bad, with its mend, and what can't be asked
// then is not asked.
func TestExamined(t *testing.T) {
	wrong := errors.New("it went wrong")
	for _, c := range []struct {
		name string
		make func(*state.Examination)
		want string // the checks that are not ok
	}{
		{"nothing", func(*state.Examination) {}, ""},
		{"no program", func(x *state.Examination) { *x = state.Examination{Here: true, VersionErr: wrong} },
			"bad gluster: it went wrong\n" +
				"not asked glusterd\nnot asked volume\nnot asked peers\nnot asked nfs-server\nnot asked exposure\nnot asked directories\nnot asked quota"},
		{"an old program", func(x *state.Examination) { x.Version, x.TooOldFor = "3.4", "3.5" },
			"bad gluster: this is Gluster 3.4; upgrade to 3.5 or newer"},
		{"another machine", func(x *state.Examination) { x.Here = false },
			"bad node: n1 is not this machine; run it there, name a user in the target to reach it by SSH (root@host:/volume), or write a name or an address of this machine"},
		{"a name that is not known", func(x *state.Examination) { x.HereErr = wrong }, "bad node: it went wrong"},
		{"glusterd is down", func(x *state.Examination) { *x = state.Examination{Version: "10.3", Here: true, ClusterErr: wrong} },
			"bad glusterd: it went wrong; see whether glusterd runs: systemctl status glusterd\n" +
				"not asked volume\nnot asked peers\nnot asked nfs-server\nnot asked exposure\nnot asked directories\nnot asked quota"},
		{"no volume", func(x *state.Examination) { x.Volume, x.QuotaOn = state.VolumeInfo{}, false },
			"bad volume: there is no volume gv0 in this cluster; correct the target, or create the volume (gluster volume create)\n" +
				"not asked nfs-server\nnot asked directories\nnot asked quota"},
		{"it is stopped", func(x *state.Examination) { x.Volume.Started = false },
			"bad volume: the volume gv0 is not started; start it: gluster volume start gv0\n" +
				"not asked nfs-server\nnot asked directories\nnot asked quota"},
		{"a node is down", func(x *state.Examination) { x.Peers[1].Connected = false },
			"note peers: n2 can't be reached: what is revoked stays in force there until it is back, and nothing can be exported for the first time; bring it back; see gluster peer status"},
		{"no NFS server", func(x *state.Examination) { x.Server = state.ServerStatus{} },
			"bad nfs-server: this Gluster has no NFS server: it takes every nfs option and serves nothing; install a Gluster that was built with --enable-gnfs"},
		{"a dead one", func(x *state.Examination) { x.Server.Nodes[1].Online = false },
			"bad nfs-server: it is not running on n2; revive it: gluster volume start gv0 force"},
		{"one that can't be asked about", func(x *state.Examination) { x.ServerErr = wrong }, "bad nfs-server: it went wrong"},
		{"not served yet", func(x *state.Examination) { x.Serving.On, x.Server.Nodes = false, nil }, ""},
		{"volumes that are open", func(x *state.Examination) {
			x.Serving.Exports = []state.Export{whole}
			x.Others[0].Exports = []state.Export{whole}
		}, "note exposure: clients can mount whole, and pass every share by: gv0, gv1; plan shows who, and what closes it"},
		{"an export of nobody is not open", func(x *state.Examination) { x.Serving.Exports = []state.Export{{Path: "/", Whole: true}} }, ""},
		{"no mount", func(x *state.Examination) { x.TreeErr = wrong },
			"bad directories: it went wrong; see which bricks are down: gluster volume status gv0"},
		{"a blank list", func(x *state.Examination) { x.LimitsErr, x.LimitsBlank = wrong, true }, "note quota: it went wrong"},
		{"no list", func(x *state.Examination) { x.LimitsErr = wrong }, "bad quota: it went wrong"},
		{"no quota", func(x *state.Examination) { x.QuotaOn = false }, ""},
		{"an error that knows its mend", func(x *state.Examination) {
			x.TreeErr = fmt.Errorf("look: %w", state.Advised(errors.New("it is not there"), "put it there"))
		},
			"bad directories: look: it is not there; put it there"},
	} {
		x := sound()
		c.make(&x)
		checks := doctor.Examined(desired, x)
		if got := lines(checks); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
		if len(checks) != 9 || doctor.Well(checks) == strings.Contains(c.want, "bad") {
			t.Errorf("%s: %d checks, well %v", c.name, len(checks), doctor.Well(checks))
		}
	}
}

// What is wrong on the way to another machine is the one step that is bad. Those
// before it are well, unless it was never contacted; nothing behind it is asked.
func TestArrival(t *testing.T) {
	as := func(kind error) error { return fmt.Errorf("%w (%w)", errors.New("no"), kind) }
	for _, c := range []struct {
		name    string
		arrival state.Arrival
		want    string // the first four, by their grades
		says    string // the one that is bad
	}{
		{"root", state.Arrival{User: "root", Root: true}, "ok ok ok ok", ""},
		{"unreachable", state.Arrival{ConnectErr: state.Advised(errors.New("no connection"), "start sshd")}, "bad not-asked not-asked not-asked", "connection: no connection; start sshd"},
		{"another host", state.Arrival{ConnectErr: as(state.ErrHostKey)}, "ok bad not-asked not-asked", "host-key: no (the host's key is not accepted)"},
		{"no file of hosts", state.Arrival{ConnectErr: as(errors.Join(state.ErrHostKey, state.ErrNotContacted))}, "not-asked bad not-asked not-asked", "host-key: "},
		{"no login", state.Arrival{ConnectErr: as(state.ErrLogin)}, "ok ok bad not-asked", "login: no (the login failed)"},
		{"no key", state.Arrival{ConnectErr: as(errors.Join(state.ErrLogin, state.ErrNotContacted))}, "not-asked not-asked bad not-asked", "login: "},
		{"no shell", state.Arrival{RunErr: errors.New("no shell")}, "ok ok bad not-asked", "login: no shell"},
		{"a connection that is lost under the first command", state.Arrival{RunErr: as(state.ErrConnection)}, "bad not-asked not-asked not-asked", "connection: no (there is no connection to the host); see why in the log of its sshd: journalctl -u ssh (Debian) or sshd (Red Hat)"},
		{"no sudo", state.Arrival{RunErr: as(state.ErrSudo)}, "ok ok ok bad", "sudo: no (sudo doesn't run the command)"},
		{"not root", state.Arrival{User: "admin"}, "ok ok ok bad", "sudo: what is run there is run by admin; only root can do the work; name root in the target, or set ssh.become: true"},
	} {
		v := desired
		v.Target.User = "root"
		x := sound()
		x.Arrival = &c.arrival
		checks := doctor.Examined(v, x)
		if len(checks) != 13 || doctor.Well(checks) != c.arrival.Open() {
			t.Errorf("%s: %d checks, well %v", c.name, len(checks), doctor.Well(checks))
		}
		var got []string
		for _, check := range checks[:4] {
			got = append(got, strings.ReplaceAll(string(check.Grade), " ", "-"))
			if check.Grade == doctor.Bad && !strings.HasPrefix(lines([]doctor.Check{check}), "bad "+c.says) {
				t.Errorf("%s: %s", c.name, lines([]doctor.Check{check}))
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
		for _, check := range checks[4:] {
			if (check.Grade == doctor.Unask) == c.arrival.Open() {
				t.Errorf("%s: %s is %s", c.name, check.Name, check.Grade)
			}
		}
	}
}

// By sudo another one does the work than who logs in; the node is not this machine.
func TestArrived(t *testing.T) {
	x := sound()
	x.Arrival = &state.Arrival{User: "root", Root: true}
	for user, want := range map[string]string{"root": "is not needed: root logs in", "admin": "makes admin root"} {
		v := desired
		v.Target.User = user
		checks := doctor.Examined(v, x)
		if checks[3].Text != want || checks[5].Text != "n1 is the host that is asked" {
			t.Errorf("%s: %q, %q", user, checks[3].Text, checks[5].Text)
		}
	}
}

// A plan's problems are bad, and its warnings are worth knowing.
func TestPlanned(t *testing.T) {
	at := state.Pos{File: "f", Line: 3, Column: 5}
	problem := func(text string) state.Problem { return state.Problem{Pos: at, Text: text, Mend: "mend it"} }
	for _, c := range []struct {
		plan diff.Plan
		err  error
		want string
	}{
		{diff.Plan{}, nil, ""},
		{diff.Plan{Problems: []state.Problem{problem("one"), problem("two")}}, nil, "bad settings: one; mend it (f:3:5)\nbad settings: two; mend it (f:3:5)"},
		{diff.Plan{Warnings: []state.Problem{problem("three")}}, nil, "note advice: three; mend it (f:3:5)"},
		{diff.Plan{}, errors.New("it can't be read"), "bad settings: it can't be read"},
	} {
		if got := lines(doctor.Planned(c.plan, c.err)); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
	if got := lines(doctor.Unplanned()); got != "not asked settings" {
		t.Errorf("without a plan: %s", got)
	}
}

// lines are the checks that are not ok; one that is has to say something.
func lines(checks []doctor.Check) string {
	var out []string
	for _, c := range checks {
		line := fmt.Sprintf("%s %s", c.Grade, c.Name)
		if c.Text != "" {
			line += ": " + c.Text
		}
		if c.Mend != "" {
			line += "; " + c.Mend
		}
		if c.At != "" {
			line += " (" + c.At + ")"
		}
		switch {
		case c.Grade != doctor.OK:
			out = append(out, line)
		case c.Text == "":
			out = append(out, "says nothing: "+line)
		}
	}
	return strings.Join(out, "\n")
}
