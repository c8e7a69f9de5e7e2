package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set at build time: -ldflags "-X main.version=1.2.3".
var version = ""

func (a *app) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: `  glusterd-shares version -o json`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			b := buildInfo()
			a.end(result{command: "version", build: &b})
			return nil
		},
	}
	a.outputFlag(cmd.Flags())
	return cmd
}

// build says which program this is.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the source; empty where it was built outside its repository
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func buildInfo() build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
