package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// onTerminal is
//
//	terminal CODE [PATTERN=>ANSWER...] PROGRAM ARG...
//
// exits, on a terminal; stdout is then all that the terminal shows. Whenever the
// next pattern is seen, its answer is typed; ^C is the signal of control-C, and
// ^D the end of the input, which also follows the last answer.
//
// It is not the controlling terminal: that would be hung up when the program
// ends, and the last of the output could be lost.
func onTerminal(ts *testscript.TestScript, neg bool, args []string) {
	code := exitCodeArgument(ts, neg, args, "terminal CODE [PATTERN=>ANSWER...] PROGRAM ARG...")
	args = args[1:]
	master, slave, err := openTerminal()
	ts.Check(err)
	defer master.Close()
	d := dialog{out: master}
	for dialogLine.MatchString(args[0]) {
		m := dialogLine.FindStringSubmatch(args[0])
		d.lines = append(d.lines, line{regexp.MustCompile(m[1]), m[2]})
		args = args[1:]
	}
	if len(d.lines) == 0 {
		_, _ = master.WriteString(endOfInput)
	}
	cmd := command(ts, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	d.program = cmd
	ts.Check(cmd.Start())
	ts.Check(slave.Close())
	shown := d.hold()
	err = cmd.Wait()
	_, _ = ts.Stdout().Write(shown)
	checkCode(ts, code, err)
	if len(d.lines) > 0 {
		ts.Fatalf("it never showed %q", d.lines[0].prompt)
	}
}

var dialogLine = regexp.MustCompile(`^(.+)=>(.*)$`)

// line is one thing that is said on the terminal: a prompt, and what is typed.
type line struct {
	prompt *regexp.Regexp
	answer string
}

const endOfInput = "\x04"

// dialog is what is still to be said.
type dialog struct {
	out     *os.File
	program *exec.Cmd
	lines   []line
}

func (d *dialog) answer(answer string) {
	keys := answer + "\n"
	switch answer {
	case "^C":
		_ = d.program.Process.Signal(os.Interrupt)
		return
	case "^D":
		keys = ""
	}
	if len(d.lines) == 1 {
		keys += endOfInput
	}
	_, _ = d.out.WriteString(keys)
}

// hold reads and answers until nobody has the terminal open any more, and
// returns all that was shown.
func (d *dialog) hold() []byte {
	var all, since bytes.Buffer
	b := make([]byte, 4096)
	for {
		n, err := d.out.Read(b)
		all.Write(b[:n])
		since.Write(b[:n])
		if err != nil {
			return all.Bytes() // EIO: the last one has closed it
		}
		if len(d.lines) > 0 && d.lines[0].prompt.Match(since.Bytes()) {
			d.answer(d.lines[0].answer)
			d.lines = d.lines[1:]
			since.Reset()
		}
	}
}

// openTerminal makes a pseudo-terminal. Nothing that is typed is echoed.
func openTerminal() (master, slave *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("open /dev/ptmx: %w", err)
	}
	master = os.NewFile(uintptr(fd), "/dev/ptmx")
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		_ = master.Close()
		return nil, nil, err
	}
	settings, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err == nil {
		settings.Lflag &^= unix.ECHO
		err = unix.IoctlSetTermios(int(slave.Fd()), unix.TCSETS, settings)
	}
	return master, slave, err
}
