package health_test

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

// daemon is what is told of one, and what it shows. Time is that of synctest.
type daemon struct {
	watch.Observers
	board   *health.Board
	metrics *health.Metrics
	about   health.About
}

func newDaemon(sandbox string) *daemon {
	d := &daemon{
		board: health.NewBoard(time.Hour),
		about: health.About{Version: "1.2.3", Revision: "abc", Go: "go1", Sandbox: sandbox},
	}
	d.metrics = health.NewMetrics(d.board, d.about)
	d.Observers = watch.Observers{d.board, d.metrics}
	return d
}

// take is content with these volumes.
func (d *daemon) take(volumes ...state.Volume) {
	d.Took(state.Desired{Files: []string{"state.yaml"}, Volumes: volumes})
}

// reconcile is a look at a volume that takes so long.
func (d *daemon) reconcile(r watch.Result, took time.Duration) {
	d.Looking(r.Volume.Target)
	time.Sleep(took)
	d.Reconciled(r)
	d.Looked(r.Volume.Target)
}

// volume is one with these shares, each for one client, the first for 10.0.0.1.
func volume(name string, shares ...string) state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "g1", Volume: name}, Serve: gnfs.Name, Undeclared: state.Keep,
		Pos: state.Pos{File: "state.yaml", Line: 3, Column: 13}, Path: "volumes[0]",
	}
	for i, s := range shares {
		to := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}), 32)
		v.Shares = append(v.Shares, state.Share{
			Name: s, Mode: state.Mode{Bits: 0o755, Managed: true}, Pos: state.Pos{File: "state.yaml", Line: i + 4, Column: 9},
			Access: []state.Rule{{Word: to.Addr().String(), To: state.SetOf(to), Level: state.ReadWrite}},
		})
	}
	return v
}

// blank is the volume as it is before anything was done for it.
func blank(v state.Volume) state.Actual {
	name := v.Target.Volume
	return state.Actual{
		Volume:  state.VolumeInfo{Name: name, ID: "id-of-" + name, Started: true},
		Peers:   []state.Peer{{ID: "p", Host: "g1", Connected: true}},
		Server:  state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: "p", Host: "g1", Online: true, PID: 1}}},
		Serving: gnfs.Server{}.Decode(map[string]map[string]string{name: {"nfs.disable": "on"}}, nil)[0],
		Dirs:    map[string]state.Dir{},
	}
}

// settled is the volume after all was done for it.
func settled(v state.Volume) state.Actual {
	return diff.Simulate(blank(v), diff.Compute(v, blank(v), gnfs.Server{}))
}

// look is a look at the volume that finds it so.
func look(v state.Volume, a state.Actual, c watch.Condition) watch.Result {
	p := diff.Compute(v, a, gnfs.Server{})
	if c.Kind == watch.Drifted || c.Kind == watch.Refused {
		for _, a := range p.Actions {
			c.Pending = append(c.Pending, watch.AccountOf(v, a))
		}
	}
	return watch.Result{Volume: v, Seen: status.Of(p, a), Served: a.Serving, Plan: &p, Condition: c}
}

// set changes options of the volume by hand.
func set(a state.Actual, options ...string) state.Actual {
	settings := maps.Clone(a.Serving.Settings)
	for i := 0; i < len(options); i += 2 {
		settings[options[i]] = options[i+1]
	}
	a.Serving = gnfs.Server{}.Decode(map[string]map[string]string{a.Serving.Volume: settings}, nil)[0]
	return a
}

// applied is a look after which the plan was carried out.
func applied(r watch.Result) watch.Result {
	report := apply.Report{Target: r.Volume.Target, Converged: true}
	for _, a := range r.Plan.Actions {
		report.Steps = append(report.Steps, apply.Step{Action: a, Outcome: apply.Done})
	}
	r.Report, r.Served = &report, r.Plan.After
	return r
}

// broken is applied, but the last step has failed.
func broken(r watch.Result) watch.Result {
	r = applied(r)
	last := &r.Report.Steps[len(r.Report.Steps)-1]
	last.Outcome, last.Err = apply.Failed, errors.New("gluster volume set gv0: <b>no</b>")
	r.Report.Converged, r.Served = false, r.Plan.Before
	return r
}

func is(k watch.Kind, why ...string) watch.Condition { return watch.Condition{Kind: k, Why: why} }

var (
	inSync = is(watch.InSync)
	failed = is(watch.Failed, "gluster volume info: glusterd does not answer; see whether glusterd runs there: systemctl status glusterd")
)

