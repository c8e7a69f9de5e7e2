package remote

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"glusterd-shares/pkg/await"
)

// Command is what is to be run on a host.
type Command struct {
	Args  []string // the program and its arguments; no shell sees them
	Stdin string
}

// running is a command for which there is a session. It begins with send.
type running struct {
	*Process
	Command
	sudo        bool
	script      string
	out, errOut *marked
}

func (h *Host) start(ctx context.Context, c Command, lasting bool) (*running, error) {
	mark := rand.Text()
	sudo := h.settings.SSH.Become
	line, err := script(mark, sudo, c.Args)
	if err != nil {
		return nil, &Error{Host: h.shown, Kind: ErrRefused, Text: "no command to run", Err: err}
	}
	p, err := h.begin(ctx, lasting, shell(mark))
	if err != nil {
		return nil, err
	}
	r := &running{Process: p, Command: c, sudo: sudo, script: line, out: newMarked(p.Stdout, mark), errOut: newMarked(p.Stderr, mark)}
	p.Stdout, p.Stderr = r.out, r.errOut
	return r, nil
}

// beginTimeout is how long a login shell may take until it runs the command. A connection
// that is frozen is told before that.
const beginTimeout = aliveEvery + aliveWithin + 10*time.Second

// errNotBegun: the login shell is at something else for longer than that.
var errNotBegun = fmt.Errorf("the login shell has not begun the command in %v; see what it runs first, such as a profile that hangs, or a forced command", beginTimeout)

// Start runs a command that may go on for long, such as one that holds a lock, and
// returns when it has begun. The context bounds that alone: the command ends by
// itself, by Close, or with the connection.
func (h *Host) Start(ctx context.Context, c Command) (*Process, error) {
	r, err := h.start(ctx, c, true)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, beginTimeout, errNotBegun)
	defer cancel()
	_, left, err := await.For(ctx, func() (struct{}, error) { return struct{}{}, r.begin(ctx) }, func(struct{}, error) {})
	if left {
		err = r.lost(err)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r.Process, nil
}

// begin sends the command and waits until it has begun.
func (r *running) begin(ctx context.Context) error {
	sent := make(chan error, 1)
	go func() { sent <- r.send() }()
	word, err := r.out.begin()
	if err == nil && word == ready {
		r.tellNoise()
		return <-sent
	}
	if errors.Is(err, errNoisy) {
		return r.lost(err)
	}
	if _, err := r.Wait(ctx); err != nil {
		return err
	}
	if _, err := r.errOut.begin(); err != nil && !errors.Is(err, io.EOF) {
		return r.lost(err)
	}
	return r.neverRan()
}

// send sends the script and what the command is to read.
func (r *running) send() error {
	_, err := io.WriteString(r.Process, r.script+"\n"+r.Stdin)
	return err
}

// tellNoise logs what the login shell printed.
func (r *running) tellNoise() {
	if noise := strings.TrimSpace(r.out.noise.String()); noise != "" {
		r.host.settings.Log.Debug("ssh: the login shell prints", "host", r.host.shown, "text", noise[:min(len(noise), maxSaid)])
	}
}

const mendSudoers = "let the user run it without a password and a terminal, by NOPASSWD and !requiretty in the sudoers: doctor --print-sudoers prints them"

// sudoSays are the words by which sudo refuses before it has run anything, with
// what to do about them.
var sudoSays = []struct{ words, mend string }{
	{"sudo: a password is required", mendSudoers},
	{"sudo: a terminal is required", mendSudoers},
	{"you must have a tty to run sudo", mendSudoers},
	{" is not allowed to execute ", mendSudoers},
	{" is not in the sudoers file", mendSudoers},
	{" may not run sudo on ", mendSudoers},
	{": command not found", "install it there, or add its directory to secure_path in the sudoers"},
	{"sudo: account validation failure", "see whether the account is locked or has expired"},
	{"must be owned by uid 0 and have the setuid bit set", "mend sudo's own installation there"},
	{`The "no new privileges" flag is set`, "log in as root, or where sudo may raise privileges"},
}

// refusedBySudo is nil where sudo didn't refuse the command. A program that was run
// by it could print the same words, but not with these words alone.
func (r *running) refusedBySudo(stdout, stderr string, code int) error {
	if !r.sudo || code != 1 || stdout != "" {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	last := lines[len(lines)-1]
	for _, s := range sudoSays {
		if strings.Contains(last, s.words) {
			return &Error{Host: r.host.shown, Kind: ErrSudo, Text: "sudo refuses " + said(r.Args[0]) + ": " + said(last), Mend: s.mend}
		}
	}
	return nil
}
