package files

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// A timeline is what happens to the files, and when:
//
//	3s A          they say A, and an event tells of it
//	3s =A         they say A, without an event
//	3s !          an event
//	3s ?          a wish to look at once
//	3s hang       reading gets no answer from now on
//	3s answer     and now it does
//	3s-5s/100ms X the same again and again; # is another content each time
//
// A capital letter is good content, a small one bad. Looks are when they came.
var timelines = []struct {
	name, files string
	busy        time.Duration // how long the consumer is after each Look
	looks       string
}{
	{"the first content", "0s =A", 0, "100ms A"},
	{"bad from the start", "0s =a", 0, "100ms a"},
	{"a save", "0s =A; 5s B", 0, "100ms A; 5.6s B"},
	{"without an event, the poll sees it", "0s =A; 5s =B", 0, "100ms A; 30.1s B"},
	{"events alone", "0s =A; 5s-100s/2s !", 0, "100ms A"},
	{"in pieces", "0s =A; 5s b; 5.4s c; 5.8s d; 6.2s E", 0, "100ms A; 6.8s E"},
	{"a slow write without events", "0s =A; 29.9s =b; 30.05s =C", 0, "100ms A; 30.7s C"},
	{"it changes between the two readings", "0s =A; 5s B; 5.55s =C", 0, "100ms A; 6.2s C"},
	{"there and back before it is quiet", "0s =A; 5s B; 5.3s A", 0, "100ms A"},
	{"there and back", "0s =A; 5s B; 10s A", 0, "100ms A; 5.6s B; 10.6s A"},
	{"bad content once", "0s =A; 5s b; 10s !; 20s b; 25s c; 30s A", 0, "100ms A; 5.6s b; 25.6s c; 30.6s A"},
	{"bad, and mended before the poll", "0s =a; 5s =A; 8s !", 0, "100ms a; 8.6s A"},
	{"empty in between", "0s =A; 5s =; 5s !; 5.2s B", 0, "100ms A; 5.8s B"},
	{"a storm of events", "0s =A; 5s B; 5s-40s/100ms !", 0, "100ms A; 15.1s B"},
	{"a storm of contents", "0s =A; 5s-24s/50ms #; 24s Z", 0, "100ms A; 24.6s Z"},
	{"a storm of slower contents", "0s =A; 5s-20s/300ms #; 20s Z", 0, "100ms A; 15.1s #33; 20.6s Z"},
	{"a wish during a storm", "0s =A; 5s B; 5s-40s/100ms !; 6.05s ?", 0, "100ms A; 6.15s B"},
	{"a wish", "0s =A; 5s =B; 6s ?", 0, "100ms A; 6.1s B"},
	{"a wish for what is known", "0s =A; 5s ?; 6s ?; 6s ?", 0, "100ms A"},
	{"a wish during a look", "0s =A; 5s B; 5.55s ?; 5.65s =C", 0, "100ms A; 5.6s B; 35.7s C"},
	{"the poll goes on after a wish", "0s =A; 20s ?; 40s =B", 0, "100ms A; 50.1s B"},
	{"the poll does not cut the quiet short", "0s =A; 29.8s b; 30.1s C", 0, "100ms A; 30.7s C"},
	{"to a slow consumer only the newest", "0s =A; 5s B; 10s C; 15s D", time.Minute, "100ms A; 1m0.1s D"},
	{"to a slow consumer nothing that is over", "0s =A; 5s B; 10s A; 70s C", time.Minute, "100ms A; 1m10.6s C"},
	{"to a slow consumer nothing that an event has put in doubt", "0s =A; 5s B; 59.9s C", time.Minute, "100ms A; 1m0.5s C"},
	{"to a slow consumer nothing that a wish has put in doubt", "0s =A; 5s B; 60.05s =C; 60.06s ?", time.Minute, "100ms A; 1m0.16s C"},
	{"to a slow consumer in a storm", "0s =A; 5s B; 5s-100s/300ms !", time.Minute, "100ms A; 1m6s B"},
	{"to a slow consumer bad content too", "0s =A; 5s B; 10s c", time.Minute, "100ms A; 1m0.1s c"},
	{"half a file", "0s =A; 5s B-; 6.5s C", 0, "100ms A; 7.1s C"},
	{"a file that ends like that", "0s =A; 5s B-", 0, "100ms A; 15.7s B-"},
	{"half a file, and events", "0s =A; 5s B-; 5s-40s/1s !", 0, "100ms A; 15.6s B-"},
	{"half of one and half of the next", "0s =A; 5s B-; 12s C-", 0, "100ms A; 22.7s C-"},
	{"half a file that is written anew", "0s =A; 5s B-; 8s !; 8.55s =C-; 8.7s B-", 0, "100ms A; 19.4s B-"},
	{"half a file from the start", "0s =A-", 0, "10.2s A-"},
	{"half a file without events", "0s =A; 29.95s =B-", 0, "100ms A; 40.2s B-"},
	{"half a file, and a wish", "0s =A; 5s B-; 7s ?", 0, "100ms A; 7.1s B-"},
	{"what is known may end like that", "0s =A-; 20s B; 25s A-", 0, "10.2s A-; 20.6s B; 35.7s A-"},
	{"the file system hangs", "0s =A; 5s hang; 6s B; 100s answer", 0, "100ms A; 36.5s hangs; 1m40.1s B"},
	{"it hangs and comes back as it was", "0s =A; 5s hang; 200s answer", 0, "100ms A; 1m0s hangs; 3m20s A"},
	{"it hangs from the start", "0s =A; 0s hang; 300s answer", 0, "30s hangs; 5m0.1s A"},
	{"it hangs, but not long", "0s =A; 5s hang; 6s B; 30s answer", 0, "100ms A; 30.1s B"},
}

