package takeover

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// obstacle tells why the thing can't be declared so that it stays as it is, in a
// sentence, and how it can be taken over all the same; nothing where it can.
func (x thing) obstacle(t state.Target, a state.Actual) (why, mend string) {
	for _, find := range []func() (why, mend string){
		func() (why, mend string) { return x.whole(t) },
		func() (why, mend string) { return x.nameless(t) },
		x.severalEntries,
		x.entryObstacle,
		func() (why, mend string) { return x.noDirectory(a.Dirs[x.dir]) },
		func() (why, mend string) { return x.nobody(a.Serving) },
		x.unwritable,
		func() (why, mend string) { return x.limitless(a.Quota) },
	} {
		if why, mend = find(); why != "" {
			return why, mend
		}
	}
	return "", ""
}

// whole tells of exports that open more than one directory.
func (x thing) whole(t state.Target) (why, mend string) {
	for _, e := range x.exports {
		switch {
		case e.Whole && e.Entry == "":
			who := fmt.Sprintf("by %s", brief(e.Clients.All()))
			if !e.Doubt.Empty() {
				who = fmt.Sprintf("by whom can't be told: %s", e.Doubt.Why)
			}
			return fmt.Sprintf("The volume is served whole: /%s and every directory in it can be mounted %s.", t.Volume, who),
				"have its clients mount the shares instead; an apply closes it, and where no declared share is exported yet only with undeclared: revoke"
		case e.Whole:
			return "It begins with no slash, and so opens every directory of the volume.", correct
		}
	}
	return "", ""
}

const correct = "correct it by hand, and import again"

func (x thing) nameless(t state.Target) (why, mend string) {
	err := statefile.CheckDir(t, x.dir)
	if err == nil {
		return "", ""
	}
	mend = "give the directory another name, if it is to be a share"
	if _, reserved := state.Reserved[strings.Split(x.dir, "/")[1]]; reserved || x.dir == "/" {
		mend = "share a directory of the volume instead"
	}
	return fmt.Sprintf("It can't be a share: %v.", err), mend
}

func (x thing) severalEntries() (why, mend string) {
	if len(x.exports) < 2 {
		return "", ""
	}
	return fmt.Sprintf("It has %d entries, of which the server takes the first. Today they admit %s.", len(x.exports), x.admitted()),
		"take out by hand all but the one that is meant, and import again"
}

// entryObstacle tells of an entry that says what a state file can't.
func (x thing) entryObstacle() (why, mend string) {
	if len(x.exports) == 0 {
		return "", ""
	}
	const declare = "declare it with the addresses of those whom it is for"
	e := x.exports[0]
	switch {
	case e.Broken != "":
		return fmt.Sprintf("The NFS server can't read it: %s.", e.Broken), correct
	case len(e.Names) > 0:
		return fmt.Sprintf("It names hosts (%s), and what a name stands for can change.", strings.Join(e.Names, ", ")), declare
	case e.Everybody:
		return fmt.Sprintf("It names no clients, and so is open to all whom the gate lets through. Today that is %s.", x.admitted()),
			declare + ", or with any where it is for everybody"
	case !e.Doubt.Empty():
		return fmt.Sprintf("Whom it admits can't be told: %s.", e.Doubt.Why), "write that option in addresses and networks by hand, and import again"
	case e.MountedAs != "":
		return fmt.Sprintf("Clients reach it as %s only.", e.MountedAs), "declare it; clients then have to mount it by its own path"
	}
	return "", ""
}

// admitted is whom the exports admit today, as far as that can be told.
func (x thing) admitted() string { return brief(x.clients().All()) }

func (x thing) noDirectory(d state.Dir) (why, mend string) {
	const drop = ", or take out its entry and its limit by hand"
	switch d.Kind {
	case state.Missing:
		return "There is no such directory.", "declare it to have the next apply make it" + drop
	case state.NotADirectory:
		return fmt.Sprintf("It is no directory: %s.", d.What), "move that aside and import again" + drop
	}
	return "", ""
}

// nobody tells of an entry that admits nobody: to declare its directory for
// nobody would take the entry out.
func (x thing) nobody(s state.Serving) (why, mend string) {
	if len(x.exports) == 0 || !x.clients().Empty() {
		return "", ""
	}
	keeper := "the gate, or the entry itself, keeps all of them out"
	switch {
	case !s.On:
		keeper = "the volume is not served"
	case slices.ContainsFunc(s.Exports, func(e state.Export) bool { return e.Broken != "" }):
		keeper = "the gate, the entry itself or a broken one before it keeps all of them out"
	}
	return fmt.Sprintf("It admits nobody today: %s.", keeper), "declare it with access: [] to take the entry out, or with those whom it is for to let them in"
}

// unwritable tells of clients whom a state file can't have.
func (x thing) unwritable() (why, mend string) {
	clients := x.clients()
	if !clients.RO.Empty() {
		return fmt.Sprintf("Some of its clients may only read: %s.", brief(clients.RO)), "declare it with those who may write"
	}
	if err := statefile.CheckClients(clients.RW); err != nil {
		return fmt.Sprintf("A state file can't name all of its clients: %v.", err), "declare it with the clients that there are"
	}
	return "", ""
}

func (x thing) limitless(q state.Quota) (why, mend string) {
	limit := x.limitIn(q)
	if limit == 0 {
		return "", ""
	}
	if err := statefile.CheckSize(limit); err != nil {
		return fmt.Sprintf("A state file can't declare its limit: %v.", err), "declare it with a size that is meant"
	}
	return "", ""
}
