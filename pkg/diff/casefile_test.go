package diff_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

// world is what a plan is computed from.
type world struct {
	volume  state.Volume
	actual  state.Actual
	lateCut bool // who has to go can't go before directories are made
}

// caseFile reads the archives in testdata. Volume gv0 is the one that is
// planned for. All sections but desired may be left out.
//
//	-- desired --
//	undeclared revoke
//	share old absent=purge
//	share alpha 10.0.0.1 web=10.0.0.2,10.0.0.3 any 10.0.0.9:ro owner=alice mode=2770 size=1000
//	-- options --         VOLUME OPTION VALUE; a volume without options alone
//	gv0 nfs.disable off
//	-- told --            OPTION VALUE: what the NFS server goes by for gv0 instead;
//	nfs.rpc-auth-allow *  for a global option likewise; none: it is not told of it
//	-- dirs --            what is not 0755 root:root: PATH and one of
//	/alpha missing        missing, mode uid:gid, "in the way: WHAT", "held: WHY",
//	                      "missing, held: WHY"
//	-- cluster --         what is not one node with an NFS server that runs
//	node n2 down          also: server dead, server none, volume stopped,
//	user alice 1000       volume missing, group NAME NUMBER, problem TEXT,
//	                      late cut
//	-- quota --           PATH LIMIT USED, in bytes; with the section quota is on
//	/alpha 1000 10        a line "space BYTES" is how large the volume is, "limited PATH"
//	unlisted WHY          a directory with a limit; unlisted: they can't be told
//	-- trash --           PATH ID: what a purge of a directory has left behind
//	-- plan --            as describe tells it
type caseFile struct {
	t    *testing.T
	name string
	world
	options map[string]map[string]string
	told    map[string]string // nil: all that is set
	dead    bool
	left    map[string][]string // in the trash, by the directory that it was
}

func readCase(t *testing.T, name string, archive *txtar.Archive) world {
	t.Helper()
	c := &caseFile{t: t, name: name, options: map[string]map[string]string{"gv0": {}}}
	c.volume = state.Volume{
		Target: state.Target{Host: "localhost", Volume: "gv0"}, Serve: gnfs.Name, Undeclared: state.Keep,
		Pos: state.Pos{File: "desired"}, Path: "volumes[0]",
	}
	c.actual = state.Actual{
		Volume: state.VolumeInfo{Name: "gv0", ID: "id-of-gv0", Started: true},
		Peers:  []state.Peer{{ID: "id-of-n1", Host: "n1", Connected: true}},
		Server: state.ServerStatus{Built: true},
		Dirs:   map[string]state.Dir{}, Owners: map[string]uint32{}, Groups: map[string]uint32{},
	}
	sections := map[string]func(int, []string){
		"desired": c.desired, "options": c.option, "told": c.tell, "dirs": c.dir, "cluster": c.cluster, "quota": c.quota,
		"trash": c.trash,
	}
	for _, f := range archive.Files {
		c.actual.Quota.On = c.actual.Quota.On || f.Name == "quota"
		if read := sections[f.Name]; read != nil {
			for i, line := range strings.Split(string(f.Data), "\n") {
				if line != "" && !strings.HasPrefix(line, "#") {
					read(i+1, strings.Fields(line))
				}
			}
		} else if f.Name != "plan" {
			t.Fatalf("%s: what is a section %s?", name, f.Name)
		}
	}
	c.actual = observed(c.actual, c.options, c.toldInstead(), !c.dead)
	c.actual.Leaving = leaving(c.volume, c.actual.Dirs, c.left)
	return c.world
}

// leaving is what is read of directories that have to go. left are entries of the
// trash by directory.
func leaving(v state.Volume, dirs map[string]state.Dir, left map[string][]string) map[string]state.Leaving {
	out := map[string]state.Leaving{}
	for i, s := range v.Shares {
		if !s.Leaves() {
			continue
		}
		l := state.Leaving{Left: left[s.Dir()]}
		if dirs[s.Dir()].Kind == state.Directory {
			l.ID = state.FileID{Device: 1, Inode: uint64(i + 1)}
		}
		out[s.Dir()] = l
	}
	return out
}

