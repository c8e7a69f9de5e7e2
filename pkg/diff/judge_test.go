package diff_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
	"glusterd-shares/pkg/state"
)

// settings are the options of all volumes of a cluster.
type settings map[string]map[string]string

// goneBy are the options of a volume by which its server goes.
func goneBy(s state.Serving) map[string]string {
	out := maps.Clone(s.Settings)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, s.Untold)
	maps.DeleteFunc(out, func(_, value string) bool { return value == "" })
	return out
}

func settingsOf(a state.Actual) settings {
	out := settings{a.Serving.Volume: a.Serving.Settings}
	for _, o := range a.Others {
		out[o.Volume] = o.Settings
	}
	return out
}

// with returns the settings after one option was set on some volumes.
func (s settings) with(volumes []string, options map[string]string) settings {
	out := maps.Clone(s)
	for _, v := range volumes {
		o := maps.Clone(out[v])
		if o == nil {
			o = map[string]string{}
		}
		maps.Copy(o, options)
		out[v] = o
	}
	return out
}

// people are the clients for whom every law is checked, and the names that the
// server's machine knows for some of them.
var (
	people = func() []netip.Addr {
		out := []netip.Addr{netip.MustParseAddr("9.9.9.9"), netip.MustParseAddr("200.0.0.1")}
		for a := netip.MustParseAddr("10.0.0.0"); a.Less(netip.MustParseAddr("10.0.0.9")); a = a.Next() {
			out = append(out, a)
		}
		return out
	}()
	names = mountd.Hosts{
		{Addr: netip.MustParseAddr("10.0.0.1"), Names: []string{"c1"}},
		{Addr: netip.MustParseAddr("10.0.0.2"), Names: []string{"c2"}},
	}
)

// crowd is a set of people, a bit each.
type crowd uint32

func crowdOf(has func(netip.Addr) bool) crowd {
	var c crowd
	for i, p := range people {
		if has(p) {
			c |= 1 << i
		}
	}
	return c
}

func (c crowd) String() string {
	var out []string
	for i, p := range people {
		if c&(1<<i) != 0 {
			out = append(out, p.String())
		}
	}
	return "[" + strings.Join(out, " ") + "]"
}

// place is a directory of a volume: gv0:/alpha.
type place string

func placeOf(volume, dir string) place { return place(volume + ":" + path.Clean("/"+dir)) }

// probe is one way to name a place in a request to mount.
type probe struct {
	request string
	place   place
}

// dirs are the directories that shares and entries are about.
var dirs = []string{"/", "/alpha", "/beta", "/alpha/sub", "/teams", "/teams/alpha", "/legacy", "/other", "/.glusterd-shares/closed"}

