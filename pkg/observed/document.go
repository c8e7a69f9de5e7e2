package observed

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/strictjson"
)

// Format is that of the document. The minor version goes up when fields are added.
var Format = strictjson.Format{Kind: "observation", Version: "1.0"}

// Mend is what to do about a file that can't be read.
const Mend = "make it anew, where the cluster is: glusterd-shares observe -f STATE > FILE"

// Document is what some volumes were like.
type Document struct {
	FormatVersion string    `json:"format_version"`
	Kind          string    `json:"kind"`
	Observed      time.Time `json:"observed"` // when reading them began; UTC, in whole seconds
	Program       string    `json:"program"`  // the version of the program that read them
	Sandbox       *string   `json:"sandbox"`  // the directory; null: real clusters
	Volumes       []Volume  `json:"volumes"`
	Clusters      Clusters  `json:"clusters"`
}

// Volume is what one of them was like, or why it could not be read.
type Volume struct {
	Target      string             `json:"target"`  // as the state file writes it
	Error       string             `json:"error"`   // empty where it could be read
	Cluster     int                `json:"cluster"` // which one of the document's; of no meaning without an observation
	Observation *state.Observation `json:"observation"`
}

// New returns a document without volumes.
func New(when time.Time, program, sandbox string) Document {
	d := Document{FormatVersion: Format.Version, Kind: Format.Kind, Observed: when.UTC().Truncate(time.Second), Program: program}
	if sandbox != "" {
		d.Sandbox = &sandbox
	}
	return d
}

// Add adds a volume that was read, or that could not be.
func (d *Document) Add(t state.Target, o state.Observation, err error) {
	v := Volume{Target: t.String()}
	if err != nil {
		v.Error = err.Error()
	} else {
		v.Cluster, v.Observation = d.Clusters.Take(&o.Actual), &o
	}
	d.Volumes = append(d.Volumes, v)
}

// Read reads what Marshal of strictjson wrote of a document. Every problem has its
// place in the file.
func Read(file string, text []byte) (Document, []state.Problem) {
	var d Document
	if problems := Format.Read(file, text, Mend, &d); len(problems) > 0 {
		return Document{}, problems
	}
	var problems []state.Problem
	seen := map[string]bool{}
	for _, v := range d.Volumes {
		why := d.contradiction(v)
		if seen[v.Target] {
			why = "it stands there twice"
		}
		if why != "" {
			problems = append(problems, state.Problem{Pos: state.Pos{File: file}, Text: v.Target + ": " + why, Mend: Mend})
		}
		seen[v.Target] = true
	}
	return d, problems
}

// contradiction is why what is said of a volume can't be; empty where it can.
func (d Document) contradiction(v Volume) string {
	o := v.Observation
	switch {
	case (o == nil) == (v.Error == ""):
		return "there has to be either an error or an observation"
	case o == nil:
		return ""
	}
	a := o.Actual
	if err := d.Clusters.Give(v.Cluster, &a); err != nil {
		return err.Error()
	}
	switch {
	case !wasLookedInto(a):
		return ""
	case !strings.HasSuffix(v.Target, ":/"+a.Volume.Name):
		return fmt.Sprintf("what was found is of the volume %q", a.Volume.Name)
	}
	for _, dir := range o.Looked {
		_, dirs := a.Dirs[dir]
		_, leaving := a.Leaving[dir]
		if !dirs || !leaving {
			return fmt.Sprintf("it says that %s was looked at, and not what was found", dir)
		}
	}
	return ""
}

// wasLookedInto reports whether directories were read.
func wasLookedInto(a state.Actual) bool {
	return a.Volume.ID != "" && a.Volume.Started && len(a.Problems) == 0
}

// Of is what is known of the target. unread is why the volume could not be read;
// found is false where the document says nothing of it.
func (d Document) Of(t state.Target) (o state.Observation, unread error, found bool) {
	for _, v := range d.Volumes {
		switch {
		case v.Target != t.String():
		case v.Observation == nil:
			return o, errors.New(v.Error), true
		default:
			o := *v.Observation
			return o, d.Clusters.Give(v.Cluster, &o.Actual), true
		}
	}
	return o, nil, false
}
