package sdnotify

import (
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// send sends what is in the queue, and signs of life in time, until the end.
func (n *Notifier) send() {
	defer close(n.sent)
	var due <-chan time.Time
	if n.watchdog > 0 {
		ticker := time.NewTicker(max(n.watchdog/3, time.Microsecond)) // two may be late or get lost
		defer ticker.Stop()
		due = ticker.C
	}
	for over := false; !over; {
		select {
		case <-n.stirred:
		case <-due:
			n.sign()
		}
		over = n.flush()
	}
}

// flush sends the queue, and tells whether that was the end of it.
func (n *Notifier) flush() (over bool) {
	n.mu.Lock()
	queue, over := n.queue, n.over
	n.queue = nil
	n.mu.Unlock()
	for _, message := range queue {
		n.notify(message)
	}
	return over
}

// sign gives the watchdog a sign of life, if there is life: by what /livez goes by,
// not by this goroutine's own. Where there is none the manager will end the daemon,
// and the status says why.
func (n *Notifier) sign() {
	s := n.board.Snapshot()
	was := n.silent
	n.silent = s.Stuck != ""
	switch {
	case !n.silent:
		n.notify(daemon.SdNotifyWatchdog)
	case !was:
		n.log.Error("the service manager's watchdog gets no sign of life", "why", s.Stuck)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.tell(statusOf(s, n.sandbox))
	}
}

// notify sends one message. The daemon can do without a manager that can't be told,
// and says so once.
func (n *Notifier) notify(message string) {
	if _, err := daemon.SdNotify(false, message); err != nil {
		n.complain.Do(func() {
			n.log.Warn("the service manager can't be told how the daemon is", "error", err)
		})
	}
}
