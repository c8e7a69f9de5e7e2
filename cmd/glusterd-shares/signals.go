package main

import (
	"os"
	"os/signal"
	"syscall"
)

// interrupts are the signals by which a person or a service manager ends a run.
var interrupts = []os.Signal{os.Interrupt, syscall.SIGTERM}

// endingSignals are those by which a run ends in an orderly way. To ask for the
// one that a terminal sends as it goes away would undo nohup.
func endingSignals() []os.Signal {
	if signal.Ignored(syscall.SIGHUP) {
		return interrupts
	}
	return append([]os.Signal{syscall.SIGHUP}, interrupts...)
}

// passOnHangups sends each SIGHUP from now on to all of the channels, and the run no
// longer ends by it. Where a channel holds one already, that is enough.
func passOnHangups(to ...chan<- struct{}) {
	signal.Reset(syscall.SIGHUP)
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	go func() {
		for range heard {
			for _, c := range to {
				select {
				case c <- struct{}{}:
				default:
				}
			}
		}
	}()
}

// exitAtSecond ends the program at once, as failed, at the second signal that asks
// for the end: what the first one waits for may not come.
func exitAtSecond() {
	heard := make(chan os.Signal, 2)
	signal.Notify(heard, interrupts...)
	go func() {
		<-heard
		<-heard
		os.Exit(exitFailed)
	}()
}
