package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/remote"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// app is one invocation: its flags, and how it ended.
type app struct {
	std stdio

	files      []string
	volumes    []string
	leftOut    []state.Volume   // by --volume, of the same name as one that is not
	read       []statefile.File // the state files, as they were read
	password   remote.Secret    // of hosts that are reached by SSH
	saved      string           // the file of a saved plan, which takes the place of state files; empty: none does
	sandboxDir string
	output     string
	color      string
	logLevel   string
	logFormat  string

	format   string // in which the result is printed
	comment  commentOptions
	log      *slog.Logger
	ran      func(gluster.Command) // is told of each command; nil: who waits is told of those that are tried again
	progress *progress             // the line that is shown while something is done; nil: there was none yet
	telling  sync.Mutex            // of what several volumes tell at once

	ended bool // a command ran and printed its result
	code  int
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "glusterd-shares",
		Short: "Make the shares of GlusterFS volumes be what a state file says",
		Long: `glusterd-shares makes the shares of GlusterFS volumes be what a state file says:
which directories exist, who owns them, how large they may grow, and which clients
may mount them over NFS.

It reads the file and the cluster, shows the difference, applies it, and proves
that it holds. Two runs with the same file change nothing the second time.

Each flag can also be given in the environment: --lock-timeout 5m is
GLUSTERD_SHARES_LOCK_TIMEOUT=5m. Not so --sandbox and --allow-*, which must be
said each time: their variables are an error, and so are unknown ones.

GLUSTERD_SHARES_SSH_PASSWORD, which is no flag, is the password that logs in to hosts
that are reached by SSH, where no key does and ssh.password_file is not set. What is
started from here doesn't find it in its environment.

Exit codes:
  0  done, or nothing to do
  1  failed, or done in part; also a cluster that can't be read, or a share that is held
  2  changes are pending (plan --detailed-exitcode only)
  3  the state file or the command line is invalid
  4  refused: a problem, a guard, or a saved plan that is another one by now; nothing
     was changed anywhere`,
		Example: `  glusterd-shares plan -f state.yaml
  glusterd-shares apply -f state.yaml
  glusterd-shares apply -f state.yaml --sandbox /tmp/rehearsal`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
		Args:              knownCommand,
		RunE:              func(root *cobra.Command, _ []string) error { return root.Help() },

		SuggestionsMinimumDistance: 2,
	}
	f := root.PersistentFlags()
	f.StringVar(&a.color, "color", "auto", "`WHEN` to colour the text: auto, always or never; NO_COLOR is honoured")
	logLevelFlag(f, &a.logLevel, "warn")
	f.StringVar(&a.logFormat, "log-format", "text", "log in this `FORMAT`: text or json")
	root.AddCommand(a.validateCommand(), a.planCommand(), a.applyCommand(), a.observeCommand(), a.watchCommand(), a.statusCommand(), a.doctorCommand(),
		a.importCommand(), a.trashCommand(), a.schemaCommand(), a.versionCommand(), a.completionCommand())
	a.completeFlags(root)
	root.SetHelpCommand(helpCommand())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	return root
}

func logLevelFlag(f *pflag.FlagSet, level *string, value string) {
	f.StringVar(level, "log-level", value, "log on stderr from this `LEVEL` on: debug, info, warn or error")
}

// noFileArgs takes no arguments, and says so to who names a state file by one.
func noFileArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unexpected %q; name each state file with -f", args[0])
}

// fileFlag is of every command that reads state files.
func (a *app) fileFlag(cmd *cobra.Command) {
	a.onlyFileFlag(cmd)
	a.outputFlag(cmd.Flags())
}

// onlyFileFlag is of a command whose result has one format.
func (a *app) onlyFileFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVarP(&a.files, "file", "f", nil, "the `PATH` of a state file or of a directory of them; - is standard input (required, repeatable)")
}

// optional is the annotation of a flag that others of its name must not lack.
const optional = "optional"

func mayLack(f *pflag.FlagSet, name string) {
	f.Lookup(name).Annotations = map[string][]string{optional: {}}
}

// clusterFlags are of every command that asks a cluster.
func (a *app) clusterFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&a.volumes, "volume", nil, "only this `TARGET` of the state file, as it stands there (repeatable)")
	a.sandboxFlag(f)
}

func (a *app) sandboxFlag(f *pflag.FlagSet) {
	f.StringVar(&a.sandboxDir, "sandbox", "", "use an embedded stand-in for the cluster, kept in the directory `DIR`")
}

// prepare completes the flags from the environment and checks them. It fails
// before anything is read.
func (a *app) prepare(cmd *cobra.Command) error {
	if err := errors.Join(a.takePassword(), fromEnvironment(cmd)); err != nil {
		return err
	}
	f := cmd.Flags()
	a.format = a.output
	var level slog.Level
	err := errors.Join(
		oneOf(f, "output", formats(f)...),
		oneOf(f, "color", "auto", "always", "never"),
		oneOf(f, "log-format", "text", "json"),
		oneOf(f, "on-drift", "repair", "report"),
		notNegative(f, "timeout"),
		notNegative(f, "max-age"),
		notNegative(f, "lock-timeout"),
		notEmpty(f, "sandbox", "names no directory, and without one this would be a real cluster"),
		notEmpty(f, "against", "names no file, and without one this would be a real cluster"),
		notEmpty(f, "show", "names no file"),
		notEmpty(f, "out", "names no file"),
		a.comment.check(f),
	)
	if asked := f.Lookup("log-level").Value.String(); level.UnmarshalText([]byte(asked)) != nil {
		err = errors.Join(err, fmt.Errorf("--log-level %q: write debug, info, warn or error", asked))
	}
	if a.saved != "" {
		err = errors.Join(err, a.besideSaved(f))
	}
	if file := f.Lookup("file"); file != nil && file.Annotations[optional] == nil && len(a.files) == 0 && a.saved == "" {
		err = errors.Join(err, errors.New("say which state file, or which directory of them, with -f PATH"))
	}
	a.log = a.logger(level)
	return err
}

// oneOf checks the value of a flag, where the command has it.
func oneOf(f *pflag.FlagSet, name string, allowed ...string) error {
	flag := f.Lookup(name)
	if flag == nil || slices.Contains(allowed, flag.Value.String()) {
		return nil
	}
	return fmt.Errorf("--%s %q: write %s", name, flag.Value, strings.Join(allowed, ", "))
}

func notNegative(f *pflag.FlagSet, name string) error {
	if d, err := f.GetDuration(name); err == nil && d < 0 {
		return fmt.Errorf("--%s %v: write a time such as 90s, or 0 for as long as it takes", name, d)
	}
	return nil
}

// notEmpty refuses an empty value of a flag that was given: it would be as if it were not.
func notEmpty(f *pflag.FlagSet, name, why string) error {
	if f.Changed(name) && f.Lookup(name).Value.String() == "" {
		return fmt.Errorf("--%s %s", name, why)
	}
	return nil
}

func (a *app) logger(level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if a.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(a.std.err, o))
	}
	return slog.New(slog.NewTextHandler(a.std.err, o))
}

// colored reports whether text that goes to w is coloured.
func (a *app) colored(w io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

// isTerminal reports whether w or r is one.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
