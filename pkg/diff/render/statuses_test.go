package render_test

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

func counted(used, limit uint64) status.Use {
	return status.Use{Measure: status.Counted, Used: used, Limit: limit}
}

func measure(m status.Measure) status.Use { return status.Use{Measure: m} }

func mounts(words string) status.Clients {
	return status.Clients{Access: state.Access{RW: set(words)}}
}

// shareStatus reads "in-sync", or a state and what has drifted: "drifted mode".
func shareStatus(name string, line int, use status.Use, clients status.Clients, how string) status.Share {
	s := status.Share{Name: name, Path: "/" + name, Pos: at(line, 15), Use: use, Clients: clients}
	for i, word := range strings.Fields(how) {
		if i == 0 {
			s.State = status.State(word)
		} else {
			s.Drift = append(s.Drift, status.Drift(word))
		}
	}
	return s
}

func volumeStatus(name string, line int, shares ...status.Share) status.Volume {
	v := volume(name, line)
	return status.Volume{
		Target: v.Target, Pos: v.Pos, ID: found(name).ID, Counted: true, Shares: shares,
		InSync: !slices.ContainsFunc(shares, func(s status.Share) bool { return s.State != status.InSync }),
	}
}

// glances has shares of the usual kinds.
func glances() status.Volume {
	return volumeStatus("gv0", 10,
		shareStatus("alpha", 12, counted(181<<30, 400<<30), mounts("10.20.30.11 10.20.31.0/24"), "in-sync"),
		shareStatus("alpha/in", 14, counted(99<<30, 100<<30), mounts("10.20.30.11"), "in-sync"),
		shareStatus("public", 16, counted(12<<30, 0), mounts("any"), "drifted mode"),
		shareStatus("full", 18, counted(11<<20, 10<<20), mounts("10.20.30.11"), "drifted access"),
		shareStatus("new", 20, measure(status.Nothing), mounts(""), "missing directory size access"),
		shareStatus("closed", 22, counted(0, 1<<40), mounts(""), "in-sync"),
		shareStatus("crumb", 24, counted(1, 1<<40), mounts("10.0.0.0/8"), "in-sync"),
	)
}

// strays has everything that no share declares.
func strays() status.Volume {
	v := volumeStatus("gv0", 10, shareStatus("alpha", 12, counted(1<<30, 0), mounts("10.0.0.1"), "in-sync"))
	v.All, v.InSync = true, false
	v.Options = []string{"nfs.export-dir", "nfs.export-volumes"}
	broken := status.Entry{Path: "/bad", Export: true, Broken: "10.0.0.* is no host", Use: measure(status.NotAsked), Fate: status.Stays}
	v.Undeclared = []status.Entry{
		{Path: "/", Export: true, Clients: mounts("any"), Use: measure(status.NotAsked), Fate: status.Goes},
		broken,
		{Path: "/limited", Directory: true, Use: counted(3<<30, 5<<30), Fate: status.Stays},
		{Path: "/old", Directory: true, Export: true, Clients: mounts("10.1.1.1"), Use: counted(9<<30, 5<<30), Fate: status.Changes},
		{Path: "/tmp", Directory: true, Use: measure(status.NotAsked), Fate: status.Stays},
		{Volume: "gv1", Path: "/", Export: true, Clients: mounts("10.5.0.0/16"), Use: measure(status.NotAsked), Fate: status.Goes},
	}
	v.LimitsUnknown = "gluster's list of limits is blank"
	v.More = []string{"/", "/teams"}
	v.Unread = []state.Unread{{What: "/teams", Why: "list /teams: permission denied"}}
	return v
}

// unheeded has options to set that take no access from anybody, and quota off.
func unheeded() status.Volume {
	v := volumeStatus("gv0", 10, shareStatus("alpha", 12, measure(status.NotCounted), mounts("10.0.0.1"), "in-sync"))
	v.Counted, v.All, v.InSync = false, true, false
	v.Options = []string{"nfs.export-volumes"}
	return v
}

// unsound has what can't be read, and what can't become what is declared.
func unsound() []status.Volume {
	v := volumeStatus("gv0", 10,
		shareStatus("alpha", 12, measure(status.Unmeasured), mounts("10.0.0.1"), "problem mode"),
		shareStatus("beta", 14, measure(status.Nothing), mounts(""), "problem directory access"),
		shareStatus("gamma", 16, measure(status.Nothing), mounts(""), "problem"),
		shareStatus("delta", 18, counted(1<<20, 0), mounts("10.0.0.1"), "held access"),
	)
	p := troubled()
	v.Problems, v.Warnings = p.Problems, everyday().Warnings
	gone := status.Of(missing(), state.Actual{})
	unread := status.NotRead(volume("gv7", 40, "alpha", "beta"), fmt.Errorf("gluster volume info: glusterd does not answer"))
	return []status.Volume{v, gone, unread, volumeStatus("gv3", 50)}
}

// crowded has more of everything than fits on a line.
func crowded() []status.Volume {
	var hosts []string
	for i := range 40 {
		hosts = append(hosts, fmt.Sprintf("10.20.%d.%d/32", i+100, 2*i+101))
	}
	many := mounts(strings.Join(hosts, " "))
	but := mounts("")
	but.RW = state.Everybody.Minus(set("10.0.0.7"))
	butMany := mounts("")
	butMany.RW = state.Everybody.Minus(set("10.0.0.7 10.0.9.7 10.7.0.9"))
	doubted := mounts("10.0.0.1")
	doubted.RO, doubted.Names = set("10.0.1.0/24"), []string{"c1.example.com", "c2.example.com"}
	doubted.Doubt = state.Doubt{Clients: set("any"), Why: `nfs.rpc-auth-allow is "10.*"`}
	long := strings.Repeat("a-very-long-name-", 4) + "x"
	every := "drifted owner group mode size access"
	tight := volumeStatus("gv0", 10,
		shareStatus(long, 12, counted(1023, 1023), many, every),
		shareStatus("projects/"+strings.Repeat(long+"/", 2)+"x", 14, counted(999<<50, 1<<60), doubted, "in-sync"),
		shareStatus("short", 16, counted(1000<<30, 1001<<30), doubted, every),
		shareStatus("but-three", 22, counted(0, 0), butMany, "in-sync"),
		shareStatus("names", 24, counted(0, 0), status.Clients{Names: []string{strings.Repeat("host.", 20) + "example.com"}}, "in-sync"),
		shareStatus("exactly-19-letters1", 18, counted(0, 0), but, "problem owner group mode"),
		shareStatus("ünïcödé", 20, counted(0, 0), many, "in-sync"),
	)
	roomy := volumeStatus("gv1", 30,
		shareStatus("alpha", 32, counted(0, 0), many, "in-sync"),
		shareStatus("projects/"+strings.Repeat("b", 24), 34, counted(0, 0), mounts("any"), "in-sync"),
	)
	return []status.Volume{tight, roomy}
}

// ofPlans are the status of every golden plan.
func ofPlans() []status.Volume {
	var out []status.Volume
	for _, c := range golden {
		for _, p := range c.plans {
			out = append(out, status.Of(p, state.Actual{Quota: state.Quota{On: true}}))
		}
	}
	return out
}
