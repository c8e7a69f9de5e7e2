package diff_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
	"glusterd-shares/pkg/state"
)

func compute(w world) diff.Plan { return diff.Compute(w.volume, w.actual, gnfs.Server{}) }

// after is the world when the plan was carried out.
func (w world) after(p diff.Plan) world {
	w.actual = diff.Simulate(w.actual, p)
	return w
}

// trial is a plan without problems, and who may mount what around it.
type trial struct {
	t *testing.T
	world
	plan   diff.Plan
	probes []probe

	before, closed, after settings // closed: when no volume is served whole any more
}

// checkLaws checks all that must hold of a plan that can be carried out.
func checkLaws(t *testing.T, w world) {
	t.Helper()
	p := compute(w)
	before := readable(w.actual)
	tr := trial{t: t, world: w, plan: p, before: before, closed: before, after: readable(w.after(p).actual)}
	for _, s := range p.Serves() {
		if s.Stage == diff.Global {
			for _, setting := range s.Settings() {
				tr.closed = tr.closed.with(append(setting.Others, "gv0"), map[string]string{setting.Key: setting.New})
			}
		}
	}
	tr.probes = probesOf(before, tr.after)
	tr.converges()
	tr.resumes()
	tr.writesAreSafe()
	tr.claimsHold()
	tr.declaredIsGranted()
	tr.undeclaredStays()
	tr.keptIsNotReachedFromAbove()
	tr.lossesElsewhereAreGuarded()
	tr.noWiderMoment()
	tr.sizesAreSet()
	tr.cutBeforeSlowWork()
	tr.onlyAbsentGo()
	tr.goesLast()
}

// readable are the settings as far as the server reads them: of a volume it drops
// the first entry that it can't read and all behind it.
func readable(a state.Actual) settings {
	out := settings{}
	for _, s := range append([]state.Serving{a.Serving}, a.Others...) {
		out[s.Volume] = goneBy(s)
		entries := strings.Split(out[s.Volume]["nfs.export-dir"], ",")
		if i := slices.IndexFunc(entries, func(entry string) bool { return isBroken(s, entry) }); i >= 0 {
			out[s.Volume]["nfs.export-dir"] = strings.Join(entries[:i], ",")
		}
	}
	return out
}

func isBroken(s state.Serving, entry string) bool {
	return slices.ContainsFunc(s.Exports, func(e state.Export) bool { return e.Entry == entry && e.Broken != "" })
}

// A second run right after the first finds nothing to do.
func (tr trial) converges() {
	tr.t.Helper()
	again := compute(tr.world.after(tr.plan))
	if !again.Empty() || len(again.Problems) > 0 {
		tr.t.Errorf("carried out, the plan is not empty:\n%s", describe(again))
	}
}

// A run that was broken off between two actions goes on to the same end: the
// same access, if not to the byte.
func (tr trial) resumes() {
	tr.t.Helper()
	end := reachOf(tr.after, tr.probes)
	for i := range tr.plan.Actions {
		part := tr.plan
		part.Actions = part.Actions[:i]
		w := tr.world.after(part)
		rest := compute(w)
		if len(rest.Problems) > 0 {
			tr.t.Errorf("after %d actions there are problems:\n%s", i, describe(rest))
		}
		got := reachOf(readable(w.after(rest).actual), tr.probes)
		if more, less := got.beyond(end), end.beyond(got); more != "" || less != "" {
			tr.t.Errorf("after %d actions the rest leads elsewhere: in %s, out %s", i, more, less)
		}
	}
}

// No write takes an option away, empties it, makes it too long for glusterd or
// lists a directory without its clients; a global option is written alone.
func (tr trial) writesAreSafe() {
	tr.t.Helper()
	for _, s := range tr.plan.Serves() {
		for key := range s.Old.Settings {
			if _, still := s.New.Settings[key]; !still {
				tr.t.Errorf("%s takes %s away", s.Stage, key)
			}
		}
		written := s.Settings()
		if len(written) == 0 {
			tr.t.Errorf("%s writes nothing", s.Stage)
		}
		for _, w := range written {
			if w.New == "" || len(strings.TrimRight(w.New, ",")) > 4000 {
				tr.t.Errorf("%s sets %s to %d bytes", s.Stage, w.Key, len(w.New))
			}
			if strings.HasPrefix(w.Key, "nfs.export-") && w.Key != "nfs.export-dir" && len(written) > 1 {
				tr.t.Errorf("%s writes the global %s beside other options", s.Stage, w.Key)
			}
			if w.Key == "nfs.export-dir" {
				tr.entriesHaveClients(w)
			}
		}
	}
}

