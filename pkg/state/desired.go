package state

import "errors"

// Desired is what the state files ask for.
type Desired struct {
	Files          []string // that were read, by the names that positions have, in their order
	MountPointBase string   // where a volume is mounted when it is not yet
	SSH            SSH
	Groups         map[string]Set // the host groups, by name, with the addresses that each stands for; nil: there are none
	Volumes        []Volume       // in the order of the files; their targets are distinct
}

// Way is how volumes are reached.
type Way struct {
	MountPointBase string
	SSH            SSH // without a position
}

// Way is how the volumes are reached: two that are the same compare equal.
func (d Desired) Way() Way {
	d.SSH.Pos = Pos{}
	return Way{d.MountPointBase, d.SSH}
}

// SSH says how hosts are reached whose target names a user.
type SSH struct {
	PrivateKey         string // path; empty: the agent, then the usual files
	PassphraseFile     string // path, of the keys' passphrase; empty: a person is asked
	PasswordFile       string // path; empty: no password but that of the environment
	KnownHosts         string // path; empty: the usual file
	HostKeyFingerprint string // SHA256:..., of the one key that counts, whatever KnownHosts has; empty: KnownHosts
	Port               int    // 0: the default, 22
	ConnectTimeout     int    // seconds; 0: the default
	Become             bool   // gluster and all else is run by sudo
	Pos                Pos    // zero where no file says anything about ssh
}

// Undeclared says what becomes of exports that no share declares.
type Undeclared string

const (
	Keep   Undeclared = "keep"   // carried over byte for byte
	Revoke Undeclared = "revoke" // dropped
)

// Volume is one volume and the shares that it should have.
type Volume struct {
	Target     Target
	Serve      string // the name of the server: "gluster-nfs"
	Undeclared Undeclared
	Shares     []Share // in the order of the files; their names are distinct
	Pos        Pos     // of the target, where it stands first
	Path       string  // in the document: volumes[0]

	// TakenOver tells that the volume was seen as state files ask for, by who plans
	// for it now: what is open beyond that is drift, and not what its clients have
	// always had. No file says it.
	TakenOver bool
}

// OnDelete says what becomes of an absent share's directory. Whatever it says,
// the share is not exported any more.
type OnDelete string

const (
	Trash  OnDelete = "trash"  // it is moved to the volume's trash
	Retain OnDelete = "retain" // it stays where it is
	Purge  OnDelete = "purge"  // it is deleted for good, by way of the trash
)

// Share is a directory of a volume and who may use it.
type Share struct {
	Name   string // relative to the volume's root, without a leading slash: teams/alpha
	Absent bool   // it should not be there: nothing else is declared of it but OnDelete

	OnDelete OnDelete // empty where the share is not absent

	Owner  string // a name or a number; empty: not managed
	Group  string // a name or a number; empty: not managed
	Mode   Mode
	Size   Size
	Access []Rule // in the order of the file; a rule of a group stands for the whole group
	Pos    Pos    // of the name
	Path   string // in the document: volumes[0].shares[2]

	OwnerPos, GroupPos, ModePos, SizePos, AccessPos Pos // zero where the key is left out
}

// Dir is the share's directory as a path from the volume's root: /teams/alpha.
func (s Share) Dir() string { return "/" + s.Name }

// Leaves reports whether the share is absent and its directory has to go.
func (s Share) Leaves() bool { return s.Absent && s.OnDelete != Retain }

// Clients are the addresses that the share's rules name, each at the highest
// level that any rule gives it.
func (s Share) Clients() Access {
	var rw, ro []Set
	for _, r := range s.Access {
		if r.Level == ReadOnly {
			ro = append(ro, r.To)
		} else {
			rw = append(rw, r.To)
		}
	}
	a := Access{RW: Union(rw...)}
	a.RO = Union(ro...).Minus(a.RW)
	return a
}

// Mode is the permission of a directory, with setuid, setgid and sticky, or
// nothing where it is not managed.
type Mode struct {
	Bits    uint32 // 0 to 07777
	Managed bool
}

// Level is what a client may do.
type Level string

const (
	ReadWrite Level = "rw"
	ReadOnly  Level = "ro"
)

// Rule is one item of a share's access list.
type Rule struct {
	Word  string // as it is written: a group, any, an address or a network
	To    Set    // the addresses it stands for; may be empty for a group
	Level Level
	Note  string
	Pos   Pos
	Path  string // in the document: volumes[0].shares[2].access[0]
}

// IsAny reports whether the rule was written as any: everybody, on purpose.
func (r Rule) IsAny() bool { return r.Word == "any" }

// Access is a set of addresses for each level. RO holds nobody who is in RW:
// the best level counts.
type Access struct {
	RW Set `json:"rw"`
	RO Set `json:"ro"`
}

// Check says what in an access that was read from a file is none.
func (a Access) Check() error {
	if a.RW.Overlaps(a.RO) {
		return errors.New("the same clients stand in rw and in ro")
	}
	return nil
}

// All are the addresses that have access at any level.
func (a Access) All() Set { return Union(a.RW, a.RO) }

// Empty reports whether nobody has access.
func (a Access) Empty() bool { return a.RW.Empty() && a.RO.Empty() }

// Equal reports whether both grant the same.
func (a Access) Equal(b Access) bool { return a.RW.Equal(b.RW) && a.RO.Equal(b.RO) }

// Intersect is what both grant: at the lower of the two levels.
func (a Access) Intersect(b Access) Access {
	rw := a.RW.Intersect(b.RW)
	return Access{RW: rw, RO: a.All().Intersect(b.All()).Minus(rw)}
}

// Minus is what a grants and b does not: an address that has a higher level in
// a than in b is in it.
func (a Access) Minus(b Access) Access {
	return Access{RW: a.RW.Minus(b.RW), RO: a.RO.Minus(b.All())}
}

// ID is an owner or a group: how it is written and the number it stands for,
// or nothing where it is not managed.
type ID struct {
	Name    string // as the state file writes it; empty for what was found
	Number  uint32
	Managed bool
}

// Perm is an owner, a group and a mode, each of them only where it is managed.
type Perm struct {
	Owner, Group ID
	Mode         Mode
}

// NewDirMode is the mode of a new directory for which none is declared.
const NewDirMode = 0o755
