package health

import (
	"time"

	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
)

// formatVersion is that of Document: a change of the first number breaks readers,
// one of the second only adds.
const formatVersion = "1.1"

// Document is the JSON form of a snapshot. No list in it is ever null, and a time
// that is null is of what didn't happen yet.
type Document struct {
	FormatVersion string           `json:"format_version"`
	Version       string           `json:"version"` // of the program
	Sandbox       string           `json:"sandbox"` // the directory of the stand-in for a cluster; empty: the cluster is real
	Now           time.Time        `json:"now"`
	Started       time.Time        `json:"started"`
	Live          bool             `json:"live"`
	Stuck         string           `json:"stuck"` // why it is not live; empty where it is
	Ready         bool             `json:"ready"`
	Content       ContentDocument  `json:"content"`
	Volumes       []VolumeDocument `json:"volumes"` // in the order of the files
	Changes       []ChangeDocument `json:"changes"` // the last ones, the latest first
}

// ContentDocument is what was read of the state files.
type ContentDocument struct {
	Valid    bool       `json:"valid"` // what was read last was taken
	Taken    *time.Time `json:"taken"`
	Files    []string   `json:"files"`     // of what was taken
	Mistakes []string   `json:"mistakes"`  // in what was read after that, each with its position
	BadSince *time.Time `json:"bad_since"` // null where there are none
}

// VolumeDocument is one volume.
type VolumeDocument struct {
	Target      string           `json:"target"`
	Condition   string           `json:"condition"` // unknown, in-sync, withheld, held, drifted, refused or failed
	Since       *time.Time       `json:"since"`     // the condition is that
	Why         []string         `json:"why"`       // what stands in the way, or is left to a person
	Warnings    []string         `json:"warnings"`
	Drift       []ChangeDocument `json:"drift"`   // what would have to be changed, where that is only reported
	Pending     []ChangeDocument `json:"pending"` // the same, also where a problem or a guard is in the way
	LastDrift   *DriftDocument   `json:"last_drift"`
	LastLook    *time.Time       `json:"last_look"`
	LastSuccess *time.Time       `json:"last_success"` // a look left nothing to do but what is left to a person
	LastError   string           `json:"last_error"`   // also of one that is over; empty where there was none
	LastErrorAt *time.Time       `json:"last_error_at"`
	LastPlan    PlanDocument     `json:"last_plan"`
	Shares      []ShareDocument  `json:"shares"`     // in the order of the files
	Undeclared  []ExportDocument `json:"undeclared"` // exports that no share declares, by path
	Whole       *ClientsDocument `json:"whole"`      // who may mount the volume whole; null where it can't be
	Unserved    bool             `json:"unserved"`   // its server does not run where it should
}

// DriftDocument is when drift was last found.
type DriftDocument struct {
	At     time.Time `json:"at"`
	Mended bool      `json:"mended"` // by the daemon; of a refused volume: what was opened by hand is closed
}

// PlanDocument counts what a plan held, and what became of it.
type PlanDocument struct {
	Steps    int `json:"steps"`
	Done     int `json:"done"`
	Pending  int `json:"pending"` // steps that are not done
	Held     int `json:"held"`    // shares
	Problems int `json:"problems"`
}

// ShareDocument is one share as it was seen last.
type ShareDocument struct {
	Share  string         `json:"share"`
	Absent bool           `json:"absent"` // it should not be there
	State  status.State   `json:"state"`
	Drift  []status.Drift `json:"drift"` // what is to be changed
	Held   string         `json:"held"`  // why its directory was left alone; empty where it was not
	ClientsDocument
}

// ClientsDocument is who may mount something.
type ClientsDocument struct {
	Clients []string `json:"clients"` // as far as can be told
	Unsure  string   `json:"unsure"`  // why can't be told who, or who else; empty where it can
}

// ExportDocument is an export that no share declares.
type ExportDocument struct {
	Path   string   `json:"path"`
	Near   []string `json:"near"`   // shares that lie in it, or that it lies in
	Broken string   `json:"broken"` // why the server can't read it; empty where it can
	ClientsDocument
}

