package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
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
	return fmt.Sprintf("| %s | %s | %s | %.2f | %s | %s | %.1f MB |",
		r.name, r.floor, r.ours, ratio, r.floor.counted, r.ours.counted, megabytes(r.ours.counted.peak))
}

// remarks tell of bare commands that were not done for good.
func (r result) remarks() []string {
	if r.floor.refused == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d runs of the bare commands do not count, since Gluster refused some of them.", r.name, r.floor.refused)}
}

// String is the median, and the least and the most.
func (s series) String() string {
	t := s.sorted()
	return fmt.Sprintf("%s (%s..%s)", seconds(s.median()), seconds(t[0]), seconds(t[len(t)-1]))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func (c counted) String() string {
	if c.commands == c.processes {
		return fmt.Sprint(c.processes)
	}
	return fmt.Sprintf("%d (%d)", c.processes, c.commands)
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
