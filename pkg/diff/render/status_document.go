package render

import (
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/status"
)

// VolumeStatus is the JSON form of what one volume is like. No list in it is
// ever null, and every size is in bytes.
type VolumeStatus struct {
	VolumeID   string            `json:"volume_id"` // empty where it is not known
	Read       bool              `json:"read"`      // false: its shares have only their names; Problems say why, or the volume's error
	InSync     bool              `json:"in_sync"`   // a run has nothing to do
	Counted    bool              `json:"counted"`   // quota is on: what directories hold is counted
	Shares     []ShareStatus     `json:"shares"`    // in the order of the files
	Options    []string          `json:"options"`   // that a run would set
	All        bool              `json:"all"`       // what no share declares was looked for
	Undeclared []UndeclaredEntry `json:"undeclared"`

	LimitsUnknown string   `json:"limits_unknown"` // why can't be told which other directories have limits; empty where it can
	More          []string `json:"more"`           // directories with more in them than was looked at
	Unread        []Unread `json:"unread"`         // parts that could not be read

	Problems []Problem    `json:"problems"`
	Warnings []Problem    `json:"warnings"`
	Total    status.Total `json:"total"`
}

// ShareStatus is one declared share as it is.
type ShareStatus struct {
	Share    string         `json:"share"`
	Path     string         `json:"path"` // of its directory, from the volume's root
	State    status.State   `json:"state"`
	Drift    []status.Drift `json:"drift"`
	Held     string         `json:"held"` // why its directory was left alone; empty where it was not
	Use      Use            `json:"use"`
	Clients  Clients        `json:"clients"` // who may mount it now
	Names    []string       `json:"names"`   // clients that are host names
	Unknown  string         `json:"unknown"` // why can't be told whom else it admits; empty where it can
	Position *Position      `json:"position"`
}

// UndeclaredEntry is something that no share declares: a directory, an export, a
// limit, or several of them at one path.
type UndeclaredEntry struct {
	Volume    string      `json:"volume"` // where it is another volume, else empty
	Path      string      `json:"path"`   // "/" is the whole volume
	Directory bool        `json:"directory"`
	Export    bool        `json:"export"`
	Fate      status.Fate `json:"fate"` // what a run would do to it
	Use       Use         `json:"use"`
	Clients   Clients     `json:"clients"`
	Names     []string    `json:"names"`
	Unknown   string      `json:"unknown"`
	Broken    string      `json:"broken"` // why the server can't read it; empty where it can
}

// Use is how much a directory holds and may hold, in bytes. Both numbers are
// left out where they are not known.
type Use struct {
	Measure status.Measure `json:"measure"`
	Used    *uint64        `json:"used,omitempty"`
	Limit   *uint64        `json:"limit,omitempty"` // 0: there is none
}

// Unread is something that could not be read, and why.
type Unread struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// StatusDocument returns the JSON form of a volume's status.
func StatusDocument(v status.Volume) VolumeStatus {
	return VolumeStatus{
		VolumeID: v.ID, Read: !v.NotRead, InSync: v.InSync, Counted: v.Counted,
		Shares: each(v.Shares, shareStatus), Options: list(v.Options),
		All: v.All, Undeclared: each(v.Undeclared, undeclaredEntry),
		LimitsUnknown: v.LimitsUnknown, More: list(v.More),
		Unread:   each(v.Unread, func(u state.Unread) Unread { return Unread(u) }),
		Problems: each(v.Problems, ProblemDocument),
		Warnings: each(v.Warnings, ProblemDocument),
		Total:    status.TotalOf([]status.Volume{v}),
	}
}

func shareStatus(s status.Share) ShareStatus {
	return ShareStatus{
		Share: s.Name, Path: s.Path, State: s.State, Drift: append([]status.Drift{}, s.Drift...), Held: s.Held,
		Use: use(s.Use), Clients: levels(s.Clients.Access), Names: list(s.Clients.Names), Unknown: s.Clients.Doubt.Why,
		Position: position(s.Pos),
	}
}

func undeclaredEntry(e status.Entry) UndeclaredEntry {
	return UndeclaredEntry{
		Volume: e.Volume, Path: e.Path, Directory: e.Directory, Export: e.Export, Fate: e.Fate,
		Use: use(e.Use), Clients: levels(e.Clients.Access), Names: list(e.Clients.Names), Unknown: e.Clients.Doubt.Why,
		Broken: e.Broken,
	}
}

func use(u status.Use) Use {
	out := Use{Measure: u.Measure}
	if u.Measure == status.Counted {
		out.Used, out.Limit = &u.Used, &u.Limit
	}
	return out
}