func (tr trial) entriesHaveClients(w state.Setting) {
	tr.t.Helper()
	old := strings.Split(w.Old, ",")
	for entry := range strings.SplitSeq(strings.TrimRight(w.New, ","), ",") {
		_, clients, _ := strings.Cut(entry, "(")
		kept := false
		for _, o := range old {
			kept = kept || o == entry
		}
		if strings.Trim(clients, ")") == "" && !kept {
			tr.t.Errorf("the entry %q, which was not there, names nobody and so admits everybody", entry)
		}
	}
}

// Who has access before and after, as the plan says it, is who may mount.
func (tr trial) claimsHold() {
	tr.t.Helper()
	if uniform(tr.before) {
		tr.claimHolds("before", append([]state.Serving{tr.plan.Before}, tr.actual.Others...), tr.before)
	}
	next := tr.world.after(tr.plan).actual
	if uniform(tr.after) {
		tr.claimHolds("after", append([]state.Serving{tr.plan.After}, next.Others...), tr.after)
	}
}

// uniform reports whether no volume contradicts another about whole volumes, and
// none says that their directories can't be mounted. Where they differ one of
// them wins, and the plan takes the worst for granted.
func uniform(s settings) bool {
	var on, off bool
	for _, options := range s {
		switch strings.ToLower(options["nfs.export-volumes"]) {
		case "on", "1":
			on = true
		case "off", "0":
			off = true
		}
		if options["nfs.export-dirs"] == "off" {
			return false
		}
	}
	return !on || !off
}

// looksUp reports whether the server refuses, beside a gate of addresses, whom
// it finds no name for. A plan can't tell who that is.
func looksUp(s settings) bool {
	for _, options := range s {
		if options["nfs.addr-namelookup"] == "on" {
			return true
		}
	}
	return false
}

func (tr trial) claimHolds(when string, servings []state.Serving, s settings) {
	tr.t.Helper()
	lower, upper := claimed(servings, tr.probes)
	real := reachOf(s, tr.probes)
	if more := real.beyond(upper); more != "" {
		tr.t.Errorf("%s: the plan doesn't tell of %s", when, more)
	}
	if less := lower.beyond(real); less != "" && !looksUp(s) {
		tr.t.Errorf("%s: the plan tells of %s, who can't mount", when, less)
	}
}

// What is declared is granted, no more and no less, but for whom a foreign
// reject shuts out; a share that is held gains nobody.
func (tr trial) declaredIsGranted() {
	tr.t.Helper()
	if !tr.plan.After.On {
		return
	}
	real, server := reachOf(tr.after, tr.probes), judge(tr.after)
	for _, s := range tr.volume.Shares {
		want := crowdOf(s.Clients().RW.Contains) &^ tr.rejected()
		has, _ := tr.plan.Before.At(s.Dir())
		stays := want & crowdOf(has.RW.Contains)
		if tr.plan.Held[s.Name] != "" {
			want = stays
		}
		got := real[placeOf("gv0", s.Dir())]
		if tr.heldBelow(s.Dir()) {
			want &= got | stays
		}
		if got != want {
			tr.t.Errorf("%s: %s may mount it, %s are declared", s.Name, got, want)
		}
		plain := crowdOf(func(a netip.Addr) bool { return server.Mount(a, "/gv0"+s.Dir()) == mountd.OK })
		if plain != want {
			tr.t.Errorf("%s: by its own name %s may mount it, %s are declared", s.Name, plain, want)
		}
	}
}

