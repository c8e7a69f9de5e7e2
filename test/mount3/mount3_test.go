package mount3

import (
	"context"
	"errors"
	"net"
	"testing"
)

// serve answers every call on a listener of its own: with what answer makes of
// the call's number and its arguments.
func serve(t *testing.T, answer func(xid uint32, args []byte) []byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveConn(conn, answer)
		}
	}()
	return l.Addr().String()
}

func serveConn(conn net.Conn, answer func(xid uint32, args []byte) []byte) {
	defer conn.Close()
	for {
		call, err := readRecord(conn)
		if err != nil {
			return
		}
		d := &decoder{rest: call}
		xid := d.uint32()
		for range 6 { // type, RPC version, program, version, procedure, flavour
			d.uint32()
		}
		d.opaque() // credentials
		d.uint32()
		d.opaque() // verifier
		reply := answer(xid, d.rest)
		if reply == nil {
			return
		}
		if _, err := conn.Write(reply); err != nil {
			return
		}
	}
}

func reply(xid uint32, rest ...uint32) encoder {
	var e encoder
	for _, v := range append([]uint32{xid, 1, accepted, authNone, 0, success}, rest...) {
		e.uint32(v)
	}
	return e
}

func TestMount(t *testing.T) {
	statuses := map[string]uint32{"/v/a": OK, "/v/b": Acces, "/v/cd": NoEnt}
	server := serve(t, func(xid uint32, args []byte) []byte {
		d := &decoder{rest: args}
		return record(reply(xid, statuses[string(d.opaque())]))
	})
	for path, want := range statuses {
		got, err := Mount(t.Context(), server, path)
		if err != nil || got != want {
			t.Errorf("Mount(%s) = %d, %v; want %d", path, got, err, want)
		}
	}
}

func TestMountReadsFragments(t *testing.T) {
	server := serve(t, func(xid uint32, _ []byte) []byte {
		m := reply(xid, Acces)
		var out encoder
		out.uint32(8)
		out = append(out, m[:8]...)
		return append(out, record(m[8:])...)
	})
	if got, err := Mount(t.Context(), server, "/v/a"); err != nil || got != Acces {
		t.Errorf("Mount = %d, %v; want %d", got, err, Acces)
	}
}

func TestClientAsksAgainOnOneConnection(t *testing.T) {
	server := serve(t, func(xid uint32, _ []byte) []byte { return record(reply(xid, NoEnt)) })
	c, err := Dial(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 3 {
		if got, err := c.Mount(t.Context(), "/v"); err != nil || got != NoEnt {
			t.Errorf("Mount = %d, %v; want %d", got, err, NoEnt)
		}
	}
}

func TestMountWithoutAnAnswer(t *testing.T) {
	cases := map[string]func(xid uint32, args []byte) []byte{
		"closed":         func(uint32, []byte) []byte { return nil },
		"other call":     func(xid uint32, _ []byte) []byte { return record(reply(xid+1, OK)) },
		"short":          func(xid uint32, _ []byte) []byte { return record(reply(xid)) },
		"huge":           func(uint32, []byte) []byte { return []byte{0xff, 0xff, 0xff, 0xff} },
		"garbage args":   func(xid uint32, _ []byte) []byte { return record(rejected(xid, accepted, 4)) },
		"denied":         func(xid uint32, _ []byte) []byte { return record(rejected(xid, 1, 0)) },
		"huge in a part": func(xid uint32, _ []byte) []byte { return record(hugeVerifier(xid)) },
	}
	for name, answer := range cases {
		if got, err := Mount(t.Context(), serve(t, answer), "/v"); err == nil {
			t.Errorf("%s: Mount = %d; want an error", name, got)
		}
	}
	if _, err := Mount(t.Context(), serve(t, cases["closed"]), "/"+string(make([]byte, pathLimit))); err == nil {
		t.Error("a path over the protocol's limit was sent")
	}
}

func rejected(xid, stat, accept uint32) encoder {
	var e encoder
	for _, v := range []uint32{xid, 1, stat, authNone, 0, accept, OK} {
		e.uint32(v)
	}
	return e
}

func hugeVerifier(xid uint32) encoder {
	var e encoder
	for _, v := range []uint32{xid, 1, accepted, authNone, 1 << 31, 0, OK} {
		e.uint32(v)
	}
	return e
}

func TestMountEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{})
	hold := make(chan struct{})
	defer close(hold)
	server := serve(t, func(uint32, []byte) []byte {
		close(asked)
		<-hold
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := Mount(ctx, server, "/v")
	var ne net.Error
	if !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("Mount = %v; want a timeout", err)
	}
}

func TestStatusName(t *testing.T) {
	for status, want := range map[uint32]string{OK: "OK", Acces: "ACCES", NoEnt: "NOENT", 4711: "4711"} {
		if got := StatusName(status); got != want {
			t.Errorf("StatusName(%d) = %s; want %s", status, got, want)
		}
	}
}
