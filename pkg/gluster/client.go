package gluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// commandTimeout bounds one gluster command. Gluster's own bound is 120 s, and
// its answer says more than a kill.
const commandTimeout = 150 * time.Second

// Client asks one cluster through gluster's command-line tool. What fails for
// a passing reason is tried again; every error of a command is an *Error.
type Client struct {
	Host Host

	// Log gets a line at level debug for each command; nil: none.
	Log *slog.Logger

	// Jitter gives a number from 0 to below 1, which spreads the retries of
	// several processes; nil: a random one.
	Jitter func() float64

	// ServerLag is how long Status waits for an NFS server that is shown as
	// offline; 0 where what is shown is so.
	ServerLag time.Duration

	// Ran is told of each command that was asked, when it is answered or is not
	// going to be; nil: nobody is. What was asked ahead counts where its answer is
	// used. It may be called by several goroutines at once.
	Ran func(Command)

	answers *answers // those that were had ahead; nil: none
	slow    bool     // to ask ahead took too long once
}

// read runs a command that changes nothing.
func (c *Client) read(ctx context.Context, args ...string) (reply, error) {
	return c.retry(ctx, false, args)
}

// write runs a command that changes something.
func (c *Client) write(ctx context.Context, args ...string) error {
	_, err := c.retry(ctx, true, args)
	return err
}

// once runs a command one time.
func (c *Client) once(ctx context.Context, write bool, args []string) (reply, error) {
	if write {
		ctx = Unbroken(ctx)
	}
	ans, err := c.run(ctx, commandTimeout, "", xmlArgs(args...)...)
	r, failure := judge(ans, err)
	if failure == nil {
		return r, nil
	}
	failure.Args = args
	failure.Kinds = classify(failure, write)
	return r, failure
}

// judge tells an answer that says yes from everything else. The exit status is
// 0 for most refusals and 1 for some (Gluster 10.3), so it can only spoil a yes.
func judge(ans Answer, err error) (reply, *Error) {
	e := &Error{Code: ans.Code, Text: ans.Stdout + ans.Stderr, Err: err}
	if err != nil {
		return reply{}, e
	}
	r, err := parseReply(ans.Stdout)
	r.stderr = ans.Stderr
	if err != nil {
		e.Err = err
		if strings.HasPrefix(ans.Stdout, "<?xml") {
			e.Text = ans.Stderr // what is wrong with the rest stands in err
		}
		return reply{}, e
	}
	e.OpRet, e.OpErrno, e.OpErrstr = *r.OpRet, r.OpErrno, r.OpErrstr
	if e.OpRet != 0 {
		e.Text = ""
		return reply{}, e
	}
	if ans.Code != 0 {
		e.Text, e.Err = ans.Stderr, fmt.Errorf("the answer says yes, but the exit status is %d", ans.Code)
		return reply{}, e
	}
	return r, nil
}

// xmlArgs are the arguments of a gluster that asks nothing back and answers the
// command in XML, or the commands on its stdin where there is none.
func xmlArgs(command ...string) []string {
	return append([]string{"--mode=script", "--xml"}, command...)
}

// run asks the host, within a bound, what was not asked ahead.
func (c *Client) run(ctx context.Context, bound time.Duration, stdin string, args ...string) (Answer, error) {
	if ans, found := c.answers.take(args); found {
		return ans, nil
	}
	if ctx.Err() != nil {
		return Answer{Code: -1}, fmt.Errorf("%w: %w", ErrNoGluster, context.Cause(ctx))
	}
	bounded, cancel := context.WithTimeoutCause(ctx, bound, fmt.Errorf("no answer in %v: %w", bound, context.DeadlineExceeded))
	defer cancel()
	start := time.Now()
	ans, err := c.Host.Gluster(bounded, stdin, args...)
	if err != nil && bounded.Err() != nil && !errors.Is(err, ErrNoGluster) {
		err = context.Cause(bounded)
	}
	if c.Log != nil {
		c.Log.DebugContext(ctx, "gluster", "args", showArgs(args), "stdin", stdin, "took", time.Since(start), "code", ans.Code, "error", err)
	}
	return ans, err
}
