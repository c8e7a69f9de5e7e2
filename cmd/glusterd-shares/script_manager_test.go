package main

import (
	"net"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// startManager is
//
//	manager NAME
//
// It listens as a service manager does to the daemons that are started from now on.
// What they tell is waited for by until: each message is a line, its assignments
// parted by spaces.
func startManager(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: manager NAME")
	}
	socket := ts.MkAbs("notify-" + args[0])
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	ts.Check(err)
	m := &daemon{kill: func() { l.Close() }}
	m.wrote = sync.NewCond(&m.mu)
	daemonsOf(ts)[args[0]] = m
	ts.Setenv("NOTIFY_SOCKET", socket)
	go m.listen(l)
	ts.Defer(func() {
		m.kill()
		m.wait(func() bool { return m.over })
	})
}

// listen writes down what is heard, until the socket is closed.
func (d *daemon) listen(l *net.UnixConn) {
	message := make([]byte, 4096)
	for {
		n, err := l.Read(message)
		if err != nil {
			break
		}
		_, _ = d.Write([]byte(strings.ReplaceAll(string(message[:n]), "\n", " ") + "\n"))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	d.wrote.Broadcast()
}
