package state

import "slices"

// Retirement is a directory that goes, and what it was: enough to put it back.
type Retirement struct {
	Path     string // from the volume's root
	How      OnDelete
	ID       FileID   // of the directory; zero: it is gone already, only Left is there
	Left     []string // entries of the trash that are to be deleted
	UID, GID uint32
	Mode     uint32
	Limit    uint64 // bytes; 0: there was none
	Clients  Access // who could mount it
	Names    []string
}

// Admitted are all who could mount it: addresses and networks, then host names.
func (r Retirement) Admitted() []string {
	return slices.Concat(r.Clients.All().Strings(), r.Names)
}
