// Mount3 asks a server whether it lets this machine mount paths, and prints
// one line for each: the status and the path.
//
//	mount3 [-timeout 5s] SERVER PATH...
//
// With -loop it asks again and again until its standard input ends, and then
// prints how often each path had each status:
//
//	mount3 -loop [-rate N] SERVER PATH...
//
// Before, it prints "asked" once it has asked, and "answered" once it had an
// answer of the server.
//
// With -space it prints for each path how many bytes the file system holds that
// is mounted there, instead of the status.
//
// Besides the statuses of the protocol (OK, ACCES, NOENT, PERM, ...) there are
// REFUSED (nobody listens), HANG (no answer in time) and BROKEN (the connection
// ended without an answer).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"glusterd-shares/test/mount3"
)

func main() {
	var p prober
	loop := flag.Bool("loop", false, "ask until standard input ends, then print counts")
	space := flag.Bool("space", false, "print the bytes of each path's file system")
	flag.IntVar(&p.rate, "rate", 0, "with -loop: requests a second; 0 is as many as the server answers")
	flag.DurationVar(&p.timeout, "timeout", 5*time.Second, "how long to wait for one answer")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: mount3 [-loop [-rate N]] [-timeout D] SERVER PATH...")
		os.Exit(3)
	}
	p.server, p.paths = flag.Arg(0), flag.Args()[1:]
	if *loop {
		p.loop(os.Stdin, os.Stdout)
		return
	}
	for _, path := range p.paths {
		if *space {
			fmt.Println(p.space(path), path)
		} else {
			fmt.Println(p.ask(path), path)
		}
	}
}

// space gives the number of bytes, or the reason why there is none.
func (p *prober) space(path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	c, err := mount3.Dial(ctx, p.server)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	n, err := c.Space(ctx, p.server, path)
	if err != nil {
		return err.Error()
	}
	return strconv.FormatUint(n, 10)
}

// prober asks one server for some paths, over one connection as long as that
// holds.
type prober struct {
	server  string
	paths   []string
	timeout time.Duration
	rate    int

	client *mount3.Client // nil: to be connected
}

// ask gives the word for the answer to one request.
func (p *prober) ask(path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	if p.client == nil {
		c, err := mount3.Dial(ctx, p.server)
		if err != nil {
			return word(err)
		}
		p.client = c
	}
	status, err := p.client.Mount(ctx, path)
	if err != nil {
		p.client.Close()
		p.client = nil
		return word(err)
	}
	return mount3.StatusName(status)
}

// The words for no answer.
const (
	refused = "REFUSED"
	hang    = "HANG"
	broken  = "BROKEN"
)

var noAnswer = []string{refused, hang, broken}

// word tells in one word why there was no answer.
func word(err error) string {
	var ne net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, mount3.ErrNotRegistered):
		return refused
	case errors.As(err, &ne) && ne.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return hang
	}
	return broken
}

// loop asks for every path in turn until in ends, and prints the counts.
func (p *prober) loop(in io.Reader, out io.Writer) {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, in)
		close(ended)
	}()
	counts := map[tally]int{}
	var order []tally
	var milestones milestones
	for pace := newPace(p.rate); ; {
		for _, path := range p.paths {
			select {
			case <-ended:
				printCounts(out, order, counts)
				return
			case <-pace:
			}
			k := tally{path, p.ask(path)}
			if counts[k]++; counts[k] == 1 {
				order = append(order, k)
				milestones.pass(out, k.word)
			}
		}
	}
}

// milestones are the words that have been printed.
type milestones struct{ asked, answered bool }

// pass prints how far an answer, or that there is none, has brought it.
func (m *milestones) pass(out io.Writer, word string) {
	if !m.asked {
		m.asked = true
		fmt.Fprintln(out, "asked")
	}
	if !m.answered && !slices.Contains(noAnswer, word) {
		m.answered = true
		fmt.Fprintln(out, "answered")
	}
}

// tally is what is counted: a path and what was answered for it.
type tally struct{ path, word string }

func printCounts(out io.Writer, order []tally, counts map[tally]int) {
	for _, k := range order {
		fmt.Fprintln(out, k.word, counts[k], k.path)
	}
}

// newPace gives a channel that can be read as often a second as the rate says;
// always, where it is 0.
func newPace(rate int) <-chan time.Time {
	if rate > 0 {
		return time.Tick(time.Second / time.Duration(rate))
	}
	always := make(chan time.Time)
	close(always)
	return always
}
