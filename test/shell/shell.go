// Package shell runs commands on this machine as if it were another one that can
// only be reached by that: for the tests of what does its work through commands.
package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Shell runs commands, and counts them.
type Shell struct {
	Sh   string // the program that is sh; empty: sh
	Path string // PATH of the programs; empty: as it is here

	commands atomic.Int64
}

// Commands is how many commands were run.
func (s *Shell) Commands() int { return int(s.commands.Load()) }

// Answer is what a command left behind.
type Answer struct {
	Stdout, Stderr string
	Code           int // -1 where it was killed
}

// NotRun is why a command was never started.
type NotRun struct{ error }

// Run runs a command and waits for its end.
func (s *Shell) Run(ctx context.Context, stdin string, argv ...string) (Answer, error) {
	cmd := s.command(ctx, argv)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	if cmd.Process == nil {
		return Answer{Code: -1}, NotRun{err}
	}
	if _, is := errors.AsType[*exec.ExitError](err); is && ctx.Err() == nil {
		err = nil
	}
	return Answer{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}, err
}

// Hold starts a command that lasts.
func (s *Shell) Hold(argv ...string) (*Process, error) {
	cmd := s.command(context.Background(), argv)
	stdin, inErr := cmd.StdinPipe()
	stdout, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, NotRun{err}
	}
	return &Process{Reader: stdout, Writer: stdin, end: sync.OnceFunc(func() {
		_, _ = stdin.Close(), stdout.Close()
		kill := time.AfterFunc(patience, func() { _ = cmd.Cancel() })
		defer kill.Stop()
		_ = cmd.Wait() // how it ends says nothing: it may be told so in the middle of an answer
	})}, nil
}

// patience is how long a command may take to end that has nothing to read any more.
const patience = 30 * time.Second

// command is the command in a group of its own, which ends as a whole.
func (s *Shell) command(ctx context.Context, argv []string) *exec.Cmd {
	s.commands.Add(1)
	if argv[0] == "sh" && s.Sh != "" {
		argv = append([]string{s.Sh}, argv[1:]...)
	}
	if s.Path != "" {
		argv = append([]string{"env", "PATH=" + s.Path}, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	cmd.Env = os.Environ()
	return cmd
}

// Process is a command that lasts.
type Process struct {
	io.Reader // what it prints
	io.Writer // what it is told
	end       func()
}

// Close ends what it reads and what it is read of, and waits for its end.
func (p *Process) Close() error {
	p.end()
	return nil
}