// ChangeDocument is a change that was begun, or, in drift and pending, one to be made.
type ChangeDocument struct {
	At      *time.Time       `json:"at"` // null where it is to be made
	Volume  string           `json:"volume"`
	Cause   watch.Cause      `json:"cause"`  // content or drift; empty where it is to be made
	Share   string           `json:"share"`  // empty where it is the volume as a whole
	Action  string           `json:"action"` // its kind, as in the document of plan
	Path    string           `json:"path"`
	Old     string           `json:"old"`
	New     string           `json:"new"`
	Source  string           `json:"source"`  // what asks for it: file:line:column
	Outcome string           `json:"outcome"` // done, failed or unknown; empty where it is to be made
	Error   string           `json:"error"`
	Note    string           `json:"note"`   // what else is to be known; empty where there is nothing
	Access  []AccessDocument `json:"access"` // the directories whose clients are others by it
}

// AccessDocument is who may mount a directory before and after a change.
type AccessDocument struct {
	Share       string `json:"share"` // empty where no share declares it
	Path        string `json:"path"`
	Whole       bool   `json:"whole"`        // it is the volume, with every directory
	OtherVolume string `json:"other_volume"` // empty where it is the same
	Old         string `json:"old"`
	New         string `json:"new"`
	Effect      string `json:"effect"` // who gains and who loses
}

// DocumentOf returns the JSON form of a snapshot.
func DocumentOf(s Snapshot, about About) Document {
	return Document{
		FormatVersion: formatVersion, Version: about.Version, Sandbox: about.Sandbox,
		Now: s.Now, Started: s.Started, Live: s.Stuck == "", Stuck: s.Stuck, Ready: s.Ready,
		Content: ContentDocument{
			Valid: s.Content.Valid(), Taken: when(s.Content.Taken), Files: list(s.Content.Files),
			Mistakes: list(s.Content.Bad), BadSince: when(s.Content.BadSince),
		},
		Volumes: each(s.Volumes, volumeDocument),
		Changes: each(s.Changes, changeDocument),
	}
}

func volumeDocument(v Volume) VolumeDocument {
	toDo := func(a watch.Account) ChangeDocument { return changeDocument(Change{Volume: v.Target, Account: a}) }
	d := VolumeDocument{
		Target: v.Target, Condition: Word(v.Kind), Since: when(v.Since),
		Why: list(v.Why), Warnings: list(v.Warnings), Drift: each(v.reported(), toDo), Pending: each(v.Pending, toDo),
		LastLook: when(v.Looked), LastSuccess: when(v.Success),
		LastError: v.LastError, LastErrorAt: when(v.ErrorAt),
		LastPlan: PlanDocument(v.Plan), Shares: each(v.Shares, shareDocument),
		Undeclared: each(v.Undeclared, exportDocument), Unserved: v.Unserved,
	}
	if !v.DriftAt.IsZero() {
		d.LastDrift = &DriftDocument{v.DriftAt, v.Mended}
	}
	if v.Whole != nil {
		whole := clientsDocument(*v.Whole)
		d.Whole = &whole
	}
	return d
}

func clientsDocument(c Clients) ClientsDocument {
	return ClientsDocument{Clients: list(c.Who), Unsure: c.Unsure}
}

func shareDocument(s Share) ShareDocument {
	return ShareDocument{
		Share: s.Name, Absent: s.Absent, State: s.State, Drift: list(s.Drift), Held: s.Held,
		ClientsDocument: clientsDocument(s.Clients),
	}
}

func exportDocument(e Export) ExportDocument {
	return ExportDocument{Path: e.Path, Near: list(e.Near), Broken: e.Broken, ClientsDocument: clientsDocument(e.Clients)}
}

func changeDocument(c Change) ChangeDocument {
	return ChangeDocument{
		At: when(c.At), Volume: c.Volume, Cause: c.Cause, Share: c.Share, Action: c.Action, Path: c.Path,
		Old: c.Old, New: c.New, Source: c.Pos.String(), Outcome: string(c.Outcome), Error: c.Error,
		Note: c.Note, Access: each(c.Access, accessDocument),
	}
}

func accessDocument(c watch.Change) AccessDocument {
	return AccessDocument{
		Share: c.Share, Path: c.Path, Whole: c.Whole, OtherVolume: c.OtherVolume, Old: c.Old, New: c.New, Effect: c.Effect,
	}
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func list[T any](s []T) []T { return append([]T{}, s...) }

func each[T, D any](of []T, document func(T) D) []D {
	out := make([]D, 0, len(of))
	for _, x := range of {
		out = append(out, document(x))
	}
	return out
}
