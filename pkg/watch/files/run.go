package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

const (
	// patience is how long a look may take before it is told that it hangs.
	patience = 30 * time.Second

	// farewell is how long the end waits for a look under way.
	farewell = time.Second
)

// hanging is the Look while there is no answer.
var hanging = &Look{
	Hash: sha256.Sum256([]byte("no answer")),
	Err:  errors.New("the state files can't be read: the file system they are on has not answered for " + patience.String()),
}

// run is one Run: where it stands.
type run struct {
	*Watcher
	schedule schedule
	asked    bool       // to look at once
	looking  chan *Look // gives what the look under way gave; nil: there is none
	answers  bool       // the look under way was asked for
	owed     bool       // one that was asked for has ended, and who asked was not told yet

	sent   *Look // last; nil: none yet
	unsent *Look // the newest; nil where that is sent
	doubt  bool  // something has happened since, and the files may not say that any more

	half  Hash      // of the newest content that may be half of what is being written
	since time.Time // it was seen first
}

// event takes in that something has happened to the files.
func (r *run) event() {
	r.schedule.event(time.Now())
	r.doubt = true
}

// ask takes in a wish to look at once. Where it hangs, that is the answer: a look comes
// as soon as it doesn't any more.
func (r *run) ask(now time.Time) {
	r.doubt = true
	r.asked = !r.hangs(now)
	r.owed = r.owed || !r.asked
}

// hangs reports whether the look under way has no answer for too long.
func (r *run) hangs(now time.Time) bool {
	return r.looking != nil && !now.Before(r.schedule.looked.Add(patience))
}

// tend begins a look where it is time for one. It returns when to be called again,
// if nothing happens before.
func (r *run) tend(ctx context.Context, now time.Time) time.Time {
	isDue := r.asked || !now.Before(r.schedule.due())
	switch {
	case r.looking == nil && isDue:
		r.begin(ctx, now)
	case r.looking == nil:
		return r.schedule.due()
	case r.hangs(now):
		r.offer(hanging)
		r.answers, r.asked = r.answers || r.asked, false
		r.owe()
		return now.Add(patience)
	}
	return r.schedule.looked.Add(patience)
}

func (r *run) begin(ctx context.Context, now time.Time) {
	r.schedule.begin(now)
	r.answers, r.asked = r.asked, false
	looking, sent, unsent := make(chan *Look, 1), r.sent, r.unsent
	r.looking = looking
	go func() { looking <- settle(ctx, r.sight, sent, unsent) }()
}

// ended takes in what a look gave. Where that was nothing, since the files were
// changing, it is as if another event had come.
func (r *run) ended(look *Look) {
	r.looking = nil
	waits := look != nil && r.waits(look, time.Now())
	r.owe()
	switch {
	case look == nil:
		r.half = Hash{} // what was seen before has not rested since
		r.event()
	case waits:
		r.doubt = true
		r.schedule.again = r.since.Add(r.options.MaxQuiet)
	default:
		r.offer(look)
	}
}

// waits reports whether the content may be half of what somebody is writing, and has not
// rested for long enough to be all of it. Who asked for the look knows that it is.
func (r *run) waits(look *Look, now time.Time) bool {
	if !look.unended || r.answers || r.sent != nil && r.sent.Hash == look.Hash {
		r.half = Hash{}
		return false
	}
	if r.half != look.Hash {
		r.half, r.since = look.Hash, now
	}
	return now.Before(r.since.Add(r.options.MaxQuiet))
}

// owe takes in that there is as much of an answer as there will be to who asked for
// the look. That the files are changing, or hang, is one.
func (r *run) owe() {
	r.owed = r.owed || r.answers
	r.answers = false
}

// answer tells who asked, once nothing is left to be received first.
func (r *run) answer() {
	if r.owed {
		r.owed = false
		r.options.Answered()
	}
}

// offer takes in the newest Look. It replaces one that waits to be received, also
// where it is itself nothing new.
func (r *run) offer(look *Look) {
	r.unsent, r.doubt = look, false
	if r.sent != nil && r.sent.Hash == look.Hash {
		r.unsent = nil
	}
}

// next is what to send, and where; a nil channel where there is nothing. What has
// waited and is in doubt may have been withdrawn: the look that comes next tells.
func (r *run) next(looks chan<- Look) (Look, chan<- Look) {
	if r.unsent == nil || r.doubt {
		return Look{}, nil
	}
	return *r.unsent, looks
}

// end lets go of what the sight holds, after the look that uses it.
func (r *run) end() {
	if r.looking == nil {
		r.sight.close()
		return
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		<-r.looking
		r.sight.close()
	}()
	select {
	case <-closed:
	case <-time.After(farewell):
	}
}
