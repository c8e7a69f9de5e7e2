package gnfs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// problems are the reasons why the wish can't be carried out. next is the
// volume as it would be.
func (w *wish) problems(next *volume) []state.Problem {
	return slices.Concat(
		w.serverProblems(next),
		w.foreignProblems(next),
		w.servedWhole(),
		w.untoldProblems(),
		w.rejected(true),
		w.keptProblems(next),
		w.keptBelow(next),
		w.brokenElsewhere(),
		w.hidden(),
		w.tooLong(next),
	)
}

// warnings are what the user should know although it can be done.
func (w *wish) warnings(next *volume, serving state.Serving) []state.Problem {
	warn := slices.Concat(w.rejected(false), w.keptAbove(next), w.untoldElsewhere())
	if dead := w.actual.Offline(); len(dead) > 0 && w.mends(next) {
		warn = append(warn, w.problem(
			fmt.Sprintf("the NFS server is not running on %s, and can't start with %q", strings.Join(dead, ", "), firstBroken(w.mine().entries).text),
			"this plan takes that out, and the server is started again after it"))
	}
	if access := w.mine().settings[optVolumeAccess]; strings.EqualFold(access, "read-only") {
		warn = append(warn, w.problem(
			fmt.Sprintf("%s is read-only: no client can write, whatever its level", optVolumeAccess),
			fmt.Sprintf("gluster volume set %s %s read-write", w.name, optVolumeAccess)))
	}
	if slices.ContainsFunc(w.actual.Serving.Exports, func(e state.Export) bool { return !e.Doubt.Empty() }) {
		warn = append(warn, w.problem(
			fmt.Sprintf("whom %s lets through today can't be told, and so not who loses access: %q", optAllow, w.mine().settings[optAllow]),
			"look at who has it mounted before it is narrowed"))
	}
	if down := w.actual.Disconnected(); len(down) > 0 && !serving.Covers(w.actual.Serving) {
		warn = append(warn, w.problem(
			fmt.Sprintf("%s can't be reached: who loses access here keeps it there until it is back", strings.Join(down, ", ")),
			"bring the node back, or keep its NFS server off the network"))
	}
	return warn
}

// problem is one that the volume as a whole has.
func (w *wish) problem(text, mend string) state.Problem {
	return state.Problem{Pos: w.volume.Pos, Path: w.volume.Path + ".target", Text: text, Mend: mend}
}

// serverProblems tells that there is no server, or that it is dead. A dead one
// does not come back by itself when an option is set; one that can't start with
// what is set can't be brought back before that is mended.
func (w *wish) serverProblems(next *volume) []state.Problem {
	if !w.actual.Server.Built {
		return []state.Problem{w.problem(
			"this Gluster has no NFS server: it takes every nfs option and serves nothing",
			"install a Gluster that was built with --enable-gnfs")}
	}
	var out []state.Problem
	if dead := w.actual.Offline(); len(dead) > 0 && !w.mends(next) {
		out = append(out, w.problem(
			fmt.Sprintf("the NFS server is not running on %s", strings.Join(dead, ", ")),
			fmt.Sprintf("revive it: gluster volume start %s force", w.name)))
	}
	if down := w.actual.Disconnected(); !w.mine().on && len(down) > 0 {
		out = append(out, w.problem(
			fmt.Sprintf("%s can't be reached, and would come back with the old options: with the whole volume open", strings.Join(down, ", ")),
			"bring the node back before the volume is exported for the first time"))
	}
	return out
}

// mends reports whether the entries that the server can't start with go.
func (w *wish) mends(next *volume) bool {
	return firstBroken(w.mine().entries) != nil && firstBroken(next.entries) == nil
}

