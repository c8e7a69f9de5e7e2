package render_test

import (
	"fmt"
	"net/netip"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// set reads "10.0.0.1 10.0.1.0/24"; "any" is everybody.
func set(words string) state.Set {
	var prefixes []netip.Prefix
	for w := range strings.FieldsSeq(words) {
		switch {
		case w == "any":
			prefixes = append(prefixes, state.Everybody...)
		case strings.Contains(w, "/"):
			prefixes = append(prefixes, netip.MustParsePrefix(w))
		default:
			a := netip.MustParseAddr(w)
			prefixes = append(prefixes, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return state.SetOf(prefixes...)
}

func at(line, column int) state.Pos {
	return state.Pos{File: "state.yaml", Line: line, Column: column}
}

// volume is gluster1's, with a share on every other line after its own.
func volume(name string, line int, shares ...string) state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "gluster1.example.com", Volume: name},
		Serve:  "gluster-nfs", Undeclared: state.Keep, Pos: at(line, 13), Path: "volumes[0]",
	}
	for i, s := range shares {
		v.Shares = append(v.Shares, state.Share{Name: s, Pos: at(line+2*(i+1), 15)})
	}
	return v
}

func found(name string) state.VolumeInfo {
	return state.VolumeInfo{Name: name, ID: "f35a740e-50c6-43f0-9bab-34af19e5549e", Started: true}
}

// serving reads exports as "/path: clients", and settings as "key=value".
func serving(volume string, exports []string, settings ...string) state.Serving {
	s := state.Serving{Volume: volume, On: true, Settings: map[string]string{}}
	for _, e := range exports {
		path, clients, _ := strings.Cut(e, ": ")
		s.Exports = append(s.Exports, state.Export{
			Path: path, Whole: path == "/", Entry: path + "(...)", Clients: state.Access{RW: set(clients)},
		})
	}
	for _, kv := range settings {
		k, v, _ := strings.Cut(kv, "=")
		s.Settings[k] = v
	}
	return s
}

func mode(bits uint32) state.Mode { return state.Mode{Bits: bits, Managed: true} }

func id(name string, number uint32) state.ID {
	return state.ID{Name: name, Number: number, Managed: true}
}

func serve(stage diff.Stage, line int, old, next state.Serving, others ...state.ServingPair) diff.Serve {
	return diff.Serve{
		Stage: stage, Pos: at(line, 13),
		ServingChange: state.ServingChange{Old: old, New: next, Others: others},
	}
}

// everyday is a plan of the usual kind: something new, something narrower,
// something that goes, and most of it as it is.
func everyday() diff.Plan {
	names := []string{"alpha", "public", "a", "b", "c", "d", "e"}
	before := serving("gv0", []string{"/public: 10.0.0.0/24", "/legacy: 10.9.9.9", "/old: 10.1.1.1", "/open: any"},
		"nfs.disable=off", "nfs.export-dir=/public(10.0.0.0/24),/legacy(10.9.9.9),/old(10.1.1.1),/open")
	after := serving("gv0", []string{
		"/alpha: 10.20.30.11 10.20.30.12 10.20.31.0/24", "/public: 10.0.0.0/25", "/old: 10.1.1.1", "/open: any",
	},
		"nfs.disable=off", "nfs.rpc-auth-allow=10.0.0.0/25,10.1.1.1,10.20.30.11,10.20.30.12,10.20.31.0/24",
		"nfs.export-dir=/alpha(10.20.30.11|10.20.30.12|10.20.31.0/24),/public(10.0.0.0/25),/old(10.1.1.1),/open")
	return diff.Plan{
		Volume: volume("gv0", 10, names...), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{
			diff.MakeDir{Share: "alpha", Path: "/alpha", Pos: at(12, 15), Perm: state.Perm{
				Owner: id("root", 0), Group: id("projects", 2001), Mode: mode(0o2770)}},
			diff.SetPerm{Share: "public", Path: "/public", Pos: at(14, 15),
				Old: state.Perm{Mode: mode(0o755)}, New: state.Perm{Mode: mode(0o775)}},
			serve(diff.Grant, 10, before, after),
		},
		Kept: []state.Export{
			{Path: "/old", Entry: "/old(10.1.1.1)", Clients: state.Access{RW: set("10.1.1.1")}},
			{Path: "/open", Entry: "/open", Clients: state.Access{RW: state.Everybody}},
		},
		Warnings: []state.Problem{{
			Pos: at(14, 21), Path: "volumes[0].shares[1].access[0]",
			Text: "nfs.rpc-auth-reject of volume gv0 (10.0.0.7) shuts out 10.0.0.7",
			Mend: "take them out of that option, or out of the share",
		}},
	}
}

// directories has every way in which a directory is made or changed.
func directories() diff.Plan {
	have := serving("gv0", []string{"/teams/beta: 10.0.0.2"})
	return diff.Plan{
		Volume: volume("gv0", 10, "teams/alpha", "teams/beta", "gamma", "delta"), Found: found("gv0"),
		Before: have, After: have,
		Actions: []diff.Action{
			diff.MakeDir{Share: "teams/alpha", Path: "/teams", Parent: true, Pos: at(12, 15)},
			diff.MakeDir{Share: "teams/alpha", Path: "/teams/alpha", Pos: at(12, 15)},
			diff.MakeDir{Share: "teams/beta", Path: "/teams/beta", Pos: at(14, 15), Perm: state.Perm{
				Owner: id("1000", 1000), Mode: mode(0o700)}},
			diff.SetPerm{Share: "gamma", Path: "/gamma", Pos: at(16, 15),
				Old: state.Perm{Owner: id("", 0), Group: id("", 0), Mode: mode(0o755)},
				New: state.Perm{Owner: id("1000", 1000), Group: id("projects", 2001), Mode: mode(0o2770)}},
			diff.SetPerm{Share: "delta", Path: "/delta", Pos: at(18, 15),
				Old: state.Perm{Group: id("", 4)}, New: state.Perm{Group: id("projects", 2001)}},
		},
	}
}

// threeWrites closes what is served whole, also on another volume, narrows
// before a directory is made, and lets in.
func threeWrites() diff.Plan {
	const whole, off = "nfs.export-volumes=on", "nfs.export-volumes=off"
	const old = "nfs.export-dir=/alpha(10.0.0.1|10.0.0.2)"
	open := serving("gv0", []string{"/: any", "/alpha: 10.0.0.1 10.0.0.2"}, old)
	closed := serving("gv0", []string{"/alpha: 10.0.0.1 10.0.0.2"}, old, off)
	narrow := serving("gv0", []string{"/alpha: 10.0.0.1"}, "nfs.export-dir=/alpha(10.0.0.1)", off)
	next := serving("gv0", []string{"/alpha: 10.0.0.1", "/beta: 10.0.0.3"},
		"nfs.export-dir=/alpha(10.0.0.1),/beta(10.0.0.3)", "nfs.rpc-auth-allow=10.0.0.1,10.0.0.3", off)
	gv1 := state.ServingPair{
		Old: serving("gv1", []string{"/: 10.5.0.0/16", "/home: 10.5.0.0/16"}, whole),
		New: serving("gv1", []string{"/home: 10.5.0.0/16"}, off),
	}
	gv2 := state.ServingPair{Old: serving("gv2", nil), New: serving("gv2", nil, off)}
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta"), Found: found("gv0"), Before: open, After: next,
		Actions: []diff.Action{
			serve(diff.Global, 10, open, closed, gv1, gv2),
			serve(diff.Narrow, 10, closed, narrow),
			diff.MakeDir{Share: "beta", Path: "/beta", Pos: at(14, 15)},
			serve(diff.Grant, 10, narrow, next),
		},
	}
}

