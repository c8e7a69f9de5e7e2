package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

const (
	// aliveEvery is how often a connection has to show that it is alive, and
	// aliveWithin how soon it has to. What waits for an answer over a connection
	// that is frozen ends after both at the latest.
	aliveEvery  = 10 * time.Second
	aliveWithin = 20 * time.Second
)

// line is one connection to a host, logged in.
type line struct {
	client *ssh.Client
	conn   net.Conn
	gone   chan struct{} // closed when the connection is over

	once  sync.Once
	cause error // why it is over; to be read when gone is closed

	// Of the host, under its lock.
	busy    int       // sessions
	lasting int       // those of them that go on
	ended   time.Time // when one was over last
	most    int       // how many sessions the host takes here
	spare   *spare
	noSpare bool // one was refused: then the host takes few
}

// newLine watches over a connection until it ends.
func newLine(client *ssh.Client, conn net.Conn) *line {
	l := &line{client: client, conn: conn, gone: make(chan struct{})}
	go func() { l.end(client.Wait()) }()
	go l.keepAlive()
	return l
}

// end closes the connection. Only the first cause counts.
func (l *line) end(cause error) {
	l.once.Do(func() {
		if cause == nil || errors.Is(cause, io.EOF) {
			cause = errors.New("the other side closed it")
		}
		l.cause = cause
		close(l.gone)
		_ = l.conn.Close() // what it says of a connection that is over doesn't matter
	})
}

// over reports whether the connection has ended.
func (l *line) over() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// keepAlive asks for a sign of life again and again. A no is one.
func (l *line) keepAlive() {
	for {
		select {
		case <-l.gone:
			return
		case <-time.After(aliveEvery):
		}
		answered := make(chan error, 1)
		go func() {
			_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
			answered <- err
		}()
		select {
		case <-l.gone:
			return
		case err := <-answered:
			if err != nil {
				l.end(err)
				return
			}
		case <-time.After(aliveWithin):
			l.end(fmt.Errorf("no sign of life for %v", aliveEvery+aliveWithin))
			return
		}
	}
}
