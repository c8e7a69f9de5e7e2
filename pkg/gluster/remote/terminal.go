package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"glusterd-shares/pkg/await"
)

// Terminal asks on the terminal that the process was started from, wherever its
// streams go: it is for Settings.Ask. It is nil where there is no terminal.
func Terminal() func(ctx context.Context, prompt string) (Secret, error) {
	tty, err := os.OpenFile(terminal, os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	_ = tty.Close() // it was opened to see whether it can be
	return askOnTerminal
}

const terminal = "/dev/tty"

// askOnTerminal shows the prompt and reads a line that isn't shown. When the
// context ends the terminal is left as it was found.
func askOnTerminal(ctx context.Context, prompt string) (Secret, error) {
	tty, err := os.OpenFile(terminal, os.O_RDWR, 0)
	if err != nil {
		return Secret{}, err
	}
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		return Secret{}, errors.Join(err, tty.Close())
	}
	if _, err := io.WriteString(tty, prompt); err != nil {
		return Secret{}, errors.Join(err, tty.Close())
	}
	line, left, err := await.For(ctx, func() ([]byte, error) { return term.ReadPassword(int(tty.Fd())) }, func([]byte, error) { _ = tty.Close() })
	if left { // what reads goes on until a line comes, or the process ends
		return Secret{}, errors.Join(err, term.Restore(int(tty.Fd()), before))
	}
	_, _ = fmt.Fprintln(tty) // the line break that was typed wasn't shown, either
	_ = tty.Close()          // all that was wanted of it is here
	if errors.Is(err, io.EOF) {
		return Secret{}, errors.New("nobody answered")
	}
	return NewSecret(string(line)), err
}