// globalOnly writes an option that is right on the volume itself.
func globalOnly() diff.Plan {
	here := serving("gv0", []string{"/alpha: 10.0.0.1"}, "nfs.export-dirs=on")
	gv1 := state.ServingPair{Old: serving("gv1", nil, "nfs.export-dirs=off"), New: serving("gv1", nil, "nfs.export-dirs=on")}
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha"), Found: found("gv0"), Before: here, After: here,
		Actions: []diff.Action{serve(diff.Global, 10, here, here, gv1)},
	}
}

// halves replaces a network by its two halves, which nobody notices, and
// another by its lower half.
func halves() diff.Plan {
	before := serving("gv0", []string{"/alpha: 10.0.0.0/24", "/beta: 10.0.0.0/24"},
		"nfs.export-dir=/alpha(10.0.0.0/24),/beta(10.0.0.0/24)")
	after := serving("gv0", []string{"/alpha: 10.0.0.0/25 10.0.0.128/25", "/beta: 10.0.0.0/25"},
		"nfs.export-dir=/alpha(10.0.0.0/24),/beta(10.0.0.0/25)")
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Grant, 10, before, after)},
	}
}

// levels has host names, and clients who may only read.
func levels() diff.Plan {
	before := state.Serving{Volume: "gv0", Exports: []state.Export{
		{Path: "/alpha", Clients: state.Access{RW: set("10.0.0.1 10.0.0.2")}, Names: []string{"build1", "build2"}},
		{Path: "/legacy", Entry: "/legacy(build3)", Names: []string{"build3"}},
	}}
	after := state.Serving{Volume: "gv0", Exports: []state.Export{
		{Path: "/alpha", Clients: state.Access{RO: set("10.0.0.2 10.0.0.3")}, Names: []string{"build2", "build4"}},
	}, Settings: map[string]string{"nfs.export-dir": "..."}}
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Grant, 10, before, after)},
		Kept: []state.Export{
			{Path: "/mixed", Entry: "/mixed(10.0.0.1|build1)", Clients: state.Access{RW: set("10.0.0.1"), RO: set("10.0.0.9")}, Names: []string{"build1"}},
			{Path: "/nobody", Entry: "/nobody/(10.0.0.1)"},
			{Path: "/", Entry: "/o/..(10.0.0.8)", Clients: state.Access{RW: set("10.0.0.8")}},
			{Path: "/bad", Entry: "/bad(10.0.0.*)", Broken: `"10.0.0.*" is no address`},
		},
		Notes: []string{"nfs.rpc-auth-allow stays open to everybody, because the kept entry /mixed names hosts (build1), which no gate of addresses could admit"},
	}
}

