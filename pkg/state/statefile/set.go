package statefile

import (
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// set is the files that are read together, while they are read. What is in it
// is of all of them; each has a decoder of its own.
type set struct {
	problems problems
	groups   map[string]*group

	begun  int  // how many files were begun
	bytes  int  // in these
	values int  // in these, an alias counted each time it is used
	full   bool // that is more than is read

	// partial: there is more than what can be read, so that nothing can be
	// said to be missing.
	partial bool
}

// decode returns what the files ask for. The result counts for nothing where
// there are problems.
//
// It goes through the files three times: anything may name a group, and a group
// may stand in any file.
func (s *set) decode(files []File) state.Desired {
	docs := s.documents(files)
	s.hostGroups(docs)
	for _, doc := range docs {
		doc.readVolumes()
	}
	return s.join(docs)
}

// documents reads the files in the order of their names, as positions are
// ordered, and returns those that can be judged further.
func (s *set) documents(files []File) []*document {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	var docs []*document
	for _, f := range files {
		if s.full {
			break
		}
		s.begun++
		d := &decoder{set: s, file: f.Name}
		if doc := d.document(f.Text); doc != nil {
			docs = append(docs, doc)
		} else {
			s.partial = true
		}
	}
	return docs
}

// join puts together what the files say.
func (s *set) join(docs []*document) state.Desired {
	var want state.Desired
	var common settings
	var places []place
	var volumes []*volume
	for _, doc := range docs {
		want.Files = append(want.Files, doc.d.file)
		common.agree(&s.problems, doc.settings)
		places = append(places, doc.place)
		volumes = append(volumes, doc.volumes...)
	}
	s.missEverywhere(places)
	want.MountPointBase = common.mountPointBase.or(DefaultMountPointBase)
	want.SSH = common.ssh.desired()
	want.Groups = s.sets()
	want.Volumes = s.joinVolumes(volumes)
	return want
}
