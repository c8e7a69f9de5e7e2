package main

import (
	"github.com/spf13/cobra"

	"glusterd-shares/pkg/state/statefile"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the state file",
		Long: `schema prints the JSON Schema (draft 7) of the state file. An editor that knows YAML
checks and completes a state file whose first line names it.`,
		Example: `  glusterd-shares schema > state.schema.json
  # then, as the first line of state.yaml:
  # yaml-language-server: $schema=./state.schema.json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			a.end(result{command: "schema", text: statefile.Schema()})
			return nil
		},
	}
}
