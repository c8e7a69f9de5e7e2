package gnfs

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// keptProblems are the reasons why undeclared entries can't be kept as they
// are beside what is wanted.
func (w *wish) keptProblems(next *volume) []state.Problem {
	var out []state.Problem
	for _, e := range w.undeclared() {
		if err := e.unreadable(); err != nil {
			out = append(out, w.problem(
				fmt.Sprintf("%s holds an entry that can't be read: %q: %v", optExportDir, e.text, err),
				fmt.Sprintf("correct it by hand: gluster volume set %s %s ...", w.name, optExportDir)))
		}
	}
	for _, e := range w.kept {
		if e.broken != nil && e.unreadable() == nil {
			out = append(out, w.problem(
				fmt.Sprintf("the undeclared export %q can't be read by the NFS server, which would drop exports of other volumes too and not start again: %v", e.text, e.broken),
				"correct it by hand, declare "+e.dir()+", or drop it with undeclared: revoke"))
		}
	}
	for _, e := range w.kept {
		if strings.Contains(e.text, "../") {
			out = append(out, w.problem(
				fmt.Sprintf("glusterd would not store the undeclared export %q again, and nothing beside it: it refuses ../", e.text),
				fmt.Sprintf("correct it by hand: gluster volume set %s %s ..., or drop it with undeclared: revoke", w.name, optExportDir)))
		}
	}
	for _, e := range admitting(w.kept) {
		out = append(out, w.keptGains(e, next)...)
	}
	return out
}

// keptGains tells whether somebody would reach a kept entry who can't now, or
// be shut out of it.
func (w *wish) keptGains(e entry, next *volume) []state.Problem {
	now := w.mine()
	mend := "declare " + e.dir() + " as a share, or drop it with undeclared: revoke"
	if broken := firstBroken(now.entries); broken != nil && !w.isLive(e) {
		mend += fmt.Sprintf(", or correct %q by hand first", broken.text)
	}
	doubt := now.gate.mayAdmit(e.clients.all())
	switch {
	case !doubt.Empty():
		return []state.Problem{w.problem(
			fmt.Sprintf("whom the undeclared export %q admits can't be told: %s", e.text, doubt.Why), mend)}
	case len(e.clients.names) > 0 && !w.isLive(e):
		return []state.Problem{w.problem(
			fmt.Sprintf("%s would also reach the undeclared export %q, which %s keeps them from today", strings.Join(e.clients.names, ", "), e.text, w.keeper(e)), mend)}
	case len(e.clients.names) > 0 && !w.gateHeldOpen():
		return []state.Problem{w.problem(
			fmt.Sprintf("the undeclared export %q names hosts, whom no gate of addresses can admit", e.text), mend)}
	}
	gained := next.admitted(e).Minus(w.today(e))
	if gained.Empty() {
		return nil
	}
	return []state.Problem{w.problem(
		fmt.Sprintf("%s would also reach the undeclared export %q, which %s keeps them from today", w.who(gained), e.text, w.keeper(e)), mend)}
}

// keeper is what keeps clients from the entry as things stand.
func (w *wish) keeper(e entry) string {
	now := w.mine()
	broken := firstBroken(now.entries)
	switch {
	case !now.on:
		return optDisable
	case broken != nil && !w.isLive(e):
		return fmt.Sprintf("the broken entry %q before it", broken.text)
	}
	return optAllow
}

// who names the clients of shares that are among the addresses.
func (w *wish) who(set state.Set) string {
	var out []string
	for _, s := range w.volume.Shares {
		for _, r := range s.Access {
			if in := r.To.Intersect(set); !in.Empty() {
				out = append(out, fmt.Sprintf("%s of share %s", brief(in), s.Name))
			}
		}
	}
	if len(out) == 0 {
		return everybodyOr(set)
	}
	return strings.Join(slices.Compact(out), " and ")
}