func TestTimelines(t *testing.T) {
	for _, c := range timelines {
		t.Run(c.name, func(t *testing.T) {
			looks, _ := play(t, c.files, c.busy)
			if d := gocmp.Diff(strings.Split(c.looks, "; "), looks); d != "" {
				t.Errorf("looks (-want +got):\n%s", d)
			}
		})
	}
}

// Who asked is told when there is nothing left to wait for, once.
func TestWishesAreAnswered(t *testing.T) {
	for _, c := range []struct {
		name, files string
		busy        time.Duration
		answers     string
	}{
		{"nobody asked", "0s =A; 5s B", 0, ""},
		{"for something new", "0s =A; 5s =B; 6s ?", 0, "6.1s"},
		{"for what is known", "0s =A; 5s ?; 6s ?", 0, "5s 6s"},
		{"after what is new was received", "0s =A; 5s =B; 6s ?", time.Minute, "1m0.1s"},
		{"for what is known, to a slow consumer", "0s =A; 5s ?", time.Minute, "5s"},
		{"while they are changing", "0s =A; 5s-8s/50ms #; 6.02s ?", 0, "6.12s"},
		{"during a look, by the next one", "0s =A; 5s B; 5.55s ?", 0, "5.6s"},
		{"while it hangs", "0s =A; 5s hang; 6s ?; 100s answer", 0, "36s"},
		{"again during a look that comes to hang", "0s =A; 5s hang; 6s ?; 7s ?; 8s ?; 100s answer", 0, "36s"},
		{"while it hangs for long", "0s =A; 5s hang; 50s ?; 90s ?; 100s answer; 101s ?", 0, "1m0s 1m30s 1m41s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := play(t, c.files, c.busy); strings.Join(got, " ") != c.answers {
				t.Errorf("answers at %q, want %q", strings.Join(got, " "), c.answers)
			}
		})
	}
}

// play lets the timeline happen to a Watcher, and gives the Looks, and when wishes
// were answered.
func play(t *testing.T, timeline string, busy time.Duration) (looks, answers []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		sight := newFake()
		steps := stepsOf(t, timeline)
		for len(steps) > 0 && steps[0].at == 0 {
			sight.do(t, steps[0], nil)
			steps = steps[1:]
		}
		l := start(t, sight, busy)
		for _, s := range steps {
			time.Sleep(time.Until(begin.Add(s.at)))
			synctest.Wait()
			sight.do(t, s, l.now)
		}
		time.Sleep(10 * time.Minute)
		looks, answers = l.stop(), *l.answers
	})
	return looks, answers
}

// step is what happens at a time.
type step struct {
	at   time.Duration
	what string
}

