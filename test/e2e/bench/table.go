package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// result is what a scenario came to.
type result struct {
	name        string
	floor, ours series
}

// String is the scenario's line of the table.
func (r result) String() string {
	ratio := r.ours.median().Seconds() / r.floor.median().Seconds()
	return fmt.Sprintf("| %s | %s | %s | %.2f | %s | %s | %s |",
		r.name, r.floor, r.ours, ratio, r.floor.counted, r.ours.counted, r.memory())
}

// String is the median, and the least and the most.
func (s series) String() string {
	t := s.times()
	return fmt.Sprintf("%s (%s..%s)", seconds(s.median()), seconds(t[0]), seconds(t[len(t)-1]))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func (c counted) String() string {
	if c.commands == c.processes {
		return fmt.Sprint(c.processes)
	}
	return fmt.Sprintf("%d (%d)", c.processes, c.commands)
}

// memory is the program's peak. The kernel counts what a process had before its
// exec, too, which is a copy of this one.
func (r result) memory() string {
	peak := r.ours.peak()
	if mine := ownPeak(); mine >= peak {
		return fmt.Sprintf("at most %.1f MB", megabytes(peak))
	}
	return fmt.Sprintf("%.1f MB", megabytes(peak))
}

func ownPeak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss * 1024
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// printHead prints what the figures were measured on, and the table's head.
func printHead(s site, rounds int) error {
	version, err := s.gluster("--version")
	if err != nil {
		return err
	}
	version, _, _ = strings.Cut(version, "\n")
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	fmt.Printf("%s, one node, one brick; %d processors, load %s at the start; medians of %d (least..most), seconds.\n\n",
		version, runtime.NumCPU(), strings.Fields(string(load))[0], rounds)
	fmt.Println("| work | bare commands | glusterd-shares | ratio | gluster processes (commands), bare | of glusterd-shares | peak memory |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	return nil
}
