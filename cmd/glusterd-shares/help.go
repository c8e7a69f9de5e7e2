package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// helpCommand is cobra's, but that it fails for a command that there is not.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Print the help of a command",
		Example: `  glusterd-shares help apply`,
		RunE: func(help *cobra.Command, args []string) error {
			cmd, rest, err := help.Root().Find(args)
			if err == nil {
				err = knownCommand(help.Root(), rest)
			}
			if err != nil {
				return err
			}
			return cmd.Help()
		},
	}
}

// knownCommand refuses what is left of a command line where a command should
// have been.
func knownCommand(root *cobra.Command, rest []string) error {
	if len(rest) == 0 {
		return nil
	}
	near := root.SuggestionsFor(rest[0])
	if len(near) == 0 {
		return fmt.Errorf("unknown command %q", rest[0])
	}
	return fmt.Errorf("unknown command %q; perhaps %s is meant", rest[0], strings.Join(near, " or "))
}
