package state

import "slices"

// Actual is what one volume and its cluster are like, as far as a plan for the
// volume needs to know.
type Actual struct {
	Volume  VolumeInfo
	Version string // of Gluster: 10.3

	Serving Serving   // of the volume
	Others  []Serving // of every other volume of the cluster, by name

	Server ServerStatus
	Peers  []Peer // the nodes of the cluster, this one included

	// Problems are what observing found that no plan can get around, such
	// as a Gluster that is too old.
	Problems []Problem

	// Dirs has an entry for the directory of every declared share and for
	// each of its parents, by path from the volume's root.
	Dirs map[string]Dir

	// Quota is read where a share declares a size or is to go, or where it is
	// asked how much every share holds.
	Quota Quota

	// Leaving has an entry for the directory of every absent share that has to
	// go: by path from the volume's root.
	Leaving map[string]Leaving

	// Trashed tells for directories of present shares that are not there which entry
	// of the trash holds what was removed last, by its id.
	Trashed map[string]string

	// Strays are nil where they were not asked for. No plan needs them.
	Strays *Strays

	// Owners and Groups give the number of each name that the shares
	// declare, as the directories' host knows it. A name that it doesn't
	// know is missing.
	Owners, Groups map[string]uint32
}

// Offline are the hosts of the connected nodes on which the volume should be
// served and no NFS server runs. One that is stopped should be nowhere.
func (a Actual) Offline() []string {
	if !a.Volume.Started || !a.Serving.On || !a.Server.Built {
		return nil
	}
	return a.hosts(func(p Peer) bool {
		runs := slices.ContainsFunc(a.Server.Nodes, func(n ServerNode) bool { return n.Peer == p.ID && n.Online })
		return p.Connected && !runs
	})
}

// Disconnected are the hosts of the nodes that can't be reached.
func (a Actual) Disconnected() []string {
	return a.hosts(func(p Peer) bool { return !p.Connected })
}

func (a Actual) hosts(of func(Peer) bool) []string {
	var out []string
	for _, p := range a.Peers {
		if of(p) {
			out = append(out, p.Host)
		}
	}
	return out
}

// VolumeInfo is what Gluster says of a volume itself.
type VolumeInfo struct {
	Name    string
	ID      string // empty: there is no such volume
	Started bool
	Bricks  []string // host:/path, in Gluster's order: what tells the volume's mounts from others
}

// ServerStatus is how the NFS server of a cluster is.
type ServerStatus struct {
	Built bool         // this Gluster has one
	Nodes []ServerNode // where the volume is served; none where it is not
}

// ServerNode is the NFS server on one node.
type ServerNode struct {
	Peer   string // the node's id
	Host   string
	Online bool
	PID    int // 0 where it is not known
}

// Peer is one node of the cluster.
type Peer struct {
	ID        string
	Host      string
	Connected bool
}

// Dir is a directory of a volume as it is found, or what stands in its place.
type Dir struct {
	Kind     DirKind
	What     string // with NotADirectory: what is there instead, such as "a symlink"
	Mode     uint32 // 0 to 07777
	UID, GID uint32

	// Held says why the share's directory could not be made what it should
	// be. A held share's directory is left alone and its access may only
	// narrow. Empty where nothing failed.
	Held string
}

// Leaving is what has to be known of a directory that has to go, beside what is
// known of every directory.
type Leaving struct {
	ID FileID // zero where the directory is not there

	// Left are the entries of the trash that an earlier purge of the directory
	// has left behind: renamed, and not deleted yet. Sorted; none where the
	// share is not purged.
	Left []string

	// Unread is why it can't be told what else was left behind; empty where all
	// is known.
	Unread string
}

// FileID tells one directory from any other of the same volume.
type FileID struct{ Device, Inode uint64 }

// DirKind tells what was found at a path.
type DirKind uint8

const (
	Missing       DirKind = iota // nothing is there
	Directory                    // a directory of this volume
	NotADirectory                // something else, or something that must not be walked through
)
