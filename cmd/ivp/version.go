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
			h := ivp.Published()
			text := fmt.Sprintf("ivp %s (%s, %s/%s)\nrules: edition %s, sha256 %s, vouched to %s\ndata formats: version %d\n",
				buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, h.Edition(), h.Digest(), h.VouchedTo(ivp.Date{}), ivp.FormatVersion)
			if notices {
				text = server.Notices()
			}
			_, err := io.WriteString(c.Stdout, text)
			return exit.With(exit.IO, err)
		},
	}
	cmd.Flags().BoolVar(&notices, "notices", false, "show the licences of third-party code in the program")
	return cmd
}

// buildVersion returns the module version of the build, or its commit.
func buildVersion() string {
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
