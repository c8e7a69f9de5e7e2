package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// mostBytes is how long a comment may be if nothing else is said: GitHub takes
// 65,536 characters, and who posts it may add some.
const mostBytes = 60_000

// commentOptions are those of a plan that is printed as a comment.
type commentOptions struct {
	key      string
	maxBytes int
}

// commentFlags are of the commands that print a plan.
func (a *app) commentFlags(f *pflag.FlagSet) {
	takeFormats(f, formatText, formatJSON, formatMarkdown)
	f.StringVar(&a.comment.key, "comment-key", "", "with -o markdown: a `KEY` in the first line, to tell this comment from those on other plans")
	f.IntVar(&a.comment.maxBytes, "max-bytes", mostBytes, "with -o markdown: cut what is folded, to have no more `BYTES` than this; the rest is never cut")
}

// check returns what is wrong with the options.
func (c commentOptions) check(f *pflag.FlagSet) error {
	if f.Lookup("max-bytes") == nil {
		return nil
	}
	var errs []error
	if c.maxBytes < 1 {
		errs = append(errs, fmt.Errorf("--max-bytes %d: write a number such as %d", c.maxBytes, mostBytes))
	}
	if c.key != render.CommentKey(c.key) {
		errs = append(errs, fmt.Errorf("--comment-key %q: write up to 64 letters, digits and characters of \"._-\"", c.key))
	}
	return errors.Join(errs...)
}

// printMarkdown writes the plans as a comment on a pull request: also where there
// are none, since an old comment would be taken for what holds. What is wrong is
// told on stderr as well.
func (a *app) printMarkdown(r result) error {
	a.complainOfInput(r)
	a.complainOfUnread(r)
	a.complainOfFailure(r)
	text := render.Markdown(a.newComment(r))
	if n := len(text); n > a.comment.maxBytes {
		a.complain(fmt.Sprintf("glusterd-shares: the comment has %d bytes, and --max-bytes is %d: what must be seen is never cut", n, a.comment.maxBytes))
	}
	_, err := a.std.out.Write(text)
	return err
}

func (a *app) newComment(r result) render.Comment {
	c := render.Comment{
		Key: a.comment.key, Basis: r.basis(), Errors: r.invalid,
		Plans: r.plans(), Refusals: r.refusals, ExitCode: r.exitCode(),
		Commands: r.commands(), MaxBytes: a.comment.maxBytes,
	}
	_, c.Saved = r.ground.(savedPlan)
	for _, err := range []error{r.usage, r.failure} {
		for _, line := range errorLines(err) {
			c.Errors = append(c.Errors, state.Problem{Text: line})
		}
	}
	for _, d := range r.differences {
		c.Moved = append(c.Moved, fmt.Sprintf("%s: %s", d.Target, d))
	}
	for _, v := range r.volumes {
		for _, line := range errorLines(v.err) {
			c.Unread = append(c.Unread, render.UnreadVolume{Target: v.target, Why: line})
		}
	}
	return c
}
