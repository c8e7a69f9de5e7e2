package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/files"
	"glusterd-shares/pkg/watch/sdnotify"
)

const (
	watchInterval = 5 * time.Minute
	minInterval   = time.Second

	// watchLockTimeout is short, since the other volumes wait meanwhile, and the
	// daemon tries again; it is longer than most runs take.
	watchLockTimeout = 10 * time.Second

	// endGrace is what the step in hand may take when the daemon is told to end;
	// it is to be gone within 10 s.
	endGrace = 9 * time.Second
)

type watchFlags struct {
	interval    time.Duration
	onDrift     string
	lockTimeout time.Duration // 0: none
	listen      string        // empty: nowhere
	logLevel    string
}

func (a *app) watchCommand() *cobra.Command {
	var flags watchFlags
	cmd := &cobra.Command{
		Use:   "watch -f PATH",
		Short: "Keep the shares what the state file says",
		Long: `watch applies the state file at the start and whenever its content changes, and
looks every --interval whether somebody has changed the cluster, which it mends or
only reports. It runs until a signal ends it, and logs on stderr what it changes.

Content with a mistake changes nothing: what was desired before still is. A problem
or a guard's refusal is told once, and holds up that volume alone: only what somebody
has opened there by hand is closed meanwhile. watch knows no --allow-*: run apply by
hand, and it finds nothing left to do. New content is carried out whole, with what has
drifted, also with --on-drift report. Directories go only after the content has
changed, or at the start, and only to the trash, also with on_delete: purge.

At --listen it tells how it is: /livez and /readyz for an orchestrator, /metrics for
Prometheus, /status as JSON, and / as a page for a person. Nothing can be changed
there and nothing is secret, but it says who has access, and asks for no password.
systemd, where that has started it, hears of the start, of reloads and of the end, a
status line, and signs of life for as long as /livez has one.

Signals:
  SIGTERM, SIGINT  finish the step in hand and end, within 10 s; the second one ends at once
  SIGHUP           look at the files now, and then at the cluster`,
		Example: `  glusterd-shares watch -f state.yaml
  glusterd-shares watch -f state.yaml --interval 1m --on-drift report
  glusterd-shares watch -f state.yaml --log-format json
  glusterd-shares watch -f state.yaml --sandbox /tmp/rehearsal`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.end(a.watch(cmd.Context(), flags))
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVarP(&a.files, "file", "f", nil, "the `PATH` of a state file or of a directory of them (required, repeatable)")
	a.clusterFlags(f)
	f.DurationVar(&flags.interval, "interval", watchInterval, "the `TIME` from one look at a volume to the next, such as 10m; about, so that daemons don't keep step")
	f.StringVar(&flags.onDrift, "on-drift", string(watch.Repair), "what to `DO` about what somebody else changed: repair or report")
	f.StringVar(&flags.listen, "listen", listenAddress, "tell health and metrics at this `ADDRESS:PORT`; empty: nowhere")
	lockTimeoutFlag(f, &flags.lockTimeout, watchLockTimeout)
	logLevelFlag(f, &flags.logLevel, "info")
	return cmd
}

// watched prepares what the daemon watches; answered is told of looks at the files
// that were asked for. Nothing is read yet.
func (a *app) watched(flags watchFlags, answered func()) (*files.Watcher, *watchedCluster, error) {
	if flags.interval < minInterval {
		return nil, nil, fmt.Errorf("--interval %v: write a time of at least %v, such as %v", flags.interval, minInterval, watchInterval)
	}
	if a.sandboxDir != "" {
		a.log = a.log.With("sandbox", a.sandboxDir)
	}
	if err := checkListen(flags.listen); err != nil {
		return nil, nil, err
	}
	watcher, err := files.New(a.files, files.Options{Log: a.log, Answered: answered})
	if err == nil {
		_, err = a.hosts(state.Desired{})
	}
	return watcher, &watchedCluster{app: a, lockTimeout: flags.lockTimeout}, err
}

// watch runs the daemon until ctx ends.
func (a *app) watch(ctx context.Context, flags watchFlags) result {
	r := result{command: "watch", sandbox: a.sandboxDir}
	toFiles, toLoop := make(chan struct{}, 1), make(chan struct{}, 1)
	watcher, cluster, err := a.watched(flags, func() { pass(toLoop) })
	if err != nil {
		r.usage = err
		return r
	}
	health, err := a.listen(flags)
	if err != nil {
		r.failure = err
		return r
	}
	defer cluster.close()
	cluster.sign = health.board.Beat
	manager := sdnotify.New(health.board, a.sandboxDir, a.log)
	defer manager.Close()
	onHangup(func() {
		manager.Reloading()
		pass(toFiles) // and the watcher to the loop: what the files say now is what is looked for
	})
	exitAtSecond()
	log := &watchLog{log: a.log}
	log.started(a.files, flags, health.address())
	loop := watch.New(watch.Options{
		Cluster: cluster, Server: gnfs.Server{}, Observer: watch.Observers{health.board, health.metrics, manager, log}, // what was logged is shown
		Interval: flags.interval, OnDrift: watch.OnDrift(flags.onDrift), Grace: endGrace,
	})
	context.AfterFunc(ctx, func() { log.ending(cluster.inHand.String()) })
	watching, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	context.AfterFunc(watching, manager.Stopping)
	closeHealth := health.serve(cancel)
	looks := make(chan files.Look)
	go func() { cancel(watcher.Run(watching, toFiles, looks)) }()
	r.failure = loop.Run(watching, looks, toLoop)
	closeHealth()
	if ctx.Err() == nil { // nobody has asked for the end
		r.failure = errors.Join(r.failure, context.Cause(watching))
	}
	log.ended(context.Cause(watching))
	return r
}
