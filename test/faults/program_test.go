package faults

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// built is where the tests build programs; TestMain makes and removes it.
var built string

// program builds the program, once.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(built, "glusterd-shares")
	if out, err := goTool("build", "-o", path, "glusterd-shares/cmd/glusterd-shares").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func goTool(args ...string) *exec.Cmd { return exec.Command(cmp.Or(os.Getenv("GO"), "go"), args...) }

// ran is a process that has come to its end.
type ran struct {
	code        int // -1: it was killed
	out, errOut string
}

// process starts the program.
func process(t *testing.T, args ...string) (cmd *exec.Cmd, stdout *bytes.Buffer, stderr io.Reader) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(path, args...)
	stdout = &bytes.Buffer{}
	cmd.Stdout = stdout
	if stderr, err = cmd.StderrPipe(); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, stdout, stderr
}

// runProgram runs the program to its end. told is told each line of stderr.
func runProgram(t *testing.T, told func(*exec.Cmd, string), args ...string) ran {
	t.Helper()
	cmd, stdout, stderr := process(t, args...)
	var all strings.Builder
	for in := bufio.NewScanner(stderr); in.Scan(); {
		fmt.Fprintln(&all, in.Text())
		if told != nil {
			told(cmd, in.Text())
		}
	}
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ran{cmd.ProcessState.ExitCode(), stdout.String(), all.String()}
}

// TestKilledProgram kills the program itself, at each line that it logs.
func TestKilledProgram(t *testing.T) {
	st := undisturbed(t, readScenario(t, "testdata/all-at-once.txtar"))
	file := filepath.Join(t.TempDir(), "after.yaml")
	write(t, file, string(st.text))
	c, lines := casesOf(t), st.linesOf(t, file)
	for k := 1; k <= lines; k += stride(7) {
		c.try(t, fmt.Sprint("line-", k), func(t *testing.T) { st.killAt(t, file, k) })
	}
}

// linesOf is how many lines the program logs where nobody kills it.
func (st *stage) linesOf(t *testing.T, file string) (n int) {
	a := st.begin(t)
	if whole := runProgram(t, func(*exec.Cmd, string) { n++ }, a.applied(file)...); whole.code != 0 {
		t.Fatalf("%+v", whole)
	}
	return n
}

// applied is the command line that the program is run with.
func (a *attempt) applied(file string) []string {
	return []string{"apply", "-f", file, "--sandbox", a.dir, "--allow-mass-revoke", "--allow-mass-remove", "--log-level", "debug"}
}

// stride is 1 where all cases are asked for, and n where a sample is.
func stride(n int) int {
	if all() {
		return 1
	}
	return n
}

// killAt is one such case. A program that logs a line less this time is not killed.
func (st *stage) killAt(t *testing.T, file string, line int) {
	defer count(t)
	a := st.begin(t)
	j := st.judge(a.box, a.dir)
	was := dataIn(t, a.dir)
	args := a.applied(file)
	n, killed := 0, false
	first := runProgram(t, func(cmd *exec.Cmd, _ string) {
		if n++; n == line {
			killed = true
			if err := unix.Kill(cmd.Process.Pid, unix.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}, args...)
	if !killed && first.code != 0 {
		t.Errorf("it was not killed, and ends with %+v", first)
	}
	st.whole(t, a, was, "killed")
	j.look("killed")
	if next := runProgram(t, nil, args...); next.code != 0 {
		t.Errorf("the next run: %+v", next)
	}
	if again := runProgram(t, nil, "plan", "-f", file, "--sandbox", a.dir, "--detailed-exitcode"); again.code != 0 {
		t.Errorf("there is something left to do: %+v", again)
	}
	st.whole(t, a, was, "in the end")
	st.judged(t, j, &fault{})
}
