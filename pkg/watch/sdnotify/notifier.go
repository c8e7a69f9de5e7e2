package sdnotify

import (
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

// farewell is how long the end waits for a manager that does not read.
const farewell = 500 * time.Millisecond

// Notifier is a watch.Observer that tells the service manager. Where none has
// started the daemon it does nothing. It is told after the board is.
type Notifier struct {
	watch.Observers // nothing is made of what is not told

	board    *health.Board
	sandbox  string
	log      *slog.Logger
	none     bool          // there is no manager
	watchdog time.Duration // how long it does without a sign of life; 0: as long as it likes

	mu      sync.Mutex
	phase   phase
	volumes []state.Target        // that are desired
	awaited map[state.Target]bool // that a reload still waits for; nil: the files were not read yet, or there is none
	status  string                // that was put in the queue last
	queue   []string              // messages to be sent
	over    bool                  // nothing comes after them

	stirred  chan struct{} // has a value when there is something new in the queue, or it is over
	sent     chan struct{} // is closed when all was sent
	silent   bool          // the watchdog got no sign of life last time
	complain sync.Once
}

// phase is what the manager takes the daemon to do.
type phase int

const (
	starting phase = iota
	running
	reloading
	stopping
)

// New returns a Notifier of what the board shows, and begins to send. A sandbox is
// the directory of the stand-in for a cluster; empty: the cluster is real. What the
// environment says of the watchdog is not passed on to programs that are started.
func New(board *health.Board, sandbox string, log *slog.Logger) *Notifier {
	n := &Notifier{
		board: board, sandbox: sandbox, log: log, none: os.Getenv("NOTIFY_SOCKET") == "",
		stirred: make(chan struct{}, 1), sent: make(chan struct{}),
	}
	var err error
	if n.watchdog, err = daemon.SdWatchdogEnabled(true); err != nil {
		log.Warn("the service manager's watchdog is not understood, and gets no sign of life", "error", err)
	}
	if n.none {
		close(n.sent)
		return n
	}
	go n.send()
	return n
}

// Took implements watch.Observer. Content that comes while a reload waits for volumes
// is not what was asked for: it only says which of them are not waited for any more.
func (n *Notifier) Took(d state.Desired) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.volumes = nil
	for _, v := range d.Volumes {
		n.volumes = append(n.volumes, v.Target)
	}
	n.read()
	if n.awaited != nil {
		maps.DeleteFunc(n.awaited, func(t state.Target, _ bool) bool { return !slices.Contains(n.volumes, t) })
		n.reloaded()
	}
}

// Refused implements watch.Observer.
func (n *Notifier) Refused(error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.read()
}

// read says after the first look at the state files that the daemon has started,
// and after later ones how it is.
func (n *Notifier) read() {
	if n.phase == starting {
		n.ready()
		return
	}
	n.tell(statusOf(n.board.Snapshot(), n.sandbox))
}

// Reconciled implements watch.Observer.
func (n *Notifier) Reconciled(watch.Result) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tell(statusOf(n.board.Snapshot(), n.sandbox))
}

// Reloading says that the daemon was asked to look at everything now, before it
// begins to. That is over when the files were read, and then each volume was looked
// at once, whatever came of it.
func (n *Notifier) Reloading() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.phase != running && n.phase != reloading {
		return
	}
	n.phase, n.awaited = reloading, nil
	n.say(daemon.SdNotifyReloading, strings.TrimSpace(daemon.SdNotifyMonotonicUsec()))
}

// Hastened implements watch.Observer.
func (n *Notifier) Hastened() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.phase == reloading {
		n.await()
		n.reloaded()
	}
}

// Looked implements watch.Observer.
func (n *Notifier) Looked(t state.Target) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.awaited != nil {
		delete(n.awaited, t)
		n.reloaded()
	}
}

// await makes the reload wait for all volumes.
func (n *Notifier) await() {
	n.awaited = map[state.Target]bool{}
	for _, t := range n.volumes {
		n.awaited[t] = true
	}
}

// reloaded says so where the reload waits for nothing more.
func (n *Notifier) reloaded() {
	if len(n.awaited) == 0 {
		n.ready()
	}
}

func (n *Notifier) ready() {
	n.phase, n.awaited = running, nil
	n.status = statusOf(n.board.Snapshot(), n.sandbox)
	n.say(daemon.SdNotifyReady, "STATUS="+n.status)
}

// Stopping says that the daemon ends.
func (n *Notifier) Stopping() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.phase == stopping {
		return
	}
	n.phase, n.awaited = stopping, nil
	n.say(daemon.SdNotifyStopping, "STATUS=ending: what is under way is finished first")
}

// tell gives the status where it is another one. At its end the daemon is ending,
// whatever it still finds, and before its start there is nothing that it knows.
func (n *Notifier) tell(status string) {
	if status == n.status || n.phase == starting || n.phase == stopping {
		return
	}
	n.status = status
	n.say("STATUS=" + status)
}

// say puts a message of some assignments in the queue. Of what the manager has not
// read, a status that is over is left out.
func (n *Notifier) say(assignments ...string) {
	if n.none {
		return
	}
	message := strings.Join(assignments, "\n")
	if last := len(n.queue) - 1; last >= 0 && strings.HasPrefix(n.queue[last], "STATUS=") {
		n.queue = n.queue[:last]
	}
	n.queue = append(n.queue, message)
	n.stir()
}

func (n *Notifier) stir() {
	select {
	case n.stirred <- struct{}{}:
	default:
	}
}

// Close says that the daemon ends, where that was not said, and waits until all is
// sent, but not for long.
func (n *Notifier) Close() {
	n.Stopping()
	n.mu.Lock()
	n.over = true
	n.mu.Unlock()
	n.stir()
	select {
	case <-n.sent:
	case <-time.After(farewell):
	}
}
