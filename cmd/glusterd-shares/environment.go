package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const envPrefix = "GLUSTERD_SHARES_"

// fromEnvironment sets flags that were not given from GLUSTERD_SHARES_*. An
// empty variable is none. What can't be taken is an error, never passed by: who
// sets a variable relies on it.
func fromEnvironment(cmd *cobra.Command) error {
	var errs []error
	known := flagNames(cmd.Root())
	for _, name := range variables() {
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, envPrefix), "_", "-"))
		err := fmt.Errorf("there is no flag --%s", flag)
		if known[flag] {
			err = setFlag(cmd.Flags(), flag, os.Getenv(name))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// variables are the names of those that are set, sorted.
func variables() []string {
	var out []string
	for _, v := range os.Environ() {
		name, value, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, envPrefix) && value != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// flagNames are the flags of the command and of all below it. Help is asked for,
// not set.
func flagNames(cmd *cobra.Command) map[string]bool {
	out := map[string]bool{}
	add := func(f *pflag.Flag) { out[f.Name] = f.Name != "help" }
	cmd.Flags().VisitAll(add)
	cmd.PersistentFlags().VisitAll(add)
	for _, sub := range cmd.Commands() {
		maps.Copy(out, flagNames(sub))
	}
	return out
}

// setFlag sets a flag that the command has and that was not given. What
// switches a guard off, or the cluster for another one, must be said each time.
func setFlag(f *pflag.FlagSet, name, value string) error {
	flag := f.Lookup(name)
	switch {
	case flag == nil || flag.Changed:
		return nil
	case name == "sandbox" || strings.HasPrefix(name, "allow-"):
		return fmt.Errorf("--%s must be said each time, on the command line", name)
	}
	return flagError(f.Set(name, value))
}
