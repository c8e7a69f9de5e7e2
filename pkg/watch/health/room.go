package health

import (
	"net"
	"net/http"
	"sync"
)

// room is where the connections are, of which there are never more than most: whoever
// comes takes the place of another one. Who keeps a connection and asks nothing, or
// asks for ever, can so keep nobody from hearing whether the daemon is alive.
type room struct {
	most int

	mu    sync.Mutex
	conns map[net.Conn]stay
	turns int // so far
}

// stay is how long a connection has been there for what it is there for now.
type stay struct {
	asks  bool // it has begun to ask, and was not answered yet
	since int  // the turn in which it came, or was answered last
}

func newRoom(most int) *room { return &room{most: most, conns: map[net.Conn]stay{}} }

// turned is told by the server what has become of a connection.
func (r *room) turned(c net.Conn, s http.ConnState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turns++
	old, here := r.conns[c]
	switch {
	case s == http.StateNew:
		if len(r.conns) == r.most {
			r.makeRoom()
		}
		r.conns[c] = stay{since: r.turns}
	case !here: // it had to make room
	case s == http.StateIdle:
		r.conns[c] = stay{since: r.turns}
	case s == http.StateActive:
		r.conns[c] = stay{asks: true, since: old.since}
	default:
		delete(r.conns, c)
	}
}

// makeRoom closes a connection that asks nothing, the one for which that is so the
// longest; where all of them ask, the one that was there first.
func (r *room) makeRoom() {
	var out net.Conn
	var longest stay
	for c, s := range r.conns {
		if out == nil || s.goesBefore(longest) {
			out, longest = c, s
		}
	}
	delete(r.conns, out)
	_ = out.Close() // nobody is there who could be told
}

func (s stay) goesBefore(t stay) bool {
	if s.asks != t.asks {
		return !s.asks
	}
	return s.since < t.since
}
