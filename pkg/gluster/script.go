package gluster

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"strings"
)

//go:embed far
var farFiles embed.FS

// script is a text for the sh of another machine. It is always the same: what it
// works on are its arguments and its input.
type script string

var (
	runsScript    = answering("begin", "runs")
	numbersScript = answering("begin", "numbers")
	machineScript = answering("begin", "machine")
	whoamiScript  = answering("begin", "whoami")
	glusterScript = talking("begin", "had", "gluster")
	findScript    = talking("begin", "heard", "here", "find")
	mountScript   = talking("begin", "heard", "here", "mount")
	lockScript    = talking("begin", "heard", "had", "here", "walk", "lock")

	statScript       = inVolume("stat")
	listScript       = inVolume("list")
	mkdirScript      = inVolume("mkdir")
	chownScript      = inVolume("chown")
	chmodScript      = inVolume("chmod")
	identityScript   = inVolume("identity")
	renameScript     = inVolume("rename")
	readScript       = inVolume("read")
	writeScript      = inVolume("write")
	removeScript     = inVolume("remove")
	removeSomeScript = inVolume("removesome")
	spaceScript      = inVolume("space")
)

func inVolume(name string) script { return answering("begin", "had", "here", "walk", name) }

// answering is a script that answers once. What it does in the last part it does
// in a subshell, so that it can leave off anywhere; the answer is whole only where
// that ends well.
func answering(parts ...string) script {
	last := len(parts) - 1
	return named(parts[last]) + text(parts[:last]...) + "(\n" + text(parts[last]) + ") && say \"$mark\"\n"
}

// talking is a script that gives its answers by itself.
func talking(parts ...string) script { return named(parts[len(parts)-1]) + text(parts...) }

// named is the first line of a script, which tells whoever reads sudo's log what it is for.
func named(name string) script { return script(": glusterd-shares " + name + "\n") }

func text(parts ...string) script {
	var s script
	for _, p := range parts {
		text, err := farFiles.ReadFile("far/" + p + ".sh")
		if err != nil {
			panic(err)
		}
		s += script(withoutComments(string(text)))
	}
	return s
}

// withoutComments is what a script does: sudo logs it there, each time.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if code := strings.TrimSpace(line); code != "" && code[0] != '#' {
			b.WriteString(line)
		}
	}
	return b.String()
}

// argv is the command that runs the script.
func (s script) argv(mark string, args ...string) []string {
	return append([]string{"sh", "-c", string(s), "glusterd-shares", mark}, args...)
}

// encode writes a text as one line that a script decodes: what is not plain as
// octal numbers.
func encode(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || c != '/' && isSpecial(rune(c)) {
			fmt.Fprintf(&b, `\0%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// farAnswer is what a script answers.
type farAnswer struct{ text, stderr string }

// fields are the parts of the answer.
func (r farAnswer) fields() []string {
	return strings.Split(strings.TrimSuffix(r.text, "\x00"), "\x00")
}

// errCutOff: a script was begun, and its answer did not come, or not whole. What it
// was to change may be changed.
var errCutOff = errors.New("its answer is lost")

// ask is run for a script that changes nothing: one whose answer was lost with the
// connection is run again.
func (r *Far) ask(ctx context.Context, op string, s script, stdin string, args ...string) (farAnswer, error) {
	return asked(ctx, func(int) (farAnswer, error) { return r.run(ctx, op, s, stdin, args...) })
}

// run runs a script that is to do op, and waits for its answer. The error wraps
// errCutOff where it may have done it, and ErrNotRun where it was never begun. What
// the script itself refuses says not where that is.
func (r *Far) run(ctx context.Context, op string, s script, stdin string, args ...string) (farAnswer, error) {
	mark := rand.Text()
	ans, err := r.Shell.Run(ctx, stdin, s.argv(mark, args...)...)
	text, begun, whole := between(mark, ans.Stdout)
	out := farAnswer{text, ans.Stderr}
	switch {
	case errors.Is(err, ErrNotRun):
		return out, byShell(err)
	case err != nil:
		return out, byShell(fmt.Errorf("%w: %w", errCutOff, err))
	case !begun && ans.Code != 0:
		return out, r.told(fmt.Errorf("%w: %s", ErrNotRun, said(ans)))
	case !whole:
		return out, r.told(fmt.Errorf("%w: it ended before that: %s", errCutOff, said(ans)))
	}
	return out, refusal(op, out.fields())
}

// told says of which machine an error tells, once.
func (r *Far) told(err error) error {
	if _, is := errors.AsType[*farError](err); is {
		return err
	}
	return &farError{r.Name, err}
}

// byShell is an error of the Shell, which says by itself of which machine it tells.
func byShell(err error) error { return &farError{err: err} }

// untold is the error without the machine, for who says it.
func untold(err error) error {
	if f, is := err.(*farError); is {
		return f.err
	}
	return err
}

// farError is what went wrong on another machine.
type farError struct {
	host string // empty: the error itself says it
	err  error
}

func (f *farError) Error() string {
	if f.host == "" {
		return f.err.Error()
	}
	return "on " + f.host + ": " + f.err.Error()
}

func (f *farError) Unwrap() error { return f.err }

// said is what a program left behind in place of an answer.
func said(ans Answer) string {
	text := escape(ans.Stderr, maxShownText)
	if text == "" {
		text = "no word of explanation"
	}
	return fmt.Sprintf("%s (exit status %d)", text, ans.Code)
}

// between is what stands between the mark at the beginning and the one at the
// end. What a login shell says before them is no part of it.
func between(mark, stdout string) (text string, begun, whole bool) {
	mark += "\x00"
	_, text, begun = strings.Cut(stdout, mark)
	text, whole = strings.CutSuffix(text, mark)
	return text, begun, whole
}