// heldBelow reports whether a share below the directory is held: of the share
// above it nobody gains who does not reach that already.
func (tr trial) heldBelow(dir string) bool {
	return slices.ContainsFunc(tr.volume.Shares, func(s state.Share) bool {
		return strings.HasPrefix(s.Dir(), dir+"/") && tr.holds(s)
	})
}

// holds reports whether the share's directory is there, and is held.
func (tr trial) holds(s state.Share) bool {
	d := tr.actual.Dirs[s.Dir()]
	return d.Held != "" && d.Kind == state.Directory
}

// rejected are the people whom the foreign nfs.rpc-auth-reject shuts out.
func (tr trial) rejected() crowd {
	options := map[string]string{"nfs.export-dir": "/x", "nfs.export-volumes": "off"}
	if reject, set := tr.before["gv0"]["nfs.rpc-auth-reject"]; set {
		options["nfs.rpc-auth-reject"] = reject
	}
	server := judge(settings{"v": options})
	return crowdOf(func(a netip.Addr) bool { return server.Mount(a, "/v/x") != mountd.OK })
}

// Nobody gains or loses a kept export, nor anything of another volume; what is
// revoked is nobody's, and so is the volume as a whole.
func (tr trial) undeclaredStays() {
	tr.t.Helper()
	declared := map[place]bool{}
	for _, s := range tr.volume.Shares {
		declared[placeOf("gv0", s.Dir())] = true
	}
	closed, real := reachOf(tr.closed, tr.probes), reachOf(tr.after, tr.probes)
	for place, got := range real {
		want := closed[place]
		mine := strings.HasPrefix(string(place), "gv0:")
		if mine && tr.volume.Undeclared == state.Revoke && tr.plan.After.On {
			want = 0
		}
		if !declared[place] && got != want {
			tr.t.Errorf("%s, which is not declared: %s may mount it, and should be %s", place, got, want)
		}
	}
	server := judge(tr.after)
	for _, root := range []string{"/gv0", "/gv0/", "gv0"} {
		if whole := crowdOf(func(a netip.Addr) bool { return server.Mount(a, root) == mountd.OK }); whole != 0 {
			tr.t.Errorf("%s: %s may mount the whole volume", root, whole)
		}
	}
}

// Nobody reaches a directory that is kept or held, by itself or from one above
// it, who could not before.
func (tr trial) keptIsNotReachedFromAbove() {
	tr.t.Helper()
	var stay []place
	for _, e := range tr.plan.Kept {
		stay = append(stay, placeOf("gv0", e.Path))
	}
	for _, s := range tr.volume.Shares {
		if tr.holds(s) {
			stay = append(stay, placeOf("gv0", s.Dir()))
		}
	}
	before, after := reachOf(tr.closed, tr.probes), reachOf(tr.after, tr.probes)
	for _, at := range stay {
		if more := after.down(at) &^ before.down(at); more != 0 {
			tr.t.Errorf("%s, which is kept or held: %s reach it who could not before", at, more)
		}
	}
}

// Who loses something of another volume does so only where that is allowed.
func (tr trial) lossesElsewhereAreGuarded() {
	tr.t.Helper()
	before, after := reachOf(tr.before, tr.probes), reachOf(tr.after, tr.probes)
	maps.DeleteFunc(before, func(p place, _ crowd) bool { return strings.HasPrefix(string(p), "gv0:") })
	lost := before.beyond(after)
	if lost != "" && len(diff.Guard([]diff.Plan{tr.plan}, diff.Allow{MassRevoke: true})) == 0 {
		tr.t.Errorf("no guard refuses that of other volumes are lost %s", lost)
	}
}

// At no instant may anybody mount what neither the state before nor the state
// after grants them, whether the server reads the settings anew or starts.
func (tr trial) noWiderMoment() {
	tr.t.Helper()
	before, after := reachOf(tr.before, tr.probes), reachOf(tr.after, tr.probes)
	live := judge(tr.before)
	for _, m := range moments(tr.before, tr.plan) {
		live.Reload(m.config())
		for how, now := range map[string]reach{"read anew": reachBy(live, tr.probes), "at a start": reachOf(m.settings, tr.probes)} {
			if more := now.beyond(before, after); more != "" {
				tr.t.Errorf("%s, %s: %s may mount who could not before and can't afterwards", m.what, how, more)
			}
		}
	}
}

