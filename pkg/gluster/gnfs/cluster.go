package gnfs

import (
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// cluster is what the settings of all volumes say together. Some options are
// global: Gluster writes them to every volume, volume by volume, and where the
// volumes differ one of them wins.
type cluster map[string]*volume

// volume is one volume's settings, taken apart.
type volume struct {
	name     string
	settings map[string]string
	on       bool // nfs.disable was off before it was an option
	entries  []entry
	looksUp  bool // names at the gate count: nfs.addr-namelookup, which is global
	gate     gate
}

func newVolume(name string, settings map[string]string, looksUp bool) *volume {
	return &volume{
		name:     name,
		settings: settings,
		on:       !isOn(settings[optDisable]),
		entries:  parseEntries(settings[optExportDir]),
		looksUp:  looksUp,
		gate:     parseGate(settings, looksUp),
	}
}

func newCluster(settings map[string]map[string]string) cluster {
	looksUp := false
	for _, s := range settings {
		looksUp = looksUp || isOn(s[optNameLookup])
	}
	c := cluster{}
	for name, s := range settings {
		c[name] = newVolume(name, s, looksUp)
	}
	return c
}

// clusterOf is the cluster that was observed, as the server goes by it. Only
// nfs.rpc-auth-reject is taken as it is set: it is never written here, and a
// problem where the server goes by another one.
func clusterOf(a state.Actual) cluster {
	settings := map[string]map[string]string{}
	for _, s := range append([]state.Serving{a.Serving}, a.Others...) {
		other := maps.Clone(s.Untold)
		delete(other, optReject)
		settings[s.Volume] = goesBy(s.Settings, other)
	}
	return newCluster(settings)
}

// winner is the value of a global option that glusterd tells the server: that of
// the last volume which carries it.
func (c cluster) winner(option string) string {
	value := ""
	for _, name := range c.names() {
		if v, set := c[name].settings[option]; set {
			value = v
		}
	}
	return value
}

// with returns the cluster in which the options are set: on the one volume, or
// on all of them where the name is empty.
func (c cluster) with(name string, options map[string]string) cluster {
	out := maps.Clone(c)
	for n, v := range c {
		if name == "" || n == name {
			s := maps.Clone(v.settings)
			if s == nil {
				s = map[string]string{}
			}
			maps.Copy(s, options)
			out[n] = newVolume(n, s, v.looksUp)
		}
	}
	return out
}

// names are the volumes, sorted.
func (c cluster) names() []string { return slices.Sorted(maps.Keys(c)) }

// whole reports whether served volumes can be mounted whole today: every one of
// their directories by whom their gates admit. A volume that says nothing does
// not count beside one that does; where they differ one of them wins, and the
// worst is assumed.
func (c cluster) whole() bool {
	says := c.carrying(optExportVolumes, func(value string) bool { return value != "" })
	off := c.carrying(optExportVolumes, isOff)
	return len(off) == 0 || len(off) < len(says)
}

// shut reports whether every volume says that none can be mounted whole, so that
// it stays so whichever of them is deleted.
func (c cluster) shut() bool {
	return len(c.carrying(optExportVolumes, isOff)) == len(c)
}

// carrying returns the volumes for which the option's value passes the test.
func (c cluster) carrying(option string, test func(string) bool) []string {
	return slices.DeleteFunc(c.names(), func(n string) bool { return !test(c[n].settings[option]) })
}

// Decode returns what the settings grant, for every volume of the cluster. The
// keys are names of volumes, the values their options; the result is sorted by
// name. told are the server's own options, by which it goes instead where they
// differ; nil: it goes by the settings.
func (Server) Decode(settings map[string]map[string]string, told map[string]string) []state.Serving {
	differ := untold(settings, told)
	real := map[string]map[string]string{}
	for name, s := range settings {
		real[name] = goesBy(s, differ[name])
	}
	c := newCluster(real)
	var out []state.Serving
	for _, name := range c.names() {
		s := c.serving(name)
		s.Settings, s.Untold = settings[name], differ[name]
		out = append(out, s)
	}
	return out
}

// serving tells what the volume grants today.
func (c cluster) serving(name string) state.Serving {
	v := c[name]
	s := state.Serving{Volume: name, On: v.on, Settings: v.settings}
	if v.on && c.whole() {
		s.Exports = append(s.Exports, state.Export{
			Path: "/", Whole: true, Clients: state.Access{RW: v.gate.admits()}, Doubt: v.gate.mayAdmit(state.Everybody),
		})
	}
	live := v.live() // some of the entries, in their order
	for _, e := range v.entries {
		x := state.Export{Path: e.dir(), Whole: e.whole(), Entry: e.text, Own: e.own(), Everybody: e.broken == nil && e.clients.open}
		if !e.plain() {
			x.MountedAs = e.mountPath(name)
		}
		if e.broken != nil {
			x.Broken = e.broken.Error()
		}
		if len(live) > 0 && live[0].text == e.text {
			live = live[1:]
			x.Clients.RW = v.admitted(e)
			x.Doubt = v.gate.mayAdmit(e.clients.all())
			x.Names = e.clients.names
		}
		s.Exports = append(s.Exports, x)
	}
	slices.SortStableFunc(s.Exports, func(a, b state.Export) int { return strings.Compare(a.Path, b.Path) })
	return s
}

// live are the entries that the server has read and that count; none where the
// volume is not served.
func (v *volume) live() []entry {
	if !v.on {
		return nil
	}
	return admitting(v.entries)
}

// admitted are the addresses that the entry and the gate let through.
func (v *volume) admitted(e entry) state.Set {
	return e.clients.all().Intersect(v.gate.admits())
}
