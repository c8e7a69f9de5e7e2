package state

import (
	"fmt"
	"slices"
	"strings"
)

// Actual is what one volume and its cluster are like, as far as a plan for the
// volume needs to know. The json tags, of this and of what is in it, are the names
// in a file that keeps it; what no plan looks at is not written there, and how volumes
// are served is written once for all of a cluster.
type Actual struct {
	Volume  VolumeInfo `json:"volume"`
	Version string     `json:"version"` // of Gluster: 10.3

	Serving Serving   `json:"-"` // of the volume
	Others  []Serving `json:"-"` // of every other volume of the cluster, by name

	Server ServerStatus `json:"server"`
	Peers  []Peer       `json:"peers"` // the nodes of the cluster, this one included

	// Problems are what observing found that no plan can get around, such
	// as a Gluster that is too old.
	Problems []Problem `json:"problems"`

	// Dirs has an entry for the directory of every declared share and for
	// each of its parents, by path from the volume's root.
	Dirs map[string]Dir `json:"dirs"`

	// Quota is read where a share declares a size or is to go, or where it is
	// asked how much every share holds.
	Quota Quota `json:"quota"`

	// Leaving has an entry for the directory of every absent share that has to
	// go: by path from the volume's root.
	Leaving map[string]Leaving `json:"leaving"`

	// Trashed tells for directories of present shares that are not there which entry
	// of the trash holds what was removed last, by its id.
	Trashed map[string]string `json:"trashed"`

	// Strays are nil where they were not asked for. No plan needs them.
	Strays *Strays `json:"-"`

	// Owners and Groups give the number of each name that the shares
	// declare, as the directories' host knows it. A name that it doesn't
	// know is missing.
	Owners map[string]uint32 `json:"owners"`
	Groups map[string]uint32 `json:"groups"`
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
	Name    string   `json:"name"`
	ID      string   `json:"id"` // empty: there is no such volume
	Started bool     `json:"started"`
	Bricks  []string `json:"-"` // host:/path, in Gluster's order: what tells the volume's mounts from others
}

// ServerStatus is how the NFS server of a cluster is.
type ServerStatus struct {
	Built bool         `json:"built"` // this Gluster has one
	Nodes []ServerNode `json:"nodes"` // where the volume is served; none where it is not
}

// ServerNode is the NFS server on one node.
type ServerNode struct {
	Peer   string `json:"peer"` // the node's id
	Host   string `json:"host"`
	Online bool   `json:"online"`
	PID    int    `json:"pid"` // 0 where it is not known
}

// Peer is one node of the cluster.
type Peer struct {
	ID        string `json:"id"`
	Host      string `json:"host"`
	Connected bool   `json:"connected"`
}

// Dir is a directory of a volume as it is found, or what stands in its place.
type Dir struct {
	Kind DirKind `json:"kind"`
	What string  `json:"what"` // with NotADirectory: what is there instead, such as "a symlink"
	Mode uint32  `json:"mode"` // 0 to 07777
	UID  uint32  `json:"uid"`
	GID  uint32  `json:"gid"`

	// Held says why the share's directory could not be made what it should
	// be. A held share's directory is left alone and its access may only
	// narrow. Empty where nothing failed.
	Held string `json:"held"`
}

// Leaving is what has to be known of a directory that has to go, beside what is
// known of every directory.
type Leaving struct {
	ID FileID `json:"id"` // zero where the directory is not there

	// Left are the entries of the trash that an earlier purge of the directory
	// has left behind: renamed, and not deleted yet. Sorted; none where the
	// share is not purged.
	Left []string `json:"left"`

	// Unread is why it can't be told what else was left behind; empty where all
	// is known.
	Unread string `json:"unread"`
}

// FileID tells one directory from any other of the same volume.
type FileID struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

// Check says what in a directory that was read from a file is none.
func (d Dir) Check() error {
	if d.Mode > 0o7777 {
		return fmt.Errorf("the mode %d is more than 4095, which is 7777 in octal", d.Mode)
	}
	return nil
}

// DirKind tells what was found at a path.
type DirKind uint8

const (
	Missing       DirKind = iota // nothing is there
	Directory                    // a directory of this volume
	NotADirectory                // something else, or something that must not be walked through
)

var dirKinds = []string{Missing: "missing", Directory: "directory", NotADirectory: "not a directory"}

// MarshalText gives the kind in words.
func (k DirKind) MarshalText() ([]byte, error) { return []byte(dirKinds[k]), nil }

// UnmarshalText reads what MarshalText gives.
func (k *DirKind) UnmarshalText(text []byte) error {
	i := slices.Index(dirKinds, string(text))
	if i < 0 {
		return fmt.Errorf("write %s", strings.Join(dirKinds, ", "))
	}
	*k = DirKind(i)
	return nil
}
