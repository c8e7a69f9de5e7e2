package doctor

import (
	"cmp"
	"slices"

	"glusterd-shares/pkg/state"
)

// Grade is how a check has come out.
type Grade string

const (
	OK    Grade = "ok"
	Note  Grade = "note"      // nothing is in the way; worth knowing
	Bad   Grade = "bad"       // no run can do its work until it is mended
	Unask Grade = "not asked" // since something before it is bad
)

// The checks, in their order. A volume has one of each, but for the first four, which
// are of a host that is another machine, and the last two, of which there are as many
// as there is to say.
const (
	Connection = "connection" // the host answers, by SSH
	HostKey    = "host-key"   // it is the one that is meant
	Login      = "login"      // it lets in, and runs commands
	Sudo       = "sudo"       // it runs them as root

	Program     = "gluster"     // the gluster program, and its version
	Node        = "node"        // the target's host is the one that is asked
	Cluster     = "glusterd"    // it answers
	Volume      = "volume"      // it is there, and started
	Peers       = "peers"       // all nodes of the cluster are connected
	Server      = "nfs-server"  // there is one, and it runs where the volume is served
	Exposure    = "exposure"    // no volume can be mounted whole
	Directories = "directories" // they can be reached
	Quota       = "quota"       // limits can be read
	Settings    = "settings"    // what a plan can't get around
	Advice      = "advice"      // what a plan warns of
)

// Check is one of them.
type Check struct {
	Name  string
	Grade Grade
	Text  string
	Mend  string // what to do; empty where nothing is
	At    string // what in the state files it is about: file:line:column; may be empty
}

// Well reports whether nothing is bad.
func Well(checks []Check) bool {
	return !slices.ContainsFunc(checks, func(c Check) bool { return c.Grade == Bad })
}

func ok(name, text string) Check { return Check{Name: name, Grade: OK, Text: text} }
func note(name, text, mend string) Check {
	return Check{Name: name, Grade: Note, Text: text, Mend: mend}
}
func bad(name, text, mend string) Check { return Check{Name: name, Grade: Bad, Text: text, Mend: mend} }

// wrong is the check of an error. otherwise is the mend of one that knows none; it
// may be empty.
func wrong(name string, err error, otherwise string) Check {
	text, mend := state.Advice(err)
	return bad(name, text, cmp.Or(mend, otherwise))
}

func unasked(name string) Check { return Check{Name: name, Grade: Unask} }
