package takeover

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// Outlook tells in sentences what the next run with a file has to do. There is
// nothing to do where there are no changes.
type Outlook struct {
	Changes []string // what an apply would do, or what keeps it from it, and why
	Notes   []string // what to know besides
}

// outlookOf tells what a plan means to whoever has just taken the volume over.
func outlookOf(p diff.Plan) Outlook {
	var o Outlook
	for _, x := range p.Problems {
		o.Changes = append(o.Changes, fmt.Sprintf("An apply would be refused: %s. To mend it: %s.", x.Text, x.Mend))
	}
	for _, s := range settings(p) {
		o.Changes = append(o.Changes, settingChange(s))
	}
	if !p.Empty() {
		o.Changes = append(o.Changes, accessChanges(p)...)
	}
	if len(p.Actions) > len(p.Serves()) || len(p.Held) > 0 {
		o.Changes = append(o.Changes, "Directories or limits have changed since they were read: run the import again.")
	}
	for _, x := range p.Warnings {
		o.Notes = append(o.Notes, fmt.Sprintf("%s; %s.", x.Text, x.Mend))
	}
	for _, note := range p.Notes {
		o.Notes = append(o.Notes, note+".")
	}
	return o
}

// settings are the options that the plan writes, each once, from what it is to
// what it will be.
func settings(p diff.Plan) []state.Setting {
	var out []state.Setting
	for _, serve := range p.Serves() {
		for _, s := range serve.Settings() {
			i := slices.IndexFunc(out, func(o state.Setting) bool { return o.Key == s.Key })
			if i < 0 {
				out = append(out, s)
			} else {
				out[i].New = s.New
			}
		}
	}
	return out
}

// reasons are why an option that grants what is declared is written all the same.
var reasons = map[string]string{
	"nfs.export-volumes": "as long as a volume lacks that, volumes can be mounted whole, past every share",
	"nfs.export-dirs":    "a directory is only exported for sure where no volume says off",
	"nfs.rpc-auth-allow": "the gate of a volume admits the clients of its shares and of the exports that are kept, and nobody else",
	"nfs.export-dir":     "an entry names those who are admitted today, and nobody else",
	"nfs.disable":        "a volume with shares is served",
}

func settingChange(s state.Setting) string {
	reason, change := reasons[s.Key], fmt.Sprintf("%s -> %s", cut(s.Old), cut(s.New))
	switch {
	case !s.WasSet && s.Key == "nfs.export-dir":
		reason = "a volume that exports nothing says so: nothing set is no wall"
		fallthrough
	case !s.WasSet:
		change = "not set -> " + cut(s.New)
	case s.Old == s.New:
		change = s.New
	}
	if len(s.Others) > 0 {
		change += ", on " + strings.Join(s.Others, ", ") + " too"
	}
	return fmt.Sprintf("An apply would set %s, since %s: %s.", s.Key, reason, change)
}

// accessChanges tell who gains and who loses access by the plan.
func accessChanges(p diff.Plan) []string {
	var out []string
	for _, c := range p.Access() {
		what := "/" + c.Volume + c.Path
		if c.Whole {
			what = "/" + c.Volume + " as a whole"
		}
		if gained := c.Gained().All(); !gained.Empty() {
			out = append(out, fmt.Sprintf("By that %s would gain %s.", brief(gained), what))
		}
		if lost := state.Union(c.Lost().All(), c.MayLose().Clients); !lost.Empty() {
			out = append(out, fmt.Sprintf("By that %s would lose %s.", brief(lost), what))
		}
	}
	if len(out) == 0 {
		return []string{"Nobody would gain or lose access by that."}
	}
	return out
}

// cut shortens the text of an option, of which the cluster has the whole.
func cut(s string) string {
	const most = 200
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return fmt.Sprintf("%s... (%d bytes)", string(r[:most]), len(s))
}
