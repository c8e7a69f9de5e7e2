package gluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	maxOutput = 64 << 20 // bytes of stdout, and of stderr

	// pipeDelay is how long a program's children may keep its pipes open
	// after it has ended.
	pipeDelay = 2 * time.Second
)

// command is a program to be run: by its arguments, never through a shell.
type command struct {
	path  string
	args  []string
	stdin string
	limit int // bytes of stdout, and of stderr
}

// run waits for the program's end. As for Host.Gluster, an exit status is no
// error; where the program never ran the error wraps ErrNotRun.
//
// The program has a session of its own: no terminal that it could ask, no
// signal of this one's terminal, and a group that is killed as a whole when
// the context ends.
func (c command) run(ctx context.Context) (Answer, error) {
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	stdout, stderr := limited{left: c.limit}, limited{left: c.limit}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.stdin), &stdout, &stderr
	cmd.Env = environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = pipeDelay

	err := cmd.Run()
	ans := Answer{Stdout: stdout.buf.String(), Stderr: stderr.buf.String(), Code: -1}
	if cmd.ProcessState != nil {
		ans.Code = cmd.ProcessState.ExitCode()
	}
	var exit *exec.ExitError
	switch {
	case cmd.Process == nil:
		return ans, fmt.Errorf("%w: %w", ErrNotRun, err)
	case stdout.over || stderr.over:
		return ans, fmt.Errorf("%s printed more than %d bytes", c.path, c.limit)
	case err == nil:
		return ans, nil
	case ctx.Err() != nil:
		return ans, context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		// A child holds the pipes: what it would still print is missing.
		_ = killGroup(cmd.Process)
		return ans, fmt.Errorf("%s has ended, but what it started goes on printing", c.path)
	case errors.As(err, &exit):
		return ans, nil
	}
	return ans, err
}

// environment is this process's own, without a language and without the socket by
// which it tells its service manager how it is.
func environment() []string {
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "NOTIFY_SOCKET=") })
	return append(own, "LC_ALL=C")
}

// ErrNotRun: a program was never started, so that it can't have done anything.
var ErrNotRun = errors.New("the program can't be started")

func killGroup(p *os.Process) error {
	if err := syscall.Kill(-p.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// limited keeps what is written to it, and refuses to take more than a limit.
// The buffer is no embedded one: its ReadFrom would pass the limit by.
type limited struct {
	buf  bytes.Buffer
	left int
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		l.over = true
		return 0, errors.New("too much output")
	}
	l.left -= len(p)
	return l.buf.Write(p)
}
