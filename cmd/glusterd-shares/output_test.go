package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// A command line that can't be read is answered in the format that it asks for.
func TestAskedFormat(t *testing.T) {
	for _, tt := range []struct{ environment, line, want string }{
		{"", "plan --bogus", formatText},
		{"", "plan --bogus -o json", formatJSON},
		{"", "plan --bogus -o=json", formatJSON},
		{"", "plan --bogus -ojson", formatJSON},
		{"", "plan --bogus --output json", formatJSON},
		{"", "plan --bogus --output=markdown", formatMarkdown},
		{"", "plan --bogus -omarkdown", formatMarkdown},
		{"", "plan -o markdown -o json --bogus", formatJSON},
		{"", "plan --bogus -o", formatText},
		{"", "plan --bogus -o xml", formatText},
		{"", "status --bogus -o markdown", formatText},
		{"json", "plan --bogus", formatJSON},
		{"json", "plan --bogus -o text", formatText},
		{"markdown", "plan --bogus", formatMarkdown},
		{"markdown", "apply --bogus", formatText},
	} {
		t.Setenv(envPrefix+"OUTPUT", tt.environment)
		root := new(app).rootCommand()
		args := strings.Fields(tt.line)
		if got := askedFormat(commandIn(root, args[0]), args); got != tt.want {
			t.Errorf("%s with %q in the environment: %s, want %s", tt.line, tt.environment, got, tt.want)
		}
	}
}

func commandIn(root *cobra.Command, name string) *cobra.Command {
	for _, cmd := range root.Commands() {
		if cmd.Name() == name {
			return cmd
		}
	}
	return root
}
