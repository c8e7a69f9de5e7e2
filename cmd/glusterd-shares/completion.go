package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print the completion script of a shell",
		Long: `completion prints the script with which a shell completes the command line of
glusterd-shares: commands, flags, and what the state file has of shares, host groups and
targets. That of bash needs the package bash-completion.`,
		Example: `  glusterd-shares completion bash > /etc/bash_completion.d/glusterd-shares
  glusterd-shares completion zsh > "${fpath[1]}/_glusterd-shares"
  glusterd-shares completion fish > ~/.config/fish/completions/glusterd-shares.fish`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      oneShell,
		RunE: func(cmd *cobra.Command, args []string) error {
			var script bytes.Buffer
			if err := complete(cmd.Root(), args[0], &script); err != nil {
				return err
			}
			a.end(result{command: "completion", text: script.Bytes()})
			return nil
		},
	}
}

func oneShell(cmd *cobra.Command, args []string) error {
	const shells = "bash, zsh, fish or powershell"
	switch {
	case len(args) == 0:
		return errors.New("say for which shell: " + shells)
	case !slices.Contains(cmd.ValidArgs, args[0]):
		return fmt.Errorf("unknown shell %q; write %s", args[0], shells)
	case len(args) > 1:
		return fmt.Errorf("unexpected %q; completion takes one shell", args[1])
	}
	return nil
}

func complete(root *cobra.Command, shell string, w io.Writer) error {
	switch shell {
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return root.GenBashCompletionV2(w, true)
}
