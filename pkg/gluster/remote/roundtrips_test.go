package remote

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

const roundTrip = time.Second

// far is a connection to a host for which each question takes a round trip.
type far struct {
	net.Conn
	arriving chan arrival
	rest     bytes.Buffer
}

type arrival struct {
	text []byte
	at   time.Time
}

func farAway(conn net.Conn) *far {
	f := &far{Conn: conn, arriving: make(chan arrival, 1000)}
	go func() {
		defer close(f.arriving)
		for {
			b := make([]byte, 1<<16)
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			f.arriving <- arrival{b[:n], time.Now().Add(roundTrip)}
		}
	}()
	return f
}

func (f *far) Read(p []byte) (int, error) {
	if f.rest.Len() == 0 {
		a, more := <-f.arriving
		if !more {
			return 0, io.EOF
		}
		time.Sleep(time.Until(a.at))
		f.rest.Write(a.text)
	}
	return f.rest.Read(p)
}

// What a connection and a command cost, in round trips: hosts that are far away are
// slow by those. On a real network TCP takes one more.
func TestRoundTrips(t *testing.T) {
	s, settings := serve(t)
	s.exec = says
	c := &client{t: t, Settings: settings}
	s.takes(c.key(".ssh/id_ed25519", "ed25519").PublicKey())
	settings.SSH.ConnectTimeout = 60
	settings.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := s.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return farAway(conn), nil
	}
	synctest.Test(t, func(t *testing.T) {
		hosts := New(settings)
		defer hosts.Close()
		h := hosts.Host("root", "host")
		cost := func() int {
			start := time.Now()
			run(t, h)
			return int(time.Since(start) / roundTrip)
		}
		if first, next := cost(), cost(); first > 9 || next > 2 {
			t.Errorf("%d and then %d round trips", first, next)
		}
	})
}
