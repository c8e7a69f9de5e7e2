package main

import (
	"slices"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/state"
)

func (a *app) validateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate -f PATH",
		Short: "Check state files, offline",
		Long: `validate reads the state file, or all files of a directory, and tells everything
that is wrong with them, with file, line and column, also what their servers can
never do. It contacts nothing.`,
		Example: `  glusterd-shares validate -f state.yaml
  glusterd-shares validate -f teams -f common.yaml
  generate-state | glusterd-shares validate -f -`,
		Args: noFileArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := result{command: "validate"}
			desired, problems, err := a.load(cmd.Context())
			r.invalid = inFileOrder(problems, unservable(desired))
			r.unread(err)
			if err == nil && len(r.invalid) == 0 {
				r.valid = &desired
			}
			a.end(r)
			return nil
		},
	}
	a.fileFlag(cmd)
	return cmd
}

// unservable are what the volumes' servers can't do, whatever the cluster is
// like.
func unservable(d state.Desired) []state.Problem {
	var out []state.Problem
	for _, v := range d.Volumes {
		out = append(out, gnfs.Server{}.Check(v)...)
	}
	return out
}

func inFileOrder(problems ...[]state.Problem) []state.Problem {
	all := slices.Concat(problems...)
	slices.SortStableFunc(all, func(a, b state.Problem) int { return a.Pos.Compare(b.Pos) })
	return all
}
