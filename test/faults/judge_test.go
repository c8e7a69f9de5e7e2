package faults

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
	"glusterd-shares/pkg/state"
)

// clients are who is asked about at every write: a bit each in a crowd.
var clients = func() []netip.Addr {
	var out []netip.Addr
	for _, a := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5", "10.0.0.9", "10.0.1.1", "10.0.1.130", "192.168.7.7", "9.9.9.9", "200.0.0.1"} {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}()

// numbered are 10.0.0.1 and so on.
func numbered(n int) []netip.Addr {
	var out []netip.Addr
	for i := range n {
		out = append(out, netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}))
	}
	return out
}

type crowd uint16

func (c crowd) String() string {
	var out []string
	for i, a := range clients {
		if c&(1<<i) != 0 {
			out = append(out, a.String())
		}
	}
	return strings.Join(out, " ")
}

// admission is who may mount what: by the path in a request, such as /gv0/alpha.
type admission map[string]crowd

// pathsOf are the paths that are asked about: each volume as a whole, and each of the
// directories in two spellings.
func pathsOf(t *testing.T, dirs ...string) []string {
	t.Helper()
	seen := map[string]bool{}
	for _, dir := range dirs {
		for _, volume := range volumesIn(dir) {
			seen["/"+volume] = true
			for p := range dirsIn(t, brick(dir, volume)) {
				seen["/"+volume+p], seen["/"+volume+p+"/."] = true, true
			}
		}
	}
	var out []string
	for p := range seen {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func admitted(s *mountd.Server, paths []string) admission { return admissionOf(s, clients, paths) }

func admissionOf(s *mountd.Server, clients []netip.Addr, paths []string) admission {
	out := admission{}
	for _, p := range paths {
		for i, c := range clients {
			if s.Mount(c, p) == mountd.OK {
				out[p] |= 1 << i
			}
		}
	}
	return out
}

// at is who may get at a path: by itself or with its whole volume.
func (a admission) at(path string) crowd {
	volume, _, _ := strings.Cut(path[1:], "/")
	return a[path] | a["/"+volume]
}

// judge watches over the laws at every write of a run.
type judge struct {
	box      *sandbox.Sandbox
	dir      string
	paths    []string
	old, new admission
	kept     map[string][]string // entries that are not to be changed, by volume
	keeps    map[string]bool     // volumes of which what nobody declares is kept
	shares   []share             // that are to be there
	strict   bool                // nothing goes wrong
	seen     *verdicts
	breaches []string
	cuts     []string // who is admitted before and after, and was not in between
}

// verdicts are those that were given before: much is the same in all cases.
type verdicts struct {
	mu    sync.Mutex
	given map[string][]admission // by what the server goes by
}

// servers are the NFS server as it is, as it will be when it hears all that glusterd
// holds, and as it would be after a restart of glusterd.
var servers = []struct {
	what string
	of   func(*sandbox.Sandbox, string) (*mountd.Server, error)
}{
	{"as served", (*sandbox.Sandbox).Served},
	{"with what glusterd holds", (*sandbox.Sandbox).Reloaded},
	{"after a restart of glusterd", (*sandbox.Sandbox).Restarted},
}

// look asks each of the servers about every client and path.
func (j *judge) look(when string) {
	all, err := j.admissions()
	if err != nil {
		j.breach("%s: %v", when, err)
		return
	}
	for i, now := range all {
		j.compare(when+", "+servers[i].what, now)
	}
	j.order(when, all[0])
	j.directories(when)
	for volume, entries := range j.kept {
		memory, stored := options(j.dir, volume)
		for _, e := range entries {
			for what, now := range map[string]string{"held": memory["nfs.export-dir"], "stored": stored["nfs.export-dir"]} {
				if !slices.Contains(strings.Split(now, ","), e) {
					j.breach("%s: %s of %s is not in what is %s: %s", when, e, volume, what, now)
				}
			}
		}
	}
}

func (j *judge) admissions() ([]admission, error) {
	key := j.basis()
	j.seen.mu.Lock()
	defer j.seen.mu.Unlock()
	if all, is := j.seen.given[key]; is {
		return all, nil
	}
	var all []admission
	for _, s := range servers {
		server, err := s.of(j.box, host)
		if err != nil {
			return nil, err
		}
		all = append(all, admitted(server, j.paths))
	}
	j.seen.given[key] = all
	return all, nil
}

// basis is all that a verdict depends on.
func (j *judge) basis() string {
	var b strings.Builder
	files := []string{filepath.Join(j.dir, host, ".glusterd")}
	for _, volume := range volumesIn(j.dir) {
		for _, name := range []string{"info", "options", "stored", "served", "gates"} {
			files = append(files, filepath.Join(j.dir, host, volume, name))
		}
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		fmt.Fprintf(&b, "%s %v\n", text, err != nil)
	}
	for _, p := range j.paths {
		if strings.HasSuffix(p, "/.") {
			continue
		}
		volume, at, _ := strings.Cut(p[1:], "/")
		info, err := os.Lstat(filepath.Join(brick(j.dir, volume), at))
		if err == nil {
			fmt.Fprintln(&b, info.Mode().Type())
		} else {
			b.WriteString("-\n")
		}
	}
	return b.String()
}

func (j *judge) compare(when string, now admission) {
	for _, p := range j.paths {
		if more := now[p] &^ (j.old.at(p) | j.new.at(p)); more != 0 {
			j.breach("law 1, %s: %s mounted by %v, whom neither the old nor the new state admits", when, p, more)
		}
		if fewer := j.old[p] & j.new[p] &^ now[p]; fewer != 0 {
			note(&j.cuts, "%s: %s not mounted by %v, whom both the old and the new state admit", when, p, fewer)
		}
	}
}

// allow takes who is admitted now as admitted before: an admin has just seen to that.
func (j *judge) allow() {
	all, err := j.admissions()
	if err != nil {
		j.breach("%v", err)
	}
	j.old, j.kept = maps.Clone(j.old), maps.Clone(j.kept)
	for volume := range j.keeps {
		memory, _ := options(j.dir, volume)
		if strings.Contains(memory["nfs.export-dir"], added) {
			j.kept[volume] = append(slices.Clone(j.kept[volume]), added)
		}
	}
	for _, now := range all {
		for p, who := range now {
			j.old[p] |= who
		}
	}
}

// order: law 5. Whom the new state lets in gets in when the directory and its limit
// are what they should be, and not before. In a run in which nothing goes wrong, who
// has to go is gone before there is slow work on directories.
func (j *judge) order(when string, now admission) {
	for _, s := range j.shares {
		p := s.path()
		if in := now[p] &^ j.old.at(p); in != 0 && !s.isReady(j.dir) {
			j.breach("law 5, %s: %s mounted by %v, and its directory is not yet what it should be", when, p, in)
		}
	}
	if !j.strict || !slow.MatchString(when) {
		return
	}
	for _, p := range j.paths {
		if late := now[p] &^ j.new.at(p); late != 0 {
			j.breach("law 5, %s: %s still mounted by %v, who has to go", when, p, late)
		}
	}
}

// slow is work that nobody who has to go waits for.
var slow = regexp.MustCompile(`^after (mkdir|quota|limits)-[0-9]+$`)

// directories: law 5. A directory that is made is at no time wider than it is to be, and
// none gets wider before it is its owner's and its group's.
func (j *judge) directories(when string) {
	for _, s := range j.shares {
		info, err := os.Lstat(s.at(j.dir))
		if err != nil || !info.IsDir() || !s.Mode.Managed {
			continue
		}
		mode := uint32(info.Mode().Perm())
		if s.fresh && mode&^s.Mode.Bits != 0 {
			j.breach("law 5, %s: %s is made with the mode %v, and is to have %04o", when, s.path(), info.Mode(), s.Mode.Bits)
		}
		if mode&^s.before != 0 && !s.isOwned(j.dir) {
			j.breach("law 5, %s: %s has the mode %v, wider than %04o, before it has its owner and group", when, s.path(), info.Mode(), s.before)
		}
	}
}

// share is one of a volume.
type share struct {
	state.Share
	volume string
	perm   state.Perm
	fresh  bool   // its directory is not there before
	before uint32 // the mode of its directory before; of one that is made, that for root alone
}

func (s share) path() string { return "/" + s.volume + s.Dir() }

func (s share) at(dir string) string { return filepath.Join(brick(dir, s.volume), s.Dir()) }

// isOwned reports whether the directory has the owner and the group that it is to get.
func (s share) isOwned(dir string) bool {
	return !s.perm.Owner.Managed && !s.perm.Group.Managed ||
		hasPerm(dir, s.volume, s.Dir(), state.Perm{Owner: s.perm.Owner, Group: s.perm.Group})
}

// isReady reports whether the directory is what it should be, with its limit.
func (s share) isReady(dir string) bool {
	limit := limits(dir, s.volume)[s.Dir()]
	return hasPerm(dir, s.volume, s.Dir(), s.perm) &&
		(!s.Size.Managed || limit == strconv.FormatUint(s.Size.Bytes, 10) || s.Size.Bytes == 0 && limit == "")
}

func (j *judge) breach(format string, args ...any) {
	note(&j.breaches, format, args...)
}

// note adds a line once.
func note(to *[]string, format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(*to, text) {
		*to = append(*to, text)
	}
}

// lost tells which of the data is not where it may be: where it was, where it is to
// go, or in the trash; or not the same file any more. What is to be deleted may be gone.
func lost(was, now data, doomed map[string]bool) []string {
	var out []string
	for text, before := range was {
		after, there := now[text]
		switch {
		case !there && !doomed[text]:
			out = append(out, fmt.Sprintf("%q is gone: %s", text, before.path))
		case !there:
		case after.mode != before.mode:
			out = append(out, fmt.Sprintf("the mode of %q is %v, and was %v", text, after.mode, before.mode))
		case after.inode != before.inode:
			out = append(out, fmt.Sprintf("%q is another file: %s", text, after.path))
		case after.path != before.path && !strings.Contains(after.path, "/.glusterd-shares/trash/") && !strings.Contains(after.path, "/"+aside+"/"):
			out = append(out, fmt.Sprintf("%q was moved from %s to %s", text, before.path, after.path))
		}
	}
	return out
}
