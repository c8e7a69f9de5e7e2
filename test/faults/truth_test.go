package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// lies are what the reports of a run say that is not so. f is what went wrong at the
// step. Of a directory in whose place somebody has put something nothing is asked, nor of
// access that somebody else has changed between the two parts of a run.
func lies(dir string, o outcome, at step, f *fault) []string {
	var out []string
	between := f.foreign && at.nth > len(o.reports) // each volume's lock is taken once before
	for _, r := range o.reports {
		for i, s := range r.Steps {
			_, serves := s.Action.(diff.Serve)
			if f.harmful && within(s.Action, at.path) || between && serves {
				continue
			}
			if lie := lieOf(dir, r, i, f); lie != "" {
				out = append(out, fmt.Sprintf("said to be %s, and %s: %s (%v)", s.Outcome, lie, title(s.Action), s.Err))
			}
			if (s.Err == nil) != (s.Outcome == apply.Done || s.Outcome == apply.NotStarted) {
				out = append(out, fmt.Sprintf("said to be %s, with the error %v: %s", s.Outcome, s.Err, title(s.Action)))
			}
		}
	}
	return out
}

// within reports whether the action is on the directory, or on one in it.
func within(a diff.Action, dir string) bool {
	at := "/" + a.Of()
	return at == dir || strings.HasPrefix(at, dir+"/")
}

// onDirectory: several operations are one such action, of which the last one may fail
// and have nothing to change.
func onDirectory(a diff.Action) bool {
	switch a.(type) {
	case diff.MakeDir, diff.SetPerm:
		return true
	}
	return false
}

func lieOf(dir string, r apply.Report, i int, f *fault) string {
	s := r.Steps[i]
	is, known := isDone(dir, r, i)
	switch {
	case !known:
		return ""
	case s.Outcome == apply.Done && !is:
		return "it is not"
	case s.Outcome == apply.NotStarted && is:
		return "it is done"
	case s.Outcome == apply.Failed && is && !f.done && !onDirectory(s.Action):
		return "it is done"
	case s.Outcome == apply.Unknown && !f.unclear:
		return "everybody can know"
	}
	return ""
}

// isDone reports whether the step's change is seen. It is not known of what a later
// step, or somebody else, has changed again.
func isDone(dir string, r apply.Report, i int) (is, known bool) {
	volume := r.Target.Volume
	switch a := r.Steps[i].Action.(type) {
	case diff.MakeDir:
		return hasPerm(dir, volume, a.Path, a.Perm), true
	case diff.SetPerm:
		return hasPerm(dir, volume, a.Path, a.New), true
	case diff.EnableQuota:
		memory, stored := options(dir, volume)
		return memory["features.quota"] == "on" && stored["features.quota"] == "on", true
	case diff.SetLimit:
		now := limits(dir, volume)[a.Path]
		if a.Retiring && slices.ContainsFunc(r.Remarks, func(s string) bool {
			return strings.HasPrefix(s, "the limit of "+a.Path+", ") && strings.Contains(s, " was taken away; ")
		}) {
			return false, false // and the report says what became of it
		}
		return now == strconv.FormatUint(a.New, 10) || a.New == 0 && now == "", true
	case diff.Retire:
		_, err := os.Lstat(filepath.Join(brick(dir, volume), a.Path))
		entries, _ := filepath.Glob(filepath.Join(brick(dir, volume), ".glusterd-shares/trash/*Z-"+strings.ReplaceAll(a.Path[1:], "/", "-")+"-*"))
		return os.IsNotExist(err) && (a.How == state.Trash || len(entries) == 0), true
	case diff.Serve:
		return served(dir, r, i), true
	}
	panic(fmt.Sprintf("%T", r.Steps[i].Action))
}

func hasPerm(dir, volume, path string, want state.Perm) bool {
	info, err := os.Lstat(filepath.Join(brick(dir, volume), path))
	if err != nil || !info.IsDir() {
		return false
	}
	owner, group := uint32(0), uint32(0)
	if line, recorded := table(filepath.Join(dir, host, volume, "owners"))[path]; recorded {
		if _, err := fmt.Sscan(line, &owner, &group); err != nil {
			panic(err)
		}
	}
	mode := uint32(info.Mode().Perm())
	for bit, is := range map[uint32]os.FileMode{0o4000: os.ModeSetuid, 0o2000: os.ModeSetgid, 0o1000: os.ModeSticky} {
		if info.Mode()&is != 0 {
			mode |= bit
		}
	}
	return (!want.Mode.Managed || mode == want.Mode.Bits) &&
		(!want.Owner.Managed || owner == want.Owner.Number) && (!want.Group.Managed || group == want.Group.Number)
}

// served reports whether glusterd holds and has stored what the step sets, but for
// options that another step, tried after it, sets too.
func served(dir string, r apply.Report, i int) bool {
	later := map[string]bool{}
	for _, s := range r.Steps[i+1:] {
		if serve, is := s.Action.(diff.Serve); is && s.Outcome != apply.NotStarted {
			for _, set := range serve.Settings() {
				later[set.Key] = true
			}
		}
	}
	for _, set := range r.Steps[i].Action.(diff.Serve).Settings() {
		for _, volume := range append([]string{r.Target.Volume}, set.Others...) {
			memory, stored := options(dir, volume)
			if !later[set.Key] && (memory[set.Key] != set.New || stored[set.Key] != set.New) {
				return false
			}
		}
	}
	return true
}
