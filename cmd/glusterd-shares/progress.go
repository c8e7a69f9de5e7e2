package main

import (
	"fmt"
	"io"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

// progress shows on a terminal which step of how many is under way, on one
// line that is written over. Anywhere else it shows nothing.
type progress struct {
	out   io.Writer // nil: nowhere
	shown bool
}

func (a *app) newProgress() *progress {
	p := &progress{}
	if isTerminal(a.std.err) {
		p.out = a.std.err
	}
	a.progress = p
	return p
}

// clear takes the line away, for other text. p may be nil.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = false
	}
}

// say shows what is under way.
func (p *progress) say(text string) {
	if p.out == nil {
		return
	}
	p.clear()
	fmt.Fprint(p.out, render.Escape(text))
	p.shown = true
}

func (p *progress) step(t state.Target) func(n, of int, a diff.Action) {
	return func(n, of int, a diff.Action) {
		if p.out == nil {
			return
		}
		p.clear()
		fmt.Fprintf(p.out, "%s: [%d/%d] %s", t, n, of, render.Title(a))
		p.shown = true
	}
}
