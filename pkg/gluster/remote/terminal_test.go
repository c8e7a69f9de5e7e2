package remote

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal runs this test again, in a process that has a terminal, whose other
// end it returns with what the process writes to its stdout.
func onTerminal(t *testing.T) (terminal *os.File, result *bufio.Reader) {
	t.Helper()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	n, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	far, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "ON_TERMINAL=yes")
	cmd.Stdin = far
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return terminal, bufio.NewReader(stdout)
}

// until reads what the terminal shows, up to this text.
func until(t *testing.T, r *bufio.Reader, text string) string {
	t.Helper()
	var b strings.Builder
	for !strings.HasSuffix(b.String(), text) {
		c, err := r.ReadByte()
		if err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		b.WriteByte(c)
	}
	return b.String()
}

func TestTerminal(t *testing.T) {
	if os.Getenv("ON_TERMINAL") != "" {
		got, err := Terminal()(context.Background(), "Passphrase of x: ")
		fmt.Printf("got %q, %v\n", got.reveal(), err)
		os.Exit(0)
	}
	terminal, result := onTerminal(t)
	screen := bufio.NewReader(terminal)
	until(t, screen, "Passphrase of x: ")
	// It is read only when nothing is shown any more: what is typed before is.
	for {
		termios, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if termios.Lflag&unix.ECHO == 0 {
			break
		}
	}
	if _, err := terminal.WriteString(passphrase + "\n"); err != nil {
		t.Fatal(err)
	}
	if got := until(t, result, "\n"); got != fmt.Sprintf("got %q, <nil>\n", passphrase) {
		t.Errorf("got %s", got)
	}
	if shown := until(t, screen, "\n"); strings.TrimSpace(shown) != "" {
		t.Errorf("the terminal shows %q", shown)
	}
}

// Who gives up finds the terminal as it was.
func TestTerminalGivenUp(t *testing.T) {
	if os.Getenv("ON_TERMINAL") != "" {
		ctx, cancel := context.WithCancelCause(context.Background())
		go func() {
			for {
				if termios, err := unix.IoctlGetTermios(0, unix.TCGETS); err != nil || termios.Lflag&unix.ECHO == 0 {
					cancel(errors.New("enough"))
					return
				}
			}
		}()
		_, err := Terminal()(ctx, "Password: ")
		termios, failed := unix.IoctlGetTermios(0, unix.TCGETS)
		fmt.Printf("%v, %v, shown: %t\n", err, failed, failed == nil && termios.Lflag&unix.ECHO != 0)
		os.Exit(0)
	}
	_, result := onTerminal(t)
	if got := until(t, result, "\n"); got != "enough, <nil>, shown: true\n" {
		t.Errorf("got %s", got)
	}
}

func TestNoTerminal(t *testing.T) {
	if os.Getenv("ON_TERMINAL") != "" {
		fmt.Printf("none: %t\n", Terminal() == nil)
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestNoTerminal$")
	cmd.Env = append(os.Environ(), "ON_TERMINAL=yes")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if out, err := cmd.Output(); err != nil || string(out) != "none: true\n" {
		t.Errorf("got %s, %v", out, err)
	}
}
