package main

import "github.com/spf13/cobra"

func (a *app) validateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate -f FILE",
		Short: "Check a state file, offline",
		Long: `validate reads the state file and tells everything that is wrong with it, with
file, line and column. It contacts nothing.`,
		Example: `  glusterd-shares validate -f state.yaml
  generate-state | glusterd-shares validate -f -`,
		Args: noFileArgs,
		RunE: func(*cobra.Command, []string) error {
			r := result{command: "validate"}
			desired, problems, err := a.load()
			r.invalid, r.usage = problems, err
			if err == nil && len(problems) == 0 {
				r.valid = &desired
			}
			a.end(r)
			return nil
		},
	}
	a.fileFlag(cmd)
	return cmd
}
