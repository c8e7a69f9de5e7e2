package gnfs

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// clientsAsked are the addresses for which the codec and the judge have to
// agree: a crowd that nets and patterns divide, and some that only odd
// spellings reach.
var clientsAsked = func() []netip.Addr {
	var out []netip.Addr
	for _, s := range []string{
		"0.0.0.1", "0.0.0.24", "0.10.0.1", "1.10.0.0", "8.0.0.1", "10.0.1.3", "10.0.0.10", "10.0.0.25", "10.0.0.255",
		"10.1.0.0", "11.0.0.1", "127.255.255.255", "128.0.0.0", "200.1.1.1", "255.255.255.255",
	} {
		out = append(out, netip.MustParseAddr(s))
	}
	for a := netip.MustParseAddr("10.0.0.0"); a.Less(netip.MustParseAddr("10.0.0.8")); a = a.Next() {
		out = append(out, a)
	}
	return out
}()

// judgeOf is a server that serves volume gv with these options and no volume
// whole.
func judgeOf(options map[string]string) *mountd.Server {
	options[optDisable], options[optExportVolumes] = "off", "off"
	var s mountd.Server
	s.Start(mountd.Config{"gv": {Started: true, Options: options}})
	return &s
}

// requestFor is how a client names the entry; empty where none can.
func requestFor(e entry) string {
	switch {
	case !e.mountable(), strings.Contains(e.path+"/", "/../") || strings.Contains(e.path+"/", "/./"):
		return ""
	case e.whole() && !strings.Contains(e.path, "/"):
		return "/gv" + e.path + "/some/where"
	case e.whole() && strings.Trim(e.path[strings.Index(e.path, "/"):], "/") == "":
		return "" // its directory would be the root, which can't be resolved
	case strings.HasSuffix(e.path, "/"):
		return "/gv" + e.path + "/"
	}
	return "/gv" + e.path
}

// agreeOnEntries compares what the codec and the judge make of nfs.export-dir.
func agreeOnEntries(t *testing.T, value string) {
	t.Helper()
	entries := parseEntries(value)
	broken := firstBroken(entries)
	judge := judgeOf(map[string]string{optExportDir: value})
	if judge.Running() != (broken == nil) {
		t.Fatalf("%q: the server runs with it: %v, the codec can't read of it: %+v", value, judge.Running(), broken)
	}
	if broken != nil {
		return // a server that runs already is judged beside the plans of diff
	}
	for _, e := range admitting(entries) {
		request := requestFor(e)
		if request == "" {
			continue
		}
		for _, c := range clientsAsked {
			got, want := e.clients.all().Contains(c), judge.Mount(c, request) == mountd.OK
			if got != want {
				t.Fatalf("%q: %v mounts %s: %v, the codec says %v", value, c, request, want, got)
			}
		}
	}
}

// agreeOnGate compares what the codec and the judge make of one gate.
func agreeOnGate(t *testing.T, option, value string) {
	t.Helper()
	options := map[string]string{optExportDir: "/s1", option: value}
	g := parseGate(options, false)
	if g.doubt != "" || g.vagueReject {
		return
	}
	judge := judgeOf(options)
	for _, c := range clientsAsked {
		if got, want := g.admits().Contains(c), judge.Mount(c, "/gv/s1") == mountd.OK; got != want {
			t.Fatalf("%s %q: admits %v: %v, the codec says %v", option, value, c, want, got)
		}
	}
}

// gluster tells whether such a value can stand in Gluster's options: the
// command line takes white space out, glusterd joins slashes and refuses what
// doesn't begin with one.
func gluster(value string) bool {
	return strings.HasPrefix(value, "/") && !strings.Contains(value, "//") && !strings.Contains(value, "../") &&
		!strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '\\' })
}

func TestCodecAgreesWithTheJudge(t *testing.T) {
	hosts := []string{
		"10.0.0.1", "10.0.0.2/31", "10.0.0.0/24", "10.0.0.5/30", "10.1", "0.0.0.0", "0.0.0.0/0", "10.0.0.3/0", "10.0.0.4/32",
		"c1", "24", "/24", "012.0.0.7", "0.0.0.0/1", "|", "||", "10.0.0.0/", "128.0.0.0/1/8",
	}
	around := []string{"(", ")", "((", "()", "|", ",", ",,", ",/s1", ",/s2", ",/s1/", ",/", "/", ",s1", ",(", "/.", "/..", "/s1("}
	gates := []string{
		"10.0.0.*", "10.0.0.[1-3]", "10.0.0.[!1]", "10.0.?.1", "*", "10.0.0.1", "10.0.0.2/31", "10.0.0.3/32", "10.0.0.4/0",
		"0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/2[4]", "10.0.0.[1/2]", "c1", "all", "", "10.0.0.6/", "*5", "10.0.0.*/24",
	}
	pick := func(r *rand.Rand, from ...[]string) string {
		list := from[r.IntN(len(from))]
		return list[r.IntN(len(list))]
	}
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 3))
		value := "/s1("
		for range r.IntN(9) {
			value += pick(r, hosts, hosts, around)
		}
		if gluster(value) {
			agreeOnEntries(t, value)
		}
		var gate []string
		for range 1 + r.IntN(3) {
			gate = append(gate, pick(r, gates))
		}
		agreeOnGate(t, optAllow, strings.Join(gate, ","))
		agreeOnGate(t, optReject, strings.Join(gate, ","))
	}
}

func FuzzEntries(f *testing.F) {
	for _, s := range []string{
		"/s1(10.0.0.1|10.0.0.0/24),/s2", "/s1(),/s1/(c1/24)", "/a(10.1)x,s2(0x0a.1),((b", "/s1(10.0.0.0/24/8|/24)",
		"/s1((|))", "/,/..(|10.0.0.1)", "/s1(/)", "/s1(10.0.0.*)", "/s1(4294967295|010.0.0.1/9)", "/s1(+10.0.0.1|10.0.-0.1)", "/s1(+10.1)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if gluster(value) {
			agreeOnEntries(t, value)
		}
	})
}

func FuzzGate(f *testing.F) {
	for _, s := range []string{
		"*", "10.0.0.1,10.0.0.0/24", "10.0.0.[!1-3],1?.*", "10.0.0.[]-]", "[10].*.[0-9].?", "10.0.0.0/2[4]", "10.0.0.1/+0",
		"10.0.0.0/-", "10.0.0.0/-0", "10.0.0.0/+", "10.0.0.0/-1", "10.0.0.0/4294967304", "10.0.0.0/-99999999999999999999",
		"*1*2*", "*[13579]??????????*", "10.0.0.[z-a]", "[[:digit:]]*", "[!!]*", "10.0.0.[1", "*.0.[1-",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if gluster("/"+value) && strings.Count(value, "*") < 5 { // the judge tries every length for every star
			agreeOnGate(t, optAllow, value)
			agreeOnGate(t, optReject, value)
		}
	})
}