// observed completes what was found with the settings of all volumes; the
// first, gv0, is the one that is looked at. The server runs where a volume is
// served, if it is alive; what it was told is nil where that is all.
func observed(a state.Actual, options map[string]map[string]string, told map[string]string, alive bool) state.Actual {
	on := false
	for _, s := range (gnfs.Server{}).Decode(options, told) {
		on = on || s.On
		if s.Volume == "gv0" {
			a.Serving = s
		} else {
			a.Others = append(a.Others, s)
		}
	}
	for _, p := range a.Peers {
		if on && p.Connected && a.Server.Built {
			a.Server.Nodes = append(a.Server.Nodes, state.ServerNode{Peer: p.ID, Host: p.Host, Online: alive, PID: 1})
		}
	}
	return a
}

func (c *caseFile) bad(line int, words []string) {
	c.t.Helper()
	c.t.Fatalf("%s: line %d of a section: %q is not understood", c.name, line, strings.Join(words, " "))
}

func (c *caseFile) desired(line int, words []string) {
	switch words[0] {
	case "undeclared":
		c.volume.Undeclared = state.Undeclared(words[1])
	case "share":
		s := state.Share{
			Name: words[1], Pos: state.Pos{File: "desired", Line: line},
			Path: fmt.Sprintf("volumes[0].shares[%d]", len(c.volume.Shares)),
		}
		for _, word := range words[2:] {
			c.shareWord(&s, word)
		}
		c.volume.Shares = append(c.volume.Shares, s)
		c.standing(s)
	default:
		c.bad(line, words)
	}
}

func (c *caseFile) shareWord(s *state.Share, word string) {
	key, value, isKey := strings.Cut(word, "=")
	switch {
	case key == "absent":
		s.Absent, s.OnDelete = true, state.OnDelete(value)
	case key == "owner":
		s.Owner, s.OwnerPos = value, s.Pos
	case key == "group":
		s.Group, s.GroupPos = value, s.Pos
	case key == "size":
		s.Size, s.SizePos = state.Size{Bytes: c.bytes(value), Managed: true}, s.Pos
	case key == "mode":
		bits, err := strconv.ParseUint(value, 8, 12)
		if err != nil {
			c.t.Fatalf("%s: %v", c.name, err)
		}
		s.Mode, s.ModePos = state.Mode{Bits: uint32(bits), Managed: true}, s.Pos
	case isKey:
		s.Access = append(s.Access, ruleOf(*s, key, value))
	default:
		s.Access = append(s.Access, ruleOf(*s, word, word))
	}
}

// bytes reads a number of bytes; none is 0.
func (c *caseFile) bytes(word string) uint64 {
	if word == state.NoLimit {
		return 0
	}
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
	return n
}

func (c *caseFile) quota(line int, words []string) {
	q := &c.actual.Quota
	switch {
	case words[0] == "limited":
		q.Limited = append(q.Limited, words[1])
	case words[0] == "unlisted":
		q.Unlisted = strings.Join(words[1:], " ")
	case len(words) == 2 && words[0] == "space":
		q.Space = c.bytes(words[1])
	case len(words) == 3:
		if q.Usage == nil {
			q.Usage = map[string]state.Usage{}
		}
		q.Usage[words[0]] = state.Usage{Limit: c.bytes(words[1]), Used: c.bytes(words[2])}
	default:
		c.bad(line, words)
	}
}

func (c *caseFile) trash(line int, words []string) {
	if len(words) != 2 {
		c.bad(line, words)
	}
	if c.left == nil {
		c.left = map[string][]string{}
	}
	c.left[words[0]] = append(c.left[words[0]], words[1])
}

func ruleOf(s state.Share, word, addresses string) state.Rule {
	addresses, readOnly := strings.CutSuffix(addresses, ":ro")
	word = strings.TrimSuffix(word, ":ro")
	r := state.Rule{
		Word: word, Level: state.ReadWrite, Pos: s.Pos,
		Path: fmt.Sprintf("%s.access[%d]", s.Path, len(s.Access)),
	}
	if readOnly {
		r.Level = state.ReadOnly
	}
	r.To = setOf(strings.FieldsFunc(addresses, func(r rune) bool { return r == ',' })...)
	return r
}

