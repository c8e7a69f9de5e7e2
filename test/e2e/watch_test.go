//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"strings"
)

// Watched is a change of access with clients at the door.
type Watched struct {
	Volume   string
	Old, New grants

	// Restarts tells that the change starts, stops or restarts the NFS server
	// on purpose. Then nobody is expected to be let in meanwhile.
	Restarts bool
}

// errInconclusive: the NFS server died on its own. A reload beside mounts in
// flight can kill Gluster-NFS 10.3, and what clients saw of a dead server
// proves nothing.
var errInconclusive = errors.New("the NFS server died or was replaced during the change")

// Watch makes a change while every client asks for what neither the old nor the
// new state grants it, as fast as the server answers, and a few times a second
// for what both grant. The first must never be let in, the second always.
func (b *Bed) Watch(w Watched, change func()) error {
	b.Helper()
	var before int
	if !w.Restarts {
		before = b.awaitNFSServer(w.Volume)
	}
	intruders, regulars := b.post(w)
	change()
	b.judgeIntruders(intruders)
	left := b.judgeRegulars(regulars)
	if w.Restarts {
		return nil
	}
	if after := b.NFSServer(w.Volume); after == 0 || after != before {
		return fmt.Errorf("%w: pid %d, then %d", errInconclusive, before, after)
	}
	for _, complaint := range left {
		b.Error(complaint)
	}
	return nil
}

// conclusive runs a scenario until the NFS server survives it. A scenario must
// make volumes of its own.
func conclusive(b *Bed, scenario func() error) {
	b.Helper()
	const attempts = 5
	for range attempts {
		err := scenario()
		if err == nil {
			return
		}
		b.Log(err)
	}
	b.Fatalf("inconclusive: the NFS server survived none of %d runs", attempts)
}

// post sends every client to the door.
func (b *Bed) post(w Watched) (intruders, regulars []*looper) {
	b.Helper()
	before, after := w.Old.mounts(w.Volume), w.New.mounts(w.Volume)
	all := maps.Clone(before)
	maps.Copy(all, after)
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
		intruders = append(intruders, b.loop(n, 0, neither))
		if len(both) > 0 && !w.Restarts {
			regulars = append(regulars, b.loop(n, 5, both))
		}
	}
	return intruders, regulars
}

func (b *Bed) judgeIntruders(loopers []*looper) {
	b.Helper()
	tries := 0
	for _, l := range loopers {
		for _, c := range l.end(b) {
			tries += c.times
			if c.word == "OK" {
				b.Errorf("client %d was let into %s, %d times, which neither state grants it", l.client, c.path, c.times)
			}
		}
	}
	if tries == 0 {
		b.Error("nobody tried to get in where nobody may")
	}
	b.Logf("%d tries to get in where nobody may", tries)
}

// judgeRegulars gives what is to complain about if the server was alive.
func (b *Bed) judgeRegulars(loopers []*looper) (complaints []string) {
	b.Helper()
	for _, l := range loopers {
		for _, c := range l.end(b) {
			if c.word != "OK" {
				complaints = append(complaints, fmt.Sprintf(
					"client %d got %s for %s, %d times, which both states grant it", l.client, c.word, c.path, c.times))
			}
		}
	}
	return complaints
}

// looper asks for paths again and again from one client.
type looper struct {
	client int
	cmd    *exec.Cmd
	stdin  io.Closer
	out    bytes.Buffer
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
		var c count
		if _, err := fmt.Sscan(line, &c.word, &c.times, &c.path); err != nil {
			b.Fatalf("the mount loop of client %d said %q", l.client, line)
		}
		out = append(out, c)
	}
	return out
}