// probesOf are all ways to name a place that any of the settings offers: the
// plain one, and those of each entry.
func probesOf(all ...settings) []probe {
	found := map[probe]bool{}
	for _, s := range all {
		for volume, options := range s {
			for _, dir := range dirs {
				found[probe{path.Join("/", volume, dir), placeOf(volume, dir)}] = true
				found[probe{"/" + volume + strings.TrimRight(dir, "/") + "/.", placeOf(volume, dir)}] = true
			}
			for entry := range strings.SplitSeq(options["nfs.export-dir"], ",") {
				for _, p := range probesOfEntry(volume, entry) {
					found[p] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b probe) int { return strings.Compare(a.request, b.request) })
}

// probesOfEntry names an entry as it is written, with a slash more, and, where
// it lacks the first slash, as the volume that it makes up.
func probesOfEntry(volume, entry string) []probe {
	spelling, _, _ := strings.Cut(entry, "(")
	if !strings.HasPrefix(spelling, "/") {
		var out []probe
		for _, dir := range dirs {
			out = append(out, probe{"/" + volume + spelling + dir, placeOf(volume, dir)})
		}
		return out
	}
	return []probe{
		{"/" + volume + spelling, placeOf(volume, spelling)},
		{"/" + volume + spelling + "/", placeOf(volume, spelling)},
	}
}

// reach is who may mount what.
type reach map[place]crowd

func (s settings) config() mountd.Config {
	config := mountd.Config{}
	for volume, options := range s {
		config[volume] = mountd.Volume{Started: true, Options: options}
	}
	return config
}

// judge starts a server with the settings.
func judge(s settings) *mountd.Server {
	server := &mountd.Server{Hosts: names}
	server.Start(s.config())
	return server
}

func reachOf(s settings, probes []probe) reach { return reachBy(judge(s), probes) }

func reachBy(server *mountd.Server, probes []probe) reach {
	out := reach{}
	for _, p := range probes {
		out[p.place] |= crowdOf(func(a netip.Addr) bool { return server.Mount(a, p.request) == mountd.OK })
	}
	return out
}

// beyond tells who has access in r and in none of the others; empty where that
// is nobody.
func (r reach) beyond(others ...reach) string {
	var out []string
	for _, p := range slices.Sorted(maps.Keys(r)) {
		more := r[p]
		for _, o := range others {
			more &^= o[p]
		}
		if more != 0 {
			out = append(out, fmt.Sprintf("%s %s", p, more))
		}
	}
	return strings.Join(out, ", ")
}

// claimed is who may mount what as a plan says it: lower without the clients
// that are named or in doubt, upper with those in doubt, and with everybody where
// there are names.
func claimed(all []state.Serving, probes []probe) (lower, upper reach) {
	lower, upper = reach{}, reach{}
	for _, p := range probes {
		lower[p.place], upper[p.place] = 0, 0
	}
	for _, s := range all {
		for _, e := range s.Exports {
			who := crowdOf(e.Clients.RW.Contains)
			some := who
			if !e.Doubt.Empty() {
				some |= crowdOf(e.Doubt.Clients.Contains)
			}
			if len(e.Names) > 0 {
				some = crowdOf(func(netip.Addr) bool { return true })
			}
			for place := range lower {
				if place != placeOf(s.Volume, e.Path) && (!e.Whole || !strings.HasPrefix(string(place), s.Volume+":")) {
					continue
				}
				upper[place] |= some
				if !e.Whole || !hasDot(s, place) {
					lower[place] |= who
				}
			}
		}
	}
	return lower, upper
}

// hasDot reports whether the directory is exported as /alpha/. by an entry of
// its own, which stands in the way of that name where the volume is open whole.
func hasDot(s state.Serving, at place) bool {
	return slices.ContainsFunc(s.Exports, func(e state.Export) bool {
		spelling, _, _ := strings.Cut(e.Entry, "(")
		return strings.HasSuffix(spelling, "/.") && placeOf(s.Volume, spelling) == at
	})
}

// down is who reaches the directory, by itself or from one above it.
func (r reach) down(at place) crowd {
	var who crowd
	for p := range r {
		if p == at || strings.HasPrefix(string(at), strings.TrimSuffix(string(p), "/")+"/") {
			who |= r[p]
		}
	}
	return who
}

// moment is the settings at an instant of carrying out a plan.
type moment struct {
	settings
	what string
}

// moments are all instants of the plan, the first one before it: each write of
// a volume's own options is done at once, but a global option volume by volume,
// in any order.
func moments(before settings, p diff.Plan) []moment {
	out := []moment{{before, "before"}}
	now := before
	for i, serve := range p.Serves() {
		what := fmt.Sprintf("write %d (%s)", i+1, serve.Stage)
		options := map[string]string{}
		if serve.Stage != diff.Global {
			options = maps.Clone(serve.New.Settings) // of which the server hears all, also what it was not told before
		}
		volumes := []string{serve.New.Volume}
		for _, s := range serve.Settings() {
			options[s.Key] = s.New
			volumes = append(volumes, s.Others...)
		}
		for _, some := range subsets(volumes) {
			out = append(out, moment{now.with(some, options), fmt.Sprintf("%s done on %v", what, some)})
		}
		now = now.with(volumes, options)
		out = append(out, moment{now, what + " done"})
	}
	return out
}

// subsets are all but the empty and the whole one.
func subsets(of []string) [][]string {
	var out [][]string
	for bits := 1; bits < 1<<len(of)-1; bits++ {
		var some []string
		for i, s := range of {
			if bits&(1<<i) != 0 {
				some = append(some, s)
			}
		}
		out = append(out, some)
	}
	return out
}

// told are the settings by which a server goes.
func told(server *mountd.Server) settings {
	out := settings{}
	for volume, v := range server.State().Written {
		out[volume] = v.Options
	}
	return out
}
