package gluster

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// maxTalk bounds one answer of a session.
const maxTalk = 1 << 20

// beatEvery is how often a script that lasts is told that somebody is there still. It
// ends by itself where it hears nothing for a minute (far/heard.sh): sshd may not notice
// for hours that a connection is gone, and the lock would be held as long.
const beatEvery = 15 * time.Second

// conversation is a script that lasts, and answers more than once.
type conversation struct {
	session Session
	host    *Far
	mark    string
	bound   *io.LimitedReader
	reader  *bufio.Reader

	telling sync.Mutex
	reading sync.Mutex    // a question that was left behind still waits for its own answer
	over    chan struct{} // closed when it is not needed any more
	end     sync.Once
}

// hold starts a script that lasts.
func (r *Far) hold(ctx context.Context, s script, args ...string) (*conversation, error) {
	mark := rand.Text()
	session, err := r.Shell.Hold(ctx, s.argv(mark, args...)...)
	if err != nil {
		return nil, byShell(err)
	}
	c := &conversation{session: session, host: r, mark: mark, bound: &io.LimitedReader{R: session}, over: make(chan struct{})}
	c.reader = bufio.NewReader(c.bound)
	go c.beat()
	if _, err := c.next(ctx, "begin"); err != nil { // what comes before the first mark is no answer
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// beat tells the script again and again that somebody is there, by an empty line.
func (c *conversation) beat() {
	for {
		select {
		case <-c.over:
			return
		case <-time.After(beatEvery):
		}
		if c.tell("") != nil {
			return // who waits for an answer hears why
		}
	}
}

// tell tells the script one line.
func (c *conversation) tell(line string) error {
	c.telling.Lock()
	defer c.telling.Unlock()
	if _, err := io.WriteString(c.session, line+"\n"); err != nil {
		return fmt.Errorf("%w: %w", errEnded, err)
	}
	return nil
}

// Close ends the script. It may be called twice.
func (c *conversation) Close() error {
	c.end.Do(func() { close(c.over) })
	return c.session.Close()
}

// next waits for the next answer of the script, which is to do op. Where the context
// ends under it the answer goes to nobody, and the one after it to the next who waits.
func (c *conversation) next(ctx context.Context, op string) ([]string, error) {
	fields, err := bounded(ctx, c.read, func([]string) {})
	if err != nil {
		return nil, c.host.told(err)
	}
	if len(fields) == 0 {
		return nil, nil
	}
	return fields, refusal(op, fields)
}

// errEnded: the script or the connection has ended.
var errEnded = errors.New("the connection has ended")

// read gives the fields up to the next mark.
func (c *conversation) read() ([]string, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.bound.N = maxTalk
	var fields []string
	for {
		field, err := c.reader.ReadString(0)
		switch {
		case err != nil && c.bound.N <= 0:
			return nil, fmt.Errorf("an answer is longer than %d bytes", maxTalk)
		case errors.Is(err, io.EOF):
			return nil, errEnded
		case err != nil:
			return nil, fmt.Errorf("%w: %w", errEnded, err)
		}
		// What a login shell says before the first mark has no end of its own.
		if strings.HasSuffix(field, c.mark+"\x00") {
			return fields, nil
		}
		fields = append(fields, strings.TrimSuffix(field, "\x00"))
	}
}
