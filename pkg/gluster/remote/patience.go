package remote

import (
	"sync"
	"time"
)

// patience is a time limit that stands still while a person is asked.
type patience struct {
	mu      sync.Mutex
	timer   *time.Timer
	left    time.Duration
	running time.Time // since when; zero: it stands still
	waiting int       // how many ask
}

// newPatience calls end when the time is up.
func newPatience(d time.Duration, end func()) *patience {
	return &patience{timer: time.AfterFunc(d, end), left: d, running: time.Now()}
}

// pause stops the time until resume is called. The one who pauses last resumes
// last, or not: it goes on when all have resumed.
func (p *patience) pause() (resume func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting++; p.waiting == 1 && p.timer.Stop() {
		p.left -= time.Since(p.running)
	}
	return p.resume
}

func (p *patience) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting--; p.waiting == 0 {
		p.running = time.Now()
		p.timer.Reset(p.left)
	}
}

// stop ends the limit.
func (p *patience) stop() { p.timer.Stop() }
