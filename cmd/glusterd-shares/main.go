// Command glusterd-shares makes the shares of GlusterFS volumes be what a state
// file says: which directories exist, how large they may grow, and which clients may mount
// them.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// softLimit is how many bytes of memory the program may take before it looks harder
// for what it needs no more. It is no bound: what is needed is had. 10,000 shares
// stay within 100 MB with it; larger states take up to twice the time, since Go
// spends no more than half of it on that. GOMEMLIMIT sets another one.
const softLimit = 80 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
	// What it makes has the mode it was given; lower bits are the caller's.
	syscall.Umask(0o022)
	// A reader of the output who goes away doesn't end a run half way: to
	// write to a closed pipe is an error then, not a signal.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), endingSignals()...)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

// stdio is where a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, std stdio) int {
	a := &app{std: std}
	help := &patientWriter{w: std.out}
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(help)
	root.SetErr(std.err)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case a.ended:
		return a.code
	case err != nil: // the command line is wrong: no command ran
		a.format = askedFormat(cmd, args)
		return a.end(result{command: commandName(cmd), usage: fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())})
	}
	return a.printed(help.err, exitDone)
}

// commandName is a command's name with those above it, such as trash list; the
// program's own for itself.
func commandName(cmd *cobra.Command) string {
	_, name, below := strings.Cut(cmd.CommandPath(), " ")
	if !below {
		return cmd.Name()
	}
	return name
}

// patientWriter keeps the first error for later: cobra writes help texts
// without a look at it.
type patientWriter struct {
	w   io.Writer
	err error
}

func (p *patientWriter) Write(text []byte) (int, error) {
	if p.err == nil {
		_, p.err = p.w.Write(text)
	}
	return len(text), nil
}
