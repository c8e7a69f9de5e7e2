package statefile

import (
	"fmt"
	"path"
	"strings"

	"glusterd-shares/pkg/state"
)

// volume is a volume while it is read: one place where it stands, and in the
// end all of them.
type volume struct {
	state.Volume
	places     []place
	serve      setting[string]
	undeclared setting[state.Undeclared]
	shares     []share
}

var volumeShape = shape{forms: mappingForm, what: "a volume: a mapping of target, shares and more", section: volumeSection.describe()}

// targetPattern is the schema's view of what state.ParseTarget reads.
const targetPattern = `^([A-Za-z0-9_][A-Za-z0-9._$-]*@)?([A-Za-z0-9_][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):/[A-Za-z0-9_][A-Za-z0-9_-]*$`

// maxMountPath is how long /VOLUME/NAME may be, in bytes: the longest path
// that a client can ask an NFS server for (MNTPATHLEN of RFC 1813, less the
// byte that ends it; seen with Gluster 10.3).
const maxMountPath = 1023

// readVolumes reads the list of volumes. The groups of all files have to be
// known before.
func (doc *document) readVolumes() {
	if doc.volumeList.Node == nil {
		return
	}
	d := doc.d
	for _, v := range doc.volumeList.items() {
		if !d.fits(v, volumeShape) {
			continue
		}
		vol := &volume{Volume: state.Volume{Path: v.path}}
		vol.places = []place{read(d, volumeSection, v, vol)}
		d.checkMountPaths(vol)
		doc.volumes = append(doc.volumes, vol)
	}
}

func (d *decoder) target(v value) state.Target {
	t, err := state.ParseTarget(v.Value)
	if err != nil {
		text, mend := state.Advice(err)
		switch {
		case mend != "":
		case strings.Count(v.Value, ":") > 2:
			mend = "write an IPv6 address in brackets: [fd00::1]:/gv0"
		default:
			mend = "write host:/volume, such as gluster1.example.com:/gv0"
		}
		d.problem(v, text, mend)
	}
	return t
}

func (d *decoder) checkMountPaths(vol *volume) {
	for _, s := range vol.shares {
		if n := len("/" + vol.Target.Volume + s.Dir()); n > maxMountPath {
			d.problems.add(state.Problem{Pos: s.Pos, Path: s.Path + ".name",
				Text: fmt.Sprintf("the path /%s/... of the share has %d bytes, an NFS client can ask for %d", vol.Target.Volume, n, maxMountPath),
				Mend: "shorten the name"})
		}
	}
}

// joinVolumes puts together what stands at several places of one volume, and
// checks how the shares of each volume go with one another.
func (s *set) joinVolumes(volumes []*volume) []state.Volume {
	var joined []*volume
	byTarget := map[state.Target]*volume{}
	for _, v := range volumes {
		key := state.Target{Host: strings.ToLower(v.Target.Host), Volume: v.Target.Volume}
		first, again := byTarget[key]
		if again && key.Volume != "" {
			s.joinVolume(first, v)
			continue
		}
		byTarget[key] = v
		joined = append(joined, v)
	}
	var out []state.Volume
	for _, v := range joined {
		s.missEverywhere(v.places)
		s.checkShares(v.shares)
		out = append(out, v.desired())
	}
	return out
}

// joinVolume adds to a volume what stands at a further place of it.
func (s *set) joinVolume(first, further *volume) {
	if a, b := first.Target.User, further.Target.User; a != b {
		s.problems.add(state.Problem{Pos: further.Pos, Path: further.Path,
			Text: fmt.Sprintf("this volume stands at %s already, with another user: %q there, %q here", first.Pos, a, b),
			Mend: "write the same in both, or put their shares together"})
	}
	agree(&s.problems, &first.serve, further.serve)
	agree(&s.problems, &first.undeclared, further.undeclared)
	first.places = append(first.places, further.places...)
	first.shares = append(first.shares, further.shares...)
}

func (v *volume) desired() state.Volume {
	out := v.Volume
	out.Serve, out.Undeclared = v.serve.or(defaultServer), v.undeclared.or(state.Keep)
	for _, s := range v.shares {
		out.Shares = append(out.Shares, s.Share)
	}
	return out
}

// checkShares refuses shares of one volume that stand there twice or that
// open each other.
func (s *set) checkShares(shares []share) {
	byName := map[string]share{}
	for _, sh := range shares {
		if sh.Name == "" {
			continue
		}
		if first, twice := byName[sh.Name]; twice {
			s.problems.add(state.Problem{Pos: sh.Pos, Path: sh.Path,
				Text: fmt.Sprintf("the share %q stands at %s already", sh.Name, first.Pos), Mend: "keep one of them"})
			continue
		}
		byName[sh.Name] = sh
	}
	clients := knownClients{}
	for _, inner := range shares {
		for dir := path.Dir(inner.Name); dir != "."; dir = path.Dir(dir) {
			outer, ok := byName[dir]
			switch {
			case !ok || !outer.sound || !inner.sound:
			case outer.Absent:
				s.checkAbsence(outer, inner)
			case !inner.Absent:
				s.checkNesting(outer, inner, clients)
			}
		}
	}
}

// checkAbsence refuses to let a directory go that holds the one of a share which
// stays.
func (s *set) checkAbsence(outer, inner share) {
	switch {
	case !inner.Absent:
		s.problems.add(state.Problem{Pos: outer.Pos, Path: outer.Path,
			Text: fmt.Sprintf("the share is absent, but its directory holds the share %q (%s), which is present", inner.Name, inner.Pos),
			Mend: fmt.Sprintf("make %q absent too, or keep this one with access: []", inner.Name)})
	case !inner.Leaves() && outer.Leaves():
		s.problems.add(state.Problem{Pos: outer.Pos, Path: outer.Path,
			Text: fmt.Sprintf("the directory of the share goes, but it holds that of %q (%s), which is to stay", inner.Name, inner.Pos),
			Mend: "write on_delete: retain here too, or another on_delete there"})
	}
}

// checkNesting refuses a share inside another unless every client of the
// outer one may use the inner one as well: whoever mounts the outer one
// reaches the inner one.
func (s *set) checkNesting(outer, inner share, clients knownClients) {
	leak := clients.of(outer).Minus(clients.of(inner))
	if leak.Empty() {
		return
	}
	s.problems.add(state.Problem{Pos: inner.Pos, Path: inner.Path,
		Text: fmt.Sprintf("the share lies inside %q (%s), through which %s could reach it%s", outer.Name, outer.Pos, some(leak.All()), levelOf(leak, inner)),
		Mend: fmt.Sprintf("give them access to %q, take it from %q, or move one out of the other", inner.Name, outer.Name)})
}

// knownClients are the clients of shares, by name: each union is made once.
type knownClients map[string]state.Access

func (k knownClients) of(s share) state.Access {
	c, known := k[s.Name]
	if !known {
		c = s.Clients()
		k[s.Name] = c
	}
	return c
}

// levelOf says that a leak is one of level only.
func levelOf(leak state.Access, inner share) string {
	if inner.Clients().All().Covers(leak.All()) {
		return " with more than its ro"
	}
	return ""
}

// some names the addresses of a set, the first few of many.
func some(s state.Set) string {
	const most = 5
	if s.IsEverybody() {
		return "everybody"
	}
	all := s.Strings()
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
}
