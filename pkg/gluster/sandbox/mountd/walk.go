package mountd

import (
	"path"
	"strings"
)

// Kind is what is found at a path of a volume.
type Kind int

// The kinds.
const (
	Missing Kind = iota
	Directory
	Symlink
	Other
)

// Entry is what is found at a path of a volume.
type Entry struct {
	Kind   Kind
	Target string // of a symlink
}

// walk resolves a directory below a volume's root, component by component
// (__mnt3_resolve_subdir). What it makes of "." and ".." before the last
// component, of an empty component and of a symlink was seen on 10.3.
func (s *Server) walk(volume, dir string, client client) Verdict {
	trimmed := strings.TrimRight(dir, "/")
	components := strings.Split(strings.TrimPrefix(trimmed, "/"), "/")
	at := Entry{Kind: Directory}
	where := "/"
	for i, name := range components {
		last := i == len(components)-1
		switch {
		case at.Kind != Directory:
			return NotPermitted
		case name == "":
			return Invalid
		case (name == "." || name == "..") && !last:
			return Hang
		}
		where = path.Join(where, name)
		if at = s.lookup(volume, where); at.Kind == Missing {
			return NotExported
		}
		if at.Kind == Symlink && s.seenLink(volume, where) {
			rest := strings.Join(components[i+1:], "/")
			return s.follow(volume, path.Dir(where), at.Target, rest, client)
		}
	}
	return OK
}

// seenLink reports whether the server has looked the symlink up before. The
// first time it takes a symlink for a file like any other.
func (s *Server) seenLink(volume, where string) bool {
	key := volume + where
	seen := s.links[key]
	s.links[key] = true
	return seen
}

// follow is mnt3_readlink_cbk (mount3.c:1195): the path that the link leads to
// goes through the list of exports again, and where it isn't there the client
// gets no reply.
func (s *Server) follow(volume, parent, target, rest string, client client) Verdict {
	if strings.HasPrefix(target, "/") {
		return Fault
	}
	v := s.mountDir(client, path.Join("/", volume, parent, target, rest))
	if v != OK {
		return Hang
	}
	return v
}

func (s *Server) lookup(volume, where string) Entry {
	if s.Lookup == nil {
		return Entry{Kind: Directory}
	}
	return s.Lookup(volume, where)
}