func stepsOf(t *testing.T, timeline string) []step {
	t.Helper()
	var out []step
	for _, s := range strings.Split(timeline, "; ") {
		when, what, _ := strings.Cut(s, " ")
		span, every, _ := strings.Cut(when, "/")
		from, to, repeated := strings.Cut(span, "-")
		if !repeated {
			out = append(out, step{duration(t, from), what})
			continue
		}
		for i, at := 0, duration(t, from); at < duration(t, to); i, at = i+1, at+duration(t, every) {
			out = append(out, step{at, strings.Replace(what, "#", "#"+strconv.Itoa(i), 1)})
		}
	}
	slices.SortStableFunc(out, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return out
}

func duration(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (f *fake) do(t *testing.T, s step, now chan<- struct{}) {
	t.Helper()
	content, silent := strings.CutPrefix(s.what, "=")
	switch {
	case s.what == "!":
		f.stir()
	case s.what == "?":
		now <- struct{}{}
	case s.what == "hang":
		f.hang()
	case s.what == "answer":
		f.answer()
	default:
		f.write(text(content))
		if !silent {
			f.stir()
		}
	}
}

// watched is a Run under way, and what it has told so far.
type watched struct {
	now     chan struct{}
	stop    func() []string // ends it, and returns what it has told, with the times
	answers *[]string       // when wishes were answered; for after the end
}

// start runs a Watcher with its usual patience for a consumer that is busy for a
// while after each Look.
func start(t *testing.T, sight *fake, busy time.Duration) watched {
	begin, answers := time.Now(), new([]string)
	w := &Watcher{Options{Answered: func() { *answers = append(*answers, time.Since(begin).String()) }}.withDefaults(), sight}
	ctx, cancel := context.WithCancelCause(t.Context())
	now, looks, ended := make(chan struct{}), make(chan Look), make(chan error)
	go func() { ended <- w.Run(ctx, now, looks) }()
	var told []string
	consumed := make(chan struct{})
	go func() {
		defer close(consumed)
		for {
			select {
			case <-ctx.Done():
				return
			case look := <-looks:
				told = append(told, fmt.Sprintf("%v %s", time.Since(begin), nameOf(t, look)))
				time.Sleep(busy)
			}
		}
	}()
	over := errors.New("over")
	return watched{now: now, answers: answers, stop: func() []string {
		cancel(over)
		if err := <-ended; err != over {
			t.Errorf("Run ended with %v", err)
		}
		<-consumed
		if sight.closed != 1 {
			t.Errorf("the sight was closed %d times", sight.closed)
		}
		return told
	}}
}

// nameOf is the content that a Look is of.
func nameOf(t *testing.T, look Look) string {
	switch {
	case errors.Is(look.Err, hanging.Err):
		return "hangs"
	case look.Err != nil && look.Desired.Files != nil:
		t.Errorf("there is something desired, and an error: %v", look)
	case look.Err != nil:
		return look.Err.Error()
	}
	return strings.Join(look.Desired.Files, " ")
}

// At rest it reads once a poll, and understands nothing afresh.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sight := newFake()
		sight.write("A")
		l := start(t, sight, 0)
		time.Sleep(time.Hour - time.Second)
		synctest.Wait()
		if polls := int(time.Hour/(30*time.Second)) - 1; sight.reads != 2+polls || sight.parses != 1 {
			t.Errorf("in an hour it read %d times, of which %d are the polls, and parsed %d times", sight.reads, polls, sight.parses)
		}
		l.stop()
	})
}

// However many events there are, it reads once each time that MaxQuiet has passed.
func TestStormIsCheap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sight := newFake()
		sight.write("A")
		l := start(t, sight, 0)
		for range 60_000 {
			time.Sleep(time.Millisecond)
			sight.stir()
		}
		synctest.Wait()
		if most := 2 + int(time.Minute/(10*time.Second)); sight.reads > most {
			t.Errorf("in a minute of events it read %d times, not %d", sight.reads, most)
		}
		l.stop()
	})
}

// The end does not wait for a file system that hangs, and what was left behind
// lets go of everything once there is an answer.
func TestEndWhileReadingHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sight := newFake()
		sight.hang()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		w := &Watcher{Options{}.withDefaults(), sight}
		err := w.Run(ctx, nil, make(chan Look))
		if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took != time.Minute+farewell {
			t.Errorf("it ended after %v with %v", took, err)
		}
		sight.answer()
		synctest.Wait()
		if sight.closed != 1 {
			t.Errorf("the sight was closed %d times", sight.closed)
		}
	})
}

// That nobody wishes any more is no wish.
func TestWishesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sight := newFake()
		l := start(t, sight, 0)
		close(l.now)
		time.Sleep(29 * time.Second)
		synctest.Wait()
		if sight.reads != 2 {
			t.Errorf("it read %d times", sight.reads)
		}
		l.stop()
	})
}