// foreignProblems are settings of others beside which what is written here
// would not mean what it says.
func (w *wish) foreignProblems(next *volume) []state.Problem {
	var out []state.Problem
	out = append(out, w.mustBeOff(optExportsAuth, fmt.Sprintf("beside %s off the NFS server dies at its next start", optExportVolumes))...)
	// Whom name lookup refuses today can't be told, and so not who would gain
	// what is kept, or is held.
	today := w.mine().on && !w.mine().gateless()
	if (today || !next.gateless()) && !next.gate.allow.Empty() {
		out = append(out, w.mustBeOff(optNameLookup, "a gate of addresses then refuses every client without a reverse name")...)
	}
	if w.mine().gate.vagueReject {
		out = append(out, w.problem(
			fmt.Sprintf("whom %s shuts out can't be told: %q", optReject, w.mine().settings[optReject]),
			"write it in addresses and networks"))
	}
	return out
}

// mustBeOff is the problem of a global option that is on, if it is.
func (w *wish) mustBeOff(option, why string) []state.Problem {
	carriers := w.cluster.carrying(option, isOn)
	if len(carriers) == 0 {
		return nil
	}
	return []state.Problem{w.problem(
		fmt.Sprintf("%s is on in %s: %s", option, strings.Join(carriers, ", "), why),
		fmt.Sprintf("gluster volume set %s %s off, which sets it on every volume", carriers[0], option))}
}

// gateless reports whether the server lets everybody through the gate without
// looking at anybody: only so it does without a reverse name.
func (v *volume) gateless() bool {
	allow, set := v.settings[optAllow]
	_, rejects := v.settings[optReject]
	return (!set || allow == "*") && !rejects
}

// servedWhole refuses to take over a volume that its clients mount whole: they
// would be shut out at their next mount. Once a share is exported, or the volume
// was taken over before, one that is open whole is drift, and is closed.
func (w *wish) servedWhole() []state.Problem {
	v := w.start[w.name]
	if !v.on || !w.start.whole() || w.volume.Undeclared == state.Revoke || w.volume.TakenOver {
		return nil
	}
	if slices.ContainsFunc(v.entries, func(e entry) bool { return w.declares(e.dir()) }) {
		return nil
	}
	const mend = "when they may be, say so with undeclared: revoke"
	if doubt := v.gate.mayAdmit(state.Everybody); !doubt.Empty() {
		return []state.Problem{w.problem(
			fmt.Sprintf("the volume is served whole: whom /%s and every directory in it admit can't be told (%s), and they would be shut out at their next mount", w.name, doubt.Why), mend)}
	}
	if v.gate.admits().Empty() {
		return nil
	}
	return []state.Problem{w.problem(
		fmt.Sprintf("the volume is served whole: /%s and every directory in it can be mounted by %s, who would be shut out at their next mount", w.name, everybodyOr(v.gate.admits())), mend)}
}

// untoldProblems are settings that the server was not told of and that this plan
// can't tell it safely: what it never writes, and what a write of a global
// option, which comes first, would bring to life as it stands.
func (w *wish) untoldProblems() []state.Problem {
	var out []state.Problem
	untold := w.actual.Serving.Untold
	for _, option := range slices.Sorted(maps.Keys(untold)) {
		if option == optReject || w.globalsFirst && !isGlobal(option) {
			out = append(out, w.problem(untoldText(w.actual.Serving, option),
				fmt.Sprintf("set it once more as it is meant, with a comma at its end: gluster volume set %s %s ...", w.name, option)))
		}
	}
	return out
}

// untoldElsewhere tells of settings of other volumes that the server hears of
// with the next write, whichever volume that is for.
func (w *wish) untoldElsewhere() []state.Problem {
	var out []state.Problem
	for _, s := range w.actual.Others {
		for _, option := range slices.Sorted(maps.Keys(s.Untold)) {
			if !isGlobal(option) { // those are made right
				out = append(out, w.problem(
					fmt.Sprintf("volume %s: %s; the next write, of any volume, tells it", s.Volume, untoldText(s, option)),
					"see whether that is still meant"))
			}
		}
	}
	return out
}

// untoldText tells what the server goes by in place of what is set.
func untoldText(s state.Serving, option string) string {
	orUnset := func(value string) string {
		if value == "" {
			return "not set"
		}
		return fmt.Sprintf("%q", value)
	}
	return fmt.Sprintf("%s is %s, but for the NFS server it is %s: glusterd overlooked the change, and did not tell it",
		option, orUnset(s.Settings[option]), orUnset(s.Untold[option]))
}

