// Command bench measures the program against what its work costs at least: the
// bare commands in a shell that have the same effect, one after the other, in
// turn with the program, on a real Gluster. It runs on the server of the bed that
// bench.sh brings up, prints a table in Markdown, and fails where a run has not
// the effect that it should have. How fast a run is fails nothing.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
)

// leastRounds is how many rounds a median has at least.
const leastRounds = 7

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	var s site
	flag.StringVar(&s.tool, "tool", "", "the program")
	flag.StringVar(&s.volume, "volume", "", "a started volume of which nobody else makes use")
	flag.StringVar(&s.server, "server", "", "the address of this machine that the volume's target names")
	flag.StringVar(&s.mount, "mount", "", "where the volume is mounted")
	flag.StringVar(&s.ssh, "ssh", "", "the directory of known_hosts and password, by which root logs in to the server")
	flag.StringVar(&s.work, "work", "", "an empty directory for files of this run")
	rounds := flag.Int("rounds", leastRounds, "how often each of the two runs")
	only := flag.String("only", "", "the scenarios whose names match this expression")
	flag.Parse()
	for name, value := range map[string]string{"tool": s.tool, "volume": s.volume, "server": s.server, "mount": s.mount, "ssh": s.ssh, "work": s.work} {
		if value == "" {
			return fmt.Errorf("-%s has to be given", name)
		}
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	if *rounds < leastRounds {
		return fmt.Errorf("-rounds %d: a median takes %d", *rounds, leastRounds)
	}
	return bench(s, *rounds, pattern)
}

// bench measures the scenarios and prints a line for each as soon as it is done.
func bench(s site, rounds int, only *regexp.Regexp) error {
	if err := printHead(s, rounds); err != nil {
		return err
	}
	var remarks []string
	for _, c := range scenarios(s) {
		if !only.MatchString(c.name) {
			continue
		}
		r, err := c.measure(s, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Println(r)
		remarks = append(remarks, r.remarks()...)
	}
	for _, text := range remarks {
		fmt.Println("\n" + text)
	}
	return nil
}