// undeclared has exports of no share that go without a loss, and that change.
func undeclared() diff.Plan {
	before := serving("gv0", []string{"/dead: ", "/wide: 10.0.0.1"}, "nfs.rpc-auth-allow=10.0.0.1")
	after := serving("gv0", []string{"/wide: 10.0.0.1 10.0.0.2"}, "nfs.rpc-auth-allow=10.0.0.1,10.0.0.2")
	return diff.Plan{
		Volume: volume("gv0", 10), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Grant, 10, before, after)},
	}
}

// held has a share that narrows although its directory was left alone, and one
// to which nothing happens.
func held() diff.Plan {
	before := serving("gv0", []string{"/alpha: 10.0.0.0/24", "/beta: 10.0.0.1"}, "nfs.rpc-auth-allow=10.0.0.0/24")
	after := serving("gv0", []string{"/alpha: 10.0.0.0/25", "/beta: 10.0.0.1"}, "nfs.rpc-auth-allow=10.0.0.0/25")
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta", "gamma"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Grant, 10, before, after)},
		Held: map[string]string{
			"beta":  "mkdir /beta: no space left on device",
			"alpha": "chown /alpha: read-only file system",
		},
	}
}

// nothing needs nothing.
func nothing(name string, line int) diff.Plan {
	have := serving(name, []string{"/alpha: 10.0.0.1", "/beta: 10.0.0.1"}, "nfs.rpc-auth-allow=10.0.0.1")
	return diff.Plan{Volume: volume(name, line, "alpha", "beta"), Found: found(name), Before: have, After: have}
}

// missing is of a volume that isn't there.
func missing() diff.Plan {
	return diff.Plan{Volume: volume("gv9", 30, "alpha"), Unplanned: true, Problems: []state.Problem{{
		Pos: at(30, 13), Path: "volumes[1].target",
		Text: "there is no volume gv9 in this cluster",
		Mend: "correct the target, or create the volume (gluster volume create)",
	}}}
}

// stopped is of a volume that is there, and of which nothing was planned.
func stopped() diff.Plan {
	p := nothing("gv8", 30)
	p.Found.Started, p.Unplanned = false, true
	p.Problems = []state.Problem{{
		Pos: at(30, 13), Path: "volumes[1].target",
		Text: "the volume gv8 is not started", Mend: "start it: gluster volume start gv8",
	}}
	return p
}

// globals writes both options of the whole cluster.
func globals() diff.Plan {
	before := serving("gv0", []string{"/: any", "/alpha: 10.0.0.1"}, "nfs.export-dirs=off")
	closed := serving("gv0", []string{"/alpha: 10.0.0.1"}, "nfs.export-dirs=off", "nfs.export-volumes=off")
	after := serving("gv0", []string{"/alpha: 10.0.0.1"}, "nfs.export-dirs=on", "nfs.export-volumes=off")
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Global, 10, before, closed), serve(diff.Global, 10, closed, after)},
	}
}

