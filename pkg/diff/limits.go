package diff

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// limitActions returns what has to be done to the limits of directories. Quota
// is switched on where the first limit needs it.
func limitActions(v state.Volume, a state.Actual) []Action {
	var out []Action
	for _, s := range byPath(v.Shares) {
		if !s.Size.Managed || a.Dirs[s.Dir()].Held != "" || blockedAt(s, a) != "" {
			continue
		}
		now := a.Quota.Usage[s.Dir()]
		if now.Limit != s.Size.Bytes {
			out = append(out, SetLimit{
				Share: s.Name, Volume: v.Target.Volume, Path: s.Dir(),
				Old: now.Limit, New: s.Size.Bytes, Used: now.Used, Counted: a.Quota.On, Pos: s.SizePos,
			})
		}
	}
	if len(out) == 0 || a.Quota.On {
		return out
	}
	first := slices.MinFunc(out, func(a, b Action) int { return a.At().Compare(b.At()) })
	return append([]Action{EnableQuota{Volume: v.Target.Volume, Pos: first.At()}}, out...)
}

// limitWarnings are what somebody should know who sets these limits.
func limitWarnings(v state.Volume, a state.Actual, limits []Action) []state.Problem {
	var out []state.Problem
	raised := false
	for _, action := range limits {
		l, ok := action.(SetLimit)
		if !ok {
			continue
		}
		raised = raised || l.New > 0 && (l.Old == 0 || l.New > l.Old)
		if l.New > 0 && l.Used > l.New {
			out = append(out, state.Problem{
				Pos: l.Pos, Path: pathOf(v, l.Share) + ".size",
				Text: fmt.Sprintf("the limit of %s is less than the %s that %s holds: nothing more can be written there", state.ExactBytes(l.New), state.AboutBytes(l.Used), l.Path),
				Mend: "make room first, or write a larger size",
			})
		}
	}
	if sum := declaredLimits(v); raised && a.Quota.Space > 0 && sum > a.Quota.Space {
		out = append(out, state.Problem{
			Pos: v.Pos, Path: v.Path + ".target",
			Text: fmt.Sprintf("the sizes of its shares come to %s, and the volume holds %s: it can be full before they are", state.AboutBytes(sum), state.AboutBytes(a.Quota.Space)),
			Mend: "write smaller sizes, or enlarge the volume",
		})
	}
	return out
}

func pathOf(v state.Volume, share string) string {
	i := slices.IndexFunc(v.Shares, func(s state.Share) bool { return s.Name == share })
	return v.Shares[i].Path
}

// declaredLimits is how much the shares may come to hold together. What lies
// inside a share with a limit counts for that one.
func declaredLimits(v state.Volume) uint64 {
	limited := func(s state.Share) bool { return s.Size.Bytes > 0 }
	var sum uint64
	for _, s := range v.Shares {
		inside := slices.ContainsFunc(v.Shares, func(t state.Share) bool {
			return limited(t) && strings.HasPrefix(s.Name, t.Name+"/")
		})
		if limited(s) && !inside {
			sum += s.Size.Bytes
		}
	}
	return sum
}
