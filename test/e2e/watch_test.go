//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
)

// Watched is a change of access with clients at the door.
type Watched struct {
	Volume   string
	Old, New grants

	// Restarts tells that the change starts, stops or restarts the NFS server
	// on purpose. Then nobody is expected to be let in meanwhile.
	Restarts bool

	// Outage tells that the NFS server or the volume is away for a while. Whom both
	// states grant may find nothing there, and must not be told that it may not.
	Outage bool

	// Paced has the first ask 250 times a second each, so that the change isn't
	// slowed to a crawl, and the second once: each mount beside a change can crash
	// Gluster-NFS 10.3.
	Paced bool

	// LetIn is told who was let in whom neither state grants it; nil: that is a
	// breach.
	LetIn func(client int, c count)
}

// Watch makes a change while every client asks for what neither the old nor the
// new state grants it, as fast as the server answers, and a few times a second
// for what both grant. The first must never be let in, the second always.
//
// They are at the door before the change begins: each of them has had an answer,
// or, where nothing is served yet, has asked, and has an answer after the change.
func (b *Bed) Watch(w Watched, change func()) {
	b.Helper()
	var before int
	if !w.Restarts {
		before = b.awaitNFSServer(w.Volume)
	}
	intruders, regulars := b.post(w)
	defer func() { // also where the change fails
		b.judgeIntruders(w, intruders)
		b.judgeRegulars(w, regulars)
	}()
	change()
	if w.Restarts || w.Outage {
		b.await(intruders, "answered\n")
		return
	}
	if after := b.NFSServer(w.Volume); after == 0 || after != before {
		b.Errorf("the NFS server died or was replaced during the change: pid %d, then %d", before, after)
	}
}

// post sends every client to the door.
func (b *Bed) post(w Watched) (intruders, regulars []*looper) {
	b.Helper()
	before, after := w.Old.mounts(w.Volume), w.New.mounts(w.Volume)
	all := maps.Clone(before)
	maps.Copy(all, after)
	knock, visit := 0, 5 // times a second; 0: as fast as the server answers
	if w.Paced {
		knock, visit = 250, 1
	}
	for n := 1; n <= clients; n++ {
		var neither, both []string
		for m := range all {
			switch {
			case m.client != n:
			case before[m] && after[m]:
				both = append(both, m.path)
			case !before[m] && !after[m]:
				neither = append(neither, m.path)
			}
		}
		intruders = append(intruders, b.loop(n, knock, neither))
		if len(both) > 0 && !w.Restarts {
			regulars = append(regulars, b.loop(n, visit, both))
		}
	}
	if w.Restarts {
		b.await(intruders, "asked\n")
	} else {
		b.await(slices.Concat(intruders, regulars), "answered\n")
	}
	return intruders, regulars
}

// await waits until each looper has said the word.
func (b *Bed) await(loopers []*looper, word string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	for _, l := range loopers {
		if !l.out.await(ctx, word) {
			b.Fatalf("the mount loop of client %d has not %s: %q", l.client, strings.TrimSpace(word), &l.out)
		}
	}
}

func (b *Bed) judgeIntruders(w Watched, loopers []*looper) {
	b.Helper()
	letIn := w.LetIn
	if letIn == nil {
		letIn = func(client int, c count) {
			b.breach("client %d was let into %s, %d times, which neither state grants it", client, c.path, c.times)
		}
	}
	for _, l := range loopers {
		refused, others, answered := 0, 0, false
		for _, c := range l.end(b) {
			answered = answered || c.word == "OK" || slices.Contains(refusals, c.word)
			switch {
			case c.word == "OK":
				letIn(l.client, c)
			case slices.Contains(denials, c.word):
				refused += c.times
			default:
				others += c.times
			}
		}
		if !answered {
			b.Errorf("client %d had no answer where nobody may get in", l.client)
		}
		b.Logf("client %d: refused %d times where it may not get in; %d tries came to nothing otherwise", l.client, refused, others)
		knocks.refused.Add(int64(refused))
		knocks.others.Add(int64(others))
	}
}

// knocks counts the tries of clients to get in where neither state lets them: those that
// the server refused them, and those that found nothing there, or had no answer.
var knocks struct{ refused, others atomic.Int64 }

func (b *Bed) judgeRegulars(w Watched, loopers []*looper) {
	b.Helper()
	for _, l := range loopers {
		counts := l.end(b)
		for _, c := range counts {
			if c.word != "OK" && !(w.Outage && !slices.Contains(denials, c.word)) {
				b.Errorf("client %d got %s for %s, %d times, which both states grant it", l.client, c.word, c.path, c.times)
			}
		}
		if len(counts) == 0 {
			b.Errorf("client %d never asked for what both states grant it", l.client)
		}
	}
}

// looper asks for paths again and again from one client.
type looper struct {
	client int
	cmd    *exec.Cmd
	stdin  io.Closer
	out    transcript
	cancel context.CancelFunc
}

// loop starts a looper. A rate of 0 is as fast as the server answers.
func (b *Bed) loop(client, rate int, paths []string) *looper {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	args := append([]string{probe, "-loop", "-rate", fmt.Sprint(rate), server}, paths...)
	l := &looper{client: client, cancel: cancel}
	l.cmd = bedScript(ctx, b.instance, b.Client(client).args(args...)...)
	l.cmd.Stdout = &l.out
	stdin, err := l.cmd.StdinPipe()
	if err == nil {
		err = l.cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(cancel)
	l.stdin = stdin
	return l
}

// count is how often a path had an answer.
type count struct {
	word  string
	times int
	path  string
}

// end stops the looper and gives what it saw.
func (l *looper) end(b *Bed) []count {
	b.Helper()
	defer l.cancel()
	l.stdin.Close()
	if err := l.cmd.Wait(); err != nil {
		b.Fatalf("the mount loop of client %d: %v", l.client, err)
	}
	var out []count
	for line := range strings.Lines(l.out.String()) {
		if line == "asked\n" || line == "answered\n" {
			continue
		}
		var c count
		if _, err := fmt.Sscan(line, &c.word, &c.times, &c.path); err != nil {
			b.Fatalf("the mount loop of client %d said %q", l.client, line)
		}
		out = append(out, c)
	}
	return out
}
