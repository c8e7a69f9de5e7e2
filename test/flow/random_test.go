package flow

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// scenario is a random cluster and a random wish for one of its volumes, small
// enough that everything meets everything.
type scenario struct {
	options map[string]map[string]string
	dirs    []string // there already, in gv0
	volume  state.Volume
}

var (
	names   = []string{"a", "b", "a/b", "c", "legacy"}
	clients = []string{"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1", "192.168.7.7"}
	words   = append([]string{"10.0.0.0/30", "10.0.0.2/31", "10.0.1.0/24", "any"}, clients...)
	hosts   = append([]string{"10.0.0.0/30", "10.0.0.1/32", "0.0.0.0/0", "0.0.0.0/1|128.0.0.0/1"}, clients...)
	gates   = []string{"*", "10.0.0.*", "10.0.0.0/24", "10.0.0.1", "10.0.0.1/32", "10.0.0.[12],10.0.1.1", "0.0.0.0"}
	everyIP = universe{clients: addrs(clients), paths: paths("gv0", "gv1")}
)

func addrs(s []string) []netip.Addr {
	var out []netip.Addr
	for _, a := range s {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}

func paths(volumes ...string) []string {
	var out []string
	for _, v := range volumes {
		out = append(out, "/"+v, "/"+v+"/.glusterd-shares")
		for _, n := range names {
			out = append(out, "/"+v+"/"+n, "/"+v+"/"+n+"/.")
		}
	}
	return out
}

func randomScenario(r *rand.Rand) scenario {
	s := scenario{options: map[string]map[string]string{}}
	for _, v := range []string{"gv0", "gv1"} {
		s.options[v] = randomOptions(r)
	}
	for _, n := range []string{"a", "legacy", "c"} {
		if r.IntN(2) == 0 {
			s.dirs = append(s.dirs, n)
		}
	}
	s.volume = volume("gv0")
	s.volume.Undeclared = pickOne(r, state.Keep, state.Revoke)
	for _, n := range names[:4] {
		if r.IntN(3) > 0 {
			s.volume.Shares = append(s.volume.Shares, randomShare(r, n))
		}
	}
	if len(s.volume.Shares) == 0 {
		s.volume.Shares = []state.Share{randomShare(r, "a")}
	}
	randomlyAbsent(r, s.volume.Shares)
	return s
}

// randomlyAbsent makes some of the shares absent; what lies in one that goes has
// to go as well.
func randomlyAbsent(r *rand.Rand, shares []state.Share) {
	for i, s := range shares {
		inside := shares[0].Absent && strings.HasPrefix(s.Name, shares[0].Name+"/")
		if inside {
			shares[i] = absent(s.Name, shares[0].OnDelete)
		} else if r.IntN(6) == 0 {
			shares[i] = absent(s.Name, pickOne(r, state.Trash, state.Retain, state.Purge))
		}
	}
}

func randomShare(r *rand.Rand, name string) state.Share {
	s := share(name, some(r, words, 3)...)
	if r.IntN(2) == 0 {
		s.Mode = state.Mode{Bits: pickOne[uint32](r, 0o755, 0o750, 0o700), Managed: true}
	}
	if r.IntN(3) == 0 {
		s.Size = state.Size{Bytes: pickOne[uint64](r, 0, 1<<20, 1<<30), Managed: true}
	}
	return s
}

func randomOptions(r *rand.Rand) map[string]string {
	o := map[string]string{"transport.address-family": "inet", "nfs.disable": pickOne(r, "on", "off", "off", "OFF")}
	if r.IntN(4) > 0 {
		o["nfs.export-volumes"] = pickOne(r, "off", "off", "0", "on")
	}
	if r.IntN(2) == 0 {
		o["nfs.rpc-auth-allow"] = pickOne(r, gates...)
	}
	if r.IntN(6) == 0 {
		o["nfs.rpc-auth-reject"] = pickOne(r, "10.0.0.3", "10.0.1.0/24")
	}
	if r.IntN(3) == 0 {
		o["features.quota"] = "on"
	}
	if r.IntN(6) == 0 {
		o["nfs.export-dirs"] = pickOne(r, "on", "off")
	}
	var entries []string
	for _, n := range some(r, names, 4) {
		entries = append(entries, randomEntry(r, n))
	}
	if len(entries) > 0 {
		o["nfs.export-dir"] = strings.Join(entries, ",")
	}
	return o
}

func randomEntry(r *rand.Rand, name string) string {
	if r.IntN(6) == 0 {
		return "/" + name // open to everybody
	}
	slash := pickOne(r, "", "", "", "/", "/.")
	return fmt.Sprintf("/%s%s(%s)", name, slash, strings.Join(append(some(r, hosts, 3), pickOne(r, hosts...)), "|"))
}

// some picks up to n of the items, without order.
func some(r *rand.Rand, items []string, n int) []string {
	var out []string
	for _, i := range r.Perm(len(items))[:r.IntN(n+1)] {
		out = append(out, items[i])
	}
	return out
}

func pickOne[T any](r *rand.Rand, items ...T) T { return items[r.IntN(len(items))] }

// newScenario puts the scenario into a sandbox, served as it stands.
func newScenario(t *testing.T, s scenario) *line {
	t.Helper()
	l := newLine(t, s.options)
	// The lock's directory is there, so that who may mount it does not depend
	// on whether the lock was taken before.
	for _, d := range append([]string{".glusterd-shares"}, s.dirs...) {
		if err := os.MkdirAll(filepath.Join(l.dir, hostName, "gv0", "brick", d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if slices.Contains(s.dirs, "a") && s.options["gv0"]["features.quota"] == "on" {
		limits := filepath.Join(l.dir, hostName, "gv0", "limits")
		if err := os.WriteFile(limits, []byte("/a: 5000\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.box.Restart(hostName); err != nil {
		t.Fatal(err)
	}
	return l
}
