package remote

import (
	"sync"
	"time"
)

// patience is a time limit that stands still while a person is asked.
type patience struct {
	mu    sync.Mutex
	timer *time.Timer
	left  time.Duration // when it was started last
	since time.Time     // when that was
}

// newPatience calls end when the time is up.
func newPatience(d time.Duration, end func()) *patience {
	return &patience{timer: time.AfterFunc(d, end), left: d, since: time.Now()}
}

// pause stops the time until resume is called, once.
func (p *patience) pause() (resume func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer.Stop()
	p.left -= time.Since(p.since)
	return p.resume
}

func (p *patience) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = time.Now()
	p.timer.Reset(p.left)
}

// stop ends the limit.
func (p *patience) stop() { p.timer.Stop() }
