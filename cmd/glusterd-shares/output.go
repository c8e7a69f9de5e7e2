package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Formats of a result.
const (
	formatText     = "text"
	formatJSON     = "json"
	formatMarkdown = "markdown"
)

// formatsOf is the annotation of a flag --output that has what it takes.
const formatsOf = "formats"

// outputFlag is of every command that prints a result.
func (a *app) outputFlag(f *pflag.FlagSet) {
	f.StringVarP(&a.output, "output", "o", formatText, "")
	takeFormats(f, formatText, formatJSON)
}

// takeFormats says what the flag --output takes, two formats or more.
func takeFormats(f *pflag.FlagSet, formats ...string) {
	flag := f.Lookup("output")
	last := len(formats) - 1
	flag.Usage = "print the result in this `FORMAT`: " + strings.Join(formats[:last], ", ") + " or " + formats[last]
	flag.Annotations = map[string][]string{formatsOf: formats}
}

// formats are what the command can print its result in; none where it has no choice.
func formats(f *pflag.FlagSet) []string {
	if flag := f.Lookup("output"); flag != nil {
		return flag.Annotations[formatsOf]
	}
	return nil
}

func completeFormats(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return formats(cmd.Flags()), cobra.ShellCompDirectiveNoFileComp
}

// askedFormat is the format in which a command line asks for its result that could
// not be read: text, unless it names another one. Only a plan is shown as Markdown.
func askedFormat(cmd *cobra.Command, args []string) string {
	asked := os.Getenv(envPrefix + "OUTPUT")
	for i, arg := range args {
		for _, name := range []string{"-o", "--output"} {
			if value, joined := strings.CutPrefix(arg, name+"="); joined {
				asked = value
			} else if arg == name && i+1 < len(args) {
				asked = args[i+1]
			}
		}
		if value, joined := strings.CutPrefix(arg, "-o"); joined && value != "" && value[0] != '=' {
			asked = value
		}
	}
	switch {
	case asked == formatJSON:
		return formatJSON
	case asked == formatMarkdown && commandName(cmd) == "plan":
		return formatMarkdown
	}
	return formatText
}
