package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cost is what one run took.
type cost struct {
	time time.Duration // from the start of the process to its end
	peak int64         // bytes that the process had in memory at most
}

// command is a process to be measured.
type command struct{ args, env []string }

// run waits for the command's end, and measures it. What it prints goes to a
// file, as long as it succeeds to nobody.
func (c command) run(work string) (cost, error) {
	out, err := os.Create(filepath.Join(work, "output"))
	if err != nil {
		return cost{}, err
	}
	defer out.Close()
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = append(os.Environ(), c.env...)
	start := time.Now()
	err = cmd.Run()
	took := time.Since(start)
	if err != nil {
		said, _ := os.ReadFile(out.Name())
		return cost{}, fmt.Errorf("%s: %w: %s", c.args[0], err, said)
	}
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss * 1024
	return cost{took, peak}, nil
}

// series is what the runs of one kind took.
type series struct {
	costs   []cost
	counted counted
}

func (s series) times() []time.Duration {
	var out []time.Duration
	for _, c := range s.costs {
		out = append(out, c.time)
	}
	slices.Sort(out)
	return out
}

func (s series) median() time.Duration {
	t := s.times()
	return (t[(len(t)-1)/2] + t[len(t)/2]) / 2
}

// peak is the most memory that one of the processes had.
func (s series) peak() int64 {
	var most int64
	for _, c := range s.costs {
		most = max(most, c.peak)
	}
	return most
}

// counted is how many gluster processes a run starts, and how many commands it
// gives them.
type counted struct{ processes, commands int }

// countingGluster notes its arguments, and what stands on its stdin where that
// is where commands come from.
const countingGluster = `#!/bin/sh
echo "$*" >>'%[1]s/processes'
case "$*" in
"--mode=script --xml") tee -a '%[1]s/lines' | '%[2]s' "$@" ;;
*) exec '%[2]s' "$@" ;;
esac
`

// countingPath gives the environment in which gluster is the one that notes.
func countingPath(dir string) ([]string, error) {
	real, err := exec.LookPath("gluster")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"processes", "lines"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			return nil, err
		}
	}
	err = os.WriteFile(filepath.Join(dir, "gluster"), fmt.Appendf(nil, countingGluster, dir, real), 0o700)
	return []string{"PATH=" + dir + ":" + os.Getenv("PATH")}, err
}

func readCounts(dir string) (counted, error) {
	processes, err := os.ReadFile(filepath.Join(dir, "processes"))
	if err != nil {
		return counted{}, err
	}
	lines, err := os.ReadFile(filepath.Join(dir, "lines"))
	c := counted{processes: strings.Count(string(processes), "\n")}
	c.commands = c.processes + strings.Count(string(lines), "\n")
	for line := range strings.Lines(string(processes)) {
		if line == "--mode=script --xml\n" {
			c.commands--
		}
	}
	return c, err
}
