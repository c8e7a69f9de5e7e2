package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each recipe works as it stands in docs/recipes.md: its commands do, in the
// sandbox, and print what is shown behind them.
func TestRecipes(t *testing.T) { tryPage(t, "recipes.md", 12) }

// So does each way in of docs/migrating.md, from the options of a volume that
// somebody else has set.
func TestMigrating(t *testing.T) { tryPage(t, "migrating.md", 12) }

// beginning is the volume from which the sections of a page begin that don't show
// another one.
const beginning = `volumes:
  - target: gluster1.example.com:/gv0
    shares:
      - {name: alpha, size: 10GiB, access: [10.0.0.1, 10.0.0.2]}
      - {name: beta, access: [10.0.0.3]}
      - {name: gamma, access: [10.0.0.3]}
`

// tryPage goes through each section of a page, in a sandbox of its own. Its fenced
// blocks are done in their order:
//
//	yaml     becomes state.yaml, as a volume of it
//	text     becomes the volume's options, with the directories that they export
//	console  runs the commands of this program
func tryPage(t *testing.T, page string, atLeast int) {
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	intro, rest, _ := strings.Cut(string(text), "\n## ")
	if shown := blocks(intro); len(shown) > 0 && shown[0].text != beginning {
		t.Errorf("it begins from\n%s", shown[0].text)
	}
	ran := 0
	for section := range strings.SplitSeq(rest, "\n## ") {
		title, _, _ := strings.Cut(section, "\n")
		t.Run(title, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "state.yaml", "version: 1\n"+beginning)
			runIn(t, "box", "apply", "-f", "state.yaml")
			for _, b := range blocks(section) {
				ran += b.do(t)
			}
		})
	}
	if ran < atLeast {
		t.Errorf("only %d commands were tried", ran)
	}
}

// fenced is a fenced block of a page.
type fenced struct{ kind, text string }

// do does what the block is for, and returns how many commands it ran.
func (b fenced) do(t *testing.T) int {
	t.Helper()
	switch b.kind {
	case "yaml":
		write(t, "state.yaml", "version: 1\n"+b.text)
	case "text":
		setByHand(t, b.text)
	case "console":
		return runConsole(t, b.text)
	default:
		t.Errorf("what is a block of %q?", b.kind)
	}
	return 0
}

var exported = regexp.MustCompile(`/([a-z0-9/-]+)(\(|,|\n)`)

// setByHand gives the volume of the sandbox the options, and makes the directories
// that stand in them.
func setByHand(t *testing.T, options string) {
	t.Helper()
	volume := filepath.Join("box", "gluster1.example.com", "gv0")
	write(t, filepath.Join(volume, "options"), "features.quota: on\n"+strings.ReplaceAll(options, "features.quota: on\n", ""))
	_, dirs, _ := strings.Cut(options, "nfs.export-dir: ")
	for _, m := range exported.FindAllStringSubmatch(dirs, -1) {
		if err := os.MkdirAll(filepath.Join(volume, "brick", m[1]), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// elsewhere are the programs of others that a page may name.
var elsewhere = []string{"nft", "mv", "rsync", "gluster", "systemctl", "manila", "curl"}

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
		case isElsewhere(line):
		case !strings.Contains(printed, line):
			t.Errorf("%q is not in what was printed:\n%s", line, printed)
		}
	}
	return commands
}

func isElsewhere(line string) bool {
	words := strings.Fields(line)
	return len(words) > 1 && words[0] == "#" && slices.Contains(elsewhere, words[1])
}

// try runs a command in the sandbox, and returns what a terminal shows of it: not
// what goes to a file.
func try(t *testing.T, args []string) string {
	t.Helper()
	var out, errs bytes.Buffer
	args, file := cutRedirection(args)
	args = append(args, "--sandbox", "box")
	if code := run(context.Background(), args, stdio{strings.NewReader(""), &out, &errs}); code != exitDone {
		t.Errorf("%v: exit code %d: %s%s", args, code, out.String(), errs.String())
	}
	if file != "" {
		write(t, file, out.String())
		return errs.String()
	}
	return out.String() + errs.String()
}

// cutRedirection takes "> FILE" off the end.
func cutRedirection(args []string) (rest []string, file string) {
	if n := len(args) - 2; n >= 0 && args[n] == ">" {
		return slices.Clone(args[:n]), args[n+1]
	}
	return slices.Clone(args), ""
}

// blocks are the fenced blocks of a text.
func blocks(text string) []fenced {
	var out []fenced
	parts := strings.Split(text, "```")
	for i := 1; i < len(parts); i += 2 {
		kind, inside, _ := strings.Cut(parts[i], "\n")
		out = append(out, fenced{kind, inside})
	}
	return out
}
