package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// group is names in one directory.
type group struct {
	dir   string
	paths []int // which of the paths that are asked for
}

// mostInGroup bounds the arguments of one program there.
const mostInGroup = 200

// Stat implements Tree, with one command for all paths. Each directory is gone to
// once, for all the names in it.
func (t *farTree) Stat(paths ...string) ([]state.Dir, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	groups, err := grouped(paths)
	if err != nil {
		return nil, err
	}
	var stdin strings.Builder
	for _, g := range groups {
		stdin.WriteString(encode(g.dir) + "\n")
		for _, i := range g.paths {
			stdin.WriteString("./" + encode(nameIn(paths[i])) + "\n")
		}
	}
	ans, err := t.ask("stat", len(paths), statScript, stdin.String())
	if err != nil {
		return nil, err
	}
	out := make([]state.Dir, len(paths))
	s, err := newStats(ans.fields())
	for _, g := range groups {
		if err == nil {
			err = s.read(g, paths, out)
		}
	}
	if err != nil {
		return nil, t.host.told(err)
	}
	return out, nil
}

// nameIn is the last component of a path, or the root's own.
func nameIn(p string) string {
	if p == "/" {
		return "."
	}
	return path.Base(p)
}

// grouped puts together the paths that lie in one directory.
func grouped(paths []string) ([]group, error) {
	var out []group
	last := map[string]int{} // the group of a directory that is not full
	for i, p := range paths {
		if _, err := components(p); err != nil {
			return nil, err
		}
		dir := path.Dir(p)
		n, is := last[dir]
		if !is || len(out[n].paths) == mostInGroup {
			n = len(out)
			last[dir] = n
			out = append(out, group{dir: dir})
		}
		out[n].paths = append(out[n].paths, i)
	}
	return out, nil
}

// stats is what the far side tells of many paths, as far as it is not yet read.
type stats struct {
	fields []string
	device string          // of the root
	mounts map[string]bool // by the path from the root
}

// newStats reads what stands before the rest: the root's path, its device, and what
// is mounted.
func newStats(fields []string) (*stats, error) {
	if len(fields) < 3 {
		return nil, errNotUnderstood
	}
	mounts, err := parseMountinfo(fields[2] + "\n")
	if err != nil {
		return nil, err
	}
	s := &stats{fields: fields[3:], device: fields[1], mounts: map[string]bool{}}
	for _, m := range mounts {
		if below, is := strings.CutPrefix(m.point, strings.TrimSuffix(fields[0], "/")+"/"); is {
			s.mounts["/"+below] = true
		}
	}
	return s, nil
}

// next takes so many fields.
func (s *stats) next(n int) ([]string, error) {
	if len(s.fields) < n {
		return nil, errNotUnderstood
	}
	some := s.fields[:n]
	s.fields = s.fields[n:]
	return some, nil
}

// read reads what is told of one group.
func (s *stats) read(g group, paths []string, out []state.Dir) error {
	began, err := s.next(1)
	if err != nil {
		return err
	}
	if began[0] == "no" {
		return s.readRefusal(g, paths, out)
	}
	told, err := s.next(len(g.paths))
	if err != nil {
		return err
	}
	for n, i := range g.paths {
		if out[i], err = s.dir(paths[i], told[n]); err != nil {
			return err
		}
	}
	return nil
}

// readRefusal reads why a directory could not be gone to: what is in the way is in
// the way of all that lies in it.
func (s *stats) readRefusal(g group, paths []string, out []state.Dir) error {
	rest, err := s.next(3)
	if err != nil {
		return err
	}
	why := refusal("open", append([]string{"no"}, rest...))
	for _, i := range g.paths {
		if out[i], err = insteadOf(paths[i], why); err != nil {
			return err
		}
	}
	return nil
}

// dir reads what is told of one path.
func (s *stats) dir(p, told string) (state.Dir, error) {
	if told == "-" {
		return state.Dir{Kind: state.Missing}, nil
	}
	if why, failed := strings.CutPrefix(told, "! "); failed {
		return state.Dir{}, &fs.PathError{Op: "stat", Path: p, Err: errnoIn(why)}
	}
	words := strings.Fields(told)
	if len(words) != 4 {
		return state.Dir{}, errNotUnderstood
	}
	mode, modeErr := strconv.ParseUint(words[0], 16, 32)
	uid, uidErr := strconv.ParseUint(words[1], 10, 32)
	gid, gidErr := strconv.ParseUint(words[2], 10, 32)
	if err := errors.Join(modeErr, uidErr, gidErr); err != nil {
		return state.Dir{}, fmt.Errorf("%w: %w", errNotUnderstood, err)
	}
	if what := s.inPlaceOf(p, words[0], words[3]); what != "" {
		return state.Dir{Kind: state.NotADirectory, What: what}, nil
	}
	return state.Dir{Kind: state.Directory, Mode: uint32(mode) & 0o7777, UID: uint32(uid), GID: uint32(gid)}, nil
}

// inPlaceOf says what stands in the place of a directory of this mount; empty where
// it is one.
func (s *stats) inPlaceOf(p, mode, device string) string {
	switch {
	case !strings.HasPrefix(mode, "4") || len(mode) != 4:
		return wayOf(mode)
	case device != s.device:
		return wayOf("device")
	case s.mounts[p]:
		return wayOf("mount")
	}
	return ""
}
