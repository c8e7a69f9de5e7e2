package flow

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/gluster/sandbox"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
	"glusterd-shares/pkg/state"
)

const hostName = "server"

// line is one volume of a sandbox, with every gluster command that is run.
type line struct {
	box *sandbox.Sandbox
	dir string

	mu       sync.Mutex
	commands []string

	asked int // how many commands the last import took
}

// newLine makes a sandbox with the volumes, whose options are as Gluster makes
// them, or as given.
func newLine(t *testing.T, options map[string]map[string]string) *line {
	t.Helper()
	dir := t.TempDir()
	box, err := sandbox.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for volume, values := range options {
		if err := box.Ensure(state.Target{Host: hostName, Volume: volume}); err != nil {
			t.Fatal(err)
		}
		if values != nil {
			setByHand(t, dir, volume, values)
		}
	}
	return &line{box: box, dir: dir}
}

// setByHand edits a volume's options as a person would in the sandbox.
func setByHand(t *testing.T, dir, volume string, values map[string]string) {
	t.Helper()
	var b strings.Builder
	for k, v := range values {
		fmt.Fprintf(&b, "%s: %s\n", k, v)
	}
	if err := os.WriteFile(filepath.Join(dir, hostName, volume, "options"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// endpoint is a fresh look at the volume, as each run of the program has one.
func (l *line) endpoint(t *testing.T, v state.Volume) *gluster.Endpoint {
	t.Helper()
	h := countingHost{l.box.Host(hostName), l}
	e := gluster.NewEndpoint(h, &gluster.Client{Host: h}, v, gnfs.Server{})
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// plan observes and computes.
func (l *line) plan(t *testing.T, v state.Volume) (state.Actual, diff.Plan, *gluster.Endpoint) {
	t.Helper()
	e := l.endpoint(t, v)
	a, err := e.Observe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return a, diff.Compute(v, a, gnfs.Server{}), e
}

// apply plans and carries the plan out.
func (l *line) apply(t *testing.T, v state.Volume) apply.Report {
	t.Helper()
	_, p, e := l.plan(t, v)
	if len(p.Problems) > 0 {
		t.Fatalf("the plan has problems: %v", p.Problems)
	}
	return apply.Apply(context.Background(), p, e, apply.Options{Server: gnfs.Server{}, Allow: diff.Allow{MassRevoke: true, MassRemove: true, OtherVolumes: true}})
}

// took returns the gluster commands since the last call, sorted where they ran
// side by side.
func (l *line) took() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.commands
	l.commands = nil
	return out
}

// countingHost notes every gluster process, with what is written to its stdin.
type countingHost struct {
	gluster.Host
	line *line
}

func (h countingHost) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	h.line.mu.Lock()
	h.line.commands = append(h.line.commands, strings.Join(args, " ")+strings.TrimRight(" < "+stdin, " <\n"))
	h.line.mu.Unlock()
	return h.Host.Gluster(ctx, stdin, args...)
}

func volume(name string, shares ...state.Share) state.Volume {
	return state.Volume{
		Target: state.Target{Host: hostName, Volume: name}, Serve: gnfs.Name, Undeclared: state.Keep, Shares: shares,
	}
}

func share(name string, clients ...string) state.Share {
	s := state.Share{Name: name}
	for _, c := range clients {
		s.Access = append(s.Access, rule(c))
	}
	return s
}

func rule(word string) state.Rule {
	r := state.Rule{Word: word, Level: state.ReadWrite}
	switch {
	case word == "any":
		r.To = state.Everybody
	case strings.Contains(word, "/"):
		r.To = state.SetOf(netip.MustParsePrefix(word))
	default:
		r.To = state.SetOf(netip.PrefixFrom(netip.MustParseAddr(word), 32))
	}
	return r
}

// universe are the clients and paths that the judge is asked about.
type universe struct {
	clients []netip.Addr
	paths   []string
}

// admitted asks the simulated server for every client and path.
func (u universe) admitted(t *testing.T, s *mountd.Server) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, c := range u.clients {
		for _, p := range u.paths {
			if s.Mount(c, p) == mountd.OK {
				out[c.String()+" "+p] = true
			}
		}
	}
	return out
}

// writes are the commands that change something.
func writes(commands []string) []string {
	return slices.DeleteFunc(slices.Clone(commands), func(c string) bool { return !strings.Contains(c, " volume set ") && !strings.Contains(c, " start ") })
}