// doubts have a gate of which can't be told whom it lets through: for somebody
// whom the plan knows, for some of a network, and for whoever it may be.
func doubts() diff.Plan {
	const why = `nfs.rpc-auth-allow is "10.*.*.7"`
	doubted := func(volume string, exports ...state.Export) state.Serving {
		s := serving(volume, nil, "nfs.rpc-auth-allow=10.*.*.7")
		s.Exports = exports
		return s
	}
	export := func(path, clients, doubt string) state.Export {
		e := state.Export{Path: path, Whole: path == "/", Entry: path + "(...)", Clients: state.Access{RW: set(clients)}}
		e.Doubt = state.Doubt{Clients: set(doubt), Why: why}
		return e
	}
	before := doubted("gv0", export("/alpha", "10.0.0.7", "10.0.0.0/30"), export("/beta", "", "10.0.0.8"), export("/legacy", "", "any"))
	after := serving("gv0", []string{"/alpha: 10.0.0.7 10.0.0.3", "/beta: 10.0.0.8"}, "nfs.rpc-auth-allow=10.0.0.3,10.0.0.7,10.0.0.8")
	gv1 := state.ServingPair{Old: doubted("gv1", export("/", "10.0.0.1", "0.0.0.0/1")), New: doubted("gv1")}
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{serve(diff.Grant, 10, before, after, gv1)},
		Kept:    []state.Export{export("/kept", "10.0.0.7", "any"), export("/nobody", "", "10.0.0.0/24")},
	}
}

// limited has limits of every kind beside each other; quota is switched on for
// them where it is off.
func limited(on bool) diff.Plan {
	here := serving("gv0", []string{"/alpha: 10.0.0.1"}, "nfs.export-dir=/alpha(10.0.0.1)")
	p := diff.Plan{Volume: volume("gv0", 10, "alpha", "beta", "gamma"), Found: found("gv0"), Before: here, After: here}
	limit := func(share string, line int, old, new, used uint64) {
		p.Actions = append(p.Actions, diff.SetLimit{
			Share: share, Volume: "gv0", Path: "/" + share, Old: old, New: new, Used: used, Counted: on, Pos: at(line, 15),
		})
	}
	if !on {
		p.Actions = append(p.Actions,
			diff.MakeDir{Share: "beta", Path: "/beta", Pos: at(14, 15)},
			diff.EnableQuota{Volume: "gv0", Pos: at(13, 15)})
		limit("alpha", 13, 0, 400<<30, 0)
		limit("beta", 15, 0, 1000, 0)
		return p
	}
	limit("alpha", 13, 1<<40, 100<<30, 181<<30)
	limit("beta", 15, 10<<20, 0, 3<<20)
	limit("gamma", 17, 0, 1536<<20, 0)
	p.Warnings = []state.Problem{{Pos: at(13, 15), Path: "volumes[0].shares[0].size", Text: "the limit is less than what is used", Mend: "make room"}}
	return p
}

// removals has absent shares of every fate, one that is held and one that is
// gone already.
func removals() diff.Plan {
	before := serving("gv0", []string{"/alpha: 10.0.0.1", "/beta: 10.0.0.2", "/gamma: 10.0.0.3"}, "nfs.rpc-auth-allow=10.0.0.1,10.0.0.2,10.0.0.3")
	after := serving("gv0", nil, "nfs.rpc-auth-allow=0.0.0.0")
	p := diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta", "gamma", "delta", "held", "gone"), Found: found("gv0"), Before: before, After: after,
		Held: map[string]string{"held": "the mount gives no answer"},
		Actions: []diff.Action{
			serve(diff.Grant, 10, before, after),
			diff.SetLimit{Share: "alpha", Volume: "gv0", Path: "/alpha", Old: 400 << 30, Used: 181 << 30, Counted: true, Retiring: true, Pos: at(12, 15)},
			retire("alpha", 12, state.Trash, 1),
			retire("beta", 14, state.Purge, 2, "20261125T162030Z-beta-abcdefgh"),
			retire("delta", 18, state.Purge, 0, "20261125T162030Z-delta-abcdefgh"),
		},
	}
	for i := range p.Volume.Shares {
		p.Volume.Shares[i].Absent, p.Volume.Shares[i].OnDelete = true, state.Retain
	}
	return p
}

