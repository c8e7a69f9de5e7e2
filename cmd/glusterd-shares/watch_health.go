package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/watch/health"
)

const (
	listenAddress = "127.0.0.1:9464"

	// signsOfLife come at the latest after this time, while a volume is worked on
	// and the lock is not waited for: no step takes nearly as long, but for very
	// many limits at once.
	signsOfLife = time.Hour
)

// checkListen refuses what is not an address with a port. A name would have to be
// looked up first, and may be several addresses.
func checkListen(listen string) error {
	address := listen
	for _, host := range []string{"", "localhost"} {
		if port, ok := strings.CutPrefix(listen, host+":"); ok {
			address = "127.0.0.1:" + port
		}
	}
	if _, err := netip.ParseAddrPort(address); err != nil && listen != "" {
		return fmt.Errorf("--listen %q: write an address with a port, such as %s or [::1]:9464, or nothing for nowhere", listen, listenAddress)
	}
	return nil
}

// watchHealth is where the daemon tells how it is.
type watchHealth struct {
	app      *app
	board    *health.Board
	metrics  *health.Metrics
	about    health.About
	listener net.Listener // nil: nowhere
}

// listen takes the address, before anything is done: a daemon whose health nobody
// can see must not start. From now on gluster's commands are counted.
func (a *app) listen(flags watchFlags) (*watchHealth, error) {
	b := buildInfo()
	h := &watchHealth{
		app: a, board: health.NewBoard(stuckAfter(flags.lockTimeout)),
		about: health.About{Version: b.Version, Revision: b.Revision, Go: b.Go, Sandbox: a.sandboxDir},
	}
	h.metrics = health.NewMetrics(h.board, h.about)
	a.ran = func(c gluster.Command) {
		h.board.Beat()
		h.metrics.Ran(c)
	}
	if flags.listen == "" {
		return h, nil
	}
	var err error
	if h.listener, err = net.Listen("tcp", flags.listen); err != nil {
		return nil, fmt.Errorf("--listen %s: %w; see who has it, or name another one", flags.listen, err)
	}
	return h, nil
}

// stuckAfter is how long a look at a volume may give no sign of life. The lock may
// be waited for as long as it takes, and that is no reason to end the daemon.
func stuckAfter(lockTimeout time.Duration) time.Duration {
	if lockTimeout == 0 {
		return 0
	}
	return lockTimeout + signsOfLife
}

// address is where it listens, also where any free port was asked for.
func (h *watchHealth) address() string {
	if h.listener == nil {
		return "nowhere"
	}
	return h.listener.Addr().String()
}

// serve answers until the returned function is called, which waits for the end. That
// it can't answer any more ends the daemon.
func (h *watchHealth) serve(end context.CancelCauseFunc) (closeAll func()) {
	if h.listener == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := health.Serve(ctx, h.listener, health.Handler(h.board, h.metrics, h.about), h.app.log); err != nil {
			end(fmt.Errorf("health and metrics at %s: %w", h.address(), err))
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
