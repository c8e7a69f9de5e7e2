package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/gluster"
)

const (
	documentHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	garbage      = "\x1b[2J\x00\xff glusterfs: \u202e core dumped"
)

// saysNo is a refusal with Gluster's number and text.
func saysNo(errno int, text string) gluster.Answer {
	return gluster.Answer{Stdout: fmt.Sprintf("%s<cliOutput>\n<opRet>-1</opRet>\n<opErrno>%d</opErrno>\n<opErrstr>%s</opErrstr>\n</cliOutput>\n", documentHead, errno, text)}
}

// each is the answer to every command of a process.
func (c command) each(a gluster.Answer) gluster.Answer {
	if n := strings.Count(c.stdin, "\n"); n > 1 {
		a.Stdout = strings.Repeat(a.Stdout, n)
	}
	return a
}

const (
	busyText    = "Another transaction is in progress for gv0. Please try again after some time."
	commitText  = "Commit failed on localhost. Please check the log file for more details."
	refusedText = "Error, Validation Failed"
)

// undone is a process that does nothing and answers this.
func undone(name string, a gluster.Answer) fault {
	return fault{name: name, gluster: func(c command) (gluster.Answer, error) { return c.each(a), nil }}
}

// spoilt is a process that does it, and whose answer is spoilt.
func spoilt(name string, spoil func(gluster.Answer) gluster.Answer) fault {
	return fault{name: name, unclear: true, done: true, gluster: func(c command) (gluster.Answer, error) {
		ans, err := c.do()
		return spoil(ans), err
	}}
}

func asUnclear(f fault) fault { f.unclear = true; return f }

func onAndOn(f fault) fault { f.lasting, f.name = true, f.name+"-for-good"; return f }

func truncated(a gluster.Answer) gluster.Answer {
	a.Stdout = a.Stdout[:len(a.Stdout)/2]
	return a
}

func empty(gluster.Answer) gluster.Answer { return gluster.Answer{} }

func toGarbage(gluster.Answer) gluster.Answer { return gluster.Answer{Stdout: garbage} }

func failing(a gluster.Answer) gluster.Answer { a.Code = 1; return a }

var glusterdDown = gluster.Answer{Stdout: "Connection failed. Please check if gluster daemon is operational.\n", Code: 1}

// killedBefore is the program's end before the process is started.
var killedBefore = fault{name: "killed-before", gluster: func(c command) (gluster.Answer, error) {
	c.m.kill()
	return gluster.Answer{Code: -1}, errKilled
}}

var noProgram = fault{name: "gluster-does-not-start", gluster: func(command) (gluster.Answer, error) {
	return gluster.Answer{Code: -1}, fmt.Errorf("%w: fork: %w", gluster.ErrNoGluster, unix.EAGAIN)
}}

// interrupted is control-C while the process is at work.
var interrupted = fault{name: "interrupted", gluster: func(c command) (gluster.Answer, error) {
	c.m.stop()
	return c.do()
}}

var hangs = fault{name: "hangs", unclear: true, gluster: command.silence}

// namesNothing is a list of limits that is well formed, and says nothing.
var namesNothing = undone("names-nothing", gluster.Answer{
	Stdout: documentHead + "<cliOutput>\n<opRet>0</opRet>\n<opErrno>0</opErrno>\n<opErrstr/>\n<volQuota/>\n</cliOutput>\n",
})

// readFaults are those of a process that only asks.
func readFaults(s step) []fault {
	out := append(askFaults(), hostile[s.nth%len(hostile)])
	if s.kind == "list" {
		out = append(out, onAndOn(namesNothing))
	}
	return out
}