// stories are what a daemon is told, each shown in testdata.
var stories = map[string]func(*daemon){
	"started": func(*daemon) {},

	"bad-at-start": func(d *daemon) {
		d.Refused(errors.New("state.yaml:4:34: volumes[0].shares[0].mode: 755 is not quoted; write \"0755\"\nstate.yaml:4:48: volumes[0].shares[0].access[0]: there is no group nobody"))
	},

	"not-ready": func(d *daemon) {
		d.take(volume("gv0", "alpha"), volume("gv1", "beta"))
		d.reconcile(watch.Result{Volume: volume("gv0", "alpha"), New: true, Condition: failed}, 2*time.Second)
	},

	// Who was let in is shown at once. Where nothing is due the loop is silent, and alive.
	"idle": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		d.take(v)
		d.reconcile(applied(look(v, blank(v), inSync)), time.Second)
		time.Sleep(3 * time.Hour)
	},

	// What is shown is from before the content.
	"new-content": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		time.Sleep(time.Second)
		d.take(volume("gv0", "alpha", "beta"))
	},

	// Of a volume that is not there any more is told who was let in before.
	"deleted": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		none := settled(v)
		none.Volume = state.VolumeInfo{Name: "gv0"}
		d.reconcile(look(v, none, is(watch.Refused, "there is no volume gv0")), time.Second)
	},

	"everyday": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		d.take(v)
		first := look(v, blank(v), inSync)
		first.New = true
		d.reconcile(applied(first), 2*time.Second)
		time.Sleep(90 * time.Minute)
		drift := settled(v)
		dir := drift.Dirs["/beta"]
		dir.Mode = 0o700
		drift.Dirs["/beta"] = dir
		d.reconcile(applied(look(v, drift, inSync)), 200*time.Millisecond)
		time.Sleep(5 * time.Minute)
		d.reconcile(look(v, settled(v), inSync), 50*time.Millisecond)
		d.Refused(errors.New("state.yaml: the file is empty"))
		time.Sleep(10 * time.Second)
	},

	"trouble": func(d *daemon) {
		v, w, x, y := volume("gv0", "alpha", "beta"), volume("gv1", "gamma"), volume("gv2", "delta", "epsilon"), volume("gv3", "zeta")
		d.take(v, w, x, y)
		d.reconcile(broken(look(v, blank(v), failed)), 2*time.Second)

		drift := is(watch.Drifted)
		drift.Warnings = []string{"a limit is below what is used"}
		found := settled(w)
		dir := found.Dirs["/gamma"]
		dir.Mode = 0o700
		found.Dirs["/gamma"] = dir
		d.reconcile(look(w, found, drift), time.Second)

		closed := volume("gv2", "delta", "epsilon")
		for i := range closed.Shares {
			closed.Shares[i].Access = nil
		}
		d.reconcile(look(closed, settled(x), is(watch.Refused, "2 of 2 exports would lose every client; if that is meant, run apply with --allow-mass-revoke")), time.Second)

		held := settled(y)
		held.Dirs["/zeta"] = state.Dir{Kind: state.NotADirectory, What: "a symlink"}
		d.reconcile(look(y, held, is(watch.Held, "the share zeta is held: there is a symlink")), time.Second)
		d.metrics.Ran(gluster.Command{Verb: "volume set", Result: gluster.Busy})
		d.metrics.Ran(gluster.Command{Verb: "volume set", Result: gluster.OK, Again: true})
	},

	// Whoever may mount the volume whole may mount each share, also one that has nobody.
	"whole": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		v.Shares[1].Access = nil
		d.take(v)
		open := set(settled(v), "nfs.export-volumes", "on", "nfs.rpc-auth-allow", "*")
		d.reconcile(look(v, open, is(watch.Drifted)), time.Second)
	},

	// An export that no share declares is told, above all inside a share.
	"undeclared": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		found := set(settled(v), "nfs.export-dir", "/alpha(10.0.0.1),/alpha/deep(10.0.0.9),/bare,/old(10.0.0.8|somehost)", "nfs.rpc-auth-allow", "*")
		d.reconcile(look(v, found, inSync), time.Second)
	},

	// Nothing is in sync where the server is dead.
	"server-down": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		dead := settled(v)
		dead.Server.Nodes = []state.ServerNode{{Peer: "p", Host: "g1"}}
		d.reconcile(look(v, dead, is(watch.Refused, "the NFS server is not running on g1")), time.Second)
	},

	// Who is shut out by a foreign setting is not in sync.
	"shut-out": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		for i := range v.Shares {
			v.Shares[i].Path = fmt.Sprintf("volumes[0].shares[%d]", i)
			v.Shares[i].Access[0].Path = v.Shares[i].Path + ".access[0]"
			v.Shares[i].Access[0].Pos = v.Shares[i].Pos
		}
		d.take(v)
		d.reconcile(look(v, set(settled(v), "nfs.rpc-auth-reject", "10.0.0.1"), is(watch.Refused, "10.0.0.1 is shut out")), time.Second)
	},

	// A directory that should be absent and is there again is left to a person.
	"back": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		found := settled(v)
		v.Shares[1] = state.Share{Name: "beta", Absent: true, OnDelete: state.Trash, Pos: v.Shares[1].Pos}
		found.Leaving = map[string]state.Leaving{"/beta": {ID: state.FileID{Inode: 1}}}
		full := look(v, found, is(watch.Withheld, "/beta should be absent, and is there"))
		v.Shares[1].OnDelete = state.Retain
		r := look(v, found, full.Condition)
		r.Seen = full.Seen
		d.take(full.Volume)
		d.reconcile(applied(r), time.Second)
	},

	// What somebody has opened is closed, while content waits behind a guard: who gets
	// away with nothing is shown as it is after that.
	"narrowed": func(d *daemon) {
		v := volume("gv0", "alpha", "beta")
		closed := volume("gv0", "alpha", "beta")
		for i := range closed.Shares {
			closed.Shares[i].Access = nil
		}
		d.take(closed)
		guard := is(watch.Refused, "2 of 2 exports would lose every client")
		open := set(settled(v), "nfs.export-dir", "/alpha(10.0.0.1|10.9.9.9),/beta(10.0.0.2)", "nfs.rpc-auth-allow", "*")
		r, left := applied(look(v, open, guard)), look(closed, settled(v), guard)
		left.New, left.Report, left.Served = true, r.Report, r.Served
		d.reconcile(left, time.Second)
	},

	// A directory that had vanished is made anew, and 60 shares lose a client that
	// somebody had let in.
	"mended": func(d *daemon) {
		var names []string
		for i := range 60 {
			names = append(names, fmt.Sprintf("share-%02d", i))
		}
		v := volume("gv0", names...)
		d.take(v)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		time.Sleep(10 * time.Minute)
		found := settled(v)
		exports := strings.ReplaceAll(found.Serving.Settings["nfs.export-dir"], ")", "|10.9.9.9)")
		found = set(found, "nfs.export-dir", exports, "nfs.rpc-auth-allow", "*")
		found.Dirs["/share-07"] = state.Dir{}
		r := applied(look(v, found, inSync))
		r.Vanished = []string{"share-07"}
		d.reconcile(r, time.Second)
		time.Sleep(5 * time.Minute)
		d.reconcile(look(v, settled(v), inSync), time.Second)
	},

	// A volume that is added and can't be read doesn't take the readiness back.
	"stays-ready": func(d *daemon) {
		v, w := volume("gv0", "alpha"), volume("gv1", "beta")
		d.take(v)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		d.take(v, w)
		d.reconcile(watch.Result{Volume: w, New: true, Condition: failed}, time.Second)
	},

	"dropped": func(d *daemon) {
		v, w := volume("gv0", "alpha"), volume("gv1", "beta")
		d.take(v, w)
		d.reconcile(look(v, settled(v), inSync), time.Second)
		d.reconcile(watch.Result{Volume: w, Condition: failed}, time.Second)
		d.take(v)
		d.Dropped(w.Target)
	},

	"cured": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		d.reconcile(watch.Result{Volume: v, Condition: failed}, time.Second)
		time.Sleep(72 * time.Hour)
		left := is(watch.Withheld, "state.yaml:9:9: /old should be absent, and is there")
		d.reconcile(look(v, settled(v), left), time.Second)
	},

	"stuck": func(d *daemon) {
		v := volume("gv0", "alpha")
		d.take(v)
		d.Looking(v.Target)
		time.Sleep(30 * time.Minute)
		d.board.Beat()
		time.Sleep(time.Hour)
	},

	// What comes from a cluster or from a file may hold anything.
	"hostile": func(d *daemon) {
		v := volume("gv0", `<script>alert(1)</script>`)
		d.Refused(errors.New("state.yaml:1: <img src=x onerror=alert(2)>"))
		d.take(v)
		c := is(watch.Failed, "</li></ul><script>alert(3)</script>")
		c.Warnings = []string{"<b>&amp;"}
		c.Pending = []watch.Account{{Note: "<iframe>", Change: watch.Change{Path: "/<x>", Action: "set-perm", Old: "</code>", New: `"><svg onload=alert(4)>`, Pos: state.Pos{File: "<state>.yaml"}},
			Access: []watch.Change{{Path: "<base>", Old: "<x>", New: "<x>", Effect: "<img>", OtherVolume: "<object>"}}}}
		d.reconcile(broken(look(v, blank(v), c)), time.Second)
		d.Refused(errors.New("state.yaml:1: <img src=x onerror=alert(2)>\n</style><script>alert(5)</script>"))
	},
}
