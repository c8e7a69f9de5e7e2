package takeover_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/takeover"
)

var target = state.Target{Host: "gluster1.example.com", Volume: "gv0"}

// world is a volume of a cluster with what is in it. Its test cases are archives
// in testdata. All sections but file or error may be left out; words can be
// quoted as in Go.
//
//	-- options --      VOLUME OPTION VALUE
//	-- told --         OPTION VALUE: what the NFS server goes by for gv0 instead
//	-- root --         the directories in the volume's root
//	-- dirs --         PATH missing, or PATH WHAT-STANDS-THERE, of directories that
//	                   are not there; all others that are spoken of are
//	-- limits --       PATH BYTES; with the section quota is on. "unknown WHY": the list
//	                   is blank, and what stands there is only told by its name
//	-- unread --       WHAT WHY; "more PATH": it holds more than was looked at
//	-- cluster --      volume missing, volume stopped, server none, notice TEXT
//	-- file --         the file that is made
//	-- error --        why there is none
type world struct {
	t       *testing.T
	options map[string]map[string]string
	told    map[string]string
	dirs    map[string]state.Dir
	actual  state.Actual
	notice  string
	way     state.Way
}

func newWorld(t *testing.T) *world {
	return &world{
		t: t, way: state.Way{MountPointBase: statefile.DefaultMountPointBase}, options: map[string]map[string]string{"gv0": {}}, told: map[string]string{}, dirs: map[string]state.Dir{},
		actual: state.Actual{
			Volume: state.VolumeInfo{Name: "gv0", ID: "id-of-gv0", Started: true},
			Peers:  []state.Peer{{ID: "id-of-n1", Host: "n1", Connected: true}},
			Server: state.ServerStatus{Built: true, Nodes: []state.ServerNode{{Peer: "id-of-n1", Host: "n1", Online: true}}},
			Strays: &state.Strays{},
		},
	}
}

func readWorld(t *testing.T, archive *txtar.Archive) *world {
	t.Helper()
	w := newWorld(t)
	sections := map[string]func([]string){
		"options": w.option, "told": w.tell, "root": w.inRoot, "dirs": w.dir, "limits": w.limit, "unread": w.unread, "cluster": w.cluster,
	}
	for _, f := range archive.Files {
		w.actual.Quota.On = w.actual.Quota.On || f.Name == "limits"
		read := sections[f.Name]
		if read == nil && f.Name != "file" && f.Name != "error" {
			t.Fatalf("what is a section %s?", f.Name)
		}
		for line := range strings.Lines(string(f.Data)) {
			if read != nil && strings.TrimSpace(line) != "" {
				read(words(t, line))
			}
		}
	}
	return w
}

// words splits a line at blanks; a word may be quoted.
func words(t *testing.T, line string) []string {
	t.Helper()
	var out []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word, err := strconv.QuotedPrefix(line)
		if err != nil {
			word, _, _ = strings.Cut(line, " ")
			out = append(out, word)
		} else {
			text, _ := strconv.Unquote(word)
			out = append(out, text)
		}
		line = line[len(word):]
	}
	return out
}

func (w *world) option(words []string) {
	if w.options[words[0]] == nil {
		w.options[words[0]] = map[string]string{}
	}
	w.options[words[0]][words[1]] = strings.Join(words[2:], " ")
}

func (w *world) tell(words []string) { w.told[words[0]] = strings.Join(words[1:], " ") }

func (w *world) inRoot(words []string) {
	for _, name := range words {
		w.actual.Strays.Dirs = append(w.actual.Strays.Dirs, "/"+name)
	}
}

func (w *world) dir(words []string) {
	w.dirs[words[0]] = state.Dir{}
	if what := strings.Join(words[1:], " "); what != "missing" {
		w.dirs[words[0]] = state.Dir{Kind: state.NotADirectory, What: what}
	}
}

func (w *world) limit(words []string) {
	if words[0] == "unknown" {
		w.actual.Strays.LimitsUnknown = strings.Join(words[1:], " ")
		w.actual.Quota.Usage, w.actual.Strays.Limits = w.actual.Strays.Limits, nil
		return
	}
	bytes, err := strconv.ParseUint(words[1], 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.actual.Strays.Limits == nil {
		w.actual.Strays.Limits = map[string]state.Usage{}
	}
	w.actual.Strays.Limits[words[0]] = state.Usage{Limit: bytes}
}

func (w *world) unread(words []string) {
	if words[0] == "more" {
		w.actual.Strays.More = append(w.actual.Strays.More, words[1])
		return
	}
	w.actual.Strays.Unread = append(w.actual.Strays.Unread, state.Unread{What: words[0], Why: strings.Join(words[1:], " ")})
}

func (w *world) cluster(words []string) {
	switch strings.Join(words[:2], " ") {
	case "volume missing":
		w.actual.Volume = state.VolumeInfo{}
	case "volume stopped":
		w.actual.Volume.Started = false
	case "server none":
		w.actual.Server = state.ServerStatus{}
	default:
		w.notice = strings.Join(words[1:], " ")
	}
}

// observed is the volume as it was looked at the second time.
func (w *world) observed() state.Actual {
	a := w.actual
	for _, s := range (gnfs.Server{}).Decode(w.options, w.printed()) {
		if s.Volume == "gv0" {
			a.Serving = s
		} else {
			a.Others = append(a.Others, s)
		}
	}
	a.Dirs = map[string]state.Dir{}
	if a.Quota.On && a.Strays.LimitsUnknown == "" {
		a.Quota.Usage = map[string]state.Usage{}
	}
	for _, s := range takeover.Candidates(target, a) {
		d, odd := w.dirs[s.Dir()]
		if !odd {
			d = state.Dir{Kind: state.Directory, Mode: 0o755}
		}
		a.Dirs[s.Dir()] = d
		if l, has := a.Strays.Limits[s.Dir()]; has && s.Size.Managed {
			a.Quota.Usage[s.Dir()] = l
		}
	}
	return a
}

// printed are the options as glusterd hands them to the NFS server; nil where it
// was told all of them.
func (w *world) printed() map[string]string {
	if len(w.told) == 0 {
		return nil
	}
	out := map[string]string{"nfs3.gv0.volume-id": "id-of-gv0"}
	for option, name := range map[string]string{
		"nfs.export-dir": "nfs3.gv0.export-dir", "nfs.rpc-auth-allow": "rpc-auth.addr.gv0.allow", "nfs.export-volumes": "nfs3.export-volumes",
	} {
		value, set := w.options["gv0"][option]
		if other, differs := w.told[option]; differs {
			value, set = other, true
		}
		if set {
			out[name] = value
		}
	}
	return out
}

func (w *world) file() (takeover.File, error) {
	return takeover.FileOf(target, w.observed(), gnfs.Server{}, takeover.Site{Notice: w.notice, Way: w.way})
}

func section(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return fmt.Sprintf("(no section %s)", name)
}
