package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/state"
)

// completionTime is how long a shell waits for what a state file has to offer.
const completionTime = 5 * time.Second

// completeNames offers what pick finds in the state files that the command line
// names so far, but for what it has already. From files that can't be read, or
// that have mistakes, it offers nothing: what they say is for validate to tell.
func (a *app) completeNames(pick func(state.Desired) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		const noFiles = cobra.ShellCompDirectiveNoFileComp
		if errors.Join(a.takePassword(), fromEnvironment(cmd)) != nil || slices.Contains(a.files, "-") {
			return nil, noFiles
		}
		ctx, cancel := context.WithTimeout(context.Background(), completionTime)
		defer cancel()
		a.files, a.volumes = once(a.files), once(a.volumes) // cobra has read the command line twice
		d, problems, err := a.load(ctx)
		if err != nil || len(problems) > 0 {
			return nil, noFiles
		}
		names := slices.DeleteFunc(pick(d), func(name string) bool { return slices.Contains(args, name) })
		return once(names), noFiles
	}
}

// onlyFirst offers nothing for a second argument.
func onlyFirst(f cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return f(cmd, args, word)
	}
}

// once is the list in order, each of it once.
func once(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// everyShareAndGroup are what status takes.
func everyShareAndGroup(d state.Desired) []string {
	return append(sharesOf(d, func(state.Share) bool { return true }), slices.Collect(maps.Keys(d.Groups))...)
}

// absentShares are what the commands of the trash take, beside ids.
func absentShares(d state.Desired) []string {
	return sharesOf(d, func(s state.Share) bool { return s.Absent })
}

func sharesOf(d state.Desired, counts func(state.Share) bool) []string {
	var out []string
	for _, v := range d.Volumes {
		out = append(out, chosen(v.Shares, counts)...)
	}
	return out
}

// targets are what --volume takes.
func targets(d state.Desired) []string {
	var out []string
	for _, v := range d.Volumes {
		out = append(out, v.Target.String())
	}
	return out
}

// completeTargets offers the targets of the state files, those that were not
// named yet.
func (a *app) completeTargets(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	named := a.volumes
	a.volumes = nil // else the state is narrowed to them
	return a.completeNames(targets)(cmd, named, word)
}

// completeFlags tells what the flags of a command take, and of those below it. An
// argument is no file anywhere.
func (a *app) completeFlags(cmd *cobra.Command) {
	for name, f := range map[string]cobra.CompletionFunc{
		"volume":     a.completeTargets,
		"older-than": cobra.NoFileCompletions,
		"output":     completeFormats,
		"color":      cobra.FixedCompletions([]cobra.Completion{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp),
		"on-drift":   cobra.FixedCompletions([]cobra.Completion{"repair", "report"}, cobra.ShellCompDirectiveNoFileComp),
		"log-level":  cobra.FixedCompletions([]cobra.Completion{"debug", "info", "warn", "error"}, cobra.ShellCompDirectiveNoFileComp),
		"log-format": cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp),
	} {
		if cmd.Flags().Lookup(name) == nil && cmd.PersistentFlags().Lookup(name) == nil {
			continue
		}
		if err := cmd.RegisterFlagCompletionFunc(name, f); err != nil {
			panic(err) // the flag is there, and has no other one
		}
	}
	if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range cmd.Commands() {
		a.completeFlags(sub)
	}
}
