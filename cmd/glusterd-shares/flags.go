package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// takes says what flags of a type take, of those that don't take everything.
var takes = map[string]string{
	"bool":     "true or false",
	"duration": "a time such as 90s or 5m",
	"int":      "a whole number",
}

// flagError says what a flag takes that was given something else, in place of
// what Go's parsers say. Other errors stay.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	what, ok := takes[invalid.GetFlag().Value.Type()]
	if !ok {
		return err
	}
	return fmt.Errorf("--%s %q: write %s", invalid.GetFlag().Name, invalid.GetValue(), what)
}

// noArgs takes no arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unexpected %q; %s takes no argument", args[0], cmd.Name())
}