// setOf reads addresses, networks and the word any.
func setOf(words ...string) state.Set {
	var out []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		} else if w == "any" {
			out = append(out, state.Everybody...)
		} else {
			out = append(out, netip.MustParsePrefix(w))
		}
	}
	return state.SetOf(out...)
}

// standing makes the directories of a share stand there.
func (c *caseFile) standing(s state.Share) {
	for dir := s.Dir(); dir != ""; dir = dir[:strings.LastIndexByte(dir, '/')] {
		c.actual.Dirs[dir] = state.Dir{Kind: state.Directory, Mode: 0o755}
	}
}

func (c *caseFile) option(line int, words []string) {
	if len(words) != 1 && len(words) != 3 {
		c.bad(line, words)
	}
	if c.options[words[0]] == nil {
		c.options[words[0]] = map[string]string{}
	}
	if len(words) == 3 {
		c.options[words[0]][words[1]] = words[2]
	}
}

func (c *caseFile) tell(line int, words []string) {
	if c.told == nil {
		c.told = map[string]string{}
	}
	if len(words) != 2 {
		c.bad(line, words)
	}
	c.told[words[0]] = words[1]
}

// toldInstead are the server's own options: those of gv0 that the case gives
// are in place of the ones that are set.
func (c *caseFile) toldInstead() map[string]string {
	if c.told == nil {
		return nil
	}
	options := map[string]map[string]string{}
	for volume, o := range c.options {
		options[volume] = maps.Clone(o)
		for option, value := range c.told {
			if volume == "gv0" || strings.HasPrefix(option, "nfs.export-") && option != "nfs.export-dir" {
				options[volume][option] = value
				if value == "none" {
					delete(options[volume], option)
				}
			}
		}
	}
	return toldOf(options)
}

// toldOf are the server's own options where it was told all that is set.
func toldOf(options settings) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(options.config().Text()) {
		if option, isOption := strings.CutPrefix(strings.TrimSpace(line), "option "); isOption {
			name, value, _ := strings.Cut(option, " ")
			out[name] = value
		}
	}
	return out
}

func (c *caseFile) dir(line int, words []string) {
	path, rest := words[0], strings.Join(words[1:], " ")
	d := state.Dir{Kind: state.Directory, Mode: 0o755}
	if what, inTheWay := strings.CutPrefix(rest, "in the way: "); inTheWay {
		d = state.Dir{Kind: state.NotADirectory, What: what}
	} else if why, held := strings.CutPrefix(rest, "held: "); held {
		d.Held = why
	} else if why, held := strings.CutPrefix(rest, "missing, held: "); held {
		d = state.Dir{Held: why}
	} else if rest == "missing" {
		d = state.Dir{}
	} else if n, err := fmt.Sscanf(rest, "%o %d:%d", &d.Mode, &d.UID, &d.GID); n != 3 || err != nil {
		c.bad(line, words)
	}
	c.actual.Dirs[path] = d
}

func (c *caseFile) cluster(line int, words []string) {
	switch text := strings.Join(words, " "); {
	case text == "server none":
		c.actual.Server.Built = false
	case text == "server dead":
		c.dead = true
	case text == "volume stopped":
		c.actual.Volume.Started = false
	case text == "volume missing":
		c.actual.Volume = state.VolumeInfo{Name: "gv0"}
	case text == "late cut": // what both states grant is too long to be written
		c.lateCut = true
	case words[0] == "node":
		p := state.Peer{ID: "id-of-" + words[1], Host: words[1], Connected: !slices.Contains(words, "down")}
		c.actual.Peers = append(c.actual.Peers, p)
	case words[0] == "problem":
		c.actual.Problems = append(c.actual.Problems, state.Problem{Text: strings.Join(words[1:], " ")})
	case len(words) == 3 && (words[0] == "user" || words[0] == "group"):
		number, err := strconv.ParseUint(words[2], 10, 32)
		if err != nil {
			c.bad(line, words)
		}
		map[string]map[string]uint32{"user": c.actual.Owners, "group": c.actual.Groups}[words[0]][words[1]] = uint32(number)
	default:
		c.bad(line, words)
	}
}
