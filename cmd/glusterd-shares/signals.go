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

// onHangup calls the function at each SIGHUP from now on, and the run no longer ends by
// it. Several that come at once may be one. It is ignored first: reset, one that comes
// before it is heard would end the program.
func onHangup(do func()) {
	signal.Ignore(syscall.SIGHUP)
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	go func() {
		for range heard {
			do()
		}
	}()
}

// pass gives a channel a word. Where it holds one already, that is enough.
func pass(to chan<- struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
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
