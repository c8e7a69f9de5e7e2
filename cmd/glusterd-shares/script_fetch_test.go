package main

import (
	"io"
	"net/http"
	"regexp"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

var listening = regexp.MustCompile(`(?m)msg=watching .*listening=(\S+:[0-9]+)`)

// fetch is
//
//	fetch CODE NAME PATH
//
// It asks the daemon, at the address that it has logged, and expects the HTTP
// status. The answer is stdout then.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fetch CODE NAME PATH")
	}
	client := http.Client{Timeout: patience}
	r, err := client.Get("http://" + daemonsOf(ts).named(ts, args[1]).address(ts) + args[2])
	ts.Check(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	ts.Check(err)
	_, _ = ts.Stdout().Write(body)
	if strconv.Itoa(r.StatusCode) != args[0] {
		ts.Fatalf("%s answers %s, not %s:\n%s", args[2], r.Status, args[0], body)
	}
}

// address is where the daemon listens, once it has said so.
func (d *daemon) address(ts *testscript.TestScript) string {
	var found [][]byte
	d.wait(func() bool {
		found = listening.FindSubmatch(d.text)
		return found != nil || d.over
	})
	if found == nil {
		ts.Fatalf("it ended, and never said where it listens:\n%s", d.text)
	}
	return string(found[1])
}
