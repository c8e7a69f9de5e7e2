//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// report is what apply -o json tells.
type report struct {
	ExitCode int `json:"exit_code"`
	Volumes  []struct {
		Error  string
		Plan   *struct{ Actions []reportedAction }
		Report *struct {
			OK      bool
			Steps   []reportedStep
			Held    []struct{ Share string }
			Remarks []string
		}
	}
}

type reportedStep struct {
	Action  reportedAction
	Outcome string
	Error   string
}

type reportedAction struct {
	Kind, Path, Stage string
	New               reportedPerm
	Limit             struct{ New uint64 }
	Settings          []reportedSetting
}

type reportedSetting struct {
	Key, New string
	Others   []string `json:"other_volumes"`
}

type reportedPerm struct {
	Owner, Group *struct{ Number uint32 }
	Mode         string
}

// told reads the report of a run on one volume, which has to be one.
func (b *Bed) told(r Result) (told report) {
	b.Helper()
	if err := json.Unmarshal([]byte(r.Stdout), &told); err != nil {
		b.Fatalf("exit %d, and its report: %v\n%s%s", r.Code, err, r.Stdout, r.Stderr)
	}
	if told.ExitCode != r.Code {
		b.breach("the report gives the exit status %d; it is %d", told.ExitCode, r.Code)
	}
	if len(told.Volumes) != 1 {
		b.Fatalf("the report tells of %d volumes:\n%s", len(told.Volumes), r.Stdout)
	}
	return told
}

// unnoted reports whether it is said that who had access can't be noted in the trash.
func (r report) unnoted() bool {
	run := r.Volumes[0].Report
	return run != nil && slices.ContainsFunc(run.Remarks, func(s string) bool { return strings.Contains(s, "could not be noted") })
}

// isTrue checks a report against what is there: what is done is, what has failed or
// was not started is not. What is unknown is so only where nobody can know.
func (b *Bed) isTrue(vol string, r Result, unclear bool) {
	b.Helper()
	told := b.told(r)
	run := told.Volumes[0].Report
	if run == nil {
		if r.Code == exitDone {
			b.breach("exit 0, and nothing was done:\n%s%s", r.Stdout, r.Stderr)
		}
		return
	}
	if run.OK != (r.Code == exitDone) {
		b.breach("exit %d, and the volume is said to be as declared: %t", r.Code, run.OK)
	}
	for _, a := range told.Volumes[0].Plan.Actions {
		if a.Kind == "serve" && len(run.Held) > 0 {
			continue // those who wait for what is held are not let in
		}
		if !slices.ContainsFunc(run.Steps, func(s reportedStep) bool { return s.tells(a) }) {
			b.breach("planned, and no step of the report: %+v", a)
		}
	}
	for i, s := range run.Steps {
		b.Logf("%s: %s %s", s.Outcome, s.Action.Kind, s.Action.Path)
		is, why := b.isDone(vol, run.Steps, i)
		switch {
		case s.Outcome == "done" && !is:
			b.breach("said to be done, and it is not, since %s: %+v", why, s.Action)
		case (s.Outcome == "not started" || s.Outcome == "failed" && !onDirectory(s)) && is:
			b.breach("said to be %s (%s), and it is done: %+v", s.Outcome, s.Error, s.Action)
		case s.Outcome == "unknown" && !unclear:
			b.breach("said to be unknown (%s), and everybody can know: %+v", s.Error, s.Action)
		}
		if (s.Error == "") != (s.Outcome == "done" || s.Outcome == "not started") {
			b.breach("said to be %s, with the error %q: %+v", s.Outcome, s.Error, s.Action)
		}
		if run.OK && s.Outcome != "done" {
			b.breach("said to be as declared, and %s: %+v", s.Outcome, s.Action)
		}
	}
}

