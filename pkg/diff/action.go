package diff

import "glusterd-shares/pkg/state"

// Action is one change of the cluster: MakeDir, SetPerm, EnableQuota, SetLimit,
// Serve or Retire. A plan holds them in the order in which they are carried out.
type Action interface {
	// Of is the share that asks for the action; empty where it is the
	// volume as a whole.
	Of() string
	// At is what in the state file asks for it.
	At() state.Pos
}

// MakeDir makes a directory that is not there.
type MakeDir struct {
	Share  string
	Path   string // from the volume's root: /teams/alpha
	Parent bool   // not the share's own directory: it lies on the way to it
	Perm   state.Perm
	Pos    state.Pos
}

// SetPerm changes owner, group or mode of a directory, never of what is in it.
type SetPerm struct {
	Share    string
	Path     string
	Old, New state.Perm // managed in both is what has to change
	Pos      state.Pos
}

// EnableQuota switches a volume's quota on, so that directories can have limits.
type EnableQuota struct {
	Volume string
	Pos    state.Pos // of the first size that needs it
}

// SetLimit changes how much a directory may hold with all that is in it.
type SetLimit struct {
	Share    string
	Volume   string
	Path     string
	Old, New uint64 // bytes; 0: no limit
	Used     uint64 // bytes, as far as Counted
	Counted  bool   // quota was on
	Retiring bool   // it goes because the directory does, after the last write of access
	Pos      state.Pos
}

// Retire moves the directory of an absent share to the trash, and deletes it from
// there where that is asked for. It comes after everything else, when nobody is
// admitted to the directory any more.
type Retire struct {
	Share string
	state.Retirement
	Used    uint64 // bytes, as far as Counted
	Counted bool   // quota was on
	Pos     state.Pos
}

// Stage tells the writes of access apart.
type Stage string

const (
	Global Stage = "global" // an option of the whole cluster, set first and alone
	Narrow Stage = "narrow" // who has to go goes, before slow work
	Grant  Stage = "grant"  // access as it is wanted
)

// Serve writes the volume's settings for its server, all at once.
type Serve struct {
	Stage Stage
	state.ServingChange
	Pos state.Pos // of the target
}

func (a MakeDir) Of() string { return a.Share }
func (a SetPerm) Of() string { return a.Share }
func (a Serve) Of() string   { return "" }

func (a EnableQuota) Of() string { return "" }
func (a SetLimit) Of() string    { return a.Share }

func (a Retire) Of() string { return a.Share }

func (a MakeDir) At() state.Pos { return a.Pos }
func (a SetPerm) At() state.Pos { return a.Pos }
func (a Serve) At() state.Pos   { return a.Pos }

func (a EnableQuota) At() state.Pos { return a.Pos }
func (a SetLimit) At() state.Pos    { return a.Pos }
func (a Retire) At() state.Pos      { return a.Pos }
