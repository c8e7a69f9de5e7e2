package gluster

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// answers are what commands were answered before anybody has asked for it, by
// the command's arguments. Each is given once.
type answers struct {
	mu    sync.Mutex
	given map[string]Answer
}

// take gives the answer to a command where there is one; a may be nil.
func (a *answers) take(args []string) (ans Answer, found bool) {
	if a == nil {
		return ans, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := strings.Join(args, " ")
	ans, found = a.given[key]
	delete(a.given, key)
	return ans, found
}

// aheadTimeout bounds the process that answers all. A gluster that is to read its
// stdin waits for a glusterd that is down, for two minutes; asked for one thing it
// says so at once (10.3).
const aheadTimeout = 3 * time.Second

// ahead returns a client that has asked these commands already, which change
// nothing, with one gluster process: to start, that takes some sixty times as
// long as to answer a question (10.3). The client gives each answer once, so that
// what is asked again is asked anew, and asks by itself where an answer didn't come
// or can't be told from the others. Once that took too long, or could not be had but for
// a connection that was lost, it isn't tried again. The
// last command must be one that answers with something else than a document, and no
// other may: where one before it gave no answer, the next ones' are not taken for it.
func (c *Client) ahead(ctx context.Context, commands ...[]string) *Client {
	var stdin strings.Builder
	for _, args := range commands {
		stdin.WriteString(strings.Join(args, " ") + "\n")
	}
	next := *c
	if c.slow {
		return &next
	}
	next.answers = &answers{given: map[string]Answer{}}
	ans, err := c.run(ctx, aheadTimeout, stdin.String(), xmlArgs()...)
	if err != nil {
		c.slow = !errors.Is(err, ErrConnectionLost)
		return &next
	}
	for i, one := range apart(len(commands), ans) {
		next.answers.given[strings.Join(xmlArgs(commands[i]...), " ")] = one
	}
	return &next
}

// apart are the answers to the first of n commands, or to all.
func apart(n int, ans Answer) []Answer {
	out := make([]Answer, 0, n)
	rest := ans.Stdout
	for range n - 1 {
		document, after, whole := strings.Cut(rest, documentEnd)
		if !whole || !strings.HasPrefix(document, documentHead) {
			return nil
		}
		out = append(out, Answer{Stdout: document + documentEnd})
		rest = after
	}
	// The process ends as its last command does, and also before it.
	if ans.Code != 0 || rest == "" {
		return out
	}
	return append(out, Answer{Stdout: rest})
}

// documentEnd stands nowhere else in a document: what it says of volumes and
// options is escaped.
const documentEnd = "</cliOutput>\n"