func retire(share string, line int, how state.OnDelete, inode uint64, left ...string) diff.Retire {
	return diff.Retire{
		Share: share, Pos: at(line, 15), Used: 181 << 30, Counted: inode > 0,
		Retirement: state.Retirement{Path: "/" + share, How: how, ID: state.FileID{Device: inode, Inode: inode}, Left: left},
	}
}

// troubled has problems of every shape beside something to do.
func troubled() diff.Plan {
	p := halves()
	p.Problems = []state.Problem{
		{Text: "GlusterFS 3.4 is too old", Mend: "upgrade it to 10 or later"},
		{Pos: state.Pos{File: "state.yaml"}, Text: "one without a line, and nothing to mend"},
		{Pos: at(14, 9), Path: "volumes[0].shares[1].name",
			Text: "/beta can't be the directory of a share: a symlink is in the way, and this text is long enough to go on in a second line",
			Mend: "move it aside, or give the share another name"},
	}
	return p
}

func refusals() []diff.Refusal {
	return []diff.Refusal{{
		Rule: "other-volumes", Target: volume("gv0", 10).Target, Paths: []string{"gv1:/"},
		Text: "clients of other volumes would lose access: gv1:/ loses 10.5.0.0/16", Flag: "--allow-other-volumes",
	}}
}

// wide has more clients, longer values and longer names than fit on a line.
func wide() diff.Plan {
	var hosts []string
	for i := range 40 {
		hosts = append(hosts, fmt.Sprintf("10.20.%d.%d", i, 2*i+1))
	}
	entry := func(dir string) string { return dir + "(" + strings.Join(hosts, "|") + ")" }
	kept := serving("gv0", []string{"/old: " + strings.Join(hosts, " ")}, "nfs.export-dir="+entry("/old"))
	long := "projects/" + strings.Repeat("a-very-long-name-", 3) + "x"
	after := serving("gv0", []string{"/old: " + strings.Join(hosts, " "), "/" + long + ": " + strings.Join(hosts, " ")},
		"nfs.export-dir="+entry("/"+long)+","+entry("/old"))
	return diff.Plan{
		Volume: volume("gv0", 10, long), Found: found("gv0"), Before: kept, After: after,
		Actions: []diff.Action{
			diff.MakeDir{Share: long, Path: "/" + long, Pos: at(12, 15)},
			serve(diff.Grant, 10, kept, after),
		},
		Kept: []state.Export{
			{Path: "/old", Entry: entry("/old"), Clients: state.Access{RW: set(strings.Join(hosts, " "))}},
			{Path: "/x", Entry: "/x(10.0.0.1)", Clients: state.Access{RW: set("10.0.0.1")}},
		},
	}
}

// grants lets more in than is usual: everybody, a large network, everybody
// but one, and, at the edge of it, a /16.
func grants() diff.Plan {
	before := serving("gv0", []string{"/alpha: 10.0.0.1", "/beta: 10.0.0.1", "/gamma: 10.0.0.1"}, "nfs.rpc-auth-allow=10.0.0.1")
	after := serving("gv0", []string{"/alpha: any", "/beta: 10.0.0.0/9", "/gamma: 10.1.0.0/16", "/delta: 0.0.0.0/1 128.0.0.0/2"}, "nfs.rpc-auth-allow=*")
	return diff.Plan{
		Volume: volume("gv0", 10, "alpha", "beta", "gamma", "delta"), Found: found("gv0"), Before: before, After: after,
		Actions: []diff.Action{
			diff.MakeDir{Share: "delta", Path: "/delta", Pos: at(18, 15)},
			serve(diff.Grant, 10, before, after),
		},
	}
}

// remote is a plan whose commands are run on another machine.
func remote() diff.Plan {
	p := everyday()
	p.Volume.Target.User = "deploy"
	return p
}

// commands are like the real ones in shape.
func commands(a diff.Action) []string {
	switch a := a.(type) {
	case diff.MakeDir:
		return []string{"mkdir -m 0700 ." + a.Path, "chmod 0755 ." + a.Path}
	case diff.Retire:
		return []string{"mv ." + a.Path + " ./.glusterd-shares/trash/ID/data"}
	case diff.SetPerm:
		return []string{"chmod 0775 ." + a.Path}
	case diff.Serve:
		line := "gluster volume set " + a.New.Volume
		for _, s := range a.Settings() {
			line += " " + s.Key + " '" + s.New + "'"
		}
		return []string{line}
	}
	return nil
}
