package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands are the root command and all below it.
func commands(cmd *cobra.Command) []*cobra.Command {
	out := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		out = append(out, commands(sub)...)
	}
	return out
}

// TestExamples holds every command line of every help text against the flags
// and arguments that there are.
func TestExamples(t *testing.T) {
	for _, cmd := range commands(new(app).rootCommand()) {
		found := false
		for line := range strings.Lines(cmd.Example) {
			args, ok := commandLine(line)
			if !ok {
				continue
			}
			found = true
			if err := parses(args); err != nil {
				t.Errorf("%s: %s: %v", cmd.CommandPath(), strings.TrimSpace(line), err)
			}
		}
		if !found {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		if cmd.Short == "" {
			t.Errorf("%s doesn't say what it does", cmd.CommandPath())
		}
	}
}

// commandLine gives the arguments of the program in a line of a shell.
func commandLine(line string) (args []string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	_, line, ok = strings.Cut(line, "glusterd-shares ")
	line, _, _ = strings.Cut(line, " >")
	return strings.Fields(line), ok
}

// parses runs everything of the command line but the command itself.
func parses(args []string) error {
	a := new(app)
	root := a.rootCommand()
	for _, cmd := range commands(root) {
		cmd.RunE = func(*cobra.Command, []string) error { return nil }
	}
	root.SetArgs(args)
	return root.Execute()
}

func TestExamplesAreParsed(t *testing.T) {
	for _, line := range []string{"  glusterd-shares plan -f a --bogus", "  glusterd-shares aply -f a", "x | glusterd-shares validate  # no file"} {
		if args, ok := commandLine(line); !ok || parses(args) == nil {
			t.Errorf("%q passes", line)
		}
	}
}

// TestDefaults: a flag begins as its help says. Two commands that keep flags
// with different defaults in one variable would break that.
func TestDefaults(t *testing.T) {
	for _, cmd := range commands(new(app).rootCommand()) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Value.String() != f.DefValue {
				t.Errorf("%s: --%s is %s, and its help says %s", cmd.CommandPath(), f.Name, f.Value, f.DefValue)
			}
		})
	}
}
