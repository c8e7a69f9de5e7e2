package files

import "glusterd-shares/pkg/state/statefile"

// disk is the sight of files that lie in directories.
type disk struct {
	paths   []string
	watches *watches
}

func (d *disk) read() content {
	d.watches.cover(d.paths)
	return statefile.Read(d.paths)
}

func (d *disk) stirred() <-chan struct{} { return d.watches.stirred }

func (d *disk) close() { d.watches.end() }
