package mountd

import (
	"errors"
	"net/netip"
	"testing"
)

var c1 = Clients["c1"]

func config(options map[string]string) Config {
	return Config{"v": {Started: true, Options: options}}
}

func TestServerNotStartedRefuses(t *testing.T) {
	var s Server
	if got := s.Mount(c1, "/v"); got != Refused {
		t.Errorf("Mount = %s; want %s", got, Refused)
	}
}

// A symlink is a file when it is looked up for the first time, and followed
// from then on: through the list of exports, or else there is no reply.
func TestMountSymlink(t *testing.T) {
	cases := []struct {
		path, target, later string
		first, second       Verdict
	}{
		{path: "/v/link", target: "dir", first: OK, second: OK},
		{path: "/v/link", target: "hidden", first: OK, second: Hang},
		{path: "/v/link", target: "/dir", first: OK, second: Fault},
		{path: "/v/link/sub", target: "dir", first: NotPermitted, second: Hang},
		{path: "/v/link/sub", target: "sub", first: NotPermitted, second: OK},
	}
	for _, c := range cases {
		s := Server{Lookup: func(_, path string) Entry {
			if path == "/link" {
				return Entry{Symlink, c.target}
			}
			return Entry{Kind: Directory}
		}}
		s.Start(config(map[string]string{
			"nfs.export-volumes": "off",
			"nfs.export-dir":     "/link,/dir,/link/sub,/sub/sub",
		}))
		for i, want := range []Verdict{c.first, c.second} {
			if got := s.Mount(c1, c.path); got != want {
				t.Errorf("mount %d of %s, where link -> %s: %s; want %s", i+1, c.path, c.target, got, want)
			}
		}
	}
}

// What can be asked only with the whole volume exported, and hangs the client.
func TestMountDotsHang(t *testing.T) {
	var s Server
	s.Start(config(nil))
	for path, want := range map[string]Verdict{
		"/v/./dir":     Hang,
		"/v/dir/../x":  Hang,
		"/v/dir/.":     OK,
		"/v/dir/..":    OK,
		"/v/dir//file": Invalid,
	} {
		if got := s.Mount(c1, path); got != want {
			t.Errorf("Mount(%s) = %s; want %s", path, got, want)
		}
	}
}

// A name server that doesn't answer makes the gate deny everybody, but for an
// allow list that is "*" alone.
func TestGateWithoutReverseName(t *testing.T) {
	for allow, want := range map[string]Verdict{"*": OK, "10.0.*": Denied} {
		var s Server
		s.Start(config(map[string]string{"nfs.addr-namelookup": "on", "nfs.rpc-auth-allow": allow}))
		if got := s.Mount(c1, "/v"); got != want {
			t.Errorf("with allow %s: %s; want %s", allow, got, want)
		}
	}
}

// Of several addresses that a name has, each counts.
func TestHostWithSeveralAddresses(t *testing.T) {
	other := netip.MustParseAddr("192.0.2.7")
	s := Server{Hosts: Hosts{{other, []string{"pair"}}, {c1, []string{"pair"}}}}
	s.Start(config(map[string]string{"nfs.export-dir": "/dir(pair)"}))
	for client, want := range map[netip.Addr]Verdict{c1: OK, other: OK, Clients["c2"]: Denied} {
		if got := s.Mount(client, "/v/dir"); got != want {
			t.Errorf("%s gets %s; want %s", client, got, want)
		}
	}
}

// A quote or a backslash in a value keeps glusterd from telling the server
// anything more, until glusterd is started anew with a good value.
func TestReloadAfterBrokenSyntax(t *testing.T) {
	for _, value := range []string{`/"b`, `/b\`} {
		var s Server
		good := config(map[string]string{"nfs.export-dir": "/a"})
		better := config(map[string]string{"nfs.export-dir": "/b"})
		s.Start(good)
		for i, reload := range []struct {
			config Config
			want   error
		}{
			{config(map[string]string{"nfs.export-dir": value}), ErrSyntax},
			{good, nil}, // no change: nothing is parsed
			{better, ErrSyntax},
		} {
			if err := s.Reload(reload.config); !errors.Is(err, reload.want) {
				t.Errorf("reload %d after %s: %v; want %v", i, value, err, reload.want)
			}
		}
		if got := s.Mount(c1, "/v/a"); got != OK {
			t.Errorf("after %s the server gives %s; want %s as before", value, got, OK)
		}
		s.Start(better)
		if got := s.Mount(c1, "/v/b"); got != OK {
			t.Errorf("a start with a good value gives %s; want %s", got, OK)
		}
		if err := s.Reload(good); !errors.Is(err, ErrSyntax) {
			t.Errorf("a start of the server has mended glusterd: %v", err)
		}
	}
}

// A server that glusterd started with a broken value is dead, and the first
// good value can't be told to it either.
func TestStartWithBrokenSyntax(t *testing.T) {
	var s Server
	s.Start(config(map[string]string{"nfs.export-dir": `/"b`}))
	if got := s.Mount(c1, "/v"); got != Refused {
		t.Errorf("the server gives %s; want %s", got, Refused)
	}
	if err := s.Reload(config(map[string]string{"nfs.export-dir": "/b"})); !errors.Is(err, ErrSyntax) {
		t.Errorf("Reload: %v; want %v", err, ErrSyntax)
	}
}

// A server that is brought back from its State answers as the one that gave
// it, also after a reload that broke off.
func TestRestore(t *testing.T) {
	var s, again Server
	s.Start(config(map[string]string{"nfs.export-dir": "/a", "nfs.rpc-auth-allow": "10.0.0.2"}))
	if err := s.Reload(config(map[string]string{"nfs.export-dir": "/b,/c(*)", "nfs.rpc-auth-allow": "10.0.0.1"})); err != nil {
		t.Fatal(err)
	}
	again.Restore(s.State())
	for _, path := range []string{"/v/a", "/v/b", "/v/c", "/v"} {
		for name, client := range Clients {
			if got, want := again.Mount(client, path), s.Mount(client, path); got != want {
				t.Errorf("%s at %s: %s; want %s", name, path, got, want)
			}
		}
	}
	if got := again.Mount(Clients["c2"], "/v/b"); got != OK {
		t.Errorf("c2 at /v/b: %s; want %s by the old gate", got, OK)
	}
}
