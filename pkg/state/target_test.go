package state

import (
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	tests := []struct {
		in   string
		want Target
	}{
		{"localhost:/gv0", Target{"", "localhost", "gv0"}},
		{"root@gluster1.example.com:/gv0", Target{"root", "gluster1.example.com", "gv0"}},
		{"10.0.0.1:/gv-1_a", Target{"", "10.0.0.1", "gv-1_a"}},
		{"a.b-c_d$@h:/v", Target{"a.b-c_d$", "h", "v"}},
		{"[fd00::1]:/gv0", Target{"", "fd00::1", "gv0"}},
		{"root@[fd00::1]:/gv0", Target{"root", "fd00::1", "gv0"}},
	}
	for _, test := range tests {
		got, err := ParseTarget(test.in)
		if err != nil || got != test.want {
			t.Errorf("%q is %+v, %v; want %+v", test.in, got, err, test.want)
		}
		if s := test.want.String(); s != test.in {
			t.Errorf("%+v is written %q, want %q", test.want, s, test.in)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	tests := []struct{ in, says string }{
		{"", "host"},
		{"gluster1", "lacks the volume"},
		{"gluster1:gv0", "lacks the slash before the volume: gluster1:/gv0"},
		{"gluster1:/", `"" is not the name of a volume`},
		{"gluster1:/gv0/alpha", "volume"},
		{"gluster1:/-gv0", "volume"},
		{"gluster1:/gv 0", "volume"},
		{"gluster1:/gv.0", "volume"},
		{"gluster1:/all", `"all" is not the name of a volume: gluster takes it for every volume`},
		{":/gv0", "host"},
		{"@gluster1:/gv0", "user"},
		{"root@:/gv0", "host"},
		{"a@b@gluster1:/gv0", "host"},
		{"-oProxyCommand=x@gluster1:/gv0", "user"},
		{"root@-oProxyCommand=x:/gv0", "host"},
		{"-oProxyCommand=x:/gv0", "host"},
		{"root;id@gluster1:/gv0", "user"},
		{"$(id)@gluster1:/gv0", "user"},
		{"glu ster1:/gv0", "host"},
		{"gluster1\n:/gv0", "host"},
		{"glüster1:/gv0", "host"},
		{"fd00::1:/gv0", "host"},
		{"[10.0.0.1]:/gv0", "IPv6"},
		{"[fe80::1%eth0]:/gv0", "IPv6"},
		{"[-x]:/gv0", "IPv6"},
		{"[fd00::1]", "lacks the volume"},
		{"root@gluster1:2222:/gv0", "the port 2222 stands in the target; write root@gluster1:/gv0, and the port of SSH as ssh.port: 2222"},
		{"root@gluster1:2222/gv0", "write root@gluster1:/gv0, and"},
		{"root@[fd00::1]:2222:/gv0", "write root@[fd00::1]:/gv0, and"},
		{"gluster1:24007:/gv0", "the port 24007 stands in the target; write gluster1:/gv0; a port is only that of SSH"},
		{"fd00::1:2222:/gv0", "host"},
		{"ssh://root@gluster1:2222/gv0", "no URL"},
		{"root:2222@gluster1:/gv0", "the user has a colon: no password stands in a target; write user@host:/volume"},
		{strings.Repeat("h", 256) + ":/gv0", "host"},
	}
	for _, test := range tests {
		got, err := ParseTarget(test.in)
		if err == nil {
			t.Errorf("%q is taken as %+v", test.in, got)
		} else if !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: the error says %q and nothing of %q", test.in, err, test.says)
		}
	}
}

// A password that somebody writes into a target is not shown.
func TestParseTargetKeepsPasswords(t *testing.T) {
	for _, s := range []string{"root:hunter2@gluster1:/gv0", "root:hun@ter2@gluster1:/gv0", "ssh://root:hunter2@gluster1/gv0", ":hunter2@gluster1:/gv0"} {
		if got, err := ParseTarget(s); err == nil || strings.Contains(err.Error(), "hun") {
			t.Errorf("%q is taken as %+v, with the error %v", s, got, err)
		}
	}
}

// What a target lets through ends up in argv and in paths.
func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"root@h:/v", "[fd00::1]:/v", "-o@h:/v", "h:/v/w", "h :/v", "[::ffff:10.0.0.1]:/v", "@:/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := ParseTarget(s)
		if err != nil {
			return
		}
		for _, part := range []string{target.User, target.Host, target.Volume} {
			if strings.HasPrefix(part, "-") || strings.ContainsFunc(part, unsafeInTarget) {
				t.Errorf("%q lets %q through", s, part)
			}
		}
		if target.Host == "" || target.Volume == "" {
			t.Errorf("%q lacks a part: %+v", s, target)
		}
		if again, err := ParseTarget(target.String()); err != nil || again != target {
			t.Errorf("%q is %+v, written %q, which is %+v, %v", s, target, target, again, err)
		}
	})
}

func unsafeInTarget(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\'"`+"`;&|<>(){}*?!~#%=", r)
}
