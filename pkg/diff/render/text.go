package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"glusterd-shares/pkg/diff"
)

// Options of the text form.
type Options struct {
	Color bool // with a terminal's colours; the text is the same

	// Commands gives the exact commands of an action, one an element: those
	// on directories as they are run in the volume's root. Where it is nil
	// none are shown.
	Commands func(diff.Action) []string
}

// Text writes the plans, one after the other, then for all of them the
// warnings, what the guards refuse, the problems, and a line that counts
// everything. Lines are wrapped at 100 columns, but for commands, which are to
// be copied, and that last line. The error is w's.
func Text(w io.Writer, plans []diff.Plan, refusals []diff.Refusal, o Options) error {
	t := text{commands: o.Commands}
	t.color = o.Color
	for _, p := range plans {
		t.volume(p)
		t.end()
	}
	t.warnings(plans)
	t.refusals(refusals)
	t.problems(plans)
	t.put(plain, diff.Summarize(plans).String())
	t.end()
	_, err := w.Write(t.out.Bytes())
	return err
}

// text is a page that knows plans.
type text struct {
	page
	commands func(diff.Action) []string
}

// volume shows one plan but for its warnings and problems.
func (t *text) volume(p diff.Plan) {
	t.put(plain, p.Volume.Target.String())
	t.position(p.Volume.Pos)
	t.end()
	t.items(p)
	t.quota(p)
	t.writes(p.Serves())
	t.kept(p.Kept)
	t.notes(p)
}

// items shows the shares and exports to which something happens, each on lines
// of its own, and folds the others into one.
func (t *text) items(p diff.Plan) {
	if p.Unplanned {
		t.unchanged("nothing can be planned, see the problems")
		return
	}
	same := 0
	for _, i := range p.Items() {
		if i.Symbol == diff.Keep && i.Held == "" {
			same++
			continue
		}
		t.symbol(2, i.Symbol)
		t.put(plain, itemName(i, p))
		t.position(i.Access.Pos)
		t.item(i)
	}
	switch {
	case len(p.Volume.Shares) == 0:
		t.unchanged("no shares declared")
	case same == 1:
		t.unchanged("1 share unchanged")
	case same > 1:
		t.unchanged(fmt.Sprintf("%d shares unchanged", same))
	}
}

func (t *text) unchanged(what string) {
	t.symbol(2, diff.Keep)
	t.put(plain, what)
	t.end()
}

func itemName(i diff.Item, p diff.Plan) string {
	if i.Access.Share != "" {
		return i.Access.Share
	}
	export := "export of " + i.Access.Path
	if i.Access.Whole {
		export = "export of the whole volume"
	}
	switch {
	case i.Access.Volume != p.Before.Volume:
		return fmt.Sprintf("volume %s: %s", i.Access.Volume, export)
	case i.Access.Whole:
		return export
	}
	return export + " (undeclared)"
}

func (t *text) item(i diff.Item) {
	t.fate(i)
	for _, a := range i.Actions {
		t.directory(a, i.Symbol == diff.Create)
		t.commandsOf(a)
	}
	if i.Held != "" {
		t.field("held", i.Held)
	}
	t.access(i)
}

// directory shows what happens to one directory; made tells that the share's own
// one is new.
func (t *text) directory(a diff.Action, made bool) {
	switch a := a.(type) {
	case diff.MakeDir:
		label := "directory"
		if a.Parent {
			label = "parent"
		}
		t.field(label, strings.Join(append([]string{a.Path}, newPerm(a.Perm)...), ", "))
	case diff.SetPerm:
		for _, c := range permChanges(a) {
			t.field(c.what, c.old+" -> "+c.new)
		}
	case diff.SetLimit:
		t.field("size", limitChange(a, made))
	}
}

// quota says what it means that quota is switched on, where it is.
func (t *text) quota(p diff.Plan) {
	for _, a := range p.Actions {
		if q, ok := a.(diff.EnableQuota); ok {
			t.end()
			t.to(2)
			t.put(plain, "quota")
			t.position(q.Pos)
			t.symbol(4, diff.Change)
			t.wrapped("off -> on: " + whatQuotaCosts)
			t.commandsOf(q)
		}
	}
}

// whatQuotaCosts was seen on Gluster 10.3: a find over each brick when quota is
// switched on, a process more on each node, and accounts kept at each write.
const whatQuotaCosts = "Gluster walks through the whole volume once, to count what is there, and limits hold as far as it has counted; " +
	"from then on it counts at each write"

func (t *text) commandsOf(a diff.Action) {
	if t.commands == nil {
		return
	}
	for _, c := range t.commands(a) {
		t.to(labelColumn + 2)
		t.put(plain, "$ "+c)
		t.end()
	}
}

// notes shows what a reader should know besides.
func (t *text) notes(p diff.Plan) {
	notes := notes(p)
	if t.commands != nil {
		notes = append(whereRun(p), notes...)
	}
	if len(notes) == 0 {
		return
	}
	t.section("notes")
	for _, n := range notes {
		t.symbol(4, diff.Keep)
		t.wrapped(n)
	}
}

// whereRun says where the commands of a plan are run.
func whereRun(p diff.Plan) []string {
	var out []string
	if host := abroad(p); host != "" {
		out = append(out, "the commands are run on "+host+" as root")
	}
	if slices.ContainsFunc(p.Actions, isOfDirectory) {
		out = append(out, inTheRoot)
	}
	return out
}

// section begins a part of a volume that has a title.
func (t *text) section(title string) {
	t.end()
	t.to(2)
	t.put(plain, title)
	t.end()
}

// inTheRoot is where the commands on directories are at home.
const inTheRoot = "the commands on directories are run in the root of a mount of the volume"

// abroad is the other machine where the commands of a plan are run; empty where that
// is this one, and where there are none.
func abroad(p diff.Plan) string {
	if p.Volume.Target.User == "" || len(p.Actions) == 0 {
		return ""
	}
	return p.Volume.Target.Host
}

func isOfDirectory(a diff.Action) bool {
	switch a.(type) {
	case diff.MakeDir, diff.SetPerm, diff.Retire:
		return true
	}
	return false
}

// OnlyAtMount is what every revocation has to be read with. Gluster-NFS 10.3
// looks at its lists when a client mounts, and at no operation after that.
const OnlyAtMount = "Gluster-NFS checks access only when a client mounts: " +
	"a client that loses a share and has it mounted keeps using it until it unmounts"

// AlsoInTheTrash is what every removal has to be read with: handles of
// Gluster-NFS 10.3 are of the directory, wherever it is.
const AlsoInTheTrash = "a client that has a removed share mounted keeps using it: where it stays, and in the trash as well until it is deleted there"

// notes are those of the plan, and what its revocations don't reach.
func notes(p diff.Plan) []string {
	out := append([]string{}, p.Notes...)
	items := p.Items()
	if slices.ContainsFunc(items, func(i diff.Item) bool { return i.Access.Loses() }) {
		out = append(out, OnlyAtMount)
	}
	if slices.ContainsFunc(items, func(i diff.Item) bool { return i.Absent && i.Symbol == diff.Remove }) {
		out = append(out, AlsoInTheTrash)
	}
	return out
}
