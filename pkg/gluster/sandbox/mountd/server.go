package mountd

import (
	"net/netip"
	"slices"
)

// Server is Gluster-NFS on one node. The zero Server is not running and knows
// no names of hosts. It is not for several goroutines at a time.
type Server struct {
	// Hosts are the names that the server's machine knows.
	Hosts Hosts

	// Lookup tells what is at a path of a volume; the path is clean. Where
	// it is nil everything is a directory.
	Lookup func(volume, path string) Entry

	state State
	links map[string]bool // symlinks that were looked up

	// What follows from the state.
	exports    []export
	exportDirs bool
	gates      map[string]gate
	namelookup bool
}

// State is what a Server was told and what has come of it: all there is to
// know of it but for the symlinks that it has seen.
type State struct {
	Running bool
	Starts  int // how often it was started, in vain or not

	// Stuck tells that glusterd's parser is still inside a string that a bad
	// value began (graph.l:54). It stays so until glusterd is started anew.
	Stuck bool

	// Written is what glusterd configured last. The list of exports is made
	// of it, as far as it can be read.
	Written Config

	// Applied is what was last read to its end. The gates are made of it. It
	// equals Written but for a reload that met something it couldn't read.
	Applied Config
}

// client is who asks for a mount.
type client = netip.Addr

// Start is what glusterd does when it starts or when a volume is started: it
// kills the server and starts it anew, where a volume is served at all. With a
// list of exports that can't be read it doesn't come up, for no volume
// (nfs.c:1474).
//
// With nfs.exports-auth-enable it doesn't come up either: with whole volumes
// not exported it crashes (exports.c:1052), and else it lacks its file of
// exports, which is not written here.
func (s *Server) Start(c Config) {
	_, err := readExports(c)
	s.links = map[string]bool{}
	s.Restore(State{
		Running: err == nil && len(c.Served()) > 0 && !c.breaksSyntax() && !c.switchedOn("nfs.exports-auth-enable", false),
		Starts:  s.state.Starts + 1,
		Stuck:   s.state.Stuck,
		Written: c.clone(),
		Applied: c.clone(),
	})
}

// State gives the server's state, which is not to be changed.
func (s *Server) State() State { return s.state }

// Restore brings the server into a state that State gave.
func (s *Server) Restore(st State) {
	s.state = st
	if s.links == nil {
		s.links = map[string]bool{}
	}
	s.exports, _ = readExports(st.Written)
	s.exportDirs = st.Written.switchedOn("nfs.export-dirs", true)
	s.namelookup = st.Applied.switchedOn("nfs.addr-namelookup", false)
	s.gates = map[string]gate{}
	for _, name := range st.Applied.Served() {
		s.gates[name] = readGate(st.Applied[name].Options)
	}
}

// Reload is what glusterd does when options have changed: nothing, where it
// takes the server's configuration for the same as before; a start, where another set of volumes is
// served; else the running server is told to read its options again
// (glusterd-nfs-svc.c:145). A server that doesn't run is not started by that.
// For that glusterd parses the old configuration and the new one. The error is
// ErrSyntax where it can't, and the server goes on as before, or nil.
func (s *Server) Reload(c Config) error {
	switch {
	case s.state.Written.looksLike(c):
	case s.state.Stuck || c.breaksSyntax() || s.state.Written.breaksSyntax():
		s.state.Stuck = true
		return ErrSyntax
	case !slices.Equal(s.state.Written.Served(), c.Served()):
		s.Start(c)
	default:
		s.reconfigure(c.clone())
	}
	return nil
}

// reconfigure is the server's own part (nfs.c:1352, mount3.c:4232): it drops
// the list of exports and reads it again. Where an entry can't be read it
// stops there, with the list as far as it has come and the old gates.
func (s *Server) reconfigure(c Config) {
	st := s.state
	st.Written = c
	switch _, err := readExports(c); err {
	case nil:
		st.Applied = c
	case errCrash:
		st.Running = false
	}
	s.Restore(st)
}

// Running reports whether the server answers.
func (s *Server) Running() bool { return s.state.Running }

// Mount decides on a mount request (mnt3svc_mnt, mount3.c:2178). The path
// begins with the volume's name: /gv0/alpha.
func (s *Server) Mount(client netip.Addr, path string) Verdict {
	if !s.state.Running {
		return Refused
	}
	e, ok := s.find(path)
	switch {
	case !ok && !s.exportDirs:
		return NotPermitted
	case !ok:
		return s.mountDir(client, path)
	case !s.gates[e.volume].admits(client, s.namelookup, s.Hosts):
		return Denied
	case !e.dir:
		return OK
	}
	_, dir := subdir(e.name)
	return s.resolve(e, dir, client)
}

// mountDir is mnt3_parse_dir_exports (mount3.c:1785): the export of that path,
// else one that has the name of the path's first component. That is meant for
// the export of the whole volume, but an entry that doesn't begin with a slash
// has such a name as well.
func (s *Server) mountDir(client client, path string) Verdict {
	volume, dir := subdir(path)
	e, ok := s.find(path)
	if !ok {
		e, ok = s.find(volume)
	}
	switch {
	case !ok:
		return NotExported
	case !s.gates[e.volume].admits(client, s.namelookup, s.Hosts):
		return Denied
	}
	return s.resolve(e, dir, client)
}

// find gives the first export of that name.
func (s *Server) find(path string) (e export, ok bool) {
	i := slices.IndexFunc(s.exports, func(e export) bool { return e.isNamed(path) })
	if i < 0 {
		return e, false
	}
	return s.exports[i], true
}

func (s *Server) resolve(e export, dir string, client client) Verdict {
	if !e.admits(client, s.Hosts) {
		return Denied
	}
	return s.walk(e.volume, dir, client)
}
