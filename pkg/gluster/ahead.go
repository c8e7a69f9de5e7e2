package gluster

import (
	"context"
	"strings"
	"sync"
	"time"
)

// answers are what commands were answered before anybody has asked for it, by
// the command's arguments. Each is given once.
type answers struct {
	mu    sync.Mutex
	given map[string]outcome
}

// outcome is what Host.Gluster returns.
type outcome struct {
	ans Answer
	err error
}

// take gives the answer to a command where there is one; a may be nil.
func (a *answers) take(args []string) (o outcome, found bool) {
	if a == nil {
		return o, false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := strings.Join(args, " ")
	o, found = a.given[key]
	delete(a.given, key)
	return o, found
}

// ahead returns a client that has asked these commands already, which change
// nothing, with one gluster process: to start, that takes some sixty times as
// long as to answer a question (10.3). The client gives each answer once, so that
// what is asked again is asked anew, and asks by itself where an answer can't be
// told from the others. None but the last command may answer with something
// else than a document.
func (c *Client) ahead(ctx context.Context, commands ...[]string) *Client {
	var stdin strings.Builder
	for _, args := range commands {
		stdin.WriteString(strings.Join(args, " ") + "\n")
	}
	ans, err := c.run(ctx, time.Duration(len(commands))*commandTimeout, stdin.String(), xmlArgs()...)
	next := *c
	next.answers = &answers{given: map[string]outcome{}}
	for i, o := range outcomes(len(commands), ans, err) {
		next.answers.given[strings.Join(xmlArgs(commands[i]...), " ")] = o
	}
	return &next
}

// outcomes are those of the first commands, or of all. An end of the process that
// is no answer is one to all of them.
func outcomes(n int, ans Answer, err error) []outcome {
	out := make([]outcome, 0, n)
	if err != nil {
		for range n {
			out = append(out, outcome{Answer{Code: ans.Code, Stderr: ans.Stderr}, err})
		}
		return out
	}
	rest := ans.Stdout
	for range n - 1 {
		document, after, whole := strings.Cut(rest, documentEnd)
		if !whole || !strings.HasPrefix(document, documentHead) {
			return nil
		}
		out = append(out, outcome{ans: Answer{Stdout: document + documentEnd}})
		rest = after
	}
	// The process ends as its last command does, and also before it.
	if ans.Code != 0 || rest == "" {
		return out
	}
	return append(out, outcome{ans: Answer{Stdout: rest}})
}

// documentEnd stands nowhere else in a document: what it says of volumes and
// options is escaped.
const documentEnd = "</cliOutput>\n"
