package remote

import (
	"context"
	"testing"
)

// A host that is not needed any more has no connection, and the others keep theirs. Who
// needs it again reaches it anew.
func TestKeep(t *testing.T) {
	s, settings := serve(t)
	hosts := New(settings)
	t.Cleanup(hosts.Close)
	connect := func(user string) {
		t.Helper()
		if err := hosts.Host(user, "host").Connect(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	connect("stays")
	connect("goes")
	gone := hosts.Host("goes", "host")
	hosts.Keep(func(user, host string) bool { return user == "stays" && host == "host" })
	if stays, goes := s.conns[0].isClosed(), s.conns[1].isClosed(); stays || !goes {
		t.Errorf("the one that stays is closed: %t, the other one: %t", stays, goes)
	}
	if err := gone.Connect(context.Background()); err == nil {
		t.Error("who has the host still connects to it")
	}
	connect("stays")
	if connect("goes"); s.dials != 3 {
		t.Errorf("%d connections were made, want 3", s.dials)
	}
}

// isClosed reports whether the other end has closed the connection.
func (c *memConn) isClosed() bool {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	return c.in.closed
}
