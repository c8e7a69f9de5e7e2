package files

import "time"

// schedule says when it is time to look. The zero times mean that there was none.
type schedule struct {
	quiet, maxQuiet, poll time.Duration

	looked      time.Time // when the last look began
	first, last time.Time // the events since then
	again       time.Time // a look is wanted then, if there are no events before
}

// event takes in that something has happened.
func (s *schedule) event(now time.Time) {
	if s.first.IsZero() {
		s.first = now
	}
	s.last = now
}

// begin takes in that a look begins. It sees what has happened so far.
func (s *schedule) begin(now time.Time) {
	s.looked, s.first, s.last, s.again = now, time.Time{}, time.Time{}, time.Time{}
}

// due is when to look: once there were no events for a while, or there were too
// many for too long; without any, when the poll asks for it.
func (s *schedule) due() time.Time {
	if s.first.IsZero() {
		return s.nextPoll()
	}
	rested, over := s.last.Add(s.quiet), s.first.Add(s.maxQuiet)
	if over.Before(rested) {
		return over
	}
	return rested
}

func (s *schedule) nextPoll() time.Time {
	if poll := s.looked.Add(s.poll); s.again.IsZero() || poll.Before(s.again) {
		return poll
	}
	return s.again
}