// hostile are answers that are made to harm who reads them. One in turn is given.
var hostile = []fault{
	undone("entity-bomb", gluster.Answer{Stdout: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "` + strings.Repeat("ha", 1000) + `"><!ENTITY b "&a;&a;&a;&a;">]>` +
		"<cliOutput><opRet>0</opRet><opErrstr>&b;</opErrstr></cliOutput>"}),
	undone("too-deep", gluster.Answer{Stdout: documentHead + strings.Repeat("<cliOutput>", 100_000)}),
	undone("a-yes-behind-the-end", gluster.Answer{Stdout: saysNo(30800, "no").Stdout + documentHead + "<cliOutput><opRet>0</opRet></cliOutput>"}),
	undone("an-answer-in-a-comment", gluster.Answer{Stdout: documentHead + "<!-- <cliOutput><opRet>0</opRet></cliOutput> -->"}),
	undone("a-text-that-a-terminal-obeys", saysNo(30800, "\u009b2J\u202e"+strings.Repeat("x", 100_000))),
}

func askFaults() []fault {
	document := documentHead + "<cliOutput>\n<opRet>0</opRet>\n<opErrno>0</opErrno>\n<opErrstr/>\n</cliOutput>\n"
	return []fault{
		killedBefore, interrupted, noProgram, hangs, onAndOn(hangs),
		undone("busy", saysNo(30802, busyText)), onAndOn(undone("busy", saysNo(30802, busyText))),
		undone("refused", saysNo(30800, "Locking failed on g2. Please check log file for details.")),
		undone("refused-without-a-word", saysNo(30800, "")),
		undone("empty", gluster.Answer{}), onAndOn(undone("empty", gluster.Answer{})),
		undone("says-yes-and-nothing-else", gluster.Answer{Stdout: document}),
		undone("garbage", gluster.Answer{Stdout: garbage}),
		undone("glusterd-is-down", glusterdDown),
		spoilt("truncated", truncated), spoilt("exit-status-1", failing),
	}
}

// writeFaults are those of a process that changes something.
func writeFaults(s step) []fault {
	out := []fault{
		killedBefore,
		{name: "killed-after", gluster: func(c command) (gluster.Answer, error) {
			ans, err := c.do()
			c.m.kill()
			return ans, err
		}},
		{name: "killed-unanswered", gluster: func(c command) (gluster.Answer, error) {
			c.m.goesOnWith(c)
			c.m.kill()
			return gluster.Answer{Code: -1}, errKilled
		}},
		interrupted, noProgram, asUnclear(hangs), onAndOn(hangs),
		{name: "late", unclear: true, done: true, gluster: func(c command) (gluster.Answer, error) {
			ans, err := c.silence()
			_, _ = c.do()
			return ans, err
		}},
		{name: "later", unclear: true, done: true, gluster: func(c command) (gluster.Answer, error) {
			c.m.goesOnWith(c)
			return c.silence()
		}},
		undone("busy", saysNo(30802, busyText)), onAndOn(undone("busy", saysNo(30802, busyText))),
		undone("refused", saysNo(30800, refusedText)),
		asUnclear(undone("refused-without-a-word", saysNo(30800, ""))),
		asUnclear(undone("commit-failed", saysNo(30800, commitText))),
		onAndOn(asUnclear(undone("commit-failed", saysNo(30800, commitText)))),
		asUnclear(undone("empty", gluster.Answer{})), spoilt("empty-and-done", empty),
		asUnclear(undone("garbage", gluster.Answer{Stdout: garbage})), onAndOn(asUnclear(undone("garbage", gluster.Answer{Stdout: garbage}))), spoilt("garbage-and-done", toGarbage),
		asUnclear(undone("cut-off", gluster.Answer{Stdout: documentHead + "<cliOutput>\n<opRet>0</opRet>"})), spoilt("truncated-and-done", truncated),
		asUnclear(undone("glusterd-is-down", glusterdDown)), spoilt("exit-status-1-and-done", failing),
		spoilt("commit-failed-and-done", func(gluster.Answer) gluster.Answer { return saysNo(30800, commitText) }),
	}
	if s.kind == "set" {
		out = append(out, saysYes, halfCommitted("commit-failed-in-memory", inMemory), halfCommitted("commit-failed-on-disk", onDisk), halfCommitted("commit-failed-to-store", butOnDisk))
	}
	return out
}

// goesOnWith has glusterd do it by and by.
func (m *machine) goesOnWith(c command) {
	m.later.put(func() { _, _ = c.do() })
}

// saysYes is a success of which nothing comes.
var saysYes = fault{name: "says-yes-and-does-nothing", gluster: func(c command) (gluster.Answer, error) {
	return gluster.Answer{Stdout: documentHead + "<cliOutput>\n<opRet>0</opRet>\n<opErrno>0</opErrno>\n<opErrstr/>\n<cliOp>volSet</cliOp>\n<output>Set volume successful</output>\n</cliOutput>\n"}, nil
}}

// commit is how far one comes that fails.
type commit int

const (
	inMemory  commit = iota // glusterd holds the new values, and has not stored them
	onDisk                  // it has stored them, and holds the old ones
	butOnDisk               // it holds them and the NFS server has heard of them, and they are not stored
)

// halfCommitted is a commit that fails half way.
func halfCommitted(name string, far commit) fault {
	return fault{name: name, unclear: true, gluster: func(c command) (gluster.Answer, error) {
		before := c.m.optionFiles()
		if _, err := c.do(); err != nil {
			return gluster.Answer{Code: -1}, err
		}
		for volume, now := range c.m.optionFiles() {
			c.m.writeOptions(volume, before[volume].upTo(far, now))
		}
		return saysNo(30800, commitText), nil
	}}
}

// upTo are the files after a commit from old to next that came so far.
func (old optionFiles) upTo(far commit, next optionFiles) optionFiles {
	out := optionFiles{
		"options": next["options"], "stored": old.of("stored", "options"),
		"served": old.of("served", "options"), "gates": old.of("gates", "served", "options"),
	}
	switch far {
	case onDisk:
		out["options"], out["stored"] = old["options"], next["options"]
	case butOnDisk:
		out["served"], out["gates"] = next.of("served", "options"), next.of("gates", "served", "options")
	}
	return out
}

// optionFiles are the files of a volume's options, by name; a missing one stands for
// another.
type optionFiles map[string]string

func (f optionFiles) of(names ...string) string {
	for _, name := range names {
		if text, is := f[name]; is {
			return text
		}
	}
	return ""
}

func (m *machine) optionFiles() map[string]optionFiles {
	out := map[string]optionFiles{}
	for _, volume := range volumesIn(m.dir) {
		out[volume] = optionFiles{}
		for _, name := range []string{"options", "stored", "served", "gates"} {
			if text, err := os.ReadFile(filepath.Join(m.dir, host, volume, name)); err == nil {
				out[volume][name] = string(text)
			}
		}
	}
	return out
}

func (m *machine) writeOptions(volume string, files optionFiles) {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(m.dir, host, volume, name), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
}

// deaths are glusterd's at each of its inner steps: alone, with the program, and
// with a service manager that starts it again at once.
func deaths(s step) []fault {
	var out []fault
	for k := 1; k <= s.inner; k++ {
		dies := func(c command) (gluster.Answer, error) {
			c.m.dies = k
			ans, err := c.do()
			c.m.dies = 0
			return ans, err
		}
		out = append(out,
			fault{name: fmt.Sprintf("glusterd-dies-at-%d", k), unclear: true, restart: true, gluster: dies},
			fault{name: fmt.Sprintf("both-die-at-%d", k), restart: true, gluster: func(c command) (gluster.Answer, error) {
				ans, err := dies(c)
				c.m.kill()
				return ans, err
			}},
			fault{name: fmt.Sprintf("glusterd-dies-at-%d-and-comes-back", k), unclear: true, gluster: func(c command) (gluster.Answer, error) {
				ans, err := dies(c)
				if failed := c.m.box.Restart(host); failed != nil {
					return ans, failed
				}
				return ans, err
			}},
		)
	}
	return out
}
