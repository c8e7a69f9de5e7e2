package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// scenario is one piece of work, done by bare commands and by the program.
type scenario struct {
	name   string
	before func(round int) error // what the volume is like before either of them; not measured
	wish   func(round int) wish  // what it has to be like afterwards
	floor  func(wish) string     // for sh
	args   []string              // of the program, before the state file
	bySSH  bool                  // the program reaches the server by SSH

	// again is how often the bare commands may be run again where Gluster has
	// refused some of them. The program tries those again by itself.
	again int
}

// mebibyte times the round is what a limit is, so that each round sets them all.
const mebibyte = 1 << 20

func scenarios(s site) []scenario {
	var out []scenario
	for _, n := range []int{10, 100} {
		out = append(out, s.first(n), s.more(n), s.change(n), s.nothing(n, true))
	}
	return append(out, s.nothing(100, false), s.limits(100),
		s.nothing(1, true).overSSH(), s.nothing(100, true).overSSH(), s.change(100).overSSH(), s.nothing(100, false).overSSH())
}

// overSSH is the same work of the program over a connection to the server; the bare
// commands stay there.
func (c scenario) overSSH() scenario {
	c.name += ", over SSH"
	c.bySSH = true
	return c
}

// first exports a fresh volume: the NFS server has to start.
func (s site) first(n int) scenario {
	return scenario{
		name:   fmt.Sprintf("first apply, %d shares", n),
		before: func(int) error { return errors.Join(s.mounted(true), s.fresh()) },
		wish:   func(int) wish { return wish{shares: n} },
		floor:  func(w wish) string { return script(s.info(), s.mkdirs(w), s.set(w, true), s.info()) },
		args:   []string{"apply"},
	}
}

// more exports shares of a volume that is served already.
func (s site) more(n int) scenario {
	c := s.first(n)
	c.name = fmt.Sprintf("apply, %d shares", n)
	c.before = func(int) error { return errors.Join(s.mounted(true), s.closed()) }
	c.floor = func(w wish) string { return script(s.info(), s.mkdirs(w), s.set(w, false), s.info()) }
	return c
}

// change gives one client of one share's the place of another one.
func (s site) change(n int) scenario {
	return scenario{
		name:   fmt.Sprintf("one change in %d shares", n),
		before: func(int) error { return errors.Join(s.mounted(true), s.granted(wish{shares: n})) },
		wish:   func(int) wish { return wish{shares: n, changed: true} },
		floor:  func(w wish) string { return script(s.info(), s.set(w, false), s.info()) },
		args:   []string{"apply"},
	}
}

// nothing finds all as it should be. Where the volume is not mounted, both mount
// it for themselves.
func (s site) nothing(n int, mounted bool) scenario {
	w := wish{shares: n}
	c := scenario{
		name:   fmt.Sprintf("no-op, %d shares", n),
		before: func(int) error { return errors.Join(s.mounted(true), s.granted(w)) },
		wish:   func(int) wish { return w },
		floor:  func(w wish) string { return script(s.info(), s.stats(w)) },
		args:   []string{"apply"},
	}
	if !mounted {
		c.name += ", not mounted"
		c.before = func(int) error { return errors.Join(s.mounted(true), s.granted(w), s.mounted(false)) }
		c.floor = func(w wish) string {
			return script(s.info(), s.mountCommand(), s.stats(w), "cd /", "umount "+s.mount)
		}
	}
	return c
}

// limits sets the limit of every share, each round another one.
func (s site) limits(n int) scenario {
	of := func(round int) wish { return wish{shares: n, limit: (round + 1) * mebibyte} }
	return scenario{
		name: fmt.Sprintf("%d limits", n),
		before: func(round int) error {
			return errors.Join(s.mounted(true), s.limited(of(round)))
		},
		wish:  of,
		floor: s.setLimits,
		args:  []string{"apply"},
		again: 20,
	}
}

// script is the commands one after the other, as long as they succeed.
func script(commands ...string) string { return strings.Join(commands, " && ") }

func (s site) info() string { return "gluster --mode=script --xml volume info" }

func (s site) mkdirs(w wish) string {
	return script("cd "+s.mount, "mkdir "+strings.Join(w.dirs(), " "))
}
func (s site) stats(w wish) string { return script("cd "+s.mount, "stat "+strings.Join(w.dirs(), " ")) }

// set is one write of all options that a fresh volume lacks, or of those that
// say who may mount what.
func (s site) set(w wish, fresh bool) string {
	dir, allow := w.exports()
	switches := ""
	if fresh {
		switches = " nfs.export-volumes off nfs.disable off"
	}
	return fmt.Sprintf("gluster --mode=script --xml volume set %s%s nfs.export-dir '%s' nfs.rpc-auth-allow '%s'", s.volume, switches, dir, allow)
}

// setLimits is one gluster that is told all limits on its stdin.
func (s site) setLimits(w wish) string {
	var lines strings.Builder
	for _, dir := range w.dirs() {
		fmt.Fprintf(&lines, "volume quota %s limit-usage /%s %d\n", s.volume, dir, w.limit)
	}
	return fmt.Sprintf("gluster --mode=script --xml <<'END'\n%sEND", lines.String())
}

// way is one of the two ways to do the work: what is run in a round.
type way func(round int) (command, error)

// measure does the work by turns, both ways, once without a look at the clock.
func (c scenario) measure(s site, rounds int) (result, error) {
	r := result{name: c.name}
	bare := func(round int) (command, error) {
		return command{args: []string{"sh", "-c", c.floor(c.wish(round))}}, nil
	}
	ours := func(round int) (command, error) {
		file, err := s.stateFile(c.wish(round), c.bySSH)
		return command{args: slices.Concat([]string{s.tool}, c.args, []string{"-f", file})}, err
	}
	for i := range rounds + 1 {
		// Limits differ from round to round, and from one way to the other.
		if err := c.turn(s, 2*i, bare, c.again, &r.floor); err != nil {
			return r, fmt.Errorf("the bare commands: %w", err)
		}
		if err := c.turn(s, 2*i+1, ours, 0, &r.ours); err != nil {
			return r, err
		}
	}
	return r, nil
}

// turn does the work once, and again where Gluster has refused a part of it, and
// adds what it took. The first turn of a series only counts commands.
func (c scenario) turn(s site, round int, how way, again int, to *series) error {
	for {
		took, count, err := c.do(s, round, how, to.first())
		switch {
		case errors.Is(err, errRefused) && to.refused < again:
			to.refused++
			continue
		case err != nil:
			return err
		case to.first():
			to.counted = count
		default:
			to.took = append(to.took, took)
		}
		return nil
	}
}

// do does the work and checks that it was done. Either the clock is looked at or
// commands are counted.
func (c scenario) do(s site, round int, how way, counting bool) (took time.Duration, n counted, err error) {
	if err := c.before(round); err != nil {
		return took, n, fmt.Errorf("before it: %w", err)
	}
	command, err := how(round)
	if err != nil {
		return took, n, err
	}
	if counting {
		n, err = command.count(s.work)
	} else {
		took, err = command.run(s.work, nil)
	}
	if err != nil {
		return took, n, err
	}
	return took, n, errors.Join(s.mounted(true), s.is(c.wish(round)))
}