// everybodyOr names the clients.
func everybodyOr(s state.Set) string {
	if s.IsEverybody() {
		return "everybody"
	}
	return brief(s)
}

func brief(s state.Set) string { return strings.Join(s.Brief(), ", ") }

// rejected tells which words of the file nfs.rpc-auth-reject shuts out: whole
// words where whole is true, else those of which it shuts out a part.
func (w *wish) rejected(whole bool) []state.Problem {
	reject := w.mine().gate.reject
	var out []state.Problem
	for _, s := range w.volume.Shares {
		for _, r := range s.Access {
			shut := r.To.Intersect(reject)
			if shut.Empty() || reject.Covers(r.To) != whole {
				continue
			}
			out = append(out, state.Problem{
				Pos: r.Pos, Path: r.Path,
				Text: fmt.Sprintf("%s of volume %s (%s) shuts out %s", optReject, w.name, w.mine().settings[optReject], everybodyOr(shut)),
				Mend: fmt.Sprintf("take them out of that option (gluster volume set %s %s ...), or out of the share", w.name, optReject),
			})
		}
	}
	return out
}

// brokenElsewhere finds entries of other served volumes that the server can't
// read: the next write would take exports down, and so would its next start.
func (w *wish) brokenElsewhere() []state.Problem {
	var out []state.Problem
	for _, n := range w.cluster.names() {
		v := w.cluster[n]
		if n == w.name || !v.on {
			continue
		}
		for _, e := range v.entries {
			if e.broken != nil {
				out = append(out, w.problem(
					fmt.Sprintf("volume %s has an export that the NFS server can't read, which takes exports of every volume down while that one is started: %q: %v", n, e.text, e.broken),
					fmt.Sprintf("correct it by hand: gluster volume set %s %s ...", n, optExportDir)))
			}
		}
	}
	return out
}

// hidden finds entries of other served volumes that stand for directories of
// this one: 0/alpha of volume gv is the export /gv0/alpha, and of two with the
// same name the server takes the first.
func (w *wish) hidden() []state.Problem {
	var out []state.Problem
	for _, n := range w.othersServed() {
		for _, e := range admitting(w.cluster[n].entries) {
			if name := n + e.path; e.whole() && (name == w.name || strings.HasPrefix(name, w.name+"/")) {
				out = append(out, w.problem(
					fmt.Sprintf("volume %s has an export that begins with no slash, and so stands for /%s: %q", n, name, e.text),
					fmt.Sprintf("correct it by hand: gluster volume set %s %s ...", n, optExportDir)))
			}
		}
	}
	return out
}

// tooLong refuses values that glusterd would not survive.
func (w *wish) tooLong(next *volume) []state.Problem {
	var out []state.Problem
	for _, option := range w.oversized(next) {
		out = append(out, w.problem(
			fmt.Sprintf("%s would be %d bytes long; the limit is %d, since glusterd dies of little more%s", option, len(next.settings[option]), maxOption, longest(next, option)),
			"write networks instead of single addresses, give shares the same clients, or move shares to another volume"))
	}
	return out
}

// oversized are the options that would be written with too long a value.
func (w *wish) oversized(next *volume) []string {
	var out []string
	for _, option := range []string{optExportDir, optAllow} {
		value := next.settings[option]
		if len(value) > maxOption && value != w.mine().settings[option] {
			out = append(out, option)
		}
	}
	return out
}

// longest names the entries that take up most of the option, by themselves or
// by their clients.
func longest(v *volume, option string) string {
	what, length := "", func(e entry) int { return len(e.text) }
	if option == optAllow {
		what, length = "it admits the clients of ", func(e entry) int { return len(formatGate(v.admitted(e), false)) }
	}
	entries := slices.SortedStableFunc(slices.Values(v.entries), func(a, b entry) int { return cmp.Compare(length(b), length(a)) })
	var out []string
	for _, e := range entries[:min(5, len(entries))] {
		out = append(out, fmt.Sprintf("%s %d", e.dir(), length(e)))
	}
	return fmt.Sprintf("; %s%d entries, the longest: %s", what, len(entries), strings.Join(out, ", "))
}
