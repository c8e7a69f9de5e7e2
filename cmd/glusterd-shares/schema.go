package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state/statefile"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [state|plan]",
		Short: "Print the JSON Schema of the state file, or of plans",
		Long: `schema prints the JSON Schema (draft 7) of the state file. An editor that knows YAML
checks and completes a state file whose first line names it.

schema plan prints that of what plan -o json prints (draft 2020-12).`,
		Example: `  glusterd-shares schema > state.schema.json
  # then, as the first line of state.yaml:
  # yaml-language-server: $schema=./state.schema.json
  glusterd-shares schema plan > plan.schema.json`,
		ValidArgs: []string{"state", "plan"},
		Args:      oneSchema,
		RunE: func(_ *cobra.Command, args []string) error {
			text := statefile.Schema()
			if slices.Contains(args, "plan") {
				text = render.PlanSchema()
			}
			a.end(result{command: "schema", text: text})
			return nil
		},
	}
}

func oneSchema(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) > 0 && !slices.Contains(cmd.ValidArgs, args[0]):
		return fmt.Errorf("there is no schema of %q; write state or plan", args[0])
	case len(args) > 1:
		return fmt.Errorf("unexpected %q; schema takes one name", args[1])
	}
	return nil
}