// Every size that is declared is the limit in the end, but of what is held or
// not there; what declares none keeps what it has.
func (tr trial) sizesAreSet() {
	tr.t.Helper()
	next := tr.world.after(tr.plan).actual
	for _, s := range tr.volume.Shares {
		there := next.Dirs[s.Dir()].Kind == state.Directory
		if s.Size.Managed && tr.plan.Held[s.Name] == "" && there && next.Quota.Usage[s.Dir()].Limit != s.Size.Bytes {
			tr.t.Errorf("%s has the limit %d, not %s", s.Name, next.Quota.Usage[s.Dir()].Limit, s.Size)
		}
		if !s.Size.Managed && !s.Leaves() && next.Quota.Usage[s.Dir()] != tr.actual.Quota.Usage[s.Dir()] {
			tr.t.Errorf("the limit of %s, which is not managed, was changed", s.Name)
		}
	}
}

// Who has to go is gone before the first slow work.
func (tr trial) cutBeforeSlowWork() {
	tr.t.Helper()
	if tr.lateCut {
		return
	}
	for i, a := range tr.plan.Actions {
		switch a.(type) {
		case diff.Serve, diff.SetPerm:
			continue
		}
		part := tr.plan
		part.Actions = part.Actions[:i]
		now := tr.before
		for _, m := range moments(tr.before, part) {
			now = m.settings
		}
		if more := reachOf(now, tr.probes).beyond(reachOf(tr.after, tr.probes)); more != "" {
			tr.t.Errorf("when the first slow work begins, %s may still mount who can't afterwards", more)
		}
		return
	}
}

// No directory goes but those of shares that are absent and not to be retained;
// none of them holds one of a share that stays, or a kept export.
func (tr trial) onlyAbsentGo() {
	tr.t.Helper()
	for _, a := range tr.plan.Retirements() {
		for _, s := range tr.volume.Shares {
			if s.Dir() == a.Path && (!s.Leaves() || s.OnDelete != a.How) {
				tr.t.Errorf("%s goes, which is %+v", a.Path, s)
			}
			if within(s.Dir(), a.Path) && !s.Leaves() {
				tr.t.Errorf("%s goes with %s, which stays", a.Path, s.Dir())
			}
		}
		for _, e := range tr.plan.Kept {
			if within(e.Path, a.Path) {
				tr.t.Errorf("%s goes with the kept export %s", a.Path, e.Entry)
			}
		}
	}
	next := tr.world.after(tr.plan).actual
	for dir, d := range tr.actual.Dirs {
		gone := d.Kind == state.Directory && next.Dirs[dir].Kind == state.Missing
		if gone && !slices.ContainsFunc(tr.plan.Retirements(), func(a diff.Retire) bool { return within(dir, a.Path) }) {
			tr.t.Errorf("%s is gone, and no action says so", dir)
		}
	}
}

// A directory goes after the last write of access, when nobody may mount it or
// what is in it any more, and when its limit is gone; after those inside it.
func (tr trial) goesLast() {
	tr.t.Helper()
	after := reachOf(tr.after, tr.probes)
	for i, action := range tr.plan.Actions {
		a, goes := action.(diff.Retire)
		if !goes {
			continue
		}
		for _, later := range tr.plan.Actions[i+1:] {
			inner, goes := later.(diff.Retire)
			if !goes || within(inner.Path, a.Path) {
				tr.t.Errorf("after %s goes comes %+v", a.Path, later)
			}
		}
		part := tr.plan
		part.Actions = part.Actions[:i]
		if now := tr.world.after(part).actual; now.Quota.Usage[a.Path].Limit != 0 {
			tr.t.Errorf("%s goes with its limit", a.Path)
		}
		for at, who := range after {
			if dir, mine := strings.CutPrefix(string(at), "gv0:"); mine && who != 0 && within(dir, a.Path) {
				tr.t.Errorf("%s goes, and %s may mount %s", a.Path, who, at)
			}
		}
	}
}

func within(dir, above string) bool { return dir == above || strings.HasPrefix(dir, above+"/") }
