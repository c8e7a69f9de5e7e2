package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits is
//
//	exits CODE PROGRAM ARG...
//
// exec, with the exit code that must come out. With -o json among the
// arguments stdout must be one document that says the same code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	code := exitCodeArgument(ts, neg, args, "exits CODE PROGRAM ARG...")
	checkCode(ts, code, ts.Exec(args[1], args[2:]...))
	if strings.Contains(strings.Join(args, " ")+" ", " -o json ") {
		checkDocument(ts, code)
	}
}

func exitCodeArgument(ts *testscript.TestScript, neg bool, args []string, usage string) int {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: %s", usage)
	}
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	return code
}

func checkCode(ts *testscript.TestScript, want int, err error) {
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("the exit code is %d, want %d", got, want)
	}
}

// command is a program as the script would run it, with little in its
// environment.
func command(ts *testscript.TestScript, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "TERM", "NO_COLOR", "GORACE", "GLUSTERD_SHARES_LISTEN", "NOTIFY_SOCKET", "WATCHDOG_USEC"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	return cmd
}

// unread is
//
//	unread CODE PROGRAM ARG...
//
// exits, with a stdout that nobody reads any more.
func unread(ts *testscript.TestScript, neg bool, args []string) {
	code := exitCodeArgument(ts, neg, args, "unread CODE PROGRAM ARG...")
	r, w, err := os.Pipe()
	ts.Check(err)
	ts.Check(r.Close())
	defer w.Close()
	cmd := command(ts, args[1], args[2:]...)
	cmd.Stdout, cmd.Stderr = w, ts.Stderr()
	checkCode(ts, code, cmd.Run())
}

// signalled gives the command
//
//	NAME CODE PATTERN PROGRAM ARG...
//
// exits, with the signal once the pattern is seen on stderr.
func signalled(name string, s os.Signal) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) { runSignalled(ts, neg, args, name, s) }
}

func runSignalled(ts *testscript.TestScript, neg bool, args []string, name string, s os.Signal) {
	code := exitCodeArgument(ts, neg, args, name+" CODE PATTERN PROGRAM ARG...")
	cmd := command(ts, args[2], args[3:]...)
	cmd.Stdout = ts.Stdout()
	w := &watcher{out: ts.Stderr(), pattern: regexp.MustCompile(args[1]), seen: func() error {
		return cmd.Process.Signal(s)
	}}
	cmd.Stderr = w
	ts.Check(cmd.Start())
	checkCode(ts, code, cmd.Wait())
	if !w.done {
		ts.Fatalf("it never showed %q", args[1])
	}
}

// watcher calls seen once when what was written has the pattern.
type watcher struct {
	out     io.Writer
	pattern *regexp.Regexp
	seen    func() error
	text    bytes.Buffer
	done    bool
}

func (w *watcher) Write(p []byte) (int, error) {
	w.text.Write(p)
	if !w.done && w.pattern.Match(w.text.Bytes()) {
		w.done = true
		if err := w.seen(); err != nil {
			return 0, err
		}
	}
	return w.out.Write(p)
}
