package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the program's version and the rules it ships",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			h := ivp.Published()
			_, err := fmt.Fprintf(c.Stdout, "ivp %s (%s, %s/%s)\nrules: edition %s, sha256 %s, vouched to %s\ndata formats: version %d\n",
				buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, h.Edition(), h.Digest(), h.VouchedTo(ivp.Date{}), ivp.FormatVersion)
			return exit.With(exit.IO, err)
		},
	}
}

// buildVersion is what the build says of itself: a module version, or the
// commit it was made from.
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