// tells reports whether the step is that of an action of the plan.
func (s reportedStep) tells(a reportedAction) bool {
	for _, want := range a.Settings {
		if !slices.ContainsFunc(s.Action.Settings, func(is reportedSetting) bool { return is.Key == want.Key && is.New == want.New }) {
			return false
		}
	}
	return s.Action.Kind == a.Kind && s.Action.Path == a.Path && s.Action.Stage == a.Stage && s.Action.Limit == a.Limit
}

// onDirectory: several changes are one such step, of which the last one may fail and
// have nothing to change.
func onDirectory(s reportedStep) bool {
	return s.Action.Kind == "make-dir" || s.Action.Kind == "set-perm"
}

// isDone reports whether a step's change is seen; why not, where it isn't.
func (b *Bed) isDone(vol string, steps []reportedStep, i int) (is bool, why string) {
	b.Helper()
	a := steps[i].Action
	switch a.Kind {
	case "make-dir", "set-perm":
		why = b.lacksPerm(vol, a.Path, a.New)
	case "set-limit":
		want := strconv.FormatUint(a.Limit.New, 10)
		if a.Limit.New == 0 {
			want = "N/A"
		}
		if now := b.limit(vol, a.Path); now != want && !(a.Limit.New == 0 && now == "") {
			why = fmt.Sprintf("the limit is %q", now)
		}
	case "retire":
		if _, err := os.Lstat(b.inside(b.brick(vol)) + a.Path); !os.IsNotExist(err) {
			why = fmt.Sprintf("it is there (%v)", err)
		}
	case "serve":
		why = b.lacksSettings(vol, steps, i)
	default:
		b.Fatalf("what is the step %q?", a.Kind)
	}
	return why == "", why
}

// limit is the limit of a directory; empty where there is no such directory. Where a
// brick has just started Gluster lists nothing for a moment.
func (b *Bed) limit(vol, path string) (now string) {
	b.Helper()
	_, there := b.tree(vol)[path]
	b.Eventually(func() string {
		if now = b.Limits(vol, path)[path]; now == "" && there {
			return "Gluster doesn't list the limit of " + path
		}
		return ""
	})
	return now
}

func (b *Bed) lacksPerm(vol, path string, want reportedPerm) string {
	b.Helper()
	n, is := b.tree(vol)[path]
	switch mode := fmt.Sprintf("%04o", modeBits(n.mode)); {
	case !is:
		return "it is not there"
	case want.Mode != "" && mode != want.Mode:
		return "its mode is " + mode
	case want.Owner != nil && n.uid != want.Owner.Number || want.Group != nil && n.gid != want.Group.Number:
		return fmt.Sprintf("it belongs to %d:%d", n.uid, n.gid)
	}
	return ""
}

// modeBits are a mode as chmod takes it.
func modeBits(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for bit, is := range map[uint32]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if mode&is != 0 {
			bits |= bit
		}
	}
	return bits
}

// lacksSettings says which of the options that a step sets glusterd doesn't hold or
// hasn't stored, but for those that a later step, which was tried, sets too.
func (b *Bed) lacksSettings(vol string, steps []reportedStep, i int) string {
	b.Helper()
	later := map[string]bool{}
	for _, s := range steps[i+1:] {
		for _, set := range s.Action.Settings {
			later[set.Key] = later[set.Key] || s.Outcome != "not started"
		}
	}
	var lacks []string
	for _, set := range steps[i].Action.Settings {
		for _, v := range append([]string{vol}, set.Others...) {
			held, stored := b.Options(v)[set.Key], b.stored(v)[set.Key]
			if !later[set.Key] && (held != set.New || stored != set.New) {
				lacks = append(lacks, fmt.Sprintf("%s of %s is %q, and %q is stored", set.Key, v, held, stored))
			}
		}
	}
	return strings.Join(lacks, "; ")
}

// stored are the options that glusterd would begin with.
func (b *Bed) stored(vol string) map[string]string {
	b.Helper()
	text, err := os.ReadFile(b.inside("/var/lib/glusterd/vols/" + vol + "/info"))
	if err != nil {
		b.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		out[key] = value
	}
	return out
}
