package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) version() *cobra.Command {
	var notices bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the program's version and the rules it ships",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if notices {
				_, err := io.WriteString(c.Stdout, server.Notices())
				return exit.With(exit.IO, err)
			}
			return c.writeVersion()
		},
	}
	cmd.Flags().BoolVar(&notices, "notices", false, "show the licences of third-party code in the program")
	return cmd
}

// writeVersion writes the versions of the program, its rules and its formats.
func (c *Command) writeVersion() error {
	h := ivp.Published()
	_, err := fmt.Fprintf(c.Stdout, "ivp %s (%s%s, %s/%s)\nrules: edition %s, sha256 %s, vouched to %s\ndata formats: version %d\n",
		buildVersion(), buildCommit(), runtime.Version(), runtime.GOOS, runtime.GOARCH, h.Edition(), h.Digest(), h.VouchedTo(ivp.Date{}), ivp.FormatVersion)
	return exit.With(exit.IO, err)
}

// release and commit are set when a release is built.
var release, commit string

// buildCommit returns the commit of a release, followed by a comma.
func buildCommit() string {
	if commit == "" {
		return ""
	}
	return "commit " + commit + ", "
}

// buildVersion returns the version of the release, else the module version of the build,
// or its commit.
func buildVersion() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && info.Main.Version == "(devel)" {
			return "commit " + s.Value
		}
	}
	if info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
