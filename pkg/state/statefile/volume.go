package statefile

import (
	"fmt"
	"path"
	"strings"

	"glusterd-shares/pkg/state"
)

// volume is a volume while it is read.
type volume struct {
	state.Volume
	shares []share
}

var volumeShape = shape{forms: mappingForm, what: "a volume: a mapping of target, shares and more", section: volumeSection.describe()}

// targetPattern is the schema's view of what state.ParseTarget reads.
const targetPattern = `^([A-Za-z0-9_][A-Za-z0-9._$-]*@)?([A-Za-z0-9_][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):/[A-Za-z0-9_][A-Za-z0-9_-]*$`

// maxMountPath is how long /VOLUME/NAME may be, in bytes: the longest path
// that a client can ask an NFS server for (MNTPATHLEN of RFC 1813, less the
// byte that ends it; seen with Gluster 10.3).
const maxMountPath = 1023

// volumes reads the list of volumes.
func (d *decoder) volumes(list value, f *document) {
	for _, v := range list.items() {
		if !d.fits(v, volumeShape) {
			continue
		}
		vol := volume{Volume: state.Volume{Serve: defaultServer, Undeclared: state.Keep, Path: v.path}}
		read(d, volumeSection, v, &vol)
		d.checkMountPaths(vol)
		f.volumes = append(f.volumes, vol)
	}
}

func (d *decoder) target(v value) state.Target {
	t, err := state.ParseTarget(v.Value)
	if err != nil {
		mend := "write host:/volume, such as gluster1.example.com:/gv0"
		if strings.Count(v.Value, ":") > 2 {
			mend = "write an IPv6 address in brackets: [fd00::1]:/gv0"
		}
		d.problem(v, err.Error(), mend)
	}
	return t
}

func (d *decoder) checkMountPaths(vol volume) {
	for _, s := range vol.shares {
		if n := len("/" + vol.Target.Volume + s.Dir()); n > maxMountPath {
			d.problems.add(state.Problem{Pos: s.Pos, Path: s.Path + ".name",
				Text: fmt.Sprintf("the path /%s/... of the share has %d bytes, an NFS client can ask for %d", vol.Target.Volume, n, maxMountPath),
				Mend: "shorten the name"})
		}
	}
}

// join puts the shares of volumes with the same target together and checks
// how the shares of each go with one another.
func (d *decoder) join(volumes []volume) []state.Volume {
	var joined []*volume
	byTarget := map[state.Target]*volume{}
	for _, v := range volumes {
		key := state.Target{Host: strings.ToLower(v.Target.Host), Volume: v.Target.Volume}
		first, again := byTarget[key]
		if again && key.Volume != "" {
			d.checkAgreement(*first, v)
			first.shares = append(first.shares, v.shares...)
			continue
		}
		byTarget[key] = &v
		joined = append(joined, &v)
	}
	var out []state.Volume
	for _, v := range joined {
		d.checkShares(v.shares)
		for _, s := range v.shares {
			v.Shares = append(v.Shares, s.Share)
		}
		out = append(out, v.Volume)
	}
	return out
}

// checkAgreement compares the keys of two volumes with the same target, apart
// from their shares. A key that is left out counts as what that means.
func (d *decoder) checkAgreement(first, second volume) {
	compare := func(key, a, b string) {
		if a != b {
			d.problems.add(state.Problem{Pos: second.Pos, Path: second.Path,
				Text: fmt.Sprintf("this volume stands at %s already, with another %s: %q there, %q here", first.Pos, key, a, b),
				Mend: "write the same in both, or put their shares together"})
		}
	}
	compare("user", first.Target.User, second.Target.User)
	compare("serve", first.Serve, second.Serve)
	compare("undeclared", string(first.Undeclared), string(second.Undeclared))
}

// checkShares refuses shares of one volume that stand there twice or that
// open each other.
func (d *decoder) checkShares(shares []share) {
	byName := map[string]share{}
	for _, s := range shares {
		if s.Name == "" {
			continue
		}
		if first, twice := byName[s.Name]; twice {
			d.problems.add(state.Problem{Pos: s.Pos, Path: s.Path,
				Text: fmt.Sprintf("the share %q stands at %s already", s.Name, first.Pos), Mend: "keep one of them"})
			continue
		}
		byName[s.Name] = s
	}
	for _, s := range shares {
		for dir := path.Dir(s.Name); dir != "."; dir = path.Dir(dir) {
			if outer, ok := byName[dir]; ok && outer.sound && s.sound {
				d.checkNesting(outer, s)
			}
		}
	}
}

// checkNesting refuses a share inside another unless every client of the
// outer one may use the inner one as well: whoever mounts the outer one
// reaches the inner one.
func (d *decoder) checkNesting(outer, inner share) {
	leak := outer.Clients().Minus(inner.Clients())
	if leak.Empty() {
		return
	}
	d.problems.add(state.Problem{Pos: inner.Pos, Path: inner.Path,
		Text: fmt.Sprintf("the share lies inside %q (%s), through which %s could reach it%s", outer.Name, outer.Pos, some(leak.All()), levelOf(leak, inner)),
		Mend: fmt.Sprintf("give them access to %q, take it from %q, or move one out of the other", inner.Name, outer.Name)})
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
