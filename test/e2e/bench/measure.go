package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// command is a process to be measured.
type command struct{ args, env []string }

// run waits for the command's end and gives the time from the start of its process
// to that. What it prints goes to a file, as long as it succeeds to nobody. watch
// is called when it has started; nil: nothing is.
func (c command) run(work string, watch func(pid int)) (time.Duration, error) {
	out, err := os.Create(filepath.Join(work, "output"))
	if err != nil {
		return 0, err
	}
	defer out.Close()
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = append(os.Environ(), c.env...)
	start := time.Now()
	if err = cmd.Start(); err == nil {
		if watch != nil {
			watch(cmd.Process.Pid)
		}
		err = cmd.Wait()
	}
	took := time.Since(start)
	if err != nil {
		said, _ := os.ReadFile(out.Name())
		return took, fmt.Errorf("%s: %w: %s", c.args[0], err, said)
	}
	return took, nil
}

// beforeAll is the directory whose programs sshd puts before all others.
const beforeAll = "/run/front"

// count runs the command with a gluster that notes what it is asked, also where it is
// run by SSH, and looks at its memory.
func (c command) count(work string) (counted, error) {
	dir, err := os.MkdirTemp(work, "count-")
	if err != nil {
		return counted{}, err
	}
	defer os.RemoveAll(dir)
	if c.env, err = countingPath(dir); err != nil {
		return counted{}, err
	}
	front := filepath.Join(beforeAll, "gluster")
	if err := os.Symlink(filepath.Join(dir, "gluster"), front); err != nil {
		return counted{}, err
	}
	defer os.Remove(front)
	peak := make(chan int64, 1)
	if _, err := c.run(work, func(pid int) { go func() { peak <- peakOf(pid) }() }); err != nil {
		return counted{}, err
	}
	n, err := readCounts(dir)
	n.peak = <-peak
	return n, err
}

// peakOf watches a process to its end and gives how many bytes it had in memory
// at most. (What the kernel tells after the end counts the process from before its
// exec, too, which was as large as this one.)
func peakOf(pid int) (peak int64) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, rest, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found {
			return peak
		}
		var kilobytes int64
		if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
			return peak
		}
		peak = kilobytes * 1024
		time.Sleep(time.Millisecond)
	}
}

// series is what the runs of one kind took.
type series struct {
	took    []time.Duration
	counted counted
	refused int // runs that do not count, since Gluster refused a part of them
}

// first reports whether nothing was run yet.
func (s *series) first() bool { return s.counted == counted{} }

func (s series) sorted() []time.Duration { return slices.Sorted(slices.Values(s.took)) }

func (s series) median() time.Duration {
	t := s.sorted()
	return (t[(len(t)-1)/2] + t[len(t)/2]) / 2
}

// counted is how many gluster processes a run starts, how many commands it gives
// them, and how many bytes of memory its own process has at most.
type counted struct {
	processes, commands int
	peak                int64
}

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
