package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
)

// Each recipe works as it stands in docs/recipes.md: its commands do, in the
// sandbox, and print what is shown behind them.
func TestRecipes(t *testing.T) {
	text, err := os.ReadFile("../../docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	intro, rest, _ := strings.Cut(string(text), "\n## ")
	before := blocks(intro, "yaml")[0]
	ran := 0
	for recipe := range strings.SplitSeq(rest, "\n## ") {
		title, _, _ := strings.Cut(recipe, "\n")
		t.Run(title, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "state.yaml", "version: 1\n"+before)
			runIn(t, "box", "apply", "-f", "state.yaml")
			for _, after := range blocks(recipe, "yaml") {
				write(t, "state.yaml", "version: 1\n"+after)
			}
			for _, console := range blocks(recipe, "console") {
				ran += runConsole(t, console)
			}
		})
	}
	if ran < 12 {
		t.Errorf("only %d commands were tried", ran)
	}
}

// runConsole runs the commands of this program in a block, and looks for the
// lines behind each of them in what it prints. It returns how many there were.
func runConsole(t *testing.T, console string) int {
	t.Helper()
	commands, printed := 0, ""
	for line := range strings.Lines(console) {
		line = strings.TrimSuffix(line, "\n")
		switch command, isOurs := strings.CutPrefix(line, "$ glusterd-shares "); {
		case isOurs:
			commands++
			printed = try(t, strings.Fields(command))
		case strings.HasPrefix(line, "# "): // for other programs
		case !strings.Contains(printed, line):
			t.Errorf("%q is not in what was printed:\n%s", line, printed)
		}
	}
	return commands
}

func try(t *testing.T, args []string) string {
	t.Helper()
	var out, errs bytes.Buffer
	args = append(slices.Clone(args), "--sandbox", "box")
	if code := run(context.Background(), args, stdio{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Errorf("%v: exit code %d: %s%s", args, code, out.String(), errs.String())
	}
	return out.String()
}

// blocks are the fenced blocks of a kind.
func blocks(text, kind string) []string {
	var out []string
	for _, part := range strings.Split(text, "```"+kind+"\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		out = append(out, block)
	}
	return out
}
