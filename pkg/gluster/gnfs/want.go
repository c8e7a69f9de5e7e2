package gnfs

import (
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Want returns how the volume is to be served: what its shares declare, what
// is kept of the rest, and the gate that goes with both.
func (Server) Want(v state.Volume, a state.Actual) state.Wanted {
	now := clusterOf(a)
	w := wish{volume: v, actual: a, name: a.Serving.Volume, start: now, cluster: now, shares: map[string]bool{}}
	for _, s := range v.Shares {
		w.shares[s.Dir()] = true
	}
	if !w.mine().on && len(w.declared()) == 0 {
		return state.Wanted{Narrow: a.Serving, Next: a.Serving, Notes: w.dormant()}
	}
	first := w.setGlobals()
	w.globalsFirst = len(first) > 0
	w.kept = w.keptEntries()

	both, next := w.narrowAndNext()
	out := state.Wanted{
		First:  first,
		Narrow: both.serving(w.name),
		Next:   next.serving(w.name),
	}
	if len(w.oversized(both[w.name])) > 0 {
		// What both states grant takes more text than either, and glusterd
		// would die of it.
		out.Narrow = w.cluster.serving(w.name)
	}
	out.Kept = w.keptExports(out.Next)
	out.Notes = w.notes()
	out.Problems = w.problems(next[w.name])
	out.Warnings = w.warnings(next[w.name], out.Next)
	return out
}

// narrowAndNext are what both states grant, and what is wanted in the end. An
// option that Next leaves as it stands is not touched on the way there: one
// that is not set could not be had back.
func (w *wish) narrowAndNext() (narrow, next cluster) {
	wanted := w.settings(w.declared())
	both := w.settings(w.granted())
	maps.DeleteFunc(both, func(option, _ string) bool { _, written := wanted[option]; return !written })
	return w.cluster.with(w.name, both), w.cluster.with(w.name, wanted)
}

// wish is one volume's desired state beside what its cluster is.
type wish struct {
	volume state.Volume
	actual state.Actual
	name   string
	start  cluster // as observed
	// cluster is as observed, but with the global options right: what the
	// volume's own options are laid over.
	cluster cluster
	kept    []entry         // undeclared entries that stay, byte for byte
	shares  map[string]bool // the directories of the volume's shares

	globalsFirst bool // a global option has to be made right first
}

// mine is the volume as it stands, global options right.
func (w *wish) mine() *volume { return w.cluster[w.name] }

// setGlobals makes the global options right, each in a write of its own:
// glusterd killed in the middle of a write can leave a global option half
// done, and with anything beside it in the same write that would open a
// volume whole.
func (w *wish) setGlobals() []state.ServingChange {
	var out []state.ServingChange
	set := func(option string, words ...string) {
		value := noticeableWord(w.cluster.winner(option), words)
		next := w.cluster.with("", map[string]string{option: value})
		c := state.ServingChange{Old: w.cluster.serving(w.name), New: next.serving(w.name)}
		for _, n := range w.cluster.names() {
			pair := state.ServingPair{Old: w.cluster.serving(n), New: next.serving(n)}
			closed := len(pair.New.Exports) < len(pair.Old.Exports) // also where it said off itself
			if n != w.name && (pair.Old.Settings[option] != value || closed) {
				c.Others = append(c.Others, pair)
			}
		}
		w.cluster = next
		out = append(out, c)
	}
	if !w.start.shut() {
		set(optExportVolumes, "off", "no", "false")
	}
	if len(w.start.carrying(optExportDirs, isOff)) > 0 {
		set(optExportDirs, "on", "yes", "true")
	}
	return out
}

// grants is who is to be let into which declared directory. A directory that
// is missing is exported to nobody.
type grants map[string]state.Set

func (g grants) union() state.Set {
	return state.Union(slices.Collect(maps.Values(g))...)
}

// declared is what the shares ask for; of a held share no more than it has, and
// of one above it nobody who does not reach that already, and may.
func (w *wish) declared() grants {
	g := grants{}
	held, now := w.heldDirs(), w.cluster.serving(w.name)
	for _, s := range w.volume.Shares {
		to := s.Clients().RW
		if w.actual.Dirs[s.Dir()].Held != "" {
			to = to.Intersect(granting(now, s.Dir()))
		}
		for _, dir := range held {
			if below(dir, s.Dir()) {
				to = to.Intersect(w.stillReaching(dir))
			}
		}
		if !to.Empty() {
			g[s.Dir()] = to
		}
	}
	return g
}

// heldDirs are the directories of held shares, which whoever mounts the one above
// them reaches.
func (w *wish) heldDirs() []string {
	var out []string
	for _, s := range w.volume.Shares {
		if d := w.actual.Dirs[s.Dir()]; d.Held != "" && d.Kind == state.Directory {
			out = append(out, s.Dir())
		}
	}
	return out
}

// granted is what the shares ask for as far as it is granted already.
func (w *wish) granted() grants {
	g, now := w.declared(), w.cluster.serving(w.name)
	for dir, to := range g {
		g[dir] = to.Intersect(granting(now, dir))
		if g[dir].Empty() {
			delete(g, dir)
		}
	}
	return g
}

// granting is who may mount the directory as things stand.
func granting(now state.Serving, dir string) state.Set {
	access, _ := now.At(dir)
	return access.RW
}

func (w *wish) declares(dir string) bool { return w.shares[dir] }

// undeclared are the entries whose directory is no share's.
func (w *wish) undeclared() []entry {
	return slices.DeleteFunc(slices.Clone(w.mine().entries), func(e entry) bool {
		return e.own() || w.declares(e.dir())
	})
}

func (w *wish) keptEntries() []entry {
	if w.volume.Undeclared == state.Revoke {
		return nil
	}
	return w.undeclared()
}

// keptNow is whom the kept entries admit as things stand. Those behind an entry
// that can't be read count as if it were mended: that they come back is for
// keptGains to tell.
func (w *wish) keptNow() state.Set {
	if !w.mine().on {
		return nil
	}
	var sets []state.Set
	for _, e := range admitting(w.kept) {
		sets = append(sets, w.mine().admitted(e))
	}
	return state.Union(sets...)
}

// isLive reports whether the server exports the entry as things stand.
func (w *wish) isLive(e entry) bool {
	return slices.ContainsFunc(w.mine().live(), func(l entry) bool { return l.text == e.text })
}

// today is whom the entry admits as things stand.
func (w *wish) today(e entry) state.Set {
	if !w.isLive(e) {
		return nil
	}
	return w.mine().admitted(e)
}

// settings are the options that grant g beside what is kept. An option that
// already means it keeps its text.
func (w *wish) settings(g grants) map[string]string {
	out := map[string]string{}
	if !isOff(w.mine().settings[optDisable]) {
		out[optDisable] = "off"
	}
	if !w.exportsAlready(g) {
		out[optExportDir] = w.exportDir(g)
	}
	if admit, anybody := w.gate(g); !w.gateAlready(admit) {
		out[optAllow] = formatGate(admit, anybody)
	}
	return out
}

func (w *wish) exportDir(g grants) string {
	var items []string
	for _, dir := range slices.Sorted(maps.Keys(g)) {
		items = append(items, formatEntry(dir, g[dir]))
	}
	for _, e := range w.kept {
		items = append(items, e.text)
	}
	if len(items) == 0 {
		return closedEntry
	}
	return strings.Join(items, ",")
}

// exportsAlready reports whether the entries that are set grant exactly g, as
// the server understands them, beside exactly what is kept.
func (w *wish) exportsAlready(g grants) bool {
	if len(w.undeclared()) != len(w.kept) {
		return false
	}
	if len(w.mine().entries) == 0 {
		return false // nothing set is no wall
	}
	have := grants{}
	for _, e := range w.mine().entries {
		if w.declares(e.dir()) && (e.broken != nil || !e.plain()) {
			return false
		}
	}
	for _, e := range admitting(w.mine().entries) {
		if !w.declares(e.dir()) {
			continue
		}
		if len(e.clients.names) > 0 {
			return false
		}
		if to := e.clients.all(); !to.Empty() {
			have[e.dir()] = to
		}
	}
	return maps.EqualFunc(have, g, state.Set.Equal)
}

// gate is who may mount anything: the clients of all shares and whom the kept
// entries admit today, which is no wider for any of them. A gate that is wide
// open stays so for a kept entry with host names, since none of addresses
// could admit those.
func (w *wish) gate(g grants) (admit state.Set, anybody bool) {
	if w.anyDeclared(g) || w.gateHeldOpen() {
		return state.Everybody, true
	}
	return state.Union(g.union(), w.keptNow()), false
}

func (w *wish) anyDeclared(g grants) bool {
	return slices.ContainsFunc(w.volume.Shares, func(s state.Share) bool {
		return slices.ContainsFunc(s.Access, state.Rule.IsAny) && g[s.Dir()].IsEverybody()
	})
}

// gateHeldOpen reports whether a kept entry's host names need the gate that
// admits everybody, which stands already.
func (w *wish) gateHeldOpen() bool {
	return len(w.keptByName()) > 0 && w.mine().gate.allow.IsEverybody()
}

// keptByName are the kept entries that name hosts.
func (w *wish) keptByName() []entry {
	return slices.DeleteFunc(admitting(w.kept), func(e entry) bool { return len(e.clients.names) == 0 })
}

// gateAlready reports whether the gate that is set lets exactly these through,
// but for whom nfs.rpc-auth-reject shuts out: of those it may hold more, not
// fewer, so that the gate in the end is the same whatever stood on the way. One
// for nobody admits nobody by itself.
func (w *wish) gateAlready(admit state.Set) bool {
	now := w.mine().gate
	switch {
	case now.doubt != "":
		return false
	case admit.Empty():
		return now.allow.Empty()
	}
	return now.allow.Covers(admit) && now.admits().Equal(admit.Minus(now.reject))
}

func (w *wish) keptExports(next state.Serving) []state.Export {
	return slices.DeleteFunc(slices.Clone(next.Exports), func(e state.Export) bool {
		return e.Own || e.Entry == "" || w.declares(e.Path)
	})
}
