package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"glusterd-shares/pkg/diff"
)

// asker asks the user, who may also answer by a signal.
type asker struct {
	app     *app
	answers chan string
}

func (a *app) newAsker() *asker {
	q := &asker{app: a, answers: make(chan string)}
	go func() {
		in := bufio.NewScanner(a.std.in)
		for in.Scan() {
			q.answers <- in.Text()
		}
		close(q.answers)
	}()
	return q
}

var errDeclined = errors.New("declined")

// ask returns nil for a yes, and else why it is none.
func (q *asker) ask(ctx context.Context, question string) error {
	fmt.Fprintf(q.app.std.err, "%s [y/N] ", question)
	select {
	case answer := <-q.answers:
		answer = strings.ToLower(strings.TrimSpace(answer))
		if answer == "y" || answer == "yes" {
			return nil
		}
		return errDeclined
	case <-ctx.Done():
		fmt.Fprintln(q.app.std.err)
		return context.Cause(ctx)
	}
}

// again asks where a plan is no longer the one that was shown.
func (q *asker) again(ctx context.Context, p diff.Plan, r result) bool {
	if err := q.app.showOther(p, r); err != nil {
		return false
	}
	return q.ask(ctx, "The cluster changed meanwhile, and this is the plan now. Apply it?") == nil
}
